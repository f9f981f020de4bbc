#pragma once
// The streets of a generated city before they become a road network: a warped grid of crossings whose lines have ranks
// (main, secondary, collector, residential), a river that only the larger streets cross, and names.
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "geodata/generate/city_generator.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

struct Street {
    Index from = no_index, to = no_index;   ///< crossings; eastward or northward
    RoadClass road_class = RoadClass::residential;
    bool bridge = false;
    Index name = no_index;                  ///< row of StreetPlan::names
};

struct StreetPlan {
    Index columns = 0, rows = 0;            ///< crossings; crossing (column, row) is row * columns + column
    Index river_row = 0;                    ///< the river flows between this row of crossings and the next
    std::vector<double> x, y;
    std::vector<Street> streets;
    std::vector<Index> east, north;         ///< per crossing the street to its neighbour, or no_index
    std::vector<std::string> names;

    [[nodiscard]] Index crossing(Index column, Index row) const { return row * columns + column; }
    [[nodiscard]] std::size_t crossings() const { return x.size(); }
};

StreetPlan plan_streets(const CityGeneratorOptions& options);

/// Links in both directions (2s forward, 2s + 1 backward for street s), lanes, node control; connections and signals not yet.
RoadNetwork network_of(const StreetPlan& plan, const CityGeneratorOptions& options);

}  // namespace citytwin::geodata
