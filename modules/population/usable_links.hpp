#pragma once
// Links on which a trip may begin and end: open to cars and within the largest part from which everything else can be reached.
#include <cstdint>
#include <span>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::population {

/// 1 for each link that can be used. `closed`: not 0 where nobody may enter now; may be empty.
std::vector<std::uint8_t> usable_links(const geodata::RoadNetwork& network, std::span<const double> closed = {});

/// Length of the piece of a polyline x0,y0,x1,y1,… that ends at p[k], p[k + 1].
double piece_length(std::span<const double> p, std::size_t k);

}  // namespace citytwin::population
