#include "modules/waste/model/population.hpp"

#include <algorithm>
#include <numeric>

namespace citytwin::waste {
namespace {

template <RoutingKind kind>
void price(const RoutingProblem& problem, Individual& individual) {
    RouteSet<kind> routes(problem);
    routes.load(individual.plan);
    for (std::size_t r = 0; r < routes.size(); ++r) {
        if (routes[r].empty()) continue;
        individual.distance += routes[r].distance();
        individual.excess += routes[r].faults.excess;
        individual.warp += routes[r].faults.warp;
    }
}

}  // namespace

Individual individual_of(const RoutingProblem& problem, Plan plan) {
    Individual individual;
    individual.plan = std::move(plan);
    if (problem.has_trips()) price<RoutingKind::trips>(problem, individual);
    else if (problem.has_windows) price<RoutingKind::windows>(problem, individual);
    else price<RoutingKind::loads>(problem, individual);
    individual.next.assign(problem.locations(), no_index);
    individual.previous.assign(problem.locations(), no_index);
    for (const auto& route : individual.plan.routes) {
        for (std::size_t k = 1; k < route.size(); ++k) {
            if (!problem.is_client[route[k - 1]] || !problem.is_client[route[k]]) continue;
            individual.next[route[k - 1]] = route[k];
            individual.previous[route[k]] = route[k - 1];
        }
    }
    return individual;
}

double difference(const RoutingProblem& problem, const Individual& a, const Individual& b) {
    std::size_t broken = 0;
    for (Index c : problem.clients) {
        broken += a.next[c] != b.next[c] && a.next[c] != b.previous[c];
        broken += a.previous[c] == no_index && b.previous[c] != no_index && b.next[c] != no_index;
    }
    return static_cast<double>(broken) / static_cast<double>(std::max<std::size_t>(1, problem.clients.size()));
}

void Population::add(Individual individual) {
    load_kept_.push_back(individual.excess == 0);
    time_kept_.push_back(individual.warp == 0);
    auto& group = individual.feasible() ? feasible_ : infeasible_;
    Member member{std::move(individual), 0, {}};
    for (Member& other : group) {
        const double away = difference(problem_, member.individual, other.individual);
        member.away.push_back(away);
        other.away.push_back(away);
    }
    member.away.push_back(0);
    group.push_back(std::move(member));
    if (group.size() > least + generation) shrink(group);
    rank(group);
}

// Rank by cost plus rank by nearness to the closest five; equal ranks by position, which is by age.
void Population::rank(std::vector<Member>& group) const {
    const std::size_t n = group.size();
    if (n < 2) return;
    std::vector<std::size_t> by_cost(n), by_away(n);
    std::iota(by_cost.begin(), by_cost.end(), 0);
    by_away = by_cost;
    std::vector<double> away(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<double> others = group[i].away;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        const std::size_t k = std::min(close, others.size());
        std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(k), others.end());
        for (std::size_t m = 0; m < k; ++m) away[i] += others[m] / static_cast<double>(k);
    }
    std::stable_sort(by_cost.begin(), by_cost.end(), [&](auto a, auto b) { return group[a].individual.priced(penalties_) < group[b].individual.priced(penalties_); });
    std::stable_sort(by_away.begin(), by_away.end(), [&](auto a, auto b) { return away[a] > away[b]; });
    const double weight = 1.0 - std::min(1.0, static_cast<double>(elite) / static_cast<double>(n)), scale = 1.0 / static_cast<double>(n - 1);
    for (std::size_t k = 0; k < n; ++k) group[by_cost[k]].fitness = static_cast<double>(k) * scale;
    for (std::size_t k = 0; k < n; ++k) group[by_away[k]].fitness += weight * static_cast<double>(k) * scale;
}

void Population::shrink(std::vector<Member>& group) const {
    while (group.size() > least) {
        rank(group);
        const auto cheapest = std::min_element(group.begin(), group.end(), [&](const Member& a, const Member& b) { return a.individual.priced(penalties_) < b.individual.priced(penalties_); });
        std::size_t worst = group.size();
        bool worst_is_clone = false;
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (group.begin() + static_cast<std::ptrdiff_t>(i) == cheapest) continue;
            bool clone = false;
            for (std::size_t j = 0; j < group.size(); ++j) clone = clone || (j != i && group[i].away[j] < 1e-9);
            if (worst == group.size() || (clone && !worst_is_clone) || (clone == worst_is_clone && group[i].fitness > group[worst].fitness)) worst = i, worst_is_clone = clone;
        }
        group.erase(group.begin() + static_cast<std::ptrdiff_t>(worst));
        for (Member& member : group) member.away.erase(member.away.begin() + static_cast<std::ptrdiff_t>(worst));
    }
}

const Individual& Population::parent(Draws& draws) const {
    const auto draw = [&]() -> const Member& {
        const std::size_t k = draws.below(size());
        return k < feasible_.size() ? feasible_[k] : infeasible_[k - feasible_.size()];
    };
    const Member &a = draw(), &b = draw();
    return a.fitness <= b.fitness ? a.individual : b.individual;
}

void Population::adapt_penalties() {
    if (load_kept_.size() < 100) return;
    const auto adapted = [](std::vector<std::uint8_t>& kept, Cost penalty) {
        const auto share = static_cast<double>(std::count(kept.begin(), kept.end(), 1)) / static_cast<double>(kept.size());
        kept.clear();
        if (share < 0.2 - 0.05) return std::min<Cost>(penalty * 12 / 10 + 1, 1'000'000);
        if (share > 0.2 + 0.05) return std::max<Cost>(penalty * 85 / 100, 1);
        return penalty;
    };
    penalties_ = {adapted(load_kept_, penalties_.per_load), adapted(time_kept_, penalties_.per_time)};
    rank(feasible_);
    rank(infeasible_);
}

void Population::clear() {
    feasible_.clear();
    infeasible_.clear();
}

}  // namespace citytwin::waste
