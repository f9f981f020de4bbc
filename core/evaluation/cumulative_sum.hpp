#pragma once
// One-sided CUSUM chart of standardised values: S = max(0, S + z - k), an alarm where S > h. Page, Biometrika 41 (1954).
#include <optional>
#include <span>

namespace citytwin::evaluation {

/// Index of the first alarm upwards.
[[nodiscard]] std::optional<std::size_t> first_alarm_up(std::span<const double> z, double k, double h);
/// Average run length without a shift by Siegmund's approximation (Sequential Analysis, 1985), b = h + 1.166.
[[nodiscard]] double run_length_in_control(double k, double h);

}  // namespace citytwin::evaluation
