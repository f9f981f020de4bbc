#pragma once
// Which road links a zone's people live along: a polygon takes the links in it, a point those nearer to it than to any other
// zone; a zone without any takes the nearest link, however far, so that nobody is dropped.
#include <vector>

#include "core/city/spatial_index.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/road/road_network.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {

struct ZoneLinks {
    Ragged<std::uint32_t> links;      ///< ascending rows of road_link, at least one a zone
    std::vector<double> distance_m;   ///< from the zone's point to the nearest of all usable links
};

/// 1 where a trip by car may begin and end: cars may drive there, no motorway or trunk road, bridge or tunnel, and every
/// other such link can be reached from it and reaches it (largest strongly connected part of the links).
std::vector<std::uint8_t> links_to_live_along(const RoadNetwork& network);
/// Polylines of the links; a link without a shape is the line between its nodes.
Ragged<double> lines_of(const RoadNetwork& network);

/// `zones` in the city's local frame, `x` and `y` the points that stand for them.
ZoneLinks links_of_zones(const RoadNetwork& network, const VectorLayer& zones, const std::vector<double>& x, const std::vector<double>& y, Arena& arena);

}  // namespace citytwin::geodata
