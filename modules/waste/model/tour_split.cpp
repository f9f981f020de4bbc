#include "modules/waste/model/tour_split.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::waste {
namespace {

TimeSegment time_of(const RoutingProblem& p, Index location) { return {p.service[location], 0, p.earliest[location], p.latest[location]}; }

/// The best way to have served the first stops of the tour, the last route still open to another trip.
struct Label {
    Cost cost = far_future;      ///< with the open route's end and penalties
    Cost closed = 0;             ///< distance and penalties of everything but the open route's way home and time warp
    TimeSegment route;           ///< the open route so far, from the truck's start
    Index from = 0;              ///< stops served before the last trip
    std::uint16_t from_routes = 0;
    Index site = no_index;       ///< the last trip began with a reload here; no_index = with a new truck
};

class Splitter {
public:
    Splitter(const RoutingProblem& p, const std::vector<Index>& tour, Penalties penalties) : p_(p), tour_(tour), penalties_(penalties) {}

    // `limited`: at most the fleet's routes, states by number of routes; else one state a stop and any number of routes.
    bool run(bool limited) {
        limited_ = limited;
        layers_ = limited ? p_.trucks.size() + 1 : 1;
        labels_.assign(layers_ * (tour_.size() + 1), {});
        at(0, 0).cost = 0;
        for (std::size_t i = 0; i < tour_.size(); ++i) {
            for (std::size_t k = 0; k < layers_; ++k) {
                if (at(k, i).cost >= far_future) continue;
                if (!limited || k + 1 < layers_) extend(k, i, no_index);
                if (i == 0) continue;
                for (Index site : p_.reload_sites) extend(k, i, site);
            }
        }
        return best_layer() < layers_;
    }

    [[nodiscard]] std::vector<std::vector<Index>> routes() const {
        std::vector<std::vector<Index>> routes;
        std::size_t k = best_layer(), j = tour_.size();
        std::vector<Index> route;   // from its end
        while (j > 0) {
            const Label& label = at(k, j);
            for (std::size_t i = j; i > label.from; --i) route.push_back(tour_[i - 1]);
            if (label.site != no_index) {
                route.push_back(label.site);
            } else {
                std::reverse(route.begin(), route.end());
                routes.push_back(std::move(route));
                route.clear();
            }
            k = label.from_routes;
            j = label.from;
        }
        std::reverse(routes.begin(), routes.end());
        return routes;
    }

private:
    [[nodiscard]] const Label& at(std::size_t k, std::size_t i) const { return labels_[k * (tour_.size() + 1) + i]; }
    Label& at(std::size_t k, std::size_t i) { return labels_[k * (tour_.size() + 1) + i]; }
    [[nodiscard]] std::size_t best_layer() const {
        std::size_t best = layers_;
        for (std::size_t k = 0; k < layers_; ++k) {
            if (at(k, tour_.size()).cost < (best < layers_ ? at(best, tour_.size()).cost : far_future)) best = k;
        }
        return best;
    }

    // All trips that begin behind stop i, with a new truck or from a site.
    void extend(std::size_t k, std::size_t i, Index site) {
        const Label& origin = at(k, i);
        const bool fresh = site == no_index, timed = p_.has_windows || p_.has_trips();
        const std::size_t next = limited_ && fresh ? k + 1 : k;
        const TruckShift& truck = p_.trucks[limited_ ? std::min(next, p_.trucks.size()) - 1 : 0];
        Index last = fresh ? truck.start : site;
        TimeSegment before{0, 0, truck.earliest, truck.latest};
        Cost distance = fresh ? origin.cost : origin.closed;
        if (!fresh) {
            before = joined(origin.route, time_of(p_, site), p_.duration(tour_[i - 1], site));
            distance += p_.distance(tour_[i - 1], site);
        }
        TimeSegment trip{0, 0, 0, far_future};
        Cost load = 0, release = 0;
        for (std::size_t j = i; j < tour_.size(); ++j) {
            const Index stop = tour_[j];
            load += p_.demand[stop];
            if (j > i && 2 * load > 3 * p_.capacity) break;
            release = std::max(release, p_.release[stop]);
            distance += p_.distance(last, stop);
            Label label{far_future, distance + std::max<Cost>(0, load - p_.capacity) * penalties_.per_load, {}, static_cast<Index>(i), static_cast<std::uint16_t>(k), site};
            Cost warp = 0;
            if (timed) {
                trip = joined(trip, time_of(p_, stop), p_.duration(last, stop));
                label.route = joined(before, released(trip, release), 0);
                warp = joined(label.route, {0, 0, 0, truck.latest}, p_.duration(stop, truck.end)).warp;
            }
            label.cost = label.closed + p_.distance(stop, truck.end) + warp * penalties_.per_time;
            if (label.cost < at(next, j + 1).cost) at(next, j + 1) = label;
            last = stop;
        }
    }

    const RoutingProblem& p_;
    const std::vector<Index>& tour_;
    Penalties penalties_;
    bool limited_ = false;
    std::size_t layers_ = 1;
    std::vector<Label> labels_;
};

}  // namespace

Plan split_tour(const RoutingProblem& problem, const std::vector<Index>& tour, Penalties penalties) {
    Splitter splitter(problem, tour, penalties);
    const bool uneven = std::any_of(problem.trucks.begin(), problem.trucks.end(), [&](const TruckShift& t) { return !(t == problem.trucks.front()); });
    bool done = false;
    std::vector<std::vector<Index>> routes;
    if (!uneven && !problem.has_trips()) {
        done = splitter.run(false);
        if (done) routes = splitter.routes();
        done = done && routes.size() <= problem.trucks.size();
    }
    if (!done) routes = splitter.run(true) ? splitter.routes() : std::vector<std::vector<Index>>{tour};
    routes.resize(problem.trucks.size());
    return {std::move(routes)};
}

}  // namespace citytwin::waste
