#pragma once
// The module's parameters.
#include <algorithm>

#include "core/module/setup.hpp"
#include "modules/waste/model/bin_fill.hpp"

namespace citytwin::waste {

struct WasteChoices {
    explicit WasteChoices(Setup& setup);

    CollectionRule rule;
    DepositSize deposit;
    bool has_sensors = true, by_traffic = true, starts_empty = false;
    double capacity_kg = 0, begin_s = 0, shift_s = 0, stop_s = 0, lift_s_per_kg = 0, generation = 1, incinerator_efficiency = 0;
    std::size_t iterations = 0;

    /// Time of a stop at which so much is lifted.
    [[nodiscard]] double service_s(double kg) const { return stop_s + lift_s_per_kg * std::min(kg, capacity_kg); }
};

}  // namespace citytwin::waste
