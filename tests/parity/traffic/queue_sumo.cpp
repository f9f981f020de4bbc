// The queue model against SUMO 1.28's mesoscopic model with junction control: mean duration within 10 %, arrived and route
// length within 1 % of the mean of SUMO's seeds (shared reference), and the counters balance at every step.
#include <catch2/catch.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "modules/traffic/sumo_case.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::traffic;

namespace {

void compare(const std::string& name) {
    const auto configuration = citytwin::testing::shared_file("data/traffic/sumo/" + name + "/" + name + ".sumocfg");
    const auto reference = citytwin::testing::shared_file("ref/traffic/sumo_ref.json");
    if (!configuration || !reference) {
        WARN("skipped: shared traffic data is not there");
        return;
    }
    std::ifstream file(*reference);
    const auto expected = nlohmann::json::parse(file)[name]["meso_jc"]["envelope"];
    DiagnosticList diagnostics;
    Arena arena(2, 1);
    SumoCase sumo(*configuration, 1, {}, arena, diagnostics);
    while (sumo.model().now() < sumo.end()) {
        sumo.run(arena, std::min(sumo.end(), sumo.model().now() + 1000));
        const QueueCounters c = sumo.model().counters();
        REQUIRE(c.balances());
        if (sumo.end() == never && c.running + c.waiting == 0) break;
    }
    double duration = 0, length = 0;
    const auto records = sumo.model().take_records();
    for (const TripRecord& r : records) {
        duration += static_cast<double>(r.arrival - r.depart) * 1e-3;
        length += r.route_length_m;
    }
    const auto n = static_cast<double>(records.size());
    INFO(name << ": arrived " << records.size() << ", duration " << duration / n << " s, length " << length / n << " m");
    CHECK(n == Approx(expected["arrived"]["mean"].get<double>()).epsilon(0.01));
    CHECK(duration / n == Approx(expected["duration"]["mean"].get<double>()).epsilon(0.10));
    CHECK(length / n == Approx(expected["route_length"]["mean"].get<double>()).epsilon(0.01));
    WARN(name << ": arrived " << records.size() << " / " << expected["arrived"]["mean"] << ", duration " << duration / n << " / " << expected["duration"]["mean"]
              << " s, route length " << length / n << " / " << expected["route_length"]["mean"] << " m (ours / SUMO)");
}

}  // namespace

TEST_CASE("cologne1: the queue model drives as SUMO's meso with junction control") { compare("cologne1"); }
TEST_CASE("cologne8: the queue model drives as SUMO's meso with junction control") { compare("cologne8"); }
TEST_CASE("ingolstadt7: the queue model drives as SUMO's meso with junction control") { compare("ingolstadt7"); }
TEST_CASE("bologna: the queue model drives as SUMO's meso with junction control") { compare("bologna_joined"); }
