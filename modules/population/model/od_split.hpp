#pragma once
// Whole trips out of an OD matrix: the fraction left over by one cell is carried to the next, so the total is exact to one trip;
// departures are spread evenly over the cell's interval. A cell's draws hang on its origin, destination and interval only.
#include <cstdint>
#include <span>
#include <vector>

#include "core/random/philox.hpp"

namespace citytwin::population {

struct OdDemand {
    std::uint64_t key = 0;     ///< of origin, destination and interval
    double trips = 0, from_s = 0, to_s = 86'400;
};

struct OdTrip {
    std::uint32_t cell = 0, number = 0;   ///< the n-th trip of a cell
    double depart_s = 0;
    double origin_draw = 0, destination_draw = 0;
};

/// Trips cell by cell.
std::vector<OdTrip> split_matrix(std::span<const OdDemand> cells, std::uint64_t seed);

}  // namespace citytwin::population
