#pragma once
// Low-voltage districts: the tree of all consumers cut from the leaves up into pieces that one station can serve.
#include <vector>

#include "geodata/layout/power_layout.hpp"
#include "geodata/layout/street_graph.hpp"

namespace citytwin::geodata {

struct District {
    Index station = no_index;               ///< node of the graph
    std::vector<Index> nodes;               ///< station first, parents before children
    std::vector<Index> parent, parent_edge; ///< by position in `nodes`: position and edge towards the station
    PowerDemand demand;
    double peak_va = 0;
};

/// `demand` by node. Ordered by the district's root in the tree's order, from the leaves up.
std::vector<District> grow_districts(const StreetGraph& graph, const RootedTree& tree, const std::vector<PowerDemand>& demand,
                                     const PowerLayoutOptions& options);

}  // namespace citytwin::geodata
