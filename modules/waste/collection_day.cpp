#include "modules/waste/collection_day.hpp"

#include <algorithm>
#include <cmath>

#include "modules/waste/model/plan_check.hpp"
#include "modules/waste/model/pseudo_angle.hpp"

namespace citytwin::waste {
namespace {

constexpr std::size_t most_stops = 700;   ///< of one problem; more are planned sector by sector

// One problem: locations are depots, the depots' virtual ends, sites, bins.
class Sector {
public:
    Sector(const CityRows& rows, const DayInput& input, std::vector<std::size_t> chosen, std::vector<Index> trucks) : rows_(rows), in_(input), chosen_(std::move(chosen)), trucks_(std::move(trucks)) {
        for (Index t : trucks_) {
            const Index depot = (*rows.truck_depot)[t];
            if (std::find(depots_.begin(), depots_.end(), depot) == depots_.end()) depots_.push_back(depot);
        }
    }

    void plan(const TruckRoads& roads, std::span<const double> times, std::span<const double> closed, Arena& arena, DayPlan& day) {
        std::vector<Index> links;
        for (Index d : depots_) links.push_back((*rows_.site_link)[d]);
        for (Index s : in_.sites) links.push_back((*rows_.site_link)[s]);
        for (std::size_t k : chosen_) links.push_back((*rows_.bin_link)[in_.bins[k]]);
        between_ = roads.matrix_ms(links, times, closed, arena);
        width_ = links.size();
        drop_unreachable(day);
        if (chosen_.empty()) return;
        fill();
        SearchLimits limits;
        limits.iterations = in_.iterations;
        limits.seed = in_.seed;
        limits.with_population = false;
        SearchResult result = plan_routes(problem_, limits, arena);
        for (std::size_t t = 0; t < problem_.trucks.size(); ++t) take_route(t, result.plan.routes[t], day);
    }

private:
    [[nodiscard]] std::size_t base() const { return depots_.size() + in_.sites.size(); }
    [[nodiscard]] routing::Weight ms(std::size_t from, std::size_t to) const { return between_[from * width_ + to]; }

    void drop_unreachable(DayPlan& day) {
        std::vector<std::size_t> kept;
        bins_.clear();
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            const std::size_t at = base() + k;
            bool reached = false, leads = false;
            for (std::size_t d = 0; d < depots_.size(); ++d) reached = reached || ms(d, at) < routing::infinite_weight;
            for (std::size_t s = 0; s < in_.sites.size(); ++s) leads = leads || ms(at, depots_.size() + s) < routing::infinite_weight;
            if (reached && leads) bins_.push_back(at), kept.push_back(chosen_[k]);
            else day.left_out.push_back(in_.bins[chosen_[k]]);
        }
        chosen_ = std::move(kept);
    }

    // Matrix row of a location of the problem; the virtual ends have none.
    [[nodiscard]] std::size_t row_of(std::size_t location) const {
        if (location < depots_.size()) return location;
        return location < 2 * depots_.size() + in_.sites.size() ? location - depots_.size() : bins_[location - first_bin()];
    }
    [[nodiscard]] std::size_t first_bin() const { return 2 * depots_.size() + in_.sites.size(); }
    [[nodiscard]] bool is_end(std::size_t location) const { return location >= depots_.size() && location < 2 * depots_.size(); }

    // From a matrix row by the best site to a depot: the last unloading and the way home.
    [[nodiscard]] std::pair<Cost, std::size_t> way_home(std::size_t row, std::size_t depot) const {
        std::pair<Cost, std::size_t> best{routing::infinite_weight / 4, 0};
        for (std::size_t s = 0; s < in_.sites.size(); ++s) {
            const Cost unload = static_cast<Cost>((*rows_.unloading_s)[in_.sites[s]] * 1000);
            const Cost way = Cost{ms(row, depots_.size() + s)} + unload + ms(depots_.size() + s, depot);
            if (way < best.first) best = {way, s};
        }
        return best;
    }

