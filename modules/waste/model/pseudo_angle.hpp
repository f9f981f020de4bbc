#pragma once
// A turn in 65536 steps by a pseudo-angle (the point's place on a diamond): it grows with the angle and needs no arctangent,
// whose last digits differ between machines.
#include <cmath>
#include <cstdint>

namespace citytwin::waste {

inline constexpr std::int32_t full_turn = 65536;
inline std::int32_t turn(std::int32_t angle) { return angle & (full_turn - 1); }

inline std::int32_t pseudo_angle(double dx, double dy) {
    const double sum = std::abs(dx) + std::abs(dy);
    if (sum == 0) return 0;
    const double quarter = dy >= 0 ? (dx >= 0 ? dy / sum : 1 - dx / sum) : (dx < 0 ? 2 - dy / sum : 3 + dx / sum);
    return turn(static_cast<std::int32_t>(quarter * (full_turn / 4)));
}

inline bool in_sector(std::int32_t angle, std::int32_t begin, std::int32_t end) { return turn(angle - begin) <= turn(end - begin); }
inline bool sectors_overlap(std::int32_t begin, std::int32_t end, std::int32_t other_begin, std::int32_t other_end) {
    return turn(other_begin - begin) <= turn(end - begin) || turn(begin - other_begin) <= turn(other_end - other_begin);
}

}  // namespace citytwin::waste
