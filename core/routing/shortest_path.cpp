#include "core/routing/shortest_path.hpp"

namespace citytwin::routing {

std::vector<Weight> cost_matrix(Arena& arena, const CsrGraph& graph, std::span<const Weight> weights,
                                std::span<const Index> sources, std::span<const Index> targets) {
    std::vector<Weight> result(sources.size() * targets.size());
    constexpr std::size_t block = 32;  // rows that share one workspace
    arena.each((sources.size() + block - 1) / block,
               [&](std::size_t b) {
                   PathSearch<Weight> search(graph);
                   for (std::size_t s = b * block; s < sources.size() && s < (b + 1) * block; ++s)
                       search.costs(sources[s], targets, weights,
                                    std::span(result).subspan(s * targets.size(), targets.size()));
               },
               1);
    return result;
}

}  // namespace citytwin::routing
