#pragma once
// Lots along the right-hand side of links: a two-way street is two links, so it has lots on both sides.
#include <span>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata::buildings {

inline constexpr double lot_front_m = 22, corner_clearance_m = 12, setback_m = 6;

struct Lot {
    Index link = no_index;
    double offset_m = 0;             ///< driving metres from the link's start to the lot's middle
    double x = 0, y = 0;             ///< on the link's line, at the lot's middle
    double along_x = 1, along_y = 0; ///< unit vector in driving direction
};

/// Lots of the links in their order. A link too short for a lot beside its corners has one at its middle if `at_least_one`.
std::vector<Lot> lots_along(const RoadNetwork& network, std::span<const std::uint32_t> links, bool at_least_one);

}  // namespace citytwin::geodata::buildings
