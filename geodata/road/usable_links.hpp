#pragma once
// Links on which a trip may begin and end: open to cars and within the largest part from which everything else can be reached.
#include <cstdint>
#include <span>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// 1 for each link that can be used. `closed`: not 0 where nobody may enter now; may be empty.
std::vector<std::uint8_t> usable_links(const RoadNetwork& network, std::span<const double> closed = {});

}  // namespace citytwin::geodata
