#pragma once
// The peer's rounded conversion factors (EPANET 2.3 users' manual, appendix A). Exact factors would move heads by 1e-5 of their value.
// Everything in the model is SI; constants that EPANET states in feet and cubic feet a second are carried over by these.
namespace citytwin::water {

inline constexpr double metre_per_foot = 0.3048;
inline constexpr double cubic_metre_per_cubic_foot = 0.028317;
inline constexpr double psi_per_foot = 0.4333;
inline constexpr double kilopascal_per_psi = 6.895;
inline constexpr double bar_per_psi = 0.068948;
inline constexpr double kilowatt_per_horsepower = 0.7457;
inline constexpr double pi = 3.14159265358979323846;

/// Head loss per flow, ft/cfs to s/m2.
inline constexpr double gradient_unit = metre_per_foot / cubic_metre_per_cubic_foot;
/// Head loss per flow of a closed link (1e8 ft/cfs) and of an open valve without loss (1e-6).
inline constexpr double closed_gradient = 1e8 * gradient_unit;
inline constexpr double open_gradient = 1e-6 * gradient_unit;
inline constexpr double closed_conductance = 1.0 / closed_gradient;
inline constexpr double forced_conductance = 1e8 / gradient_unit;   ///< holds a node at a head, a valve at its loss
inline constexpr double zero_flow_m3ps = 1e-6 * cubic_metre_per_cubic_foot;
inline constexpr double law_tolerance_m3ps = 1e-4 * cubic_metre_per_cubic_foot;   ///< pressure-driven demand and leaks agree with their law
inline constexpr double barrier_gradient = 1e9 * gradient_unit;                   ///< Todini et al. (2022)
inline constexpr double barrier_width = 1e-6 * metre_per_foot * metre_per_foot;
inline constexpr double least_pressure_range_m = 0.1 * metre_per_foot;            ///< floor of required minus minimum pressure

}  // namespace citytwin::water
