#include "modules/emissions/model/speed_profile.hpp"

#include <cmath>

namespace citytwin::emissions {
namespace {

void add(SpeedProfile& profile, double seconds, double from, double to) {
    if (seconds > 0) profile.pieces[profile.count++] = {seconds, from, to};
}

}  // namespace

double SpeedProfile::seconds() const {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += pieces[i].seconds;
    return sum;
}

double SpeedProfile::metres() const {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += pieces[i].seconds * (pieces[i].from_mps + pieces[i].to_mps) / 2;
    return sum;
}

// With k = 1/acceleration + 1/deceleration: a dip from v to w and back takes (v - w) k seconds and (v2 - w2) k/2 metres,
// so it loses (v - w)2 k / (2 v) seconds against v.
SpeedProfile passage_profile(double length_m, double seconds, double free_speed_mps, const ProfileRule& rule) {
    SpeedProfile profile;
    if (seconds <= 0) return profile;
    const double mean = length_m / seconds;
    if (mean >= free_speed_mps || length_m <= 0) {
        add(profile, seconds, mean, mean);
        return profile;
    }
    const double k = 1 / rule.acceleration_mps2 + 1 / rule.deceleration_mps2;
    double v = free_speed_mps;
    const double stopping_from = std::sqrt(2 * length_m / k);   // the speed whose stop and start fill the link
    if (v > stopping_from && length_m / stopping_from + stopping_from * k / 2 <= seconds) v = stopping_from;
    double w = 0, waiting = seconds - length_m / v - v * k / 2;
    if (waiting < 0) {
        waiting = 0;
        w = v - std::sqrt(2 * v * (seconds - length_m / v) / k);
        if ((v * v - w * w) * k / 2 > length_m) {   // no room for the dip at free speed: the whole link is one dip, (v + w)/2 = mean, (v - w) k = seconds
            const double half = seconds / k / 2;
            v = mean + half;
            w = mean - half;
        }
    }
    const double cruising = (length_m - (v * v - w * w) * k / 2) / v;
    add(profile, cruising > 0 ? cruising / 2 : 0, v, v);
    add(profile, (v - w) / rule.deceleration_mps2, v, w);
    add(profile, waiting, 0, 0);
    add(profile, (v - w) / rule.acceleration_mps2, w, v);
    add(profile, cruising > 0 ? cruising / 2 : 0, v, v);
    return profile;
}

}  // namespace citytwin::emissions
