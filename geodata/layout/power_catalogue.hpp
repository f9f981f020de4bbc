#pragma once
// Cables and transformers that laid power networks are made of, and the coincidence of dwellings.
// Cables: design page city.md section 10 (values of pandapower 3.5's standard types). Transformers: the same library's
// "0.25/0.4/0.63 MVA 20/0.4 kV".
#include <array>
#include <cmath>

namespace citytwin::geodata {

struct CableType {
    const char* name;
    double r_ohm_per_km, x_ohm_per_km, ampacity_a;
};
inline constexpr std::array<CableType, 2> low_voltage_cables{{{"NAYY 4x50", 0.642, 0.083, 142}, {"NAYY 4x150", 0.208, 0.080, 270}}};
inline constexpr std::array<CableType, 2> medium_voltage_cables{{{"NA2XS2Y 1x150", 0.206, 0.116, 319}, {"NA2XS2Y 1x240", 0.122, 0.112, 421}}};

struct TransformerType {
    const char* name;
    double rating_va, short_circuit, short_circuit_resistive, iron_loss_w, no_load_current;  ///< per unit where no unit is named
};
inline constexpr std::array<TransformerType, 3> station_transformers{{{"0.25 MVA 20/0.4 kV", 250e3, 0.06, 0.0144, 800, 0.0032},
                                                                     {"0.4 MVA 20/0.4 kV", 400e3, 0.06, 0.01425, 1350, 0.003375},
                                                                     {"0.63 MVA 20/0.4 kV", 630e3, 0.06, 0.01206, 1650, 0.002619}}};

/// Peak that n dwellings have together: n P1 g(n), g(n) = 0.15 + 0.85 n^(-3/4) (Rusck's form); n^(-3/4) from square roots alone,
/// which every processor rounds alike. Below one dwelling g = 1.
inline double coincidence(double n) { return n <= 1 ? 1.0 : 0.15 + 0.85 / (std::sqrt(n) * std::sqrt(std::sqrt(n))); }

/// Dwellings and other peak behind a point; their sums are exact, the common peak is not their sum.
struct PowerDemand {
    double dwellings = 0, other_w = 0;
    PowerDemand& operator+=(const PowerDemand& more) {
        dwellings += more.dwellings;
        other_w += more.other_w;
        return *this;
    }
    [[nodiscard]] double peak_w(double dwelling_peak_w) const { return dwellings * dwelling_peak_w * coincidence(dwellings) + other_w; }
};

}  // namespace citytwin::geodata
