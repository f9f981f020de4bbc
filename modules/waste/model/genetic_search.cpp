#include "modules/waste/model/genetic_search.hpp"

#include <algorithm>
#include <numeric>

#include "modules/waste/model/pseudo_angle.hpp"
#include "modules/waste/model/string_removal.hpp"
#include "modules/waste/model/tour_split.hpp"

namespace citytwin::waste {
namespace {

constexpr std::size_t batch = 8;          ///< offspring made from one state of the population
constexpr std::size_t shakes = 250;       ///< of one round of the iterated local search

template <RoutingKind kind>
class Search {
public:
    Search(const RoutingProblem& problem, const SearchLimits& limits, Arena& arena)
        : problem_(problem), limits_(limits), arena_(arena), neighbours_(problem, limits.neighbours), population_(problem, first_penalties(problem)),
          random_(limits.seed, "collection routes"), begin_(std::chrono::steady_clock::now()) {
        if (limits.seconds > 0) deadline_.at = begin_ + std::chrono::microseconds(static_cast<std::int64_t>(limits.seconds * 0.985 * 1e6));
    }

    SearchResult run(const Plan* warm) {
        take(individual_of(problem_, warm ? repaired(*warm) : split_tour(problem_, sweep_tour(), {1'000'000, 1'000'000})));
        // With windows one education from scratch takes too long above a few hundred stops.
        const std::size_t most = problem_.has_windows ? 400 : 1500;
        const bool genetic = problem_.clients.size() <= most && warm == nullptr && limits_.with_population;
        const double genetic_share = problem_.clients.size() <= 250 ? 1.0 : problem_.clients.size() <= 700 ? 0.5 : 0.3;
        if (genetic) {
            first_plans();
            while (!over() && progress() < genetic_share) breed();
        }
        improve_best();
        while (!over()) shake_round();
        return result();
    }

private:
    static Penalties first_penalties(const RoutingProblem& p) {
        Cost longest = 1;
        std::int32_t largest = 1;
        for (Index c : p.clients) {
            longest = std::max(longest, p.distance(p.trucks.front().start, c));
            largest = std::max(largest, p.demand[c]);
        }
        return {std::clamp<Cost>(longest / largest, 1, 1000), 1};
    }

    [[nodiscard]] bool over() const { return (limits_.iterations > 0 && round_ >= limits_.iterations) || deadline_.passed(); }
    [[nodiscard]] double progress() const {
        double done = limits_.iterations > 0 ? static_cast<double>(round_) / static_cast<double>(limits_.iterations) : 0.0;
        if (limits_.seconds > 0) done = std::max(done, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count() / limits_.seconds);
        return std::min(done, 1.0);
    }

    void take(Individual individual) {
        const bool better = !best_ || (individual.feasible() && !best_->feasible()) ||
                            (individual.feasible() == best_->feasible() && (individual.feasible() ? individual.distance < best_->distance : faults(individual) < faults(*best_)));
        if (better) best_ = std::move(individual);
    }
    static Cost faults(const Individual& i) { return i.excess * 1000 + i.warp; }

    // Clients in the order of their direction from the first depot.
    [[nodiscard]] std::vector<Index> sweep_tour() const {
        std::vector<Index> tour = problem_.clients;
        if (problem_.x.empty()) return tour;
        const Index depot = problem_.trucks.front().start;
        const auto angle = [&](Index c) { return pseudo_angle(problem_.x[c] - problem_.x[depot], problem_.y[c] - problem_.y[depot]); };
        std::stable_sort(tour.begin(), tour.end(), [&](Index a, Index b) { return angle(a) < angle(b); });
        return tour;
    }

    // A warm plan made to fit: visits that are gone are left out, new stops inserted.
    Plan repaired(const Plan& warm) {
        Plan plan;
        plan.routes.resize(problem_.trucks.size());
        std::vector<std::uint8_t> seen(problem_.locations(), 0);
        for (std::size_t r = 0; r < warm.routes.size(); ++r) {
            for (Index location : warm.routes[r]) {
                if (location >= problem_.locations() || (problem_.is_client[location] && seen[location]++)) continue;
                plan.routes[std::min(r, plan.routes.size() - 1)].push_back(location);
            }
        }
        std::vector<Index> missing, touched;
        for (Index c : problem_.clients) {
            if (!seen[c]) missing.push_back(c);
        }
        StringRemoval(problem_, neighbours_).insert(plan, missing, touched);
        return plan;
    }

