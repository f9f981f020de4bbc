#include "geodata/layout/power_rings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <tuple>

namespace citytwin::geodata {

namespace {

/// One substation's stations with road distances among them; index 0 is the substation.
struct Group {
    std::vector<Index> stations;
    std::vector<Index> node;
    std::vector<double> distance;  ///< square, by rows

    [[nodiscard]] std::size_t size() const { return node.size(); }
    [[nodiscard]] double between(std::size_t a, std::size_t b) const { return distance[a * size() + b]; }
};

class SavingsMerger {
public:
    SavingsMerger(const Group& group, const std::vector<RingStation>& stations, const PowerLayoutOptions& options)
        : group_(group), stations_(stations), options_(options), route_(group.size()), routes_(group.size()) {
        most_va_ = std::sqrt(3.0) * options.medium_voltage_v * medium_voltage_cables.back().ampacity_a * options.ring_loading_fault;
        for (std::size_t i = 1; i < group.size(); ++i) {
            route_[i] = static_cast<Index>(i);
            routes_[i] = {{static_cast<Index>(i)}, stations[group.stations[i - 1]].demand, 2 * group.between(0, i)};
        }
    }

    /// Positions in the group, ring by ring.
    std::vector<std::vector<Index>> merge() {
        std::vector<std::tuple<double, Index, Index>> savings;
        for (std::size_t i = 1; i < group_.size(); ++i) {
            for (std::size_t j = i + 1; j < group_.size(); ++j) {
                const double saved = group_.between(0, i) + group_.between(0, j) - group_.between(i, j);
                if (saved > 0) savings.emplace_back(-saved, static_cast<Index>(i), static_cast<Index>(j));
            }
        }
        std::sort(savings.begin(), savings.end());
        for (const auto& [saved, i, j] : savings) try_join(i, j, -saved);
        std::vector<std::vector<Index>> rings;
        for (auto& route : routes_) {
            if (!route.stops.empty()) rings.push_back(std::move(route.stops));
        }
        return rings;
    }

private:
    struct Route {
        std::vector<Index> stops;
        PowerDemand demand;
        double length_m = 0;
    };

    void try_join(Index i, Index j, double saved) {
        if (route_[i] == route_[j]) return;
        Route &a = routes_[route_[i]], &b = routes_[route_[j]];
        const bool ends = (a.stops.front() == i || a.stops.back() == i) && (b.stops.front() == j || b.stops.back() == j);
        if (!ends || a.stops.size() + b.stops.size() > options_.ring_stations) return;
        if (a.length_m + b.length_m - saved > 2 * options_.half_ring_m) return;
        PowerDemand sum = a.demand;
        sum += b.demand;
        if (sum.peak_w(options_.dwelling_peak_w) / options_.power_factor > most_va_) return;
        if (a.stops.back() != i) std::reverse(a.stops.begin(), a.stops.end());
        if (b.stops.front() != j) std::reverse(b.stops.begin(), b.stops.end());
        for (const Index stop : b.stops) route_[stop] = route_[i];
        a.stops.insert(a.stops.end(), b.stops.begin(), b.stops.end());
        a.demand = sum;
        a.length_m += b.length_m - saved;
        b.stops.clear();
    }

    const Group& group_;
    const std::vector<RingStation>& stations_;
    const PowerLayoutOptions& options_;
    std::vector<Index> route_;
    std::vector<Route> routes_;
    double most_va_ = 0;
};

class RingPlanner {
public:
    RingPlanner(const Streets& streets, std::vector<RingStation>& stations, const std::vector<StreetPoint>& substations,
                const PowerLayoutOptions& options, Arena& arena)
        : streets_(streets), stations_(stations), options_(options), arena_(arena), substations_(substations.size()) {
        std::vector<StreetPoint> points = substations;
        for (const auto& station : stations) points.push_back(station.place);
        graph_ = cut_streets(streets, points, 0);
    }

