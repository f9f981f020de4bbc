#include "core/evaluation/stepped_wedge.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "core/evaluation/probability.hpp"
#include "core/random/philox.hpp"

namespace citytwin::evaluation {
namespace {

constexpr std::uint64_t most_orders = 5040, sampled_orders = 5000;

/// theta of the within- and between-cluster parts, weighted as generalised least squares does: V^-1 is (1 - J c) / sigma2 with c below; the
/// effects of the periods are taken out of dose and outcome by their weighted means, which this V^-1, the same for each cluster, makes plain means.
double theta_of(const WedgePlan& plan, const std::vector<double>& outcome, double c) {
    const std::size_t n = plan.clusters, t = plan.periods;
    std::vector<double> x_mean(t, 0), y_mean(t, 0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < t; ++j) {
            x_mean[j] += plan.at(i, j) / static_cast<double>(n);
            y_mean[j] += outcome[i * t + j] / static_cast<double>(n);
        }
    }
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double x_sum = 0, y_sum = 0, own_xx = 0, own_xy = 0;
        for (std::size_t j = 0; j < t; ++j) {
            const double x = plan.at(i, j) - x_mean[j], y = outcome[i * t + j] - y_mean[j];
            x_sum += x;
            y_sum += y;
            own_xx += x * x;
            own_xy += x * y;
        }
        xx += own_xx - c * x_sum * x_sum;
        xy += own_xy - c * x_sum * y_sum;
    }
    return xy / xx;
}

WedgePlan reordered(const WedgePlan& plan, const std::vector<std::size_t>& order) {
    WedgePlan other = plan;
    for (std::size_t i = 0; i < plan.clusters; ++i) {
        for (std::size_t j = 0; j < plan.periods; ++j) other.dose[i * plan.periods + j] = plan.at(order[i], j);
    }
    return other;
}

}  // namespace

WedgePlan WedgePlan::from_first_period(std::size_t periods, const std::vector<std::size_t>& first_treated) {
    WedgePlan plan{first_treated.size(), periods, {}};
    for (const std::size_t first : first_treated) {
        for (std::size_t j = 0; j < periods; ++j) plan.dose.push_back(j >= first ? 1.0 : 0.0);
    }
    return plan;
}

double wedge_variance(const WedgePlan& plan, double sigma2, double tau2) {
    const double clusters = static_cast<double>(plan.clusters), periods = static_cast<double>(plan.periods);
    double u = 0, v = 0, w = 0, squares = 0;
    for (std::size_t i = 0; i < plan.clusters; ++i) {
        double row = 0;
        for (std::size_t j = 0; j < plan.periods; ++j) {
            row += plan.at(i, j);
            squares += plan.at(i, j) * plan.at(i, j);
        }
        u += row;
        v += row * row;
    }
    for (std::size_t j = 0; j < plan.periods; ++j) {
        double column = 0;
        for (std::size_t i = 0; i < plan.clusters; ++i) column += plan.at(i, j);
        w += column * column;
    }
    // With whole doses `squares` is u and this is the published form.
    const double below = (clusters * squares - w) * sigma2 + (u * u + clusters * periods * squares - periods * w - clusters * v) * tau2;
    if (!(below > 1e-12 * clusters * periods)) throw std::invalid_argument("theta isn't identifiable: every cluster starts at once, or none starts");
    return clusters * sigma2 * (sigma2 + periods * tau2) / below;
}

double wedge_power(double theta, double variance) { return normal_cdf(std::fabs(theta) / std::sqrt(variance) - normal_quantile(0.975)); }

WedgeEstimate wedge_estimate(const WedgePlan& plan, const std::vector<double>& outcome, double sigma2, double tau2, std::uint64_t seed) {
    if (plan.clusters < 3) throw std::invalid_argument("a stepped wedge needs at least 3 clusters");
    if (outcome.size() != plan.dose.size()) throw std::invalid_argument("a stepped wedge needs an outcome for each cluster and period");
    WedgeEstimate e;
    const double variance = wedge_variance(plan, sigma2, tau2), c = tau2 / (sigma2 + static_cast<double>(plan.periods) * tau2), freedom = static_cast<double>(plan.clusters) - 2;
    e.theta = theta_of(plan, outcome, c);
    e.standard_error = std::sqrt(variance);
    e.t = e.theta / e.standard_error;
    e.p = t_two_sided_p(e.t, freedom);
    const double half = t_quantile(0.975, freedom) * e.standard_error;
    e.low = e.theta - half;
    e.high = e.theta + half;

    std::vector<std::size_t> order(plan.clusters);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::uint64_t orders = 1, as_far = 0;
    for (std::uint64_t k = 2; k <= plan.clusters && orders <= most_orders; ++k) orders *= k;
    e.permutations_complete = orders <= most_orders;
    const double reached = std::fabs(e.theta) * (1 - 1e-12);
    const auto count = [&] {
        ++e.permutations;
        if (std::fabs(theta_of(reordered(plan, order), outcome, c)) >= reached) ++as_far;
    };
    if (e.permutations_complete) {
        do count();
        while (std::next_permutation(order.begin(), order.end()));
        e.permutation_p = static_cast<double>(as_far) / static_cast<double>(e.permutations);
        return e;
    }
    const Random random(seed, "stepped wedge order");
    for (std::uint64_t k = 0; k < sampled_orders; ++k) {
        for (std::size_t i = order.size() - 1; i > 0; --i) {
            const auto j = static_cast<std::size_t>(random.uniform(i, k) * static_cast<double>(i + 1));
            std::swap(order[i], order[j]);
        }
        count();
    }
    e.permutation_p = static_cast<double>(as_far + 1) / static_cast<double>(e.permutations + 1);   // the order that was drawn is one of them
    return e;
}

}  // namespace citytwin::evaluation
