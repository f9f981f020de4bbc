#pragma once
// What one passage of a link emits: by mean speed for the guidebook's classes, along the passage's speed profile for the others.
#include "modules/emissions/model/class_table.hpp"
#include "modules/emissions/model/speed_profile.hpp"

namespace citytwin::emissions {

struct Passage {
    double length_m = 0, seconds = 0, free_speed_mps = 0, sin_slope = 0;
    double payload_kg = -1;   ///< -1 = not known: the table's own load
};

/// Grams, and joules of electricity. `clamped` counts speeds outside a curve's range.
Amounts passage_emission(const EmissionClass& of, const Passage& passage, const ProfileRule& rule, std::uint64_t* clamped = nullptr);

}  // namespace citytwin::emissions
