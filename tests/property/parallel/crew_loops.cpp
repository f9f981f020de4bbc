// What a crew's loops promise whoever runs them: every item once, in whatever loop, however many came to help.
#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "core/parallel/crew.hpp"

using namespace citytwin;

TEST_CASE("every item of many short loops is taken once, for any number of threads") {
    for (const int threads : {1, 2, 4, 7}) {
        Arena arena(threads, 1);
        Crew crew;
        std::vector<std::uint32_t> taken(257, 0);
        std::uint32_t rounds = 0;
        for (int call = 0; call < 50; ++call) {
            crew.work(arena, [&] {
                for (std::size_t items = 0; items <= taken.size(); items += 16) {
                    crew.each(items, [&](std::size_t i) { ++taken[i]; });   // no atomic: one thread an item, and the next loop sees it
                }
                crew.each(taken.size(), [&](std::size_t i) { taken[i] += 2; });
            });
            ++rounds;
        }
        bool right = true;
        for (std::size_t i = 0; i < taken.size(); ++i) {
            const std::uint32_t loops = static_cast<std::uint32_t>((256 - i / 16 * 16) / 16);
            right = right && taken[i] == rounds * (loops + 2);
        }
        INFO(threads << " threads");
        CHECK(right);
    }
}

TEST_CASE("loops of the arena itself run within a crew's work") {
    for (const int threads : {2, 4, 7}) {
        Arena arena(threads, 1);
        Crew crew;
        std::atomic<std::size_t> sum = 0;
        for (int call = 0; call < 100; ++call) {
            crew.work(arena, [&] {
                arena.each(500, [&](std::size_t) { ++sum; }, 1);
                crew.each(20, [&](std::size_t) { ++sum; });
            });
        }
        CHECK(sum == 100 * 520);
    }
}

TEST_CASE("work within work of the same crew shares its workers, and an exception ends it whole") {
    Arena arena(2, 1);
    Crew crew;
    std::atomic<int> sum = 0;
    crew.work(arena, [&] { crew.work(arena, [&] { crew.each(100, [&](std::size_t i) { sum += static_cast<int>(i); }); }); });
    CHECK(sum == 4950);
    CHECK_THROWS_AS(crew.work(arena, [&] { crew.each(100, [](std::size_t i) { if (i == 40) throw std::runtime_error("item 40"); }); }), std::runtime_error);
    sum = 0;
    crew.work(arena, [&] { crew.each(10, [&](std::size_t) { ++sum; }); });
    CHECK(sum == 10);
}
