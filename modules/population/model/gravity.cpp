#include "modules/population/model/gravity.hpp"

#include <algorithm>
#include <cmath>

#include "core/random/distributions.hpp"

namespace citytwin::population {

ZoneDistances::ZoneDistances(const Zones& zones, Arena& arena) : n_(zones.size()), metres_(n_ * n_) {
    arena.each(n_, [&](std::size_t i) {
        float* row = metres_.data() + i * n_;
        double nearest = 1e18;
        for (std::size_t j = 0; j < n_; ++j) {
            const double dx = zones.x_m[i] - zones.x_m[j], dy = zones.y_m[i] - zones.y_m[j];
            const double d = std::sqrt(dx * dx + dy * dy);
            row[j] = static_cast<float>(d);
            if (j != i && d > 0) nearest = std::min(nearest, d);
        }
        row[i] = nearest < 1e18 ? static_cast<float>(nearest / 2) : 100.0f;
    }, 16);
}

namespace {

constexpr int most_sweeps = 500;
constexpr double balanced = 1e-7;

/// sum_j f_ij v_j for every i. The table is symmetric, so the same serves rows and columns.
void multiply(const std::vector<float>& table, std::span<const double> v, std::vector<double>& out, Arena& arena) {
    const std::size_t n = v.size();
    arena.each(n, [&](std::size_t i) {
        const float* row = table.data() + i * n;
        double sum[4] = {0, 0, 0, 0};  // four sums in a fixed pattern: the same digits, and room for the processor
        std::size_t j = 0;
        for (; j + 4 <= n; j += 4) {
            for (std::size_t k = 0; k < 4; ++k) sum[k] += static_cast<double>(row[j + k]) * v[j + k];
        }
        for (; j < n; ++j) sum[0] += static_cast<double>(row[j]) * v[j];
        out[i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }, 16);
}

void balance(GravityFit& fit, std::span<const double> rows, std::span<const double> columns, Arena& arena) {
    const std::size_t n = rows.size();
    std::vector<double> sums(n);
    for (fit.sweeps = 1; fit.sweeps <= most_sweeps; ++fit.sweeps) {
        multiply(fit.deterrence, fit.column_factor, sums, arena);
        fit.error = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (rows[i] > 0) fit.error = std::max(fit.error, std::abs(fit.row_factor[i] * sums[i] / rows[i] - 1));
            fit.row_factor[i] = rows[i] > 0 && sums[i] > 0 ? rows[i] / sums[i] : 0;
        }
        if (fit.error < balanced) return;
        multiply(fit.deterrence, fit.row_factor, sums, arena);
        for (std::size_t j = 0; j < n; ++j) fit.column_factor[j] = columns[j] > 0 && sums[j] > 0 ? columns[j] / sums[j] : 0;
    }
}

double mean_distance(const GravityFit& fit, const ZoneDistances& distances, Arena& arena) {
    const std::size_t n = fit.row_factor.size();
    std::vector<double> metres(n), trips(n);
    arena.each(n, [&](std::size_t i) {
        const auto row = distances.row(i);
        for (std::size_t j = 0; j < n; ++j) {
            const double t = fit.row_factor[i] * fit.column_factor[j] * static_cast<double>(fit.deterrence[i * n + j]);
            trips[i] += t;
            metres[i] += t * static_cast<double>(row[j]);
        }
    }, 16);
    double all = 0, sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        all += trips[i];
        sum += metres[i];
    }
    return all > 0 ? sum / all : 0;
}

void fit_at(GravityFit& fit, double decay_m, const ZoneDistances& distances, std::span<const double> rows, std::span<const double> columns, Arena& arena) {
    const std::size_t n = rows.size();
    fit.decay_m = decay_m;
    arena.each(n, [&](std::size_t i) {
        const auto row = distances.row(i);
        for (std::size_t j = 0; j < n; ++j) fit.deterrence[i * n + j] = static_cast<float>(portable_decay(static_cast<double>(row[j]) / decay_m));
    }, 16);
    balance(fit, rows, columns, arena);
    fit.mean_distance_m = mean_distance(fit, distances, arena);
}

}  // namespace

GravityFit fit_gravity(const ZoneDistances& distances, std::span<const double> rows, std::span<const double> columns, double decay_m,
                       double mean_distance_m, Arena& arena) {
    const std::size_t n = distances.zones();
    GravityFit fit;
    fit.deterrence.resize(n * n);
    fit.row_factor.assign(n, 1);
    fit.column_factor.assign(n, 1);
    fit_at(fit, decay_m, distances, rows, columns, arena);
    if (mean_distance_m <= 0) return fit;
    // Bisection on the decay: the mean distance grows with it. A mean that the city can't reach ends at the bracket's edge.
    double low = decay_m / 64, high = decay_m * 64;
    for (int step = 0; step < 24 && std::abs(fit.mean_distance_m - mean_distance_m) > 1; ++step) {
        (fit.mean_distance_m < mean_distance_m ? low : high) = fit.decay_m;
        fit_at(fit, std::sqrt(low * high), distances, rows, columns, arena);
    }
    return fit;
}

