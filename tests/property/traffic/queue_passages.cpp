// Passages of links: a vehicle's passages are its whole way without a gap, in the same order for any threads, and cost the others nothing.
#include <catch2/catch.hpp>

#include <cmath>
#include <map>

#include "core/base/hash.hpp"
#include "support/queue_town.hpp"

using namespace citytwin;
using namespace citytwin::traffic;
using citytwin::testing::add_random_trips;
using citytwin::testing::grid_town;

namespace {

QueueOptions small_partitions() {
    QueueOptions options;
    options.links_per_partition = 40;
    return options;
}

struct Run {
    explicit Run(int threads, bool recorded = true) : town(grid_town(10)), model(town.input(), std::vector<QueueVehicleType>(1), small_partitions()), arena(threads, 1) {
        model.record_passages(recorded);
        add_random_trips(model, town, 3000, 600, 4);
    }
    citytwin::testing::QueueTown town;
    QueueModel model;
    Arena arena;
};

std::string digits_of(const std::vector<TripRecord>& records) {
    StateHash hash;
    for (const TripRecord& r : records) hash.value(r.vehicle), hash.value(r.arrival), hash.value(r.route_length_m), hash.value(r.time_loss_s);
    return hash.hex();
}

std::string digits_of(const std::vector<LinkPassage>& passages) {
    StateHash hash;
    for (const LinkPassage& p : passages) hash.value(p.vehicle), hash.value(p.enter), hash.value(p.leave), hash.value(p.distance_m), hash.value(p.link);
    return hash.hex();
}

}  // namespace

TEST_CASE("a vehicle's passages add up to its way and its time on the road") {
    Run run(2);
    std::map<StableId, std::pair<double, Milliseconds>> sums;
    std::map<StableId, Milliseconds> last;
    std::vector<TripRecord> records;
    std::size_t gaps = 0;
    for (int minute = 0; minute < 60; ++minute) {
        run.model.advance(run.model.now() + 60'000, run.arena);
        for (const LinkPassage& p : run.model.take_passages()) {
            CHECK((p.leave >= p.enter && p.distance_m >= 0));
            if (const auto before = last.find(p.vehicle); before != last.end() && before->second != p.enter) ++gaps;
            last[p.vehicle] = p.leave;
            sums[p.vehicle].first += p.distance_m;
            sums[p.vehicle].second += p.leave - p.enter;
        }
        const auto more = run.model.take_records();
        records.insert(records.end(), more.begin(), more.end());
    }
    REQUIRE(records.size() == 3000);
    std::size_t compared = 0, stops = 0;
    for (const TripRecord& record : records) {
        if (record.teleports > 0) continue;   // carried past a jam: no way of its own there
        const auto& [metres, milliseconds] = sums[record.vehicle];
        CHECK(std::abs(metres - record.route_length_m) < 1e-6);
        const Milliseconds parked = record.arrival - record.depart - milliseconds;
        CHECK((parked == 0 || (parked >= 20'000 && parked < 60'000)));   // some trips have a stop off the lane, and wait there for a gap
        stops += parked != 0;
        ++compared;
    }
    CHECK(compared > 2900);
    CHECK(gaps <= 3000 - compared + stops);
}

TEST_CASE("passages come in one order at any number of threads, and nobody drives otherwise because they are recorded") {
    std::string expected, trips;
    for (const int threads : {1, 2, 4, 7}) {
        Run run(threads);
        run.model.advance(1'800'000, run.arena);
        const std::string digits = digits_of(run.model.take_passages()), records = digits_of(run.model.take_records());
        if (expected.empty()) expected = digits, trips = records;
        CHECK(digits == expected);
        CHECK(records == trips);
    }
    Run plain(1, false);
    plain.model.advance(1'800'000, plain.arena);
    CHECK(plain.model.take_passages().empty());
    CHECK(digits_of(plain.model.take_records()) == trips);
}

TEST_CASE("a stop off the lane parts a passage: before it, and on from it") {
    citytwin::testing::QueueTown town;
    const Index a = town.node(0, 0), b = town.node(300, 0), c = town.node(600, 0);
    const Index first = town.link(a, b, 300), second = town.link(b, c, 300);
    town.connect(first, second);
    QueueModel model(town.input(), std::vector<QueueVehicleType>(1));
    model.record_passages(true);
    Arena arena(1);
    const std::vector<Index> route{first, second};
    const std::vector<QueueStop> stops{{first, 120, 60'000, 0, false}};
    QueueVehicle vehicle;
    vehicle.route = route;
    vehicle.stops = stops;
    model.add_vehicle(vehicle);
    model.advance(300'000, arena);
    const auto passages = model.take_passages();
    REQUIRE(passages.size() == 3);
    CHECK(passages[0].distance_m == Approx(120));
    CHECK(passages[1].distance_m == Approx(180));
    CHECK(passages[2].distance_m == Approx(300));
    CHECK(passages[1].enter - passages[0].leave >= 60'000);   // the stop itself is nobody's passage
    CHECK(passages[2].enter == passages[1].leave);
}
