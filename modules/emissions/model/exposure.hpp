#pragma once
// Population-weighted exposure: what people breathe on average where they are, sum(people x concentration) / sum(people).
#include <span>

#include "core/base/ids.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::emissions {

struct Exposure {
    double mean = 0;       ///< of those who are in a cell
    double people = 0;     ///< in a cell
    double outside = 0;    ///< people in no cell
};

/// `cell` = each place's cell (no_index: in none), `people` there, `concentration` by cell.
inline Exposure population_exposure(std::span<const Index> cell, std::span<const double> people, std::span<const double> concentration, Arena& arena) {
    Exposure result;
    result.people = arena.sum(cell.size(), [&](std::size_t i) { return cell[i] == no_index ? 0.0 : people[i]; });
    result.outside = arena.sum(cell.size(), [&](std::size_t i) { return cell[i] == no_index ? people[i] : 0.0; });
    const double dose = arena.sum(cell.size(), [&](std::size_t i) { return cell[i] == no_index ? 0.0 : people[i] * concentration[cell[i]]; });
    result.mean = result.people > 0 ? dose / result.people : 0.0;
    return result;
}

}  // namespace citytwin::emissions
