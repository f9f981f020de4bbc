#include "modules/waste/model/string_removal.hpp"

#include <algorithm>

namespace citytwin::waste {

StringRemoval::StringRemoval(const RoutingProblem& problem, const Neighbours& neighbours)
    : problem_(problem), neighbours_(neighbours), route_of_(problem.locations(), no_index), position_of_(problem.locations(), 0), load_(problem.trucks.size(), 0) {}

void StringRemoval::place(const Plan& plan, std::size_t r) {
    load_[r] = 0;
    for (std::size_t k = 0; k < plan.routes[r].size(); ++k) {
        const Index location = plan.routes[r][k];
        if (!problem_.is_client[location]) continue;
        route_of_[location] = static_cast<Index>(r);
        position_of_[location] = static_cast<std::uint32_t>(k);
        load_[r] += problem_.demand[location];
    }
}

void StringRemoval::place_all(const Plan& plan) {
    std::fill(route_of_.begin(), route_of_.end(), no_index);
    for (std::size_t r = 0; r < plan.routes.size(); ++r) place(plan, r);
}

void StringRemoval::remove_string(Plan& plan, Index client, std::size_t length, Draws& draws, std::vector<Index>& removed, std::vector<Index>& touched) {
    const std::size_t r = route_of_[client];
    auto& route = plan.routes[r];
    length = std::min(length, route.size());
    const std::size_t at = position_of_[client], least = at + 1 > length ? at + 1 - length : 0, most = std::min(at, route.size() - length);
    const std::size_t first = least + draws.below(most - least + 1);
    std::vector<Index> kept;
    for (std::size_t k = 0; k < route.size(); ++k) {
        const bool taken = k >= first && k < first + length && problem_.is_client[route[k]];
        if (!taken) {
            kept.push_back(route[k]);
            continue;
        }
        removed.push_back(route[k]);
        route_of_[route[k]] = no_index;
    }
    for (std::size_t k : {first, first + length + 1}) {
        if (k >= 1 && k - 1 < route.size() && problem_.is_client[route[k - 1]] && route_of_[route[k - 1]] != no_index) touched.push_back(route[k - 1]);
    }
    route = std::move(kept);
    place(plan, r);
}

void StringRemoval::shake(Plan& plan, Draws& draws, std::vector<Index>& touched) {
    place_all(plan);
    touched.clear();
    std::vector<Index> removed;
    const std::size_t used = std::max<std::size_t>(1, plan.used()), mean = std::max<std::size_t>(1, problem_.clients.size() / used);
    const double longest = static_cast<double>(std::min<std::size_t>(10, mean)), strings = std::max(1.0, 4.0 * 10.0 / (1.0 + longest) - 1.0);
    auto count = static_cast<std::size_t>(1 + draws.uniform() * strings);
    const Index seed = problem_.clients[draws.below(problem_.clients.size())];
    std::vector<std::size_t> shaken;
    const auto take = [&](Index client) {
        const std::size_t r = route_of_[client];
        if (r == no_index || std::find(shaken.begin(), shaken.end(), r) != shaken.end()) return;
        shaken.push_back(r);
        const double most = std::min(longest, static_cast<double>(plan.routes[r].size()));
        remove_string(plan, client, static_cast<std::size_t>(1 + draws.uniform() * most), draws, removed, touched);
        --count;
    };
    take(seed);
    for (Index near : neighbours_.of(seed)) {
        if (count == 0) break;
        take(near);
    }
    insert(plan, removed, touched, &draws);
}

void StringRemoval::insert(Plan& plan, const std::vector<Index>& clients, std::vector<Index>& touched, Draws* draws) {
    if (draws == nullptr) place_all(plan);
    std::vector<Index> order = clients;
    if (draws) draws->shuffle(order);
    // By demand, by distance from the depot, or in drawn order: three tastes of putting back.
    const std::uint32_t taste = draws ? draws->below(3) : 0;
    const Index depot = problem_.trucks.front().start;
    if (taste == 0) std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return problem_.demand[a] > problem_.demand[b]; });
    if (taste == 1) std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return problem_.distance(depot, a) > problem_.distance(depot, b); });
    for (Index client : order) insert_one(plan, client, touched, draws);
}

void StringRemoval::insert_one(Plan& plan, Index client, std::vector<Index>& touched, Draws* draws) {
    Cost best = far_future;
    std::size_t best_route = 0, best_position = 0;
    const Cost room = problem_.has_trips() ? far_future : problem_.capacity;
    const auto consider = [&](std::size_t r, std::size_t k) {
        const auto& route = plan.routes[r];
        const Index before = k == 0 ? problem_.trucks[r].start : route[k - 1], behind = k == route.size() ? problem_.trucks[r].end : route[k];
        Cost price = problem_.distance(before, client) + problem_.distance(client, behind) - problem_.distance(before, behind);
        if (load_[r] + problem_.demand[client] > room) price += far_future / 4;
        if (price < best && (!draws || draws->uniform() > 0.01)) best = price, best_route = r, best_position = k;
    };
    for (Index near : neighbours_.of(client)) {
        if (route_of_[near] == no_index) continue;
        consider(route_of_[near], position_of_[near]);
        consider(route_of_[near], position_of_[near] + 1);
    }
    for (std::size_t r = 0; r < plan.routes.size(); ++r) {
        if (!plan.routes[r].empty()) continue;
        consider(r, 0);
        break;
    }
    if (best >= far_future / 4) {   // no neighbour has room: any route that has
        for (std::size_t r = 0; r < plan.routes.size(); ++r) {
            if (best < far_future / 4 || load_[r] + problem_.demand[client] > room) continue;
            for (std::size_t k = 0; k <= plan.routes[r].size(); ++k) consider(r, k);
        }
    }
    auto& route = plan.routes[best_route];
    route.insert(route.begin() + static_cast<std::ptrdiff_t>(best_position), client);
    place(plan, best_route);
    touched.push_back(client);
    if (best_position > 0 && problem_.is_client[route[best_position - 1]]) touched.push_back(route[best_position - 1]);
    if (best_position + 1 < route.size() && problem_.is_client[route[best_position + 1]]) touched.push_back(route[best_position + 1]);
}

}  // namespace citytwin::waste
