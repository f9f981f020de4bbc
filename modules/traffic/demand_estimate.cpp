#include "modules/traffic/demand_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "core/base/csv.hpp"
#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"

namespace citytwin::traffic {
namespace {

constexpr double least_factor = 0.1, most_factor = 5;

/// Splits rows by the wider of their two extents into parts of about equal weight.
void split(std::vector<Index>& rows, std::size_t first, std::size_t last, std::size_t parts, std::size_t& next, const std::vector<double>& x, const std::vector<double>& y,
           const std::vector<double>& weight, std::vector<Index>& part_of) {
    if (parts <= 1 || last - first <= 1) {
        for (std::size_t i = first; i < last; ++i) part_of[rows[i]] = static_cast<Index>(next);
        ++next;
        return;
    }
    const auto extent = [&](const std::vector<double>& at) {
        const auto [low, high] = std::minmax_element(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.begin() + static_cast<std::ptrdiff_t>(last), [&](Index a, Index b) { return at[a] < at[b]; });
        return at[*high] - at[*low];
    };
    const std::vector<double>& along = extent(x) >= extent(y) ? x : y;
    std::sort(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.begin() + static_cast<std::ptrdiff_t>(last), [&](Index a, Index b) { return std::pair(along[a], a) < std::pair(along[b], b); });
    double total = 0;
    for (std::size_t i = first; i < last; ++i) total += weight[rows[i]];
    const std::size_t left_parts = parts / 2;
    const double wanted = total * static_cast<double>(left_parts) / static_cast<double>(parts);
    std::size_t middle = first + 1;
    for (double sum = weight[rows[first]]; middle + 1 < last && sum < wanted; ++middle) sum += weight[rows[middle]];
    split(rows, first, middle, left_parts, next, x, y, weight, part_of);
    split(rows, middle, last, parts - left_parts, next, x, y, weight, part_of);
}

}  // namespace

namespace {

std::vector<Index> zones_of_links(const City& city, const geodata::RoadNetwork& network) {
    std::vector<Index> zone_of_link(network.links(), no_index);
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr || zones->size() == 0 || !zones->has("x") || !zones->has("y")) return zone_of_link;
    const SpatialIndex centres(zones->get<double>("x"), zones->get<double>("y"));
    for (Index link = 0; link < network.links(); ++link) {
        const Index from = network.link_from[link];
        if (const auto near = centres.nearest(network.node_x[from], network.node_y[from])) zone_of_link[link] = near->item;
    }
    return zone_of_link;
}

}  // namespace

DemandAreas DemandAreas::from(const City& city, const geodata::RoadNetwork& network, const std::string& file) {
    DemandAreas areas;
    areas.zone_of_link = zones_of_links(city, network);
    const EntitySet* zones = city.find("zone");
    areas.area_of_zone.assign(zones == nullptr ? 0 : zones->size(), no_index);
    std::map<std::string, Index, std::less<>> number;
    CsvReader csv(file);
    const std::size_t zone = csv.column("zone"), district = csv.column("district");
    while (csv.next()) {
        const Index row = zones == nullptr ? no_index : zones->row_of(csv.text(zone));
        if (row == no_index) fail("CT-TRAFFIC-020", csv.place(zone), fmt::format("the city has no zone '{}'", csv.text(zone)), "districts belong to one city");
        areas.area_of_zone[row] = number.try_emplace(std::string(csv.text(district)), static_cast<Index>(number.size())).first->second;
    }
    for (Index row = 0; row < areas.area_of_zone.size(); ++row) {
        if (areas.area_of_zone[row] == no_index) fail("CT-TRAFFIC-022", {file}, fmt::format("zone '{}' has no district", zones->id_of(row)), "give each zone of the city one");
    }
    areas.areas = std::max<std::size_t>(1, number.size());
    return areas;
}

DemandAreas DemandAreas::of(const City& city, const geodata::RoadNetwork& network, std::size_t most) {
    DemandAreas areas;
    areas.zone_of_link = zones_of_links(city, network);
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr || zones->size() == 0 || !zones->has("x") || !zones->has("y")) return areas;
    const auto &x = zones->get<double>("x"), &y = zones->get<double>("y");
    areas.area_of_zone.assign(zones->size(), 0);
    std::vector<double> weight(zones->size(), 1.0);
    if (zones->has("population")) {
        const std::vector<double> population = numbers_of(*zones, "population");
        for (std::size_t z = 0; z < weight.size(); ++z) weight[z] = std::max(1.0, population[z]);
    }
    std::vector<Index> rows(zones->size());
    std::iota(rows.begin(), rows.end(), Index{0});
    std::size_t made = 0;
    split(rows, 0, rows.size(), std::min(most, rows.size()), made, x, y, weight, areas.area_of_zone);
    areas.areas = made;
    return areas;
}

DemandEstimate::DemandEstimate(DemandAreas areas) : areas_(std::move(areas)), matching_(areas_.areas), factors_(areas_.areas, 1.0) {}

void DemandEstimate::watch(std::span<const Index> links) {
    watched_.assign(areas_.zone_of_link.size(), no_index);
    Index next = 0;
    for (const Index link : links) watched_[link] = next++;
    contributions_.assign(links.size() * areas_.areas, 0.0);
    seconds_.assign(links.size(), 0.0);
    free_seconds_.assign(links.size(), 0.0);
}

void DemandEstimate::passed(Index link, Index origin, double part, double seconds, double free_seconds) {
    const Index row = watched_[link];
    if (row == no_index) return;
    contributions_[row * areas_.areas + areas_.area_of_link(origin)] += part;
    seconds_[row] += seconds;
    free_seconds_[row] += free_seconds * part;
}

void DemandEstimate::take(std::span<const Index> links, std::span<const double> observed, std::span<const double> modelled, double share, bool whole_run) {
    const std::size_t n = areas_.areas;
    if (!whole_run) matching_.clear();
    std::vector<double> row(n);
    for (std::size_t i = 0; i < links.size(); ++i) {
        const double* part = contributions_.data() + watched_[links[i]] * n;
        const double total = std::accumulate(part, part + n, 0.0);
        if (total <= 0) continue;   // nobody from anywhere: the link says nothing about who should come
        for (std::size_t a = 0; a < n; ++a) row[a] = part[a] * modelled[i] / total;
        const std::size_t w = watched_[links[i]];
        const double jammed = seconds_[w] > free_seconds_[w] ? 1 - free_seconds_[w] / seconds_[w] : 0;
        matching_.add(row, observed[i], modelled[i], jammed);
    }
    for (auto* open : {&contributions_, &seconds_, &free_seconds_}) std::fill(open->begin(), open->end(), 0.0);
    const std::vector<double> change = matching_.change();
    for (std::size_t a = 0; a < n; ++a) {
        const double factor = whole_run ? 1 + change[a] : factors_[a] * (1 + share * change[a]);
        factors_[a] = std::clamp(factor, least_factor, most_factor);
    }
}

void DemandEstimate::save(StateWriter& out) const {
    out.column("demand.contributions", contributions_);
    out.column("demand.seconds", seconds_);
    out.column("demand.free_seconds", free_seconds_);
    CountMatching::each_column(matching_, [&](const char* name, const auto& column) { out.column(name, column); });
    out.column("demand.factors", factors_);
}

void DemandEstimate::load(StateReader& in) {
    in.column("demand.contributions", contributions_);
    in.column("demand.seconds", seconds_);
    in.column("demand.free_seconds", free_seconds_);
    CountMatching::each_column(matching_, [&](const char* name, auto& column) { in.column(name, column); });
    in.column("demand.factors", factors_);
}

}  // namespace citytwin::traffic
