#include "core/replay/quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "core/evaluation/samples.hpp"

namespace citytwin {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t neighbours_wanted = 6;
constexpr std::size_t unit_window = 13, unit_needed = 5, spike_window = 5, spike_needed = 3, drift_window = 24, drift_needed = 12;
constexpr std::size_t bridged_rows = 3;
constexpr double unit_over_maximum = 1.08;

/// Median of the values that are there; NaN for none.
double median_of(std::vector<double>& values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    return evaluation::quantile(values, 0.5);
}

/// Rows [row - before, row + after] of a centred window of `size` rows, cut at the ends.
std::pair<std::size_t, std::size_t> window(std::size_t row, std::size_t size, std::size_t rows) {
    const std::size_t after = (size - 1) / 2, before = size - 1 - after;
    return {row >= before ? row - before : 0, std::min(rows - 1, row + after)};
}

double rolling_median(const SensorGrid& grid, std::span<const double> values, std::size_t row, std::size_t sensor, std::size_t size, std::size_t needed, std::vector<double>& scratch) {
    scratch.clear();
    const auto [first, last] = window(row, size, grid.rows);
    for (std::size_t r = first; r <= last; ++r) {
        const double value = values[r * grid.sensors + sensor];
        if (!std::isnan(value)) scratch.push_back(value);
    }
    return scratch.size() < needed ? no_value : median_of(scratch);
}

/// Values less their profile.
std::vector<double> deviations(const SensorGrid& grid, const Habits& habits) {
    std::vector<double> deviation(grid.values.size());
    for (std::size_t row = 0; row < grid.rows; ++row) {
        const std::size_t place = (grid.first_of_day + row) % grid.rows_per_day;
        for (std::size_t s = 0; s < grid.sensors; ++s) deviation[row * grid.sensors + s] = grid.at(row, s) - habits.usual(place, s);
    }
    return deviation;
}

/// Median deviation of each sensor's neighbours, row by row.
std::vector<double> of_neighbours(const std::vector<double>& deviation, const Habits& habits, std::size_t rows) {
    std::vector<double> result(deviation.size(), no_value);
    std::vector<double> scratch;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t s = 0; s < habits.sensors; ++s) {
            scratch.clear();
            for (const auto other : habits.neighbours[s]) scratch.push_back(deviation[row * habits.sensors + other]);
            result[row * habits.sensors + s] = median_of(scratch);
        }
    }
    return result;
}

/// Pearson correlation over the rows in which both have a value.
double correlation(const std::vector<double>& values, std::size_t rows, std::size_t sensors, std::size_t a, std::size_t b) {
    double n = 0, sum_a = 0, sum_b = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const double x = values[row * sensors + a], y = values[row * sensors + b];
        if (std::isnan(x) || std::isnan(y)) continue;
        ++n, sum_a += x, sum_b += y;
    }
    if (n < 2) return -1;
    double aa = 0, bb = 0, ab = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const double x = values[row * sensors + a], y = values[row * sensors + b];
        if (std::isnan(x) || std::isnan(y)) continue;
        const double da = x - sum_a / n, db = y - sum_b / n;
        aa += da * da, bb += db * db, ab += da * db;
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : -1;
}

std::vector<std::vector<std::uint32_t>> best_neighbours(const std::vector<double>& deviation, std::size_t rows, std::size_t sensors) {
    std::vector<double> matrix(sensors * sensors, -1);
    for (std::size_t a = 0; a < sensors; ++a) {
        for (std::size_t b = a + 1; b < sensors; ++b) matrix[a * sensors + b] = matrix[b * sensors + a] = correlation(deviation, rows, sensors, a, b);
    }
    std::vector<std::vector<std::uint32_t>> neighbours(sensors);
    for (std::size_t s = 0; s < sensors; ++s) {
        std::vector<std::uint32_t> order(sensors);
        std::iota(order.begin(), order.end(), 0U);
        std::erase(order, static_cast<std::uint32_t>(s));
        const auto better = [&](std::uint32_t a, std::uint32_t b) { return std::pair(-matrix[s * sensors + a], a) < std::pair(-matrix[s * sensors + b], b); };
        const auto wanted = static_cast<std::ptrdiff_t>(std::min(neighbours_wanted, order.size()));
        std::partial_sort(order.begin(), order.begin() + wanted, order.end(), better);
        order.resize(static_cast<std::size_t>(wanted));
        neighbours[s] = std::move(order);
    }
    return neighbours;
}

