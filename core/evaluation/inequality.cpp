#include "core/evaluation/inequality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace citytwin::evaluation {
namespace {

struct Sums {
    double weight = 0, weighted = 0;
};

Sums sums_of(std::span<const double> x, std::span<const double> weight) {
    if (x.empty() || x.size() != weight.size()) throw std::invalid_argument("inequality needs rows, each with a weight");
    Sums sums;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!(weight[i] >= 0)) throw std::invalid_argument("a weight below 0");
        sums.weight += weight[i];
        sums.weighted += weight[i] * x[i];
    }
    if (!(sums.weight > 0)) throw std::invalid_argument("nobody is behind the rows: all weights are 0");
    if (sums.weighted == 0) throw std::invalid_argument("the sum is 0: nothing to share");
    return sums;
}

std::vector<std::size_t> ascending(std::span<const double> x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    return order;
}

}  // namespace

double gini(std::span<const double> x, std::span<const double> weight) {
    const Sums sums = sums_of(x, weight);
    double below = 0, area = 0;
    for (const std::size_t i : ascending(x)) {
        const double share = below + weight[i] * x[i] / sums.weighted;
        area += weight[i] / sums.weight * (share + below);
        below = share;
    }
    return 1 - area;
}

Theil theil(std::span<const double> x, std::span<const double> weight, std::span<const std::size_t> group) {
    const Sums all = sums_of(x, weight);
    if (std::any_of(x.begin(), x.end(), [](double value) { return value < 0; })) throw std::invalid_argument("Theil's T needs values of 0 or more");
    const std::size_t groups = group.empty() ? 1 : *std::max_element(group.begin(), group.end()) + 1;
    std::vector<Sums> of_group(groups);
    const auto group_of = [&](std::size_t i) { return group.empty() ? std::size_t{0} : group[i]; };
    for (std::size_t i = 0; i < x.size(); ++i) {
        of_group[group_of(i)].weight += weight[i];
        of_group[group_of(i)].weighted += weight[i] * x[i];
    }
    const double mean = all.weighted / all.weight;
    Theil result;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] == 0) continue;
        const Sums& own = of_group[group_of(i)];
        const double share = weight[i] / all.weight * (x[i] / mean);
        result.total += share * std::log(x[i] / mean);
        result.within += share * std::log(x[i] / (own.weighted / own.weight));
    }
    for (const Sums& own : of_group) {
        if (own.weighted > 0) result.between += own.weighted / all.weighted * std::log(own.weighted / own.weight / mean);
    }
    return result;
}

double worst_to_best_decile(std::span<const double> x, std::span<const double> weight, bool more_is_worse) {
    const Sums sums = sums_of(x, weight);
    std::vector<std::size_t> order = ascending(x);
    const auto mean_of_tenth = [&] {
        double left = sums.weight / 10, sum = 0;
        for (const std::size_t i : order) {
            const double part = std::min(left, weight[i]);
            sum += part * x[i];
            left -= part;
            if (left <= 0) break;
        }
        return sum / (sums.weight / 10);
    };
    const double least = mean_of_tenth();
    std::reverse(order.begin(), order.end());
    const double most = mean_of_tenth(), worst = more_is_worse ? most : least, best = more_is_worse ? least : most;
    return best == 0 ? std::numeric_limits<double>::infinity() : worst / best;
}

}  // namespace citytwin::evaluation
