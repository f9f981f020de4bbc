#pragma once
// Emission per kilometre as a function of mean speed: the EMEP/EEA guidebook's tier 3 (chapter 1.A.3.b.i-iv), and its tier 2 (constants).
#include <array>
#include <cstdint>

#include "modules/emissions/model/pollutants.hpp"

namespace citytwin::emissions {

enum class CurveForm : std::uint8_t {
    none,        ///< the class emits none of it
    constant,    ///< c0
    rational,    ///< (c0 V2 + c1 V + c2 + c3/V) / (c4 V2 + c5 V + c6): the common equation since the guidebook 2016
    polynomial,  ///< c0 V5 + c1 V4 + c2 V3 + c3 V2 + c4 V + c5: equation 26 of the guidebook 2013
    power_sum,   ///< c0 V^c1 + c2 V^c3: equation 28 of the guidebook 2013
    logistic,    ///< c0 + c1 / (1 + exp(-c2 + c3 ln V + c4 V)): equation 31 of the guidebook 2013
};

/// g/km at V km/h, V clamped to [least, most].
struct SpeedCurve {
    CurveForm form = CurveForm::none;
    std::array<double, 7> c{};
    double reduction = 0, factor = 1;      ///< (1 - RF) k
    double least_kmh = 5, most_kmh = 130;

    /// Speed is clamped; `clamped` (if given) counts when it was.
    [[nodiscard]] double grams_per_km(double speed_kmh, std::uint64_t* clamped = nullptr) const;
};

}  // namespace citytwin::emissions