/// The rules at work on one grid.
class Rules {
public:
    Rules(const SensorGrid& grid, const Habits& habits, const QualitySettings& settings)
        : grid_(grid), habits_(habits), settings_(settings), flags_(grid.values.size(), 0), has_habits_(habits.sensors == grid.sensors && habits.sensors != 0) {}

    std::vector<std::uint16_t> apply() {
        each([&](std::size_t cell, std::size_t, std::size_t) { return std::isnan(grid_.values[cell]); }, flag::missing);
        each([&](std::size_t cell, std::size_t, std::size_t) {
            const double value = grid_.values[cell];
            return (settings_.above && value <= *settings_.above) || (settings_.below && value >= *settings_.below);
        }, flag::range);
        if (settings_.stuck_repeats > 0) flag_stuck();
        if (settings_.unit_factor && has_habits_) flag_units();
        if (settings_.spike) flag_spikes();
        if (settings_.drift && has_habits_) flag_drifts();
        return std::move(flags_);
    }

private:
    /// Flags every cell that has none yet and for which the test holds.
    template <class Test>
    void each(Test&& test, std::uint16_t one) {
        for (std::size_t row = 0, cell = 0; row < grid_.rows; ++row) {
            for (std::size_t s = 0; s < grid_.sensors; ++s, ++cell) {
                if (flags_[cell] == 0 && test(cell, row, s)) flags_[cell] = one;
            }
        }
    }

    void flag_stuck() {
        const auto wanted = static_cast<std::size_t>(settings_.stuck_repeats);
        for (std::size_t s = 0; s < grid_.sensors; ++s) {
            std::size_t begin = 0;
            for (std::size_t row = 1; row <= grid_.rows; ++row) {
                if (row < grid_.rows && grid_.at(row, s) == grid_.at(row - 1, s)) continue;
                if (row - 1 - begin >= wanted) {
                    for (std::size_t r = begin; r < row; ++r) {
                        if (flags_[r * grid_.sensors + s] == 0) flags_[r * grid_.sensors + s] = flag::stuck;
                    }
                }
                begin = row;
            }
        }
    }

    void flag_units() {
        each([&](std::size_t, std::size_t row, std::size_t s) {
            const double most = habits_.maximum[s] * unit_over_maximum;
            if (rolling_median(grid_, grid_.values, row, s, unit_window, unit_needed, scratch_) > most) return true;
            const auto [first, last] = window(row, unit_window, grid_.rows);
            std::size_t above = 0;
            for (std::size_t r = first; r <= last; ++r) above += grid_.at(r, s) > std::max(most, settings_.unit_floor);
            return 2 * above > last - first + 1;
        }, flag::unit);
    }

    void flag_spikes() {
        each([&](std::size_t cell, std::size_t row, std::size_t s) {
            const double away = std::abs(grid_.values[cell] - rolling_median(grid_, grid_.values, row, s, spike_window, spike_needed, scratch_));
            return away > std::max(*settings_.spike, has_habits_ ? 5 * spread(s) : 0.0);
        }, flag::spike);
    }

    void flag_drifts() {
        std::vector<double> unexplained = deviations(grid_, habits_);
        const std::vector<double> near = of_neighbours(unexplained, habits_, grid_.rows);
        for (std::size_t cell = 0; cell < unexplained.size(); ++cell) unexplained[cell] -= near[cell];
        each([&](std::size_t, std::size_t row, std::size_t s) {
            const double away = std::abs(rolling_median(grid_, unexplained, row, s, drift_window, drift_needed, scratch_));
            return away > std::max(*settings_.drift, 3 * spread(s));
        }, flag::drift);
    }

    /// The baseline adds 1 mph to the spread where its least spike is 20 and its least drift 8: the same shares in any unit.
    [[nodiscard]] double spread(std::size_t sensor) const { return habits_.spread[sensor] + (settings_.spike ? *settings_.spike / 20 : settings_.drift.value_or(0) / 8); }

