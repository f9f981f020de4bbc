#pragma once
// Several short loops in a row, shared with the same workers: they are called once and stay until the work is over, so that a
// loop of some microseconds needs no wake-up of its own. Each thread begins with the same items every time, whose data its
// cache still holds, and then helps with what others haven't begun. Which thread did what never shows in the results.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "core/parallel/arena.hpp"

namespace citytwin {

class Crew {
public:
    /// main() on the calling thread, with the arena's workers (no more than there are cores) at hand for the loops in it.
    /// Within another `work` of this crew it just runs. Not for two threads at once.
    template <class Main>
    void work(Arena& arena, Main&& main) {
        run_with_helpers(arena, [](void* m) { (*static_cast<std::remove_reference_t<Main>*>(m))(); }, &main);
    }
    /// body(i) once for each i in [0, items), within `work`. Each counts as `entities` in the arena's share of workers.
    template <class Body>
    void each(std::size_t items, Body&& body, std::size_t entities = 1) {
        entities_ = entities;
        share(items, [](void* b, std::size_t i) { (*static_cast<std::remove_reference_t<Body>*>(b))(i); }, &body);
    }

private:
    using RawMain = void (*)(void*);
    using RawBody = void (*)(void*, std::size_t);
    void run_with_helpers(Arena& arena, RawMain main, void* context);
    void share(std::size_t items, RawBody body, void* context);
    void help();
    void take_items();

    struct alignas(64) Begun {
        std::atomic<std::uint32_t> round{0};
    };
    Arena* arena_ = nullptr;                  ///< null outside `work`
    std::size_t helpers_ = 0;
    // The loop under way. Written while nobody else is inside.
    RawBody body_ = nullptr;
    void* context_ = nullptr;
    std::size_t items_ = 0, entities_ = 1, capacity_ = 0;
    std::uint32_t round_ = 0;
    std::unique_ptr<Begun[]> begun_;          ///< the last round in which somebody took the item
    alignas(64) std::atomic<std::uint32_t> open_{0};   ///< round whose items may be taken; 0 = none
    alignas(64) std::atomic<int> inside_{0};           ///< helpers that may be taking items
    std::atomic<bool> over_{false};
};

}  // namespace citytwin
