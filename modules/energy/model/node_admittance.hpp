#pragma once
// The node admittance matrix of the live part in compressed rows. Its pattern covers every branch between live nodes, open
// ones too (their entries are 0): opening a branch or moving a tap changes numbers, never the pattern.
#include <array>
#include <vector>

#include "modules/energy/model/topology.hpp"

namespace citytwin::energy {

class NodeAdmittance {
public:
    NodeAdmittance() = default;
    NodeAdmittance(const PowerNetwork& network, const Topology& topology);

    /// New numbers for the switches and taps as they are.
    void fill(const PowerNetwork& network, const SwitchState& state, const Topology& topology);

    [[nodiscard]] std::size_t nodes() const { return row_begin.size() - 1; }
    [[nodiscard]] std::size_t entries() const { return column.size(); }

    std::vector<Index> row_begin, column, diagonal;   ///< columns ascend within a row; `diagonal` = entry of (i, i)
    std::vector<double> g, b;
    /// Entries (ff, ft, tf, tt) of a branch; no_index where it isn't between two live nodes.
    std::vector<std::array<Index, 4>> branch_entries;

private:
    [[nodiscard]] Index entry(Index row, Index col) const;
};

}  // namespace citytwin::energy
