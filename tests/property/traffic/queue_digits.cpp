// The same digits for any number of threads, any grain, any sequence of periods, and across a saved state.
#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>

#include "core/base/hash.hpp"
#include "support/queue_town.hpp"

using namespace citytwin;
using namespace citytwin::traffic;
using citytwin::testing::add_random_trips;
using citytwin::testing::grid_town;

namespace {

using Columns = std::map<std::string, std::vector<std::uint8_t>>;

Columns saved(QueueModel& model) {
    Columns columns;
    model.for_each_column([&](const std::string& name, auto& column) {
        using Row = typename std::remove_reference_t<decltype(column)>::value_type;
        static_assert(std::is_trivially_copyable_v<Row>);
        auto& bytes = columns[name];
        bytes.resize(column.size() * sizeof(Row));
        if (!column.empty()) std::memcpy(bytes.data(), column.data(), bytes.size());
    });
    return columns;
}

void load(QueueModel& model, const Columns& columns) {
    model.for_each_column([&](const std::string& name, auto& column) {
        using Row = typename std::remove_reference_t<decltype(column)>::value_type;
        const auto& bytes = columns.at(name);
        column.resize(bytes.size() / sizeof(Row));
        if (!bytes.empty()) std::memcpy(static_cast<void*>(column.data()), bytes.data(), bytes.size());
    });
    model.loaded();
}

std::string digest(QueueModel& model) {
    StateHash hash;
    for (const auto& [name, bytes] : saved(model)) {
        hash.text(name);
        hash.column(std::span<const std::uint8_t>(bytes));
    }
    return hash.hex();
}

QueueOptions small_partitions() {
    QueueOptions options;
    options.links_per_partition = 40;
    return options;
}

struct Run {
    Run(std::uint64_t seed, int threads, std::size_t grain, int side = 10, int trips = 3000)
        : town(grid_town(side)), model(town.input(), std::vector<QueueVehicleType>(1), small_partitions()), arena(threads, grain) {
        add_random_trips(model, town, trips, 600, seed);
    }
    citytwin::testing::QueueTown town;
    QueueModel model;
    Arena arena;
};

}  // namespace

TEST_CASE("the queue model's digits don't depend on threads, grain or period") {
    std::string expected, events_expected;
    for (const int threads : {1, 2, 4, 7}) {
        double share = threads == 1 ? 1.0 : 0.0;
        // On a busy machine the other threads may come too late for windows this short: more runs, until they took part.
        for (int repeat = 0; repeat < 3 || (share < 0.2 && repeat < 30); ++repeat) {
            const Milliseconds period = std::array<Milliseconds, 3>{1000, 377, 60'000}[static_cast<std::size_t>(repeat % 3)];
            Run run(3, threads, 1, 30, 30'000);   // windows long enough for others to join in
            REQUIRE(run.model.network().partitions() >= 8);
            const auto total = Milliseconds{900'000};
            while (run.model.now() < total) run.model.advance(std::min(total, run.model.now() + period), run.arena);
            StateHash events;
            for (const TripEvent& e : run.model.take_events()) events.value(e.vehicle), events.value(e.time), events.value(e.distance_m);
            run.model.take_records();
            const std::string digits = digest(run.model);
            if (expected.empty()) expected = digits, events_expected = events.hex();
            CHECK(digits == expected);
            CHECK(events.hex() == events_expected);
            share = std::max(share, run.arena.worker_share());
        }
        double load[1] = {0};
        const bool busy = getloadavg(load, 1) == 1 && load[0] > 2.0 * std::thread::hardware_concurrency();
        if (share < 0.2 && busy) WARN("the machine is busy (load " << load[0] << "): other threads did " << share << " of the work");
        else CHECK(share >= 0.2);
    }
}

TEST_CASE("loaded is waiting + running + arrived + removed at every step, and everybody arrives") {
    for (const std::uint64_t seed : {1, 2, 3}) {
        Run run(seed, 2, 1);
        for (int s = 0; s < 3600; ++s) {
            run.model.advance(run.model.now() + 1000, run.arena);
            const QueueCounters c = run.model.counters();
            REQUIRE(c.balances());
            if (s % 20 == 0 && c.running > 10) {
                for (Index row = 0; row < run.model.vehicle_rows(); ++row) {
                    if (run.model.vehicle(row).place != VehiclePlace::lane) continue;
                    run.model.remove_vehicle(row, RemovalCause::by_request);
                    break;
                }
            }
        }
        const QueueCounters c = run.model.counters();
        CHECK(c.running == 0);
        CHECK(c.waiting == 0);
        CHECK(c.arrived + c.removed_total() == 3000);
        std::vector<LinkInterval> links(run.town.from.size());
        run.model.link_intervals(links, false, run.arena);
        for (const LinkInterval& l : links) {
            CHECK(l.inside == 0);
            CHECK(l.vehicle_seconds >= 0);
        }
        for (Index q = 0; q < run.model.network().queues(); ++q) REQUIRE(run.model.network().parameters[q].capacity_mm > 0);
    }
}

TEST_CASE("a saved queue model goes on as if it hadn't been stopped") {
    for (const Milliseconds at : {1, 123'456, 300'000, 599'999}) {
        Run straight(5, 1, 1);
        straight.model.advance(at, straight.arena);
        const Columns columns = saved(straight.model);
        Run resumed(5, 4, 2);
        load(resumed.model, columns);
        CHECK(saved(resumed.model) == columns);
        for (int i = 0; i < 5; ++i) {
            straight.model.advance(straight.model.now() + 40'000, straight.arena);
            resumed.model.advance(resumed.model.now() + 40'000, resumed.arena);
        }
        CHECK(digest(straight.model) == digest(resumed.model));
    }
}

TEST_CASE("a day's trips need no more memory than those that are there at once") {
    auto town = grid_town(6);
    QueueModel model(town.input(), std::vector<QueueVehicleType>(1), small_partitions());
    Arena arena(1, 1);
    for (int hour = 0; hour < 12; ++hour) {
        for (int k = 0; k < 20; ++k) {
            QueueVehicle v;
            v.id = static_cast<StableId>(hour * 100 + k);
            v.depart = model.now();
            std::vector<Index> route{static_cast<Index>(k)};
            v.route = route;
            model.add_vehicle(v);
        }
        model.advance(model.now() + 600'000, arena);
    }
    CHECK(model.counters().arrived == 240);
    CHECK(model.vehicle_rows() <= 20);
}
