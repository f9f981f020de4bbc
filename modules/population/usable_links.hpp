#pragma once
// Links on which a trip may begin and end: open to cars and within the largest part from which everything else can be reached.
#include <cstdint>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::population {

/// 1 for each link that can be used.
std::vector<std::uint8_t> usable_links(const geodata::RoadNetwork& network);

}  // namespace citytwin::population