    const SensorGrid& grid_;
    const Habits& habits_;
    const QualitySettings& settings_;
    std::vector<std::uint16_t> flags_;
    bool has_habits_;
    std::vector<double> scratch_;
};

}  // namespace

Habits learn_habits(const SensorGrid& history) {
    Habits habits;
    habits.rows_per_day = history.rows_per_day;
    habits.sensors = history.sensors;
    habits.profile.assign(history.rows_per_day * history.sensors, no_value);
    std::vector<double> scratch;
    for (std::size_t place = 0; place < history.rows_per_day; ++place) {
        for (std::size_t s = 0; s < history.sensors; ++s) {
            scratch.clear();
            for (std::size_t row = (place + history.rows_per_day - history.first_of_day) % history.rows_per_day; row < history.rows; row += history.rows_per_day) scratch.push_back(history.at(row, s));
            habits.profile[place * history.sensors + s] = median_of(scratch);
        }
    }
    habits.maximum.assign(history.sensors, -std::numeric_limits<double>::infinity());
    for (std::size_t cell = 0; cell < history.values.size(); ++cell) {
        double& most = habits.maximum[cell % history.sensors];
        if (history.values[cell] > most) most = history.values[cell];
    }
    const std::vector<double> deviation = deviations(history, habits);
    habits.neighbours = best_neighbours(deviation, history.rows, history.sensors);
    const std::vector<double> near = of_neighbours(deviation, habits, history.rows);
    for (std::size_t s = 0; s < history.sensors; ++s) {
        scratch.clear();
        for (std::size_t row = 0; row < history.rows; ++row) scratch.push_back(std::abs(deviation[row * history.sensors + s] - near[row * history.sensors + s]));
        const double median = median_of(scratch);
        habits.spread.push_back(std::isnan(median) ? 0 : 1.4826 * median);
    }
    return habits;
}

std::vector<std::uint16_t> flag_doubtful(const SensorGrid& grid, const Habits& habits, const QualitySettings& settings) { return Rules(grid, habits, settings).apply(); }

std::vector<double> repair(const SensorGrid& grid, const std::vector<std::uint16_t>& flags, const Habits& habits, const QualitySettings& settings) {
    std::vector<double> result = grid.values;
    for (std::size_t cell = 0; cell < result.size(); ++cell) {
        if ((flags[cell] & flag::unit) != 0) result[cell] = grid.values[cell] / settings.unit_factor.value_or(1);
        else if (flags[cell] != 0) result[cell] = no_value;
    }
    const std::vector<double> near = of_neighbours(deviations(grid, habits), habits, grid.rows);
    for (std::size_t s = 0; s < grid.sensors; ++s) {
        const auto cell = [&](std::size_t row) { return row * grid.sensors + s; };
        for (std::size_t begin = 0; begin < grid.rows;) {
            if (!std::isnan(result[cell(begin)])) {
                ++begin;
                continue;
            }
            std::size_t end = begin;
            while (end < grid.rows && std::isnan(result[cell(end)])) ++end;
            const bool has_left = begin > 0, has_right = end < grid.rows;
            const double left = has_left ? result[cell(begin - 1)] : 0, right = has_right ? result[cell(end)] : 0;
            for (std::size_t row = begin; row < end; ++row) {
                const bool near_left = has_left && row - begin < bridged_rows, near_right = has_right && end - row <= bridged_rows;
                double& value = result[cell(row)];
                if (near_left || near_right) {
                    const double share = static_cast<double>(row + 1 - begin) / static_cast<double>(end + 1 - begin);
                    value = !has_right ? left : !has_left ? right : left + (right - left) * share;
                } else {
                    const double usual = habits.usual((grid.first_of_day + row) % grid.rows_per_day, s);
                    value = std::isnan(near[cell(row)]) ? usual : usual + near[cell(row)];
                }
            }
            begin = end;
        }
    }
    return result;
}

std::array<std::uint64_t, 11> count_flags(const ObservationTable& table) {
    std::array<std::uint64_t, 11> counts{};
    for (const auto& series : table.series) {
        for (const auto flags : series.flags) {
            for (std::size_t f = 0; f < counts.size(); ++f) counts[f] += (flags & flag::all[f]) != 0;
        }
    }
    return counts;
}

}  // namespace citytwin
