#pragma once
// The speed profile that stands for one passage of a link, of which a queue model knows length, time and free speed only.
// It keeps length and time exactly (tested to 1e-9):
//   time <= length / free speed          constant speed length / time
//   a delay below a full stop's          drives at free speed, brakes to a lower speed and accelerates back, once
//   a longer one                         brakes to a stand, waits, accelerates back to free speed
//   a link too short for that            the speed before and after is the highest from which it can stop (or dip) within the link
// Accelerations are constant: 1.5 m/s2 up, 2 m/s2 down unless said else. The pieces are at most five, in order.
#include <array>
#include <cstddef>

namespace citytwin::emissions {

struct ProfilePiece {
    double seconds = 0, from_mps = 0, to_mps = 0;
};

struct SpeedProfile {
    std::array<ProfilePiece, 5> pieces{};
    std::size_t count = 0;
    [[nodiscard]] double seconds() const;
    [[nodiscard]] double metres() const;
};

struct ProfileRule {
    double acceleration_mps2 = 1.5, deceleration_mps2 = 2.0;
};

SpeedProfile passage_profile(double length_m, double seconds, double free_speed_mps, const ProfileRule& rule = {});

}  // namespace citytwin::emissions
