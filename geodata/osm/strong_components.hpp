#pragma once
// Strongly connected components of a directed graph (Tarjan 1972), without recursion.
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::geodata {

struct StrongComponents {
    std::vector<Index> component;  ///< by node
    std::vector<Index> size;       ///< by component
    /// The largest component; of equally large ones the one that holds the lowest node. no_index if there is no node.
    [[nodiscard]] Index largest() const;
};

/// Arcs as CSR: node i leads to heads[offsets[i] .. offsets[i + 1]).
StrongComponents strong_components(std::span<const std::uint32_t> offsets, std::span<const Index> heads);

}  // namespace citytwin::geodata
