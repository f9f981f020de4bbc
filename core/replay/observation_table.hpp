#pragma once
// A sensor history laid out as cells of sensor and slot over the run's window, with what was known in time and what is known now.
#include <array>
#include <vector>

#include "core/replay/observation_stream.hpp"

namespace citytwin {

/// The cells of one sensor. Slot `first + k` is row k.
struct SensorSeries {
    SensorRhythm rhythm;
    std::int64_t first = 0;
    std::vector<double> values;          ///< as delivered, all rows; NaN = none
    std::vector<double> on_time;         ///< without rows that came too late for a step; empty = the same as `values`
    std::vector<double> repaired;        ///< doubtful cells replaced; empty = nothing was repaired
    std::vector<std::uint16_t> flags;
    std::vector<std::uint32_t> deliveries;

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] UtcMicroseconds begin_of(std::size_t row) const { return rhythm.begin_of(first + static_cast<std::int64_t>(row)); }
    [[nodiscard]] UtcMicroseconds end_of(std::size_t row) const { return rhythm.end_of(first + static_cast<std::int64_t>(row)); }
    bool operator==(const SensorSeries& other) const;   ///< bit for bit
};

struct ObservationTable {
    std::vector<SensorSeries> series;    ///< by sensor number
    ArrivalCounts counts;
    std::uint64_t outside = 0;           ///< cells before or after the window

    /// Everything in it as bytes: what tests compare.
    [[nodiscard]] std::string bytes() const;
};

/// Rows in the order of their receive times (the file's own order doesn't matter), slots from the one that holds `begin` to the last
/// that begins before `end`.
ObservationTable tabulate(std::vector<Observation> rows, const std::vector<SensorRhythm>& rhythms, Microseconds lateness, UtcMicroseconds begin, UtcMicroseconds end);
/// The same with the rows in the order given, as a live feed delivers them.
ObservationTable tabulate_live(const std::vector<Observation>& rows, const std::vector<SensorRhythm>& rhythms, Microseconds lateness, UtcMicroseconds begin, UtcMicroseconds end);

}  // namespace citytwin