    LocalSearch<kind>& workspace(std::size_t slot) {
        while (workspaces_.size() <= slot) workspaces_.push_back(std::make_unique<LocalSearch<kind>>(problem_, neighbours_));
        return *workspaces_[slot];
    }

    // Educates the plans of one batch side by side; half of those that end infeasible are tried again under tenfold penalties.
    void educate(std::vector<Plan>& plans, std::uint64_t first_name) {
        std::vector<Individual> made(plans.size()), repaired(plans.size());
        std::vector<std::uint8_t> was_repaired(plans.size(), 0);
        (void)workspace(plans.size());
        arena_.each(plans.size(), [&](std::size_t k) {
            Draws draws(random_, first_name + k);
            const Penalties p = population_.penalties();
            workspace(k).run(plans[k], p, draws, deadline_);
            made[k] = individual_of(problem_, plans[k]);
            if (made[k].feasible() || draws.uniform() < 0.5 || deadline_.passed()) return;
            workspace(k).run(plans[k], {p.per_load * 10, p.per_time * 10}, draws, deadline_);
            repaired[k] = individual_of(problem_, plans[k]);
            was_repaired[k] = repaired[k].feasible();
        }, 1);
        for (std::size_t k = 0; k < plans.size(); ++k) {
            take(made[k]);
            population_.add(std::move(made[k]));
            if (!was_repaired[k]) continue;
            take(repaired[k]);
            population_.add(std::move(repaired[k]));
        }
        population_.adapt_penalties();
        ++round_;
    }

