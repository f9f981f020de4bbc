#include "core/evaluation/difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/evaluation/probability.hpp"
#include "core/evaluation/samples.hpp"

namespace citytwin::evaluation {
namespace {

Interval around(double mean, double half_width) { return {mean - half_width, mean + half_width}; }

double correlation_of(std::span<const double> a, std::span<const double> b, double mean_a, double mean_b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - mean_a) * (b[i] - mean_b);
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Difference paired_difference(std::span<const double> base, std::span<const double> plan, double level) {
    if (base.size() != plan.size() || base.empty()) throw std::invalid_argument("paired_difference needs as many values of the plan as of the base, and one at least");
    Difference d;
    d.pairs = base.size();
    std::vector<double> differences(d.pairs);
    for (std::size_t i = 0; i < d.pairs; ++i) differences[i] = plan[i] - base[i];
    d.base_mean = mean(base);
    d.plan_mean = mean(plan);
    d.mean = mean(differences);
    d.identical = std::all_of(differences.begin(), differences.end(), [&](double x) { return x == differences.front(); });
    if (d.identical) d.mean = differences.front();
    if (d.pairs < 2) return d;
    const double n = static_cast<double>(d.pairs), freedom = n - 1;
    d.deviation = d.identical ? 0.0 : std::sqrt(variance(differences));
    d.standard_error = d.deviation / std::sqrt(n);
    d.t = d.standard_error > 0 ? d.mean / d.standard_error : (d.mean == 0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), d.mean));
    d.p = d.mean == 0 ? 1.0 : t_two_sided_p(d.t, freedom);
    d.correlation = correlation_of(base, plan, d.base_mean, d.plan_mean);
    const double apart = variance(base) + variance(plan), together = d.deviation * d.deviation;
    d.variance_ratio = together > 0 ? apart / together : (apart > 0 ? std::numeric_limits<double>::infinity() : 1.0);
    d.has_interval = d.pairs >= fewest_seeds;
    if (!d.has_interval) return d;
    d.interval = around(d.mean, t_quantile((1 + level) / 2, freedom) * d.standard_error);
    d.interval_90 = around(d.mean, t_quantile(0.95, freedom) * d.standard_error);
    d.unpaired = welch_interval(base, plan, level);
    return d;
}

namespace {

/// Variance of the difference of two means, and its degrees of freedom (Satterthwaite).
struct Welch {
    double variance_of_mean = 0, freedom = 1;
    Welch(std::span<const double> base, std::span<const double> plan) {
        const double a = variance(base) / static_cast<double>(base.size()), b = variance(plan) / static_cast<double>(plan.size());
        variance_of_mean = a + b;
        if (variance_of_mean > 0) freedom = variance_of_mean * variance_of_mean / (a * a / static_cast<double>(base.size() - 1) + b * b / static_cast<double>(plan.size() - 1));
    }
    [[nodiscard]] double half_width(double level) const { return variance_of_mean > 0 ? t_quantile((1 + level) / 2, freedom) * std::sqrt(variance_of_mean) : 0; }
};

}  // namespace

Interval welch_interval(std::span<const double> base, std::span<const double> plan, double level) {
    return around(mean(plan) - mean(base), Welch(base, plan).half_width(level));
}

Difference unpaired_difference(std::span<const double> base, std::span<const double> plan, double level) {
    if (base.size() < 2 || plan.size() < 2) throw std::invalid_argument("unpaired_difference needs two values or more on each side");
    Difference d;
    d.pairs = std::min(base.size(), plan.size());
    d.base_mean = mean(base);
    d.plan_mean = mean(plan);
    d.mean = d.plan_mean - d.base_mean;
    const Welch welch(base, plan);
    d.standard_error = std::sqrt(welch.variance_of_mean);
    d.deviation = d.standard_error * std::sqrt(static_cast<double>(d.pairs));
    d.t = d.standard_error > 0 ? d.mean / d.standard_error : (d.mean == 0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), d.mean));
    d.p = d.mean == 0 ? 1.0 : t_two_sided_p(d.t, welch.freedom);
    d.correlation = std::numeric_limits<double>::quiet_NaN();
    d.variance_ratio = 1;
    d.identical = welch.variance_of_mean == 0;
    d.has_interval = d.pairs >= fewest_seeds;
    if (!d.has_interval) return d;
    d.interval = d.unpaired = around(d.mean, welch.half_width(level));
    d.interval_90 = around(d.mean, welch.half_width(0.9));
    return d;
}

std::size_t seeds_for_half_width(double deviation, double half_width, double level, bool refine) {
    if (!(half_width > 0)) throw std::invalid_argument("the half-width must be above 0");
    const auto needed = [&](double quantile) { return static_cast<std::size_t>(std::ceil(quantile * deviation / half_width * (quantile * deviation / half_width))); };
    std::size_t seeds = needed(normal_quantile((1 + level) / 2));
    if (refine && seeds >= 2) seeds = std::max(seeds, needed(t_quantile((1 + level) / 2, static_cast<double>(seeds - 1))));
    return seeds;
}

std::string verdict(const Difference& d, Better better, double worthwhile_change) {
    if (d.identical && d.mean == 0) return "same";
    if (!d.has_interval) return "too few seeds";
    const double delta = std::fabs(worthwhile_change);
    const bool up = d.interval.low > delta, down = d.interval.high < -delta;
    if (up || down) {
        if (better == Better::neither) return "changed";
        return up == (better == Better::more) ? "better" : "worse";
    }
    if (delta > 0 && d.interval_90.low > -delta && d.interval_90.high < delta) return "equivalent";
    return "not decided";
}

}  // namespace citytwin::evaluation
