#include "modules/emissions/model/passage.hpp"

#include <algorithm>
#include <cmath>

#include "modules/emissions/model/load_correction.hpp"

namespace citytwin::emissions {
namespace {

Amounts by_mean_speed(const EmissionClass& of, const Passage& passage, std::uint64_t* clamped) {
    Amounts grams{};
    if (passage.length_m <= 0) return grams;
    const double kmh = passage.length_m / passage.seconds * 3.6, km = passage.length_m / 1000;
    for (std::size_t p = 0; p < pollutant_count; ++p) {
        if (of.curve[p].form != CurveForm::none) grams[p] = of.curve[p].grams_per_km(kmh, clamped) * km;
    }
    if (of.payload_capacity_kg > 0 && passage.payload_kg >= 0) {
        const double share = std::min(1.0, passage.payload_kg / of.payload_capacity_kg);
        for (std::size_t p = 0; p < pollutant_count; ++p) grams[p] *= load_factor(p, share);
    }
    if (of.curve[at(Pollutant::co2)].form == CurveForm::none) grams[at(Pollutant::co2)] = grams[at(Pollutant::fuel)] * of.co2_per_fuel;
    return grams;
}

// mg/s of one vehicle: the kernel's sums in the same order, for single values.
void add_polynomial(const PolynomialType& type, double v, double a, double sin_slope, double seconds, Amounts& grams) {
    const double ae = a + standard_gravity_mps2 * sin_slope;
    const double term[PolynomialType::terms] = {1, v, v * v, v * v * v, ae, ae * v, ae * v * v, ae * ae * v};
    const bool coasts = type.coasting.applies && v > 0.5 && a < coasting_limit(type.coasting, v, sin_slope);
    for (std::size_t p = 0; p < pollutant_count; ++p) {
        double sum = type.factor[0][p];
        for (std::size_t t = 1; t < PolynomialType::terms; ++t) sum += type.factor[t][p] * term[t];
        const bool electricity = p == at(Pollutant::electricity);
        if (coasts && !electricity) continue;
        grams[p] += (sum > type.least[p] ? sum : type.least[p]) * seconds * (electricity ? 3600.0 : 1e-3);   // Wh -> J, mg -> g
    }
}

}  // namespace

Amounts passage_emission(const EmissionClass& of, const Passage& passage, const ProfileRule& rule, std::uint64_t* clamped) {
    if (passage.seconds <= 0) return {};
    if (of.model == ClassModel::average_speed) return by_mean_speed(of, passage, clamped);
    Amounts grams{};
    EnergyType energy = of.energy;
    if (of.payload_capacity_kg > 0 && passage.payload_kg >= 0) energy.mass_kg += std::min(passage.payload_kg, of.payload_capacity_kg) - of.payload_capacity_kg / 2;
    const SpeedProfile profile = passage_profile(passage.length_m, passage.seconds, passage.free_speed_mps, rule);
    for (std::size_t i = 0; i < profile.count; ++i) {
        const ProfilePiece& piece = profile.pieces[i];
        const double a = (piece.to_mps - piece.from_mps) / piece.seconds;
        // Steps of at most a second; constant speed is one step.
        const double steps = a == 0 ? 1.0 : std::ceil(piece.seconds), dt = piece.seconds / steps;
        for (double s = 0; s < steps; ++s) {
            const double v = piece.from_mps + a * dt * (s + 1);
            if (of.model == ClassModel::polynomial) add_polynomial(of.polynomial, v, a, passage.sin_slope, dt, grams);
            else grams[at(Pollutant::electricity)] += step_energy_Wh(energy, v, a, passage.sin_slope, 0, dt) * 3600;
        }
    }
    return grams;
}

}  // namespace citytwin::emissions
