#pragma once
// Deterministic parallel loops: one explicit oneTBB arena; results never depend on thread count or grain.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin {

class Arena {
public:
    static constexpr std::size_t default_grain = 1024;
    /// `threads` 0 = all cores. `grain` = items a task takes at least; it changes speed, never digits. A grain below the default
    /// also caps the grains that loops ask for: tests force every loop apart with it.
    explicit Arena(int threads = 0, std::size_t grain = default_grain);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    [[nodiscard]] int threads() const { return threads_; }
    [[nodiscard]] std::size_t grain() const { return grain_; }

    /// body(begin, end) over disjoint ranges that cover [0, n).
    template <class Body>
    void ranges(std::size_t n, Body&& body, std::size_t grain = 0) {
        if (grain == 0 || (grain_ < default_grain && grain_ < grain)) grain = grain_;
        if (n <= grain || threads_ == 1) {
            if (n != 0) {
                body(std::size_t{0}, n);
                count(n);
            }
            return;
        }
        run(n, grain, [](void* b, std::size_t first, std::size_t last) { (*static_cast<std::remove_reference_t<Body>*>(b))(first, last); }, &body);
    }
    /// body(i) for each i in [0, n).
    template <class Body>
    void each(std::size_t n, Body&& body, std::size_t grain = 0) {
        ranges(n, [&](std::size_t first, std::size_t last) { for (std::size_t i = first; i < last; ++i) body(i); }, grain);
    }
    /// Sum of term(i): fixed blocks of 1024 items, block sums added in order. The same bits for any thread count.
    template <class Term>
    [[nodiscard]] double sum(std::size_t n, Term&& term) {
        constexpr std::size_t block = 1024;
        const std::size_t blocks = (n + block - 1) / block;
        std::vector<double> partial(blocks);
        each(blocks, [&](std::size_t b) {
            double s = 0;
            for (std::size_t i = b * block; i < n && i < (b + 1) * block; ++i) s += term(i);
            partial[b] = s;
        }, grain_ / block + 1);
        double total = 0;
        for (double s : partial) total += s;
        return total;
    }
    /// Independent tasks, side by side.
    void tasks(std::span<const std::function<void()>> work);

    /// Number of the calling thread within its loop, 0 for the first and outside of loops.
    [[nodiscard]] int slot() const;
    /// Counts items for `worker_share` that a loop built on this one (crew.hpp) did by itself.
    void note_items(std::size_t items) { count(items); }

    /// Share of all items so far that threads other than the first did.
    [[nodiscard]] double worker_share() const;

private:
    using RawBody = void (*)(void*, std::size_t, std::size_t);
    void run(std::size_t n, std::size_t grain, RawBody body, void* context);
    void count(std::size_t items);
    template <class Loop>
    void alone(Loop&& loop);

    struct State;
    std::unique_ptr<State> state_;
    int threads_;
    std::size_t grain_;
};

}  // namespace citytwin