namespace {

/// One row made whole: floors first, then one more to the largest remainders (or one less from the smallest) until the sum fits.
void round_row(std::span<const double> wanted, std::int64_t total, std::vector<std::int32_t>& whole, std::vector<Index>& order) {
    std::int64_t given = 0;
    order.clear();
    for (std::size_t j = 0; j < wanted.size(); ++j) {
        whole[j] = wanted[j] > 0 ? static_cast<std::int32_t>(wanted[j]) : 0;
        given += whole[j];
        order.push_back(static_cast<Index>(j));
    }
    const auto rest = [&](Index j) { return wanted[j] - whole[j]; };
    const std::int64_t missing = total - given;
    const auto count = std::min<std::int64_t>(std::abs(missing), static_cast<std::int64_t>(order.size()));
    if (count == 0) return;
    const auto more = [&](Index a, Index b) { return rest(a) != rest(b) ? rest(a) > rest(b) : a < b; };
    const auto less = [&](Index a, Index b) {
        if ((whole[a] > 0) != (whole[b] > 0)) return whole[a] > 0;
        return rest(a) != rest(b) ? rest(a) < rest(b) : a < b;
    };
    const auto nth = order.begin() + count - 1;
    if (missing > 0) std::nth_element(order.begin(), nth, order.end(), more);
    else std::nth_element(order.begin(), nth, order.end(), less);
    for (std::int64_t k = 0; k < count; ++k) whole[order[static_cast<std::size_t>(k)]] += missing > 0 ? 1 : -1;
}

struct DenseTable {
    std::size_t n;
    std::vector<std::int32_t> cells;
    std::int32_t& at(std::size_t i, std::size_t j) { return cells[i * n + j]; }
};

/// Moves single commuters from columns with too many to columns with too few, each where the detour is least.
void repair_columns(DenseTable& table, std::vector<std::int64_t>& missing, const ZoneDistances& distances) {
    const std::size_t n = table.n;
    for (std::size_t j = 0; j < n; ++j) {
        while (missing[j] > 0) {
            std::size_t best_i = n, best_k = n;
            double best = 1e300;
            for (std::size_t k = 0; k < n; ++k) {
                if (missing[k] >= 0) continue;
                for (std::size_t i = 0; i < n; ++i) {
                    if (table.at(i, k) <= 0) continue;
                    const double detour = static_cast<double>(distances.row(i)[j]) - static_cast<double>(distances.row(i)[k]);
                    if (std::abs(detour) < best) best = std::abs(detour), best_i = i, best_k = k;
                }
            }
            if (best_i == n) return;
            table.at(best_i, best_k) -= 1;
            table.at(best_i, j) += 1;
            missing[best_k] += 1;
            missing[j] -= 1;
        }
    }
}

}  // namespace

CommuterTable whole_commuters(const GravityFit& fit, const ZoneDistances& distances, std::span<const std::int32_t> rows, std::span<const std::int32_t> columns) {
    const std::size_t n = rows.size();
    DenseTable table{n, std::vector<std::int32_t>(n * n, 0)};
    std::vector<double> carried(n, 0), wanted(n);
    std::vector<std::int32_t> whole(n);
    std::vector<Index> order;
    std::vector<std::int64_t> missing(columns.begin(), columns.end());
    for (std::size_t i = 0; i < n; ++i) {
        if (rows[i] == 0) continue;
        for (std::size_t j = 0; j < n; ++j) wanted[j] = fit.row_factor[i] * fit.column_factor[j] * static_cast<double>(fit.deterrence[i * n + j]) + carried[j];
        round_row(wanted, rows[i], whole, order);
        for (std::size_t j = 0; j < n; ++j) {
            carried[j] = wanted[j] - whole[j];
            table.at(i, j) = whole[j];
            missing[j] -= whole[j];
        }
    }
    repair_columns(table, missing, distances);
    CommuterTable result;
    result.offsets.push_back(0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            if (table.at(i, j) == 0) continue;
            result.zone.push_back(static_cast<Index>(j));
            result.persons.push_back(table.at(i, j));
        }
        result.offsets.push_back(result.zone.size());
    }
    return result;
}

}  // namespace citytwin::population
