#pragma once
// Who works where: the doubly constrained gravity model T_ij = a_i W_i b_j J_j f(d_ij) (Wilson 1967) with f(d) = e^(-d / decay),
// balanced by Furness' iteration (1965), its decay fitted to a mean distance on request (Hyman 1969), and made whole by
// carrying each column's remainder from row to row, so that every worker and every job is counted exactly once.
#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/population/model/places.hpp"

namespace citytwin::population {

/// Crow-fly distances between zones in metres, row-major; within a zone half the distance to its nearest neighbour.
class ZoneDistances {
public:
    ZoneDistances(const Zones& zones, Arena& arena);
    [[nodiscard]] std::size_t zones() const { return n_; }
    [[nodiscard]] std::span<const float> row(std::size_t zone) const { return {metres_.data() + zone * n_, n_}; }

private:
    std::size_t n_;
    std::vector<float> metres_;
};

struct GravityFit {
    std::vector<double> row_factor, column_factor;  ///< T_ij = row_factor_i column_factor_j f(d_ij)
    std::vector<float> deterrence;                  ///< f(d_ij), row-major
    double decay_m = 0, mean_distance_m = 0;
    int sweeps = 0;
    double error = 0;                               ///< largest relative error of a row or column sum
};

/// Balances rows and columns (their sums must agree). `mean_distance_m` > 0: fits the decay, starting from `decay_m`.
GravityFit fit_gravity(const ZoneDistances& distances, std::span<const double> rows, std::span<const double> columns, double decay_m,
                       double mean_distance_m, Arena& arena);

/// Whole commuters per pair of zones, row by row (CSR), with exact row and column sums.
struct CommuterTable {
    std::vector<std::uint64_t> offsets;             ///< size zones + 1
    std::vector<Index> zone;                        ///< destination, ascending in a row
    std::vector<std::int32_t> persons;
};
CommuterTable whole_commuters(const GravityFit& fit, const ZoneDistances& distances, std::span<const std::int32_t> rows, std::span<const std::int32_t> columns);

}  // namespace citytwin::population
