#pragma once
// Weights of a route search.
//
// The default weight is an unsigned 32-bit integer, by convention milliseconds. Integers are chosen because their sums
// are exact: every algorithm of this folder (Dijkstra, A*, contraction hierarchies, in any order of addition and on any
// number of threads) finds the very same cost, ties are real ties, and a label is one 64-bit word (cost, node) that a
// heap compares in one instruction. A millisecond is 5e-5 of a ten-second link, far below what travel times are known
// to. `double` is supported by the plain searches for work that needs it (static assignment to gaps of 1e-6).
#include <cmath>
#include <cstdint>
#include <limits>

namespace citytwin::routing {

using Weight = std::uint32_t;

/// "Closed" and "not reachable". Two of them still add up without overflow; a path of 24.8 days or more counts as
/// infinite.
template <class W>
inline constexpr W infinite_weight_of = std::numeric_limits<W>::infinity();
template <>
inline constexpr Weight infinite_weight_of<Weight> = 0x7fffffffu;

inline constexpr Weight infinite_weight = infinite_weight_of<Weight>;

/// Seconds to milliseconds, rounded half up; at least 1 (a weight of 0 would make ties unresolvable), at most infinite.
inline Weight weight_from_seconds(double seconds) {
    if (!(seconds > 0)) return seconds <= 0 ? 1 : infinite_weight;
    const double milliseconds = std::floor(seconds * 1000.0 + 0.5);
    if (milliseconds >= static_cast<double>(infinite_weight)) return infinite_weight;
    return milliseconds < 1 ? 1 : static_cast<Weight>(milliseconds);
}

inline double seconds_from_weight(Weight weight) {
    return weight >= infinite_weight ? std::numeric_limits<double>::infinity() : static_cast<double>(weight) * 1e-3;
}

/// a + b, where anything from infinite on is infinite.
inline constexpr Weight add_weights(Weight a, Weight b) {
    const Weight sum = a + b;
    return sum < infinite_weight ? sum : infinite_weight;
}
inline constexpr double add_weights(double a, double b) {
    return a + b;
}

}  // namespace citytwin::routing
