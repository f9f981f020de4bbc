#pragma once
// Plans kept side by side: feasible and infeasible ones apart, ranked by cost and by how different they are from the others
// (Vidal 2022): diversity lets a population go on finding better plans long after all its members are good.
#include <vector>

#include "modules/waste/model/random_draws.hpp"
#include "modules/waste/model/route_state.hpp"

namespace citytwin::waste {

struct Individual {
    Plan plan;
    Cost distance = 0, excess = 0, warp = 0;
    std::vector<Index> next, previous;   ///< by location; no_index where a trip begins or ends
    [[nodiscard]] bool feasible() const { return excess == 0 && warp == 0; }
    [[nodiscard]] Cost priced(Penalties p) const { return distance + excess * p.per_load + warp * p.per_time; }
};

/// Prices a plan; plans with faults are infeasible.
Individual individual_of(const RoutingProblem& problem, Plan plan);
/// Share of a's clients whose neighbours are others in b ("broken pairs").
double difference(const RoutingProblem& problem, const Individual& a, const Individual& b);

class Population {
public:
    explicit Population(const RoutingProblem& problem, Penalties penalties) : problem_(problem), penalties_(penalties) {}
    void add(Individual individual);
    /// One of two drawn members with the better rank of both groups together.
    [[nodiscard]] const Individual& parent(Draws& draws) const;
    /// Every hundred plans: penalties that make about a fifth of the plans feasible.
    void adapt_penalties();
    void clear();
    [[nodiscard]] Penalties penalties() const { return penalties_; }
    [[nodiscard]] std::size_t size() const { return feasible_.size() + infeasible_.size(); }

private:
    static constexpr std::size_t least = 25, generation = 40, close = 5, elite = 4;
    struct Member {
        Individual individual;
        double fitness = 0;
        std::vector<double> away;   ///< difference to each member of the group, by position
    };
    void rank(std::vector<Member>& group) const;
    void shrink(std::vector<Member>& group) const;

    const RoutingProblem& problem_;
    Penalties penalties_;
    std::vector<Member> feasible_, infeasible_;
    std::vector<std::uint8_t> load_kept_, time_kept_;   ///< of the last plans
};

}  // namespace citytwin::waste