    void first_plans() {
        const std::size_t n = problem_.clients.size(), count = n <= 250 ? 96 : std::max<std::size_t>(2 * batch, (20'000 / n + batch - 1) / batch * batch);
        for (std::size_t first = 0; first < count && !over(); first += batch) {
            std::vector<Plan> plans(batch);
            for (std::size_t k = 0; k < batch; ++k) {
                Draws draws(random_, (std::uint64_t{1} << 40) + first + k);
                std::vector<Index> tour = problem_.clients;
                draws.shuffle(tour);
                plans[k] = split_tour(problem_, tour, population_.penalties());
            }
            educate(plans, (std::uint64_t{2} << 40) + first);
        }
    }

    void breed() {
        std::vector<Plan> plans(batch);
        const std::uint64_t name = (std::uint64_t{3} << 40) + round_ * batch;
        arena_.each(batch, [&](std::size_t k) {
            Draws draws(random_, name + (std::uint64_t{1} << 39) + k);
            const Individual &mother = population_.parent(draws), &father = population_.parent(draws);
            plans[k] = split_tour(problem_, crossed(tour_of(mother.plan), tour_of(father.plan), draws), population_.penalties());
        }, 1);
        const Cost before = best_->distance;
        educate(plans, name);
        stale_ = best_->distance < before ? 0 : stale_ + batch;
        if (stale_ < 20'000) return;
        stale_ = 0;   // nothing new for long: begin again, the best plan is kept beside
        population_.clear();
        first_plans();
    }

    // Routes in the order of the direction of their centres; the trips of one truck stay together.
    [[nodiscard]] std::vector<Index> tour_of(const Plan& plan) const {
        std::vector<std::pair<std::int32_t, std::size_t>> order;
        for (std::size_t r = 0; r < plan.routes.size(); ++r) {
            if (plan.routes[r].empty()) continue;
            double x = 0, y = 0;
            if (!problem_.x.empty()) {
                const Index depot = problem_.trucks[r].start;
                for (Index v : plan.routes[r]) x += problem_.x[v] - problem_.x[depot], y += problem_.y[v] - problem_.y[depot];
            }
            order.emplace_back(problem_.has_trips() ? 0 : pseudo_angle(x, y), r);
        }
        std::sort(order.begin(), order.end());
        std::vector<Index> tour;
        for (const auto& [angle, r] : order) {
            for (Index v : plan.routes[r]) {
                if (problem_.is_client[v]) tour.push_back(v);
            }
        }
        return tour;
    }

    // Ordered crossover: a drawn piece of one tour, the rest in the order of the other.
    [[nodiscard]] std::vector<Index> crossed(const std::vector<Index>& a, const std::vector<Index>& b, Draws& draws) const {
        const std::size_t n = a.size();
        if (n < 2) return a;
        const std::size_t from = draws.below(n);
        std::size_t to = draws.below(n);
        while (to == from) to = draws.below(n);
        std::vector<Index> tour(n, no_index);
        std::vector<std::uint8_t> used(problem_.locations(), 0);
        std::size_t k = from;
        for (;; k = (k + 1) % n) {
            tour[k] = a[k];
            used[a[k]] = 1;
            if (k == to) break;
        }
        for (std::size_t m = 1; m <= n; ++m) {
            const Index c = b[(to + m) % n];
            if (used[c]) continue;
            k = (k + 1) % n;
            tour[k] = c;
        }
        return tour;
    }

    [[nodiscard]] Penalties firm() const {
        const Penalties p = population_.penalties();
        return {p.per_load * 3 * firmness_, p.per_time * 3 * firmness_};
    }

    void improve_best() {
        if (over()) return;
        Draws draws(random_, (std::uint64_t{4} << 40));
        Plan plan = best_->plan;
        workspace(0).run(plan, firm(), draws, deadline_);
        current_ = individual_of(problem_, plan);
        // A plan just over a limit is made to fit, or all that was found would be given up for the plan it began from.
        for (Cost factor = 10; !current_.feasible() && factor <= 10'000 && !deadline_.passed(); factor *= 10) {
            workspace(0).run(plan, {firm().per_load * factor, firm().per_time * factor}, draws, deadline_);
            current_ = individual_of(problem_, plan);
        }
        take(current_);
        if (!current_.feasible()) current_ = *best_;
    }

    // Iterated local search with the acceptance of simulated annealing.
    void shake_round() {
        if (!removal_) removal_.emplace(problem_, neighbours_);
        Draws draws(random_, (std::uint64_t{5} << 40) + round_);
        const double arc = static_cast<double>(best_->distance) / static_cast<double>(problem_.clients.size() + best_->plan.used());
        const double temperature = arc * 0.3 * std::pow(0.01, progress());
        std::vector<Index> touched;
        for (std::size_t k = 0; k < shakes && !deadline_.passed(); ++k) {
            Plan plan = current_.plan;
            removal_->shake(plan, draws, touched);
            std::sort(touched.begin(), touched.end());
            touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
            workspace(0).run(plan, firm(), draws, deadline_, &touched);
            if (deadline_.passed()) break;   // it may not have run at all
            const auto totals = workspace(0).totals();
            const Cost priced = totals.distance + totals.faults.excess * firm().per_load + totals.faults.warp * firm().per_time;
            const double threshold = static_cast<double>(current_.priced(firm())) - temperature * portable_log(std::max(draws.uniform(), 1e-12));
            if (static_cast<double>(priced) >= threshold) continue;
            current_.plan = std::move(plan);
            current_.distance = totals.distance;
            current_.excess = totals.faults.excess;
            current_.warp = totals.faults.warp;
            if (current_.feasible() && (!best_->feasible() || current_.distance < best_->distance)) best_ = current_;
        }
        if (!current_.feasible() && firmness_ < 10'000) firmness_ *= 2;   // it doesn't come back from beyond the limits by itself: faults cost more
        ++round_;
    }

    [[nodiscard]] SearchResult result() const {
        return {best_->plan, best_->distance, best_->excess, best_->warp, best_->feasible(), round_};
    }

    const RoutingProblem& problem_;
    SearchLimits limits_;
    Arena& arena_;
    Neighbours neighbours_;
    Population population_;
    Random random_;
    std::chrono::steady_clock::time_point begin_;
    Deadline deadline_;
    std::vector<std::unique_ptr<LocalSearch<kind>>> workspaces_;
    std::optional<StringRemoval> removal_;
    std::optional<Individual> best_;
    Individual current_;
    std::size_t round_ = 0, stale_ = 0;
    Cost firmness_ = 1;
};

}  // namespace

SearchResult plan_routes(const RoutingProblem& problem, const SearchLimits& limits, Arena& arena, const Plan* warm) {
    if (problem.clients.empty()) return {Plan{std::vector<std::vector<Index>>(problem.trucks.size())}, 0, 0, 0, true, 0};
    if (problem.has_trips()) return Search<RoutingKind::trips>(problem, limits, arena).run(warm);
    if (problem.has_windows) return Search<RoutingKind::windows>(problem, limits, arena).run(warm);
    return Search<RoutingKind::loads>(problem, limits, arena).run(warm);
}

}  // namespace citytwin::waste
