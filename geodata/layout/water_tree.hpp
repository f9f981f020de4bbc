#pragma once
// What a water network's tree carries: peak flows, diameters, head losses, and the pressure zones it falls into.
#include <vector>

#include "geodata/layout/street_graph.hpp"
#include "geodata/layout/water_layout.hpp"

namespace citytwin::geodata {

struct WaterTree {
    std::vector<double> mean_behind;   ///< per graph node: mean demand of it and all behind [m3/s]
    std::vector<double> diameter_m;    ///< per graph node: of the pipe from its parent
    std::vector<double> loss_m;        ///< per graph node: from its zone's entry at the peak
    std::vector<Index> zone;           ///< per graph node
    std::vector<Index> entry;          ///< per zone its first node
    std::vector<double> head_m;        ///< per zone at its entry
};

/// Smallest diameter that keeps velocity and gradient.
double pipe_diameter_m(double flow_m3_per_s, const WaterLayoutOptions& options);
/// Hazen-Williams in SI: 10.67 L Q^1.852 / (C^1.852 D^4.871).
double head_loss_m(double length_m, double flow_m3_per_s, double diameter_m, double roughness);

WaterTree size_tree(const StreetGraph& graph, const RootedTree& tree, const std::vector<double>& mean_demand, const WaterLayoutOptions& options);

}  // namespace citytwin::geodata
