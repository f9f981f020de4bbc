#pragma once
// Emission of each vehicle in one step from its speed, acceleration and slope: polynomials of the two families that SUMO publishes
// as fits to HBEFA 3 and HBEFA 4 (environment.md section 3), coefficients from users' tables.
//   HBEFA4: e = c0 + c1 v + c2 ae + c3 v2 + c4 v3 + c5 ae v + c6 ae v2          ae = a + g sin(slope)
//   HBEFA3: e = (c0 + c1 ae v + c2 ae2 v + c3 v + c4 v2 + c5 v3) / 3.6
// Both are sums over the same eight terms, so one kernel without a branch serves both: lanes are pollutants, terms are added in order.
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/parallel/arena.hpp"
#include "modules/emissions/model/pollutants.hpp"

namespace citytwin::emissions {

enum class PolynomialFamily { hbefa3, hbefa4 };

inline constexpr double standard_gravity_mps2 = 9.80665;

/// Below this acceleration (without slope) a combustion engine is dragged and burns nothing:
/// a_c = min(0, -k0 (v - 20) + k1 - 9.81 sin(slope)) from 10 km/h on, in proportion to v below. SUMO's law; off unless asked for.
struct Coasting {
    bool applies = false;
    double k0 = 0, k1 = 0;
    static Coasting of(double mass_kg, double front_area_m2) { return {true, 9.05337 * front_area_m2 / mass_kg + 1.7774e-4, 1.066e-5 * mass_kg - 0.38347}; }
};
double coasting_limit(const Coasting& law, double speed_mps, double sin_slope);

/// One kind of vehicle: a block of terms x pollutants. Rates in mg/s, electricity in Wh/s.
struct alignas(64) PolynomialType {
    static constexpr std::size_t terms = 8;   ///< 1, v, v2, v3, ae, ae v, ae v2, ae2 v
    double factor[terms][pollutant_lanes] = {};
    double least[pollutant_lanes] = {0, 0, 0, 0, 0, 0, -1e300, 0};   ///< electricity may be negative, the others are cut at 0
    Coasting coasting;
    /// `c` as the table has it (7 of HBEFA4, 6 of HBEFA3); absent ones are 0.
    void set(Pollutant pollutant, PolynomialFamily family, std::span<const double> c);
};

/// State of the vehicles on the road, one row each.
struct VehicleColumns {
    std::span<const Index> type;            ///< row of the types
    std::span<const double> speed_mps;      ///< at the step's end
    std::span<const double> acceleration_mps2;
    std::span<const double> sin_slope;
    [[nodiscard]] std::size_t size() const { return type.size(); }
};

/// Rate of each vehicle (mg/s, Wh/s) into rates[row].
void polynomial_rates(std::span<const PolynomialType> types, const VehicleColumns& vehicles, std::span<Amounts> rates, Arena& arena);

/// Adds rows to groups (lanes, links, classes): within a group in row order, so the digits depend on nothing but the rows.
/// Rows with group no_index count nowhere.
void add_by_group(std::span<const Amounts> rows, std::span<const Index> group, double factor, std::span<Amounts> sums, Arena& arena);

}  // namespace citytwin::emissions
