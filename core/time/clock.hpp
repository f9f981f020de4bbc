#pragma once
// The engine's clock: integer microseconds since the scenario's start. There is no floating-point time.
#include <cstdint>
#include <limits>

namespace citytwin {

using Microseconds = std::int64_t;

inline constexpr Microseconds microsecond = 1;
inline constexpr Microseconds millisecond = 1'000;
inline constexpr Microseconds second = 1'000'000;
inline constexpr Microseconds minute = 60 * second;
inline constexpr Microseconds hour = 60 * minute;
inline constexpr Microseconds day = 24 * hour;
inline constexpr Microseconds never = std::numeric_limits<Microseconds>::max();

constexpr double to_seconds(Microseconds t) { return static_cast<double>(t) * 1e-6; }
/// Rounds half away from zero.
constexpr Microseconds from_seconds(double s) { return static_cast<Microseconds>(s * 1e6 + (s >= 0 ? 0.5 : -0.5)); }

}  // namespace citytwin
