// Balances day by day: what went in and out of a local day, and a resume that forgets none.
#include <catch2/catch.hpp>

#include "tests/support/toy_engine.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

/// Takes one in each hour and gives it back three hours later.
class Store : public Module {
public:
    explicit Store(Setup& setup) : ledger_(setup.ledger("things", "1")) { setup.period("1 h"); }
    void step(const Step& now) override {
        ledger_.in += 1;
        if (now.to > 3 * hour) ledger_.out += 1;
        ledger_.stored = ledger_.in - ledger_.out;
    }

private:
    Ledger& ledger_;
};

ToyRun store_from_22h() {
    ToyRun run;
    run.factories = {toy<Store>("store")};
    run.settings.calendar = Calendar(parse_time("2025-06-03T22:00:00", "Europe/Berlin"), "Europe/Berlin");
    run.settings.end = 30 * hour;
    return run;
}

}  // namespace

TEST_CASE("balances are closed at each local midnight and at the run's end, each day by itself") {
    ToyRun run = store_from_22h();
    const auto days = run.run_to_end().books().days();
    REQUIRE(days.size() == 3);
    const Microseconds ends[] = {2 * hour, 26 * hour, 30 * hour};
    const double in[] = {2, 24, 4}, out[] = {0, 23, 4}, stored[] = {2, 3, 3};
    for (std::size_t d = 0; d < 3; ++d) {
        INFO("day " << d);
        CHECK(days[d].end == ends[d]);
        REQUIRE(days[d].ledgers.size() == 1);
        const Ledger& day = days[d].ledgers.front();
        CHECK(day.in == in[d]);
        CHECK(day.out == out[d]);
        CHECK(day.stored == stored[d]);
        CHECK(day.closing_error() == 0);
    }
}

TEST_CASE("a resumed run knows the days before it stopped") {
    ToyRun first = store_from_22h(), second = store_from_22h();
    Engine& engine = first.make();
    engine.start();
    while (engine.now() < 28 * hour) engine.advance();
    Engine& resumed = second.make();
    resumed.load(engine.save());
    while (!resumed.finished()) resumed.advance();
    REQUIRE(resumed.books().days().size() == 3);
    CHECK(resumed.books().days()[1].ledgers.front().in == 24);
    CHECK(resumed.books().days()[2].ledgers.front().in == 4);
}
