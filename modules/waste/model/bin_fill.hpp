#pragma once
// How bins fill: people bring Poisson many deposits an hour, each of a normal mass cut at 0. The sum of n deposits is nearly
// normal(n mu, sd sqrt n). Draws are keyed by (seed, bin, start of the step), so any thread may fill any bin.
#include <cstdint>

#include "core/random/distributions.hpp"
#include "modules/waste/model/portable_functions.hpp"

namespace citytwin::waste {

struct DepositSize {
    double mean_kg = 2.0, deviation_kg = 1.0;
};

/// Number of events with this mean: by inversion below 30, else the rounded normal.
inline std::uint32_t poisson(const Random& random, std::uint64_t entity, std::uint64_t counter, double mean) {
    if (mean <= 0) return 0;
    const double u = open_uniform(random, entity, counter);
    if (mean > 30) {
        const double n = mean + std::sqrt(mean) * normal_quantile(u);
        return n < 0.5 ? 0 : static_cast<std::uint32_t>(n + 0.5);
    }
    double p = portable_exp(-mean), sum = p;
    std::uint32_t n = 0;
    while (u > sum && n < 200) sum += p *= mean / ++n;
    return n;
}

/// Mass brought to a bin in a step in which `expected_kg` is expected.
inline double deposited_kg(const Random& count, const Random& size, std::uint64_t bin, std::uint64_t step, double expected_kg, const DepositSize& deposit) {
    const std::uint32_t n = poisson(count, bin, step, expected_kg / deposit.mean_kg);
    if (n == 0) return 0;
    const double total = normal(size, bin, step, n * deposit.mean_kg, deposit.deviation_kg * std::sqrt(static_cast<double>(n)));
    return total > 0 ? total : 0;
}

/// Chance that a bin with `kg` in it is over `capacity_kg` once `expected_kg` more were brought: compound Poisson by its first two
/// moments, mean M mu and variance M (mu^2 + sd^2).
inline double overflow_chance(double kg, double capacity_kg, double expected_kg, const DepositSize& deposit) {
    const double deposits = expected_kg / deposit.mean_kg;
    const double deviation = std::sqrt(deposits * (deposit.mean_kg * deposit.mean_kg + deposit.deviation_kg * deposit.deviation_kg));
    const double room = capacity_kg - kg - expected_kg;
    if (!(deviation > 0)) return room < 0 ? 1 : 0;
    return 1 - normal_probability(room / deviation);
}

enum class CollectionPolicy { calendar, threshold, forecast };

struct CollectionRule {
    CollectionPolicy policy = CollectionPolicy::calendar;
    double threshold = 0.7;        ///< forecast fill at the next visit above which a bin is collected
    double chance = 0.05;          ///< chance of overflow before the next visit above which it is
};

/// Whether a bin is collected now. `known_kg` is what the planner believes (a sensor's word or a forecast), `until_next_kg` what is
/// expected before the next chance to come; `is_day` says whether the calendar names today.
inline bool is_due(const CollectionRule& rule, bool is_day, double known_kg, double capacity_kg, double until_next_kg, const DepositSize& deposit) {
    switch (rule.policy) {
        case CollectionPolicy::calendar: return is_day;
        case CollectionPolicy::threshold: return known_kg + until_next_kg > rule.threshold * capacity_kg;
        case CollectionPolicy::forecast: return overflow_chance(known_kg, capacity_kg, until_next_kg, deposit) > rule.chance;
    }
    return false;
}

enum class SensorFault : std::uint8_t { none, stuck, unvisited_drop };

/// A fill sensor's word against what is expected. Stuck: nothing moved in `still_s` though 20 kg or more were due.
/// Dropped: it fell by a quarter of the capacity without a visit. A faulty word is flagged and the forecast used instead.
struct FillSensor {
    double last_kg = 0, still_expected_kg = 0;
    std::uint8_t fault = 0, padding[7]{};   ///< states have no bytes of their own
    double read(double word_kg, double forecast_kg, double expected_kg, double capacity_kg, bool visited) {
        if (visited) {
            still_expected_kg = 0;
            fault = 0;
        } else if (word_kg < last_kg - 0.25 * capacity_kg) {
            fault = static_cast<std::uint8_t>(SensorFault::unvisited_drop);
        } else if (word_kg == last_kg) {
            still_expected_kg += expected_kg;
            if (still_expected_kg > 20 && word_kg < capacity_kg) fault = static_cast<std::uint8_t>(SensorFault::stuck);
        } else if (fault == static_cast<std::uint8_t>(SensorFault::stuck)) {
            fault = 0;
            still_expected_kg = 0;
        } else {
            still_expected_kg = 0;
        }
        last_kg = word_kg;
        return fault != 0 ? forecast_kg : word_kg;
    }
};

}  // namespace citytwin::waste
