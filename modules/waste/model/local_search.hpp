#pragma once
// Local search on whole plans: relocate and swap of blocks of one to three visits (Or-opt), 2-opt, 2-opt* in both senses, SWAP*,
// and with reload sites: insert, drop or change a reload, move a whole trip. Moves of Vidal, "Hybrid genetic search for the CVRP:
// open-source implementation and SWAP* neighborhood", Computers & Operations Research 140 (2022), each priced from pieces of
// the old routes (route_state.hpp), so that the same moves serve plain loads, time windows and several trips.
#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include "modules/waste/model/neighbours.hpp"
#include "modules/waste/model/random_draws.hpp"
#include "modules/waste/model/route_state.hpp"

namespace citytwin::waste {

/// When to stop at once. Without a deadline nothing depends on the clock.
struct Deadline {
    std::optional<std::chrono::steady_clock::time_point> at;
    [[nodiscard]] bool passed() const { return at && std::chrono::steady_clock::now() >= *at; }
};

template <RoutingKind kind>
class LocalSearch {
public:
    LocalSearch(const RoutingProblem& problem, const Neighbours& neighbours);
    /// Improves the plan until no move helps or the deadline passes. With `touched`, only these clients and those of routes
    /// that change are tried: what a small change to a good plan needs.
    void run(Plan& plan, Penalties penalties, Draws& draws, const Deadline& deadline, const std::vector<Index>* touched = nullptr);
    struct Totals {
        Cost distance = 0;
        RouteFaults faults;
    };
    /// Of the plan that the last run left.
    [[nodiscard]] Totals totals() const;

private:
    using Route = RouteState<kind>;
    using List = Pieces<kind>;
    struct Block {
        std::size_t route, first, last;
    };
    void search_clients(Draws& draws, const Deadline& deadline);
    void search_routes(const Deadline& deadline);
    bool try_pair(Index u, Index v);
    bool try_after(std::size_t a, std::size_t p, std::size_t b, std::size_t v);
    bool try_empty(Index u);
    bool relocate(const Block& block, std::size_t b, std::size_t v, bool reversed);
    bool swap(const Block& x, const Block& y);
    bool two_opt(std::size_t a, std::size_t p, std::size_t v);
    bool exchange_tails(std::size_t a, std::size_t p, std::size_t b, std::size_t v);
    bool exchange_reversed(std::size_t a, std::size_t p, std::size_t b, std::size_t v);
    bool swap_star(std::size_t a, std::size_t b);
    // Reload sites (local_search_trips.cpp).
    bool try_reloads(Index u, Index v);
    bool search_reloads(std::size_t a);
    bool move_trips(std::size_t a, std::size_t b);
    /// Applies the new routes if they cost less; `gain` is the change of distance.
    bool accept(std::size_t a, const List& pa, Cost gain);
    bool accept(std::size_t a, const List& pa, std::size_t b, const List& pb, Cost gain);
    [[nodiscard]] Cost d(Index from, Index to) const { return problem_.distance(from, to); }
    [[nodiscard]] bool same_end(std::size_t a, std::size_t b) const { return problem_.trucks[a].end == problem_.trucks[b].end && problem_.trucks[a].latest == problem_.trucks[b].latest; }
    void mark(std::size_t route);

    const RoutingProblem& problem_;
    const Neighbours& neighbours_;
    RouteSet<kind> routes_;
    std::vector<std::uint64_t> tested_, route_tested_;
    std::vector<Index> queue_, next_queue_;
    std::vector<std::uint8_t> queued_;
    bool restricted_ = false, all_ = false, improved_ = false;
};

}  // namespace citytwin::waste
