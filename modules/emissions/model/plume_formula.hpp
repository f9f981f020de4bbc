#pragma once
// The plume's formula for one pair, without a branch, so that loops over receptors vectorise. For 1 g/s and 1 m/s.
#include <cmath>

#include "modules/emissions/model/briggs.hpp"
#include "modules/emissions/model/portable_exp.hpp"

namespace citytwin::emissions {

inline constexpr double least_downwind_m = 1;   ///< nearer than this the spread of 1 m counts

/// exp(-(z-H)2/2sz2) + exp(-(z+H)2/2sz2) and the lid's images.
template <bool Lid>
inline double vertical_terms(double z, double h, double half_by_sz2, double lid) {
    double sum = plain_exp(-(z - h) * (z - h) * half_by_sz2) + plain_exp(-(z + h) * (z + h) * half_by_sz2);
    if constexpr (Lid) {
        for (int n = 1; n <= 3; ++n) {
            const double up = h + 2 * n * lid, down = h - 2 * n * lid;
            sum += plain_exp(-(z - up) * (z - up) * half_by_sz2) + plain_exp(-(z + up) * (z + up) * half_by_sz2);
            sum += plain_exp(-(z - down) * (z - down) * half_by_sz2) + plain_exp(-(z + down) * (z + down) * half_by_sz2);
        }
    }
    return sum;
}

template <bool Lid>
inline double plume_value(double x, double y, double z, double h, const Spread& spread, double crosswind_m2, double vertical_m2, double lid) {
    const double d = x > least_downwind_m ? x : least_downwind_m;
    // sigma2 = n/m for both axes: one division and one root serve the whole formula.
    const double my = spread.crosswind.below(d), mz = spread.vertical.below(d);
    const double ny = spread.crosswind.above(d) + crosswind_m2 * my, nz = spread.vertical.above(d) + vertical_m2 * mz;
    const double by_both = 1 / (ny * nz), by_sy2 = my * nz * by_both, by_sz2 = mz * ny * by_both;
    const double across = -0.5 * y * y * by_sy2, half_by_sz2 = 0.5 * by_sz2;
    double value = 0;
    if constexpr (Lid) {
        const double mixed = 2.5066282746310005 / lid;   // sqrt(2 pi)/zi over 2 pi sy: well mixed
        const double layered = vertical_terms<true>(z, h, half_by_sz2, lid) * std::sqrt(by_sz2);
        value = plain_exp(across) * (1 > 2.56 * lid * lid * by_sz2 ? mixed : layered) * std::sqrt(by_sy2) * 0.15915494309189533577;
    } else {
        const double terms = plain_exp(across - (z - h) * (z - h) * half_by_sz2) + plain_exp(across - (z + h) * (z + h) * half_by_sz2);
        value = terms * std::sqrt(my * mz * by_both) * 0.15915494309189533577;   // 1/(2 pi sy sz)
    }
    const double downwind = x > 0 ? 1.0 : 0.0;   // a factor, not a choice: a choice would become a branch around it all
    return value * downwind;
}

}  // namespace citytwin::emissions
