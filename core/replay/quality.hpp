#pragma once
// What is wrong with a sensor's cells, by rule, and what probably was the truth. Windows are centred: rules look ahead, they are for
// history, not for a live feed. Source of rules and constants: sensors.md section 4 and its baseline ref/sensors/faults.py.
#include <array>
#include <cstdint>
#include <vector>

#include "core/replay/observation_settings.hpp"
#include "core/replay/observation_table.hpp"

namespace citytwin {

/// Cells of sensors with one period: row-major, a row a slot. NaN = no value.
struct SensorGrid {
    std::size_t rows = 0, sensors = 0;
    std::size_t rows_per_day = 0;
    std::size_t first_of_day = 0;       ///< place of row 0 in its day
    std::vector<double> values;

    [[nodiscard]] double at(std::size_t row, std::size_t sensor) const { return values[row * sensors + sensor]; }
    [[nodiscard]] double& at(std::size_t row, std::size_t sensor) { return values[row * sensors + sensor]; }
};

/// What is usual for each sensor, learnt from weeks before the run.
struct Habits {
    std::size_t rows_per_day = 0, sensors = 0;
    std::vector<double> profile;                        ///< median by time of day, rows_per_day x sensors
    std::vector<double> maximum;                        ///< highest value
    std::vector<double> spread;                         ///< 1.4826 MAD of what the six best correlated neighbours don't explain
    std::vector<std::vector<std::uint32_t>> neighbours;

    [[nodiscard]] double usual(std::size_t place_of_day, std::size_t sensor) const { return profile[place_of_day * sensors + sensor]; }
};

Habits learn_habits(const SensorGrid& history);

/// One flag of flag::doubtful (or missing) a cell at most: the first rule that applies, in the order missing, range, stuck, unit, spike, drift.
/// `habits` may be empty (no sensors): rules that need them are off.
std::vector<std::uint16_t> flag_doubtful(const SensorGrid& grid, const Habits& habits, const QualitySettings& settings);

/// Flagged cells replaced: another unit is converted back, everything else is bridged over up to three rows from either side, longer
/// gaps get the profile plus the neighbours' median deviation. Cells without a flag stay as they are.
std::vector<double> repair(const SensorGrid& grid, const std::vector<std::uint16_t>& flags, const Habits& habits, const QualitySettings& settings);

/// How many cells carry each flag, in the order of flag::all.
std::array<std::uint64_t, 11> count_flags(const ObservationTable& table);

}  // namespace citytwin
