#pragma once
// Cities that utility networks are laid for in tests: riverside as generated, and Porto Alegre's streets with its hexagons'
// residents and jobs laid out as consumers along the streets.
#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/diagnostic.hpp"
#include "core/random/philox.hpp"
#include "geodata/generate/city_generator.hpp"
#include "geodata/layout/streets.hpp"
#include "geodata/layout/utility_input.hpp"
#include "geodata/osm/import.hpp"
#include "geodata/vector/zones.hpp"

namespace citytwin::testing {

inline geodata::UtilityInput riverside_input(Arena& arena, std::uint64_t population = 20'000) {
    geodata::CityGeneratorOptions options;
    options.population = population;
    options.seed = 7;
    return geodata::utility_input(geodata::generate_city(options, arena));
}

/// Hills of 0 to about 90 m: a stand-in for terrain, so that pressure zones are needed.
inline void raise_hills(geodata::UtilityInput& input, double height_m) {
    const auto& roads = input.roads;
    input.node_z.resize(roads.nodes());
    for (std::size_t n = 0; n < roads.nodes(); ++n) {
        const double x = roads.node_x[n] / 2500, y = roads.node_y[n] / 2500;
        input.node_z[n] = height_m / (1 + 0.25 * x * x) / (1 + (y - 1) * (y - 1));
    }
}

/// `each` residents and jobs make one consumer; a hexagon's consumers are spread over the links its people live along.
inline geodata::UtilityInput porto_alegre_input(const std::string& roads, const std::string& hexagons, double each, Arena& arena) {
    DiagnosticList diagnostics;
    City city = geodata::import_osm(roads, {}, arena, diagnostics);
    geodata::add_zones(city, hexagons, {{"id", "id"}, {"population", "population"}, {"jobs", "jobs"}, {"lon", "lon"}, {"lat", "lat"}}, arena, diagnostics);
    geodata::UtilityInput input = geodata::utility_input(city);
    const EntitySet& zones = city.at("zone");
    const auto &population = zones.get<double>("population"), &jobs = zones.get<double>("jobs");
    const auto& links = zones.ragged<std::uint32_t>("road_links");
    auto& c = input.consumers;
    for (std::size_t z = 0; z < zones.size(); ++z) {
        const double people = population[z] + jobs[z];
        if (!(people > 0) || links[z].empty()) continue;
        const auto count = static_cast<std::size_t>(std::ceil(people / each));
        for (std::size_t k = 0; k < count; ++k) {
            const Index link = links[z][k % links[z].size()];
            const double share = (static_cast<double>(k / links[z].size()) + 0.5) / static_cast<double>(count / links[z].size() + 1);
            const auto shape = input.roads.link_shape[link];
            c.x.push_back(shape[0] + share * (shape[shape.size() - 2] - shape[0]));
            c.y.push_back(shape[1] + share * (shape[shape.size() - 1] - shape[1]) + 12);
            c.road_link.push_back(link);
            c.road_offset_m.push_back(share * input.roads.link_length_m[link]);
            c.residents.push_back(population[z] / static_cast<double>(count));
            c.dwellings.push_back(c.residents.back() / 2.3);
            c.other_peak_w.push_back(700 * jobs[z] / static_cast<double>(count));
            c.water_mean_m3_per_s.push_back((130 * population[z] + 30 * jobs[z]) / static_cast<double>(count) / 1000 / 86'400);
        }
    }
    return input;
}

}  // namespace citytwin::testing