    std::vector<Ring> plan() {
        assign();
        std::vector<Ring> rings;
        for (std::size_t k = 0; k < substations_; ++k) {
            Group group;
            group.node.push_back(graph_.node_of_point[k]);
            for (std::size_t s = 0; s < stations_.size(); ++s) {
                if (stations_[s].substation != k) continue;
                group.stations.push_back(static_cast<Index>(s));
                group.node.push_back(graph_.node_of_point[substations_ + s]);
            }
            measure(group);
            for (const auto& stops : SavingsMerger(group, stations_, options_).merge()) rings.push_back(ring_of(group, static_cast<Index>(k), stops));
        }
        arena_.each(rings.size(), [&](std::size_t r) { draw(rings[r]); }, 4);
        return rings;
    }

private:
    void assign() {
        StreetSearch search(graph_);
        std::vector<double> best(stations_.size(), std::numeric_limits<double>::infinity());
        const bool all_assigned = std::all_of(stations_.begin(), stations_.end(), [](const RingStation& s) { return s.substation != no_index; });
        for (std::size_t k = 0; k < substations_ && !all_assigned; ++k) {
            search.run(graph_.node_of_point[k], {}, 0);
            for (std::size_t s = 0; s < stations_.size(); ++s) {
                const double distance = search.distance(graph_.node_of_point[substations_ + s]);
                if (distance >= best[s]) continue;
                best[s] = distance;
                stations_[s].substation = static_cast<Index>(k);
            }
        }
    }

    void measure(Group& group) {
        std::vector<std::uint8_t> marked(graph_.nodes(), 0);
        std::size_t targets = 0;
        for (const Index node : group.node) targets += marked[node] == 0 ? (marked[node] = 1) : 0;
        group.distance.assign(group.size() * group.size(), 0);
        arena_.ranges(group.size(), [&](std::size_t begin, std::size_t end) {
            StreetSearch search(graph_);
            for (std::size_t i = begin; i < end; ++i) {
                search.run(group.node[i], marked, targets);
                for (std::size_t j = 0; j < group.size(); ++j) group.distance[i * group.size() + j] = search.distance(group.node[j]);
            }
        }, 16);
    }

    Ring ring_of(const Group& group, Index substation, const std::vector<Index>& stops) const {
        Ring ring;
        ring.substation = substation;
        for (const Index stop : stops) ring.stations.push_back(group.stations[stop - 1]);
        return ring;
    }

    /// Paths of the sections along the streets.
    void draw(Ring& ring) const {
        StreetSearch search(graph_);
        std::vector<Index> node{graph_.node_of_point[ring.substation]};
        for (const Index s : ring.stations) node.push_back(graph_.node_of_point[substations_ + s]);
        node.push_back(node.front());
        std::vector<std::uint8_t> marked(graph_.nodes(), 0);
        for (std::size_t k = 0; k + 1 < node.size(); ++k) {
            marked[node[k + 1]] = 1;
            search.run(node[k], marked, 1);
            marked[node[k + 1]] = 0;
            const auto path = search.path(node[k + 1]);
            double length = 0;
            for (const Index edge : path) length += graph_.length_m[edge];
            ring.section_m.push_back(std::max(length, 1.0));  // a station beside its substation still has a cable
            ring.length_m += ring.section_m.back();
            ring.shape.push_back(shape_along(streets_, graph_, node[k], path));
        }
    }

    const Streets& streets_;
    std::vector<RingStation>& stations_;
    const PowerLayoutOptions& options_;
    Arena& arena_;
    std::size_t substations_;
    StreetGraph graph_;
};

}  // namespace

std::vector<Ring> plan_rings(const Streets& streets, std::vector<RingStation>& stations, const std::vector<StreetPoint>& substations,
                             const PowerLayoutOptions& options, Arena& arena) {
    return RingPlanner(streets, stations, substations, options, arena).plan();
}

}  // namespace citytwin::geodata
