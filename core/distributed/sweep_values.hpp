#pragma once
// The values of one axis: a list as it stands, a range, or drawn ones (Latin hypercube: McKay, Beckman, Conover 1979).
#include <cstdint>
#include <vector>

#include "core/scenario/document.hpp"

namespace citytwin {

struct AxisValues {
    std::vector<Value> values;
    bool is_drawn = false;
};

/// `column` names the axis ("modules.population.ev_share"): drawn values depend on it, on `seed` and on nothing else.
/// Throws InputError CT-SWEEP-003 (not a list of values), -004 (bounds) with the place.
AxisValues axis_values(const Value& values, const std::string& column, bool whole, std::uint64_t seed);

}  // namespace citytwin
