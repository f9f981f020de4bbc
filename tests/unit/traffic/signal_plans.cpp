#include <catch2/catch.hpp>

#include "modules/traffic/model/signal_plans.hpp"
#include "support/queue_town.hpp"

using namespace citytwin;
using namespace citytwin::traffic;

TEST_CASE("a signal shows the phase of its cycle, shifted by its offset") {
    citytwin::testing::QueueTown town;
    town.signal({{10, "Gr"}, {3, "yr"}, {7, "rG"}}, 4);
    SignalPlans plans(town.input());
    CHECK(plans.letter(0, 0, 4'000) == 'G');
    CHECK(plans.letter(0, 0, 13'999) == 'G');
    CHECK(plans.letter(0, 0, 14'000) == 'y');
    CHECK(plans.letter(0, 1, 17'000) == 'G');
    CHECK(plans.letter(0, 0, 3'999) == 'r');
    CHECK(plans.letter(0, 0, 24'000) == 'G');
    CHECK(plans.letter(0, 9, 0) == 'O');  // not controlled by this program
}

TEST_CASE("the first look that isn't red is found without trying each") {
    citytwin::testing::QueueTown town;
    town.signal({{10.5, "G"}, {20, "r"}, {0.4, "G"}, {30, "r"}});
    SignalPlans plans(town.input());
    for (Milliseconds start = 0; start < 61'000; start += 137) {
        Milliseconds by_trying = never;
        for (Milliseconds t = start; t < start + 200'000; t += 1000) {
            if (!is_red(plans.letter(0, 0, t))) {
                by_trying = t;
                break;
            }
        }
        CHECK(plans.first_not_red(0, 0, start, 1000) == by_trying);
    }
}

TEST_CASE("a signal that is always red never opens") {
    citytwin::testing::QueueTown town;
    town.signal({{10, "r"}, {20, "u"}});
    SignalPlans plans(town.input());
    CHECK(plans.first_not_red(0, 0, 12'345, 1000) == never);
}
