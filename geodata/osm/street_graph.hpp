#pragma once
// The drivable streets as a graph by node id: ways cut at junctions, with the counted quantities of the import (city.md section 3).
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/osm/osm_data.hpp"

namespace citytwin::geodata::osm {

/// Radius of the sphere that lengths of the counts are measured on (libosmium's).
inline constexpr double earth_radius_m = 6372797.560856;
double sphere_distance_m(double lon_a, double lat_a, double lon_b, double lat_b);

/// The located nodes of each road way, as rows of the node table. A way with fewer than two keeps an empty row: it is no way any more.
struct LocatedWays {
    std::vector<std::uint32_t> offset{0};
    std::vector<Index> nodes;
    std::vector<std::uint8_t> use;  ///< by row of the node table: 2 per occurrence at a way end, 1 per inner one, at most 255
    std::uint64_t missing_refs = 0, ways = 0, ways_without_nodes = 0;

    [[nodiscard]] std::span<const Index> operator[](Index way) const { return {nodes.data() + offset[way], offset[way + 1] - offset[way]}; }
};

/// Resolves the refs of `ways` (and gives their memory back).
LocatedWays locate_ways(WayTable& ways, const NodeTable& nodes, Arena& arena);

/// Pieces of ways between two consecutive cuts, in file order; junctions are numbered in the order of first use.
struct Pieces {
    std::vector<Index> way;
    std::vector<std::uint32_t> first_node, last_node;  ///< positions in LocatedWays::nodes, both included
    std::vector<Index> from, to;                       ///< junctions
    std::vector<std::uint32_t> first_of_way;           ///< size ways + 1
    std::vector<double> sphere_m;
    std::vector<Index> junction_node;                  ///< row of the node table
    std::vector<Index> junction_of_node;               ///< by row of the node table, no_index if none

    [[nodiscard]] std::size_t size() const { return way.size(); }
    [[nodiscard]] std::size_t junctions() const { return junction_node.size(); }
};

/// Cuts at nodes used more than once and, if given, where `also_cut[node row]` is not 0.
Pieces cut_ways(const LocatedWays& located, const NodeTable& nodes, std::span<const std::uint8_t> also_cut, Arena& arena);

struct Counts {
    std::uint64_t ways = 0, junction_nodes = 0, directed_edges = 0, n_scc = 0, largest_scc_nodes = 0, missing_node_refs = 0, traffic_signal_nodes = 0,
                  turn_restrictions = 0, ways_with_lanes_tag = 0, ways_with_maxspeed_tag = 0, building_ways = 0, building_relations = 0;
    double centreline_m = 0, directed_m = 0, closed_building_way_area_m2 = 0, largest_scc_share = 0;
    std::vector<double> metres_by_class = std::vector<double>(road_class_count, 0.0);
    std::vector<Index> component_of_junction;
    Index largest_component = no_index;
};

/// Everything of the counts but the area of buildings.
Counts count_streets(const OsmData& data, const LocatedWays& located, const Pieces& pieces);
/// Geodesic area on WGS84 (Karney 2013) of closed building ways with all nodes located.
double closed_building_area_m2(const OsmData& data, Arena& arena);
/// JSON object with the keys and rounding of the reference results.
std::string counts_json(const Counts& counts);

}  // namespace citytwin::geodata::osm
