#pragma once
// A rollout cluster by cluster as an experiment: Hussey & Hughes, Contemporary Clinical Trials 28 (2007).
// Y_ij = mu + alpha_i + beta_j + X_ij theta + e, alpha ~ N(0, tau2), sigma2 the variance of a cluster's mean in one period; the effects
// of the periods are always in, as a rollout goes with the calendar.
#include <cstdint>
#include <vector>

namespace citytwin::evaluation {

/// Dose by cluster and period, 0 = not yet, 1 = treated, between: in part.
struct WedgePlan {
    std::size_t clusters = 0, periods = 0;
    std::vector<double> dose;   ///< clusters x periods, by cluster
    [[nodiscard]] double at(std::size_t cluster, std::size_t period) const { return dose[cluster * periods + period]; }
    /// Each cluster treated from its period on.
    static WedgePlan from_first_period(std::size_t periods, const std::vector<std::size_t>& first_treated);
};

/// Variance of theta by the closed form; throws std::invalid_argument where theta can't be told (all start at once, or none).
[[nodiscard]] double wedge_variance(const WedgePlan& plan, double sigma2, double tau2);
/// Two-sided power at 5 %.
[[nodiscard]] double wedge_power(double theta, double variance);

struct WedgeEstimate {
    double theta = 0, standard_error = 0, t = 0, p = 1, low = 0, high = 0;   ///< t with clusters - 2 degrees of freedom; 95 % interval
    double permutation_p = 1;                                               ///< over orders of the clusters; preferred
    std::uint64_t permutations = 0;
    bool permutations_complete = false;                                     ///< all orders, not a sample
};
/// Generalised least squares with given variances. `outcome` as WedgePlan::dose. Permutations: all orders of the clusters up to 5,040, else a
/// sample of 5,000 drawn by `seed`. Throws as wedge_variance, and for fewer than 3 clusters.
[[nodiscard]] WedgeEstimate wedge_estimate(const WedgePlan& plan, const std::vector<double>& outcome, double sigma2, double tau2, std::uint64_t seed);

}  // namespace citytwin::evaluation
