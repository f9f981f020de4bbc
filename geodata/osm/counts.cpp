#include <geodesic.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/routing/csr_graph.hpp"
#include "geodata/osm/street_graph.hpp"

namespace citytwin::geodata::osm {
namespace {

routing::StrongComponents components_of(const Pieces& pieces, const WayTable& roads) {
    std::vector<Index> tails, heads;
    const auto add = [&](Index from, Index to) { tails.push_back(from), heads.push_back(to); };
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        const int direction = roads.direction[pieces.way[p]];
        if (direction >= 0) add(pieces.from[p], pieces.to[p]);
        if (direction <= 0) add(pieces.to[p], pieces.from[p]);
    }
    return routing::strong_components(routing::CsrGraph(pieces.junctions(), tails, heads));
}

double rounded(double value, int digits) {
    const double factor = std::pow(10.0, digits);
    return std::round(value * factor) / factor;
}

/// Absolute geodesic area of a closed way, nothing if it is open or a node has no place.
double closed_way_area_m2(const geod_geodesic& ellipsoid, const WayTable& ways, const NodeTable& nodes, Index way) {
    const auto first = ways.ref_offset[way], last = ways.ref_offset[way + 1];
    if (last - first < 4 || ways.refs[first] != ways.refs[last - 1]) return 0;
    geod_polygon polygon;
    geod_polygon_init(&polygon, 0);
    for (auto i = first; i + 1 < last; ++i) {
        const auto found = std::lower_bound(nodes.id.begin(), nodes.id.end(), ways.refs[i]);
        const auto row = static_cast<Index>(found - nodes.id.begin());
        if (found == nodes.id.end() || *found != ways.refs[i] || nodes.x[row] == NodeTable::no_place) return 0;
        geod_polygon_addpoint(&ellipsoid, &polygon, nodes.lat(row), nodes.lon(row));
    }
    double area = 0;
    geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, nullptr);
    return std::abs(area);
}

}  // namespace

Counts count_streets(const OsmData& data, const LocatedWays& located, const Pieces& pieces) {
    Counts counts;
    counts.ways = located.ways;
    counts.junction_nodes = pieces.junctions();
    counts.missing_node_refs = located.missing_refs;
    counts.traffic_signal_nodes = data.traffic_signal_nodes;
    counts.turn_restrictions = data.turn_restrictions;
    counts.building_relations = data.building_relations;
    counts.building_ways = data.buildings.size();
    for (std::size_t k = 0; k < data.roads.tag_key.size(); ++k) {
        counts.ways_with_lanes_tag += data.roads.tag_key[k] == TagKey::lanes;
        counts.ways_with_maxspeed_tag += data.roads.tag_key[k] == TagKey::maxspeed;
    }
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        const int directions = data.roads.direction[pieces.way[p]] == 0 ? 2 : 1;
        counts.directed_edges += static_cast<std::uint64_t>(directions);
        counts.directed_m += directions * pieces.sphere_m[p];
        counts.centreline_m += pieces.sphere_m[p];
        counts.metres_by_class[static_cast<std::size_t>(data.roads.road_class[pieces.way[p]])] += pieces.sphere_m[p];
    }
    auto components = components_of(pieces, data.roads);
    counts.n_scc = components.size.size();
    counts.largest_component = components.largest();
    if (counts.largest_component != no_index) {
        counts.largest_scc_nodes = components.size[counts.largest_component];
        counts.largest_scc_share = static_cast<double>(counts.largest_scc_nodes) / static_cast<double>(counts.junction_nodes);
    }
    counts.component_of_junction = std::move(components.component_of);
    return counts;
}

double closed_building_area_m2(const OsmData& data, Arena& arena) {
    geod_geodesic wgs84;
    geod_init(&wgs84, 6378137.0, 1 / 298.257223563);
    std::vector<double> areas(data.buildings.size());
    arena.each(areas.size(), [&](std::size_t way) { areas[way] = closed_way_area_m2(wgs84, data.buildings, data.nodes, static_cast<Index>(way)); }, 64);
    double sum = 0;
    for (double area : areas) sum += area;
    return sum;
}

std::string counts_json(const Counts& counts) {
    nlohmann::ordered_json json;
    json["ways"] = counts.ways;
    json["junction_nodes"] = counts.junction_nodes;
    json["directed_edges"] = counts.directed_edges;
    json["centreline_km"] = rounded(counts.centreline_m / 1000, 3);
    json["directed_km"] = rounded(counts.directed_m / 1000, 3);
    nlohmann::json by_class = nlohmann::json::object();  // sorted by name
    for (int c = 0; c < road_class_count; ++c) {
        const double metres = counts.metres_by_class[static_cast<std::size_t>(c)];
        if (metres > 0) by_class[name_of(static_cast<RoadClass>(c))] = rounded(metres / 1000, 3);
    }
    json["km_by_class"] = by_class;
    json["n_scc"] = counts.n_scc;
    json["largest_scc_nodes"] = counts.largest_scc_nodes;
    json["largest_scc_share"] = rounded(counts.largest_scc_share, 6);
    json["missing_node_refs"] = counts.missing_node_refs;
    json["traffic_signal_nodes"] = counts.traffic_signal_nodes;
    json["turn_restrictions"] = counts.turn_restrictions;
    json["ways_with_lanes_tag"] = counts.ways_with_lanes_tag;
    json["ways_with_maxspeed_tag"] = counts.ways_with_maxspeed_tag;
    json["building_ways"] = counts.building_ways;
    json["building_relations"] = counts.building_relations;
    json["closed_building_way_area_m2"] = rounded(counts.closed_building_way_area_m2, 1);
    return json.dump();
}

}  // namespace citytwin::geodata::osm
