#pragma once
// Many KPIs at once: adjusted p-values, in the order of the ones given.
#include <span>
#include <vector>

namespace citytwin::evaluation {

/// Holm, Scandinavian Journal of Statistics 6 (1979): keeps the chance of any false claim; for gates.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);
/// Benjamini & Hochberg, JRSS B 57 (1995): keeps the share of false claims; for screening.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace citytwin::evaluation
