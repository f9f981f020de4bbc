#pragma once
// A loop over few, heavy items that is run again and again: each thread takes the same items every time, whose data its
// cache still holds, and then helps with what others haven't begun. Which thread did what never shows in the results.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/parallel/arena.hpp"

namespace citytwin {

class OwnedLoop {
public:
    explicit OwnedLoop(std::size_t items = 0) : items_(items), begun_(std::make_unique<Begun[]>(items)) {}
    [[nodiscard]] std::size_t items() const { return items_; }

    /// body(i) once for each item. Not for two threads at the same loop.
    template <class Body>
    void run(Arena& arena, Body&& body) {
        const auto threads = static_cast<std::size_t>(arena.threads());
        if (threads == 1 || items_ < 2) {
            for (std::size_t i = 0; i < items_; ++i) body(i);
            arena.note_items(items_);
            return;
        }
        ++round_;
        arena.each(threads, [&](std::size_t) {
            const std::size_t first = static_cast<std::size_t>(arena.slot()) * items_ / threads;
            std::size_t done = 0;
            for (std::size_t k = 0; k < items_; ++k) {
                const std::size_t i = first + k < items_ ? first + k : first + k - items_;
                if (begun_[i].round.load(std::memory_order_relaxed) == round_) continue;
                if (begun_[i].round.exchange(round_, std::memory_order_relaxed) == round_) continue;
                body(i);
                ++done;
            }
            arena.note_items(done);
        }, 1);
    }

private:
    struct alignas(64) Begun {
        std::atomic<std::uint32_t> round{0};
    };
    std::size_t items_;
    std::uint32_t round_ = 0;
    std::unique_ptr<Begun[]> begun_;
};

}  // namespace citytwin
