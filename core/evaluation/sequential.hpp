#pragma once
// Several looks at one question: how much of the error may be spent by a share of the information. Lan & DeMets, Biometrika 70 (1983),
// O'Brien-Fleming type.

namespace citytwin::evaluation {

/// Two-sided error spent up to the share 0 < information <= 1: 2 (1 - Phi(z_(alpha/2) / sqrt(information))).
[[nodiscard]] double error_spent(double alpha, double information);

}  // namespace citytwin::evaluation