    void fill() {
        const std::size_t n = first_bin() + chosen_.size(), d = depots_.size();
        RoutingProblem& p = problem_;
        p.resize(n);
        p.has_windows = true;
        p.capacity = static_cast<Cost>(in_.capacity_kg);
        p.distance_matrix.assign(n * n, 0);
        const Cost far = routing::infinite_weight / 4;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                Cost way = is_end(i) ? far : is_end(j) ? way_home(row_of(i), j - d).first : std::min<Cost>(ms(row_of(i), row_of(j)), far);
                if (i == j) way = 0;
                p.distance_matrix[i * n + j] = static_cast<std::int32_t>(std::min(way, far));
            }
        }
        p.x.resize(n), p.y.resize(n);
        for (std::size_t i = 0; i < first_bin(); ++i) {
            const Index site = i < 2 * d ? depots_[i % d] : in_.sites[i - 2 * d];
            p.x[i] = (*rows_.site_x)[site], p.y[i] = (*rows_.site_y)[site];
            p.is_client[i] = 0;
            if (i < 2 * d) continue;
            p.reload_sites.push_back(static_cast<Index>(i));
            p.service[i] = static_cast<Cost>((*rows_.unloading_s)[site] * 1000);
            p.earliest[i] = static_cast<Cost>(std::max(0.0, (*rows_.opens_s)[site] - in_.seconds_of_day) * 1000);
            p.latest[i] = static_cast<Cost>(std::max(0.0, (*rows_.closes_s)[site] - in_.seconds_of_day) * 1000);
        }
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            const std::size_t i = first_bin() + k;
            const double kg = std::min(in_.bin_kg[chosen_[k]], in_.capacity_kg);
            p.x[i] = (*rows_.bin_x)[in_.bins[chosen_[k]]], p.y[i] = (*rows_.bin_y)[in_.bins[chosen_[k]]];
            p.demand[i] = static_cast<std::int32_t>(std::ceil(kg));
            p.service[i] = static_cast<Cost>((in_.stop_s + in_.s_per_kg * kg) * 1000);
        }
        for (Index t : trucks_) {
            const auto depot = static_cast<Index>(std::find(depots_.begin(), depots_.end(), (*rows_.truck_depot)[t]) - depots_.begin());
            p.trucks.push_back({depot, static_cast<Index>(d + depot), 0, static_cast<Cost>(in_.shift_s * 1000)});
        }
        std::vector<TruckShift> all = p.trucks;
        p.finish();
        p.trucks = std::move(all);   // each is a truck of its own
    }

    // Bins that the shift doesn't reach are left out from the route's end; then the last unloading is written out.
    void take_route(std::size_t t, std::vector<Index> route, DayPlan& day) {
        const auto late = [&] { return timetable(problem_, route, problem_.trucks[t]).back().arrival > problem_.trucks[t].latest; };
        while (!route.empty() && late()) {
            if (problem_.is_client[route.back()]) day.left_out.push_back(in_.bins[chosen_[route.back() - first_bin()]]);
            route.pop_back();
        }
        while (!route.empty() && !problem_.is_client[route.back()]) route.pop_back();
        if (route.empty()) return;
        Tour tour;
        tour.truck = trucks_[t];
        const auto times = timetable(problem_, route, problem_.trucks[t]);
        for (std::size_t k = 0; k < route.size(); ++k) {
            const std::size_t i = route[k];
            tour.stops.push_back(i >= first_bin() ? in_.bins[chosen_[i - first_bin()]] : site_offset + in_.sites[i - 2 * depots_.size()]);
            tour.expected_s.push_back(static_cast<double>(times[k + 1].begin) * 1e-3);
        }
        const auto [home, site] = way_home(row_of(route.back()), problem_.trucks[t].start);
        tour.stops.push_back(site_offset + in_.sites[site]);
        tour.expected_s.push_back(static_cast<double>(times[route.size()].departure + ms(row_of(route.back()), depots_.size() + site)) * 1e-3);
        tour.expected_s.push_back(static_cast<double>(times[route.size()].departure + home) * 1e-3);
        day.tours.push_back(std::move(tour));
    }

    const CityRows& rows_;
    const DayInput& in_;
    std::vector<std::size_t> chosen_, bins_;   ///< positions in the input's bins; matrix rows of those kept
    std::vector<Index> trucks_, depots_;
    std::vector<routing::Weight> between_;
    std::size_t width_ = 0;
    RoutingProblem problem_;
};

}  // namespace

DayPlan plan_day(const CityRows& rows, const DayInput& input, const TruckRoads& roads, std::span<const double> times, std::span<const double> closed, Arena& arena) {
    DayPlan day;
    if (input.bins.empty()) return day;
    if (input.trucks.empty() || input.sites.empty()) {
        day.left_out = input.bins;
        return day;
    }
    const std::size_t parts = std::min(input.trucks.size(), (input.bins.size() + most_stops - 1) / most_stops);
    const Index home = (*rows.truck_depot)[input.trucks.front()];
    std::vector<std::pair<std::int32_t, std::size_t>> order;
    for (std::size_t k = 0; k < input.bins.size(); ++k) order.emplace_back(pseudo_angle((*rows.bin_x)[input.bins[k]] - (*rows.site_x)[home], (*rows.bin_y)[input.bins[k]] - (*rows.site_y)[home]), k);
    std::sort(order.begin(), order.end());
    for (std::size_t part = 0; part < parts; ++part) {
        std::vector<std::size_t> chosen;
        for (std::size_t k = order.size() * part / parts; k < order.size() * (part + 1) / parts; ++k) chosen.push_back(order[k].second);
        std::sort(chosen.begin(), chosen.end());
        const std::vector<Index> trucks(input.trucks.begin() + static_cast<std::ptrdiff_t>(input.trucks.size() * part / parts), input.trucks.begin() + static_cast<std::ptrdiff_t>(input.trucks.size() * (part + 1) / parts));
        Sector(rows, input, std::move(chosen), trucks).plan(roads, times, closed, arena, day);
    }
    std::sort(day.left_out.begin(), day.left_out.end());
    return day;
}

}  // namespace citytwin::waste
