#include "core/parallel/arena.hpp"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <memory>
#include <mutex>
#include <thread>

namespace citytwin {

namespace {
struct alignas(64) Counter {
    std::uint64_t items = 0;
};

/// The process may run as many threads as its largest arena asked for. One control for all: oneTBB takes the least of those
/// that are alive, so that an arena of one thread would leave its neighbours without workers.
void allow_threads(int threads) {
    static std::mutex mutex;
    static std::unique_ptr<tbb::global_control> control;
    static int allowed = static_cast<int>(std::thread::hardware_concurrency());
    const std::lock_guard lock(mutex);
    if (threads <= allowed) return;
    control.reset();
    control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    allowed = threads;
}
}  // namespace

struct Arena::State {
    explicit State(int threads) : arena(threads), done(static_cast<std::size_t>(threads)) { allow_threads(threads); }
    tbb::task_arena arena;  // without an explicit arena workers did not join reliably
    std::vector<Counter> done;
};

Arena::Arena(int threads, std::size_t grain)
    : threads_(threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))), grain_(grain == 0 ? 1 : grain) {
    state_ = std::make_unique<State>(threads_);
}

Arena::~Arena() = default;

int Arena::slot() const {
    const int slot = threads_ == 1 ? 0 : tbb::this_task_arena::current_thread_index();
    return slot >= 0 && slot < threads_ ? slot : 0;  // a thread that isn't inside the arena is the caller, the first
}

void Arena::count(std::size_t items) { state_->done[static_cast<std::size_t>(slot())].items += items; }

/// In the arena, and who waits for the loop's end takes up nothing else: a task of an outer loop may itself wait for what the
/// waiting thread has yet to do.
template <class Loop>
void Arena::alone(Loop&& loop) {
    state_->arena.execute([&] { tbb::this_task_arena::isolate(loop); });
}

void Arena::run(std::size_t n, std::size_t grain, RawBody body, void* context) {
    alone([&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n, grain), [&](const tbb::blocked_range<std::size_t>& range) {
            body(context, range.begin(), range.end());
            count(range.size());
        }, tbb::simple_partitioner());
    });
}

void Arena::tasks(std::span<const std::function<void()>> work) {
    if (threads_ == 1 || work.size() == 1) {
        for (const auto& task : work) task();
        return;
    }
    alone([&] {
        tbb::parallel_for(std::size_t{0}, work.size(), [&](std::size_t i) { work[i](); }, tbb::simple_partitioner());
    });
}

double Arena::worker_share() const {
    std::uint64_t all = 0;
    for (const auto& counter : state_->done) all += counter.items;
    return all == 0 ? 0.0 : static_cast<double>(all - state_->done[0].items) / static_cast<double>(all);
}

}  // namespace citytwin
