#pragma once
// One measured value, and what can be said against it.
#include <cstdint>

#include "core/time/calendar.hpp"

namespace citytwin {

/// A row of a sensor's history. Times are UTC; `sensor` is a dense number given by whoever reads the file.
struct Observation {
    std::uint32_t sensor = 0;
    UtcMicroseconds event = 0;      ///< when it was measured
    UtcMicroseconds received = 0;   ///< when it arrived; the event's time where the file doesn't say
    double value = 0;
    std::uint64_t sequence = 0;     ///< of the source, 0 where it has none

    bool operator==(const Observation&) const = default;
};

/// Several may hold for one cell (sensors.md section 4).
namespace flag {
inline constexpr std::uint16_t missing = 1, range = 2, stuck = 4, spike = 8, drift = 16, unit = 32, skew = 64, late = 128, corrected = 256, tie = 512, repaired = 1024;
/// Against the value itself; the others say how it came.
inline constexpr std::uint16_t doubtful = range | stuck | spike | drift | unit;
inline constexpr std::uint16_t all[] = {missing, range, stuck, spike, drift, unit, skew, late, corrected, tie, repaired};
}  // namespace flag

/// "spike" for flag::spike.
const char* name_of_flag(std::uint16_t one);

/// Several event times in one slot: counts add up, states are averaged.
enum class SlotCombination { mean, sum };

/// A sensor's own slots: slot k is [k * period + origin, (k + 1) * period + origin).
struct SensorRhythm {
    Microseconds period = 15 * minute;
    UtcMicroseconds origin = 0;
    SlotCombination combination = SlotCombination::mean;
    bool stamped_at_end = false;    ///< the event's time is the end of what was measured, not its begin

    [[nodiscard]] std::int64_t slot_of(UtcMicroseconds event) const {
        const UtcMicroseconds since = event - origin - (stamped_at_end ? 1 : 0);
        return since >= 0 ? since / period : -((-since + period - 1) / period);
    }
    [[nodiscard]] UtcMicroseconds begin_of(std::int64_t slot) const { return origin + slot * period; }
    [[nodiscard]] UtcMicroseconds end_of(std::int64_t slot) const { return origin + (slot + 1) * period; }
};

}  // namespace citytwin
