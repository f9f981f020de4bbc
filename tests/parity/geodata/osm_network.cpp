// The simulation's network of six real extracts: every signal has its controller, no two foes have green without one yielding.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/osm/import.hpp"
#include "geodata/road/road_network.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

/// Pairs of foes under one signal that both have G, green without yielding, in some phase.
std::size_t unprotected_conflicts(const RoadNetwork& road) {
    std::size_t conflicts = 0;
    for (std::size_t c = 0; c < road.connections(); ++c) {
        const Index signal = road.connection_signal[c];
        if (signal == no_index) continue;
        for (const Index foe : road.connection_foes[c]) {
            if (road.connection_signal[foe] != signal) continue;
            for (const auto& program : road.signals[signal].programs) {
                for (const auto& state : program.state) {
                    const char own = state[static_cast<std::size_t>(road.connection_signal_link[c])];
                    const char other = state[static_cast<std::size_t>(road.connection_signal_link[foe])];
                    conflicts += own == 'G' && other == 'G';
                }
            }
        }
    }
    return conflicts;
}

double shortest_yellow_s(const RoadNetwork& road) {
    double shortest = 1e9;
    for (const auto& signal : road.signals) {
        for (const auto& program : signal.programs) {
            for (std::size_t p = 0; p < program.state.size(); ++p) {
                if (program.state[p].find('y') != std::string::npos) shortest = std::min(shortest, program.duration_s[p]);
            }
        }
    }
    return shortest;
}

TEST_CASE("every signal node of the six extracts belongs to a controller, and foes never both have the right of way") {
    SHARED_OR_SKIP(reference_file, "ref/city/osm.json");
    const auto reference = nlohmann::json::parse(std::ifstream(reference_file));
    for (const auto& [name, expected] : reference.items()) {
        CAPTURE(name);
        const auto path = citytwin::testing::shared_file("data/city/osm/" + name);
        REQUIRE(path);
        Arena arena(2);
        DiagnosticList diagnostics;
        const City city = import_osm(*path, {}, arena, diagnostics);
        const EntitySet& heads = city.at("signal_head");
        CHECK(heads.size() == expected.at("traffic_signal_nodes").get<std::size_t>());
        for (const auto signal : heads.get<std::uint32_t>("signal")) CHECK(signal < city.at("signal").size());
        const RoadNetwork road = load_road_network(city);
        CHECK(unprotected_conflicts(road) == 0);
        CHECK(shortest_yellow_s(road) >= 3.0);
        for (std::size_t link = 0; link < road.links(); ++link) {
            REQUIRE(road.link_length_m[link] >= 0.1);
            REQUIRE(road.link_speed_mps[link] > 0);
            REQUIRE(road.link_lanes[link] >= 1);
        }
    }
}

}  // namespace
