#include "core/parallel/crew.hpp"

#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

namespace citytwin {

namespace {

/// Waits a moment: first on the spot, then by letting other threads run.
class Patience {
public:
    void wait() {
        if (++waited_ > spins) return std::this_thread::yield();
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    void begin_again() { waited_ = 0; }

private:
    static constexpr int spins = 100;
    int waited_ = 0;
};

/// Runs an action when its scope ends, by an exception too.
template <class Action>
struct AtEnd {
    Action action;
    ~AtEnd() { action(); }
};
template <class Action>
AtEnd(Action) -> AtEnd<Action>;

}  // namespace

void Crew::run_with_helpers(Arena& arena, RawMain main, void* context) {
    if (arena_ != nullptr) return main(context);
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    helpers_ = std::min(static_cast<std::size_t>(arena.threads()), cores) - 1;
    arena_ = &arena;
    over_.store(false, std::memory_order_relaxed);
    const AtEnd leave{[this] { arena_ = nullptr; }};
    const std::function<void()> first = [this, main, context] {
        const AtEnd end{[this] { over_.store(true, std::memory_order_release); }};
        main(context);
    };
    std::vector<std::function<void()>> tasks(helpers_ + 1, [this] { help(); });
    tasks.front() = first;
    arena.tasks(tasks);
}

void Crew::share(std::size_t items, RawBody body, void* context) {
    if (helpers_ == 0 || items < 2) {
        for (std::size_t i = 0; i < items; ++i) body(context, i);
        arena_->note_items(items * entities_);
        return;
    }
    if (items > capacity_) {
        begun_ = std::make_unique<Begun[]>(items);
        capacity_ = items;
    }
    body_ = body;
    context_ = context;
    items_ = items;
    if (++round_ == 0) round_ = 1;
    open_.store(round_);
    const AtEnd close{[this] {
        open_.store(0);
        for (Patience patience; inside_.load() != 0;) patience.wait();
    }};
    take_items();
}

/// A helper enters by `inside_` and looks again whether the loop is still open: whoever closes it waits for those inside, so that
/// nobody meets a loop that is being replaced.
void Crew::help() {
    Patience patience;
    std::uint32_t seen = 0;
    while (!over_.load(std::memory_order_acquire)) {
        const std::uint32_t round = open_.load();
        if (round == 0 || round == seen) {
            patience.wait();
            continue;
        }
        inside_.fetch_add(1);
        const AtEnd leave{[this] { inside_.fetch_sub(1, std::memory_order_release); }};
        if (open_.load() == round) take_items();
        seen = round;
        patience.begin_again();
    }
}

void Crew::take_items() {
    const std::size_t first = static_cast<std::size_t>(arena_->slot()) * items_ / static_cast<std::size_t>(arena_->threads());
    std::size_t done = 0;
    for (std::size_t k = 0; k < items_; ++k) {
        const std::size_t i = first + k < items_ ? first + k : first + k - items_;
        if (begun_[i].round.load(std::memory_order_relaxed) == round_) continue;
        if (begun_[i].round.exchange(round_, std::memory_order_relaxed) == round_) continue;
        body_(context_, i);
        ++done;
    }
    arena_->note_items(done * entities_);
}

}  // namespace citytwin
