#include "modules/population/places_of_city.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/diagnostic.hpp"
#include "core/base/hash.hpp"
#include "core/base/whole_shares.hpp"
#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"
#include "geodata/road/road_network.hpp"
#include "geodata/road/usable_links.hpp"
#include "modules/population/model/polyline.hpp"

namespace citytwin::population {

namespace {

constexpr double off_network_m = 1'000;   // zones farther from every usable link are counted; their people use the nearest one
constexpr double stretch_m = 40;          // length of road that one site stands for
constexpr double most_radius_m = 600;

/// Empty where the set has no such figures.
std::vector<double> numbers(const EntitySet& set, std::string_view column) { return find_numbers(set, column).value_or(std::vector<double>{}); }

std::vector<Index> references(const EntitySet& set, std::string_view column) {
    const Column* found = set.find(column);
    if (found == nullptr || !std::holds_alternative<std::vector<std::uint32_t>>(found->data)) return {};
    return std::get<std::vector<std::uint32_t>>(found->data);
}

void push_site(Sites& sites, Index zone, Index link, double offset_m, double x, double y, Index building) {
    sites.zone.push_back(zone);
    sites.road_link.push_back(link);
    sites.offset_m.push_back(static_cast<float>(offset_m));
    sites.x_m.push_back(static_cast<float>(x));
    sites.y_m.push_back(static_cast<float>(y));
    sites.residents.push_back(0);
    sites.jobs.push_back(0);
    sites.dwellings.push_back(0);
    sites.building.push_back(building);
}

std::int64_t whole(double value) { return std::isfinite(value) && value > 0 ? static_cast<std::int64_t>(value + 0.5) : 0; }

// --- cities with buildings

void sites_of_buildings(const EntitySet& buildings, Places& places) {
    const auto zone = references(buildings, "zone"), link = references(buildings, "road_link");
    const auto x = numbers(buildings, "x"), y = numbers(buildings, "y"), offset = numbers(buildings, "road_offset");
    const auto residents = numbers(buildings, "residents"), jobs = numbers(buildings, "jobs"), dwellings = numbers(buildings, "dwellings");
    std::vector<Index> order;
    for (Index b = 0; b < buildings.size(); ++b) {
        if (zone[b] != no_index && link[b] != no_index) order.push_back(b);
    }
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return zone[a] < zone[b]; });
    for (const Index b : order) {
        push_site(places.sites, zone[b], link[b], offset[b], x[b], y[b], b);
        places.sites.residents.back() = static_cast<std::int32_t>(whole(residents[b]));
        places.sites.jobs.back() = jobs.empty() ? 0 : static_cast<std::int32_t>(whole(jobs[b]));
        places.sites.dwellings.back() = dwellings.empty() ? 0 : static_cast<std::int32_t>(whole(dwellings[b]));
    }
}

bool has_homes(const EntitySet* buildings) {
    if (buildings == nullptr) return false;
    return buildings->has("residents") && buildings->has("zone") && buildings->has("road_link") && buildings->has("road_offset") && buildings->has("x") && buildings->has("y");
}

// --- cities with zones only

/// How far a zone's people live from its point: about half the way to the nearest other zone, or its area as a circle.
std::vector<double> radii_of(const Zones& zones, const EntitySet& set) {
    std::vector<double> radius(zones.size(), 250);
    if (const auto area = numbers(set, "area"); !area.empty()) {
        for (std::size_t z = 0; z < zones.size(); ++z) radius[z] = std::clamp(std::sqrt(std::max(area[z], 0.0) / 3.14159265358979), 50.0, most_radius_m);
        return radius;
    }
    const SpatialIndex points(zones.x_m, zones.y_m);
    for (std::size_t z = 0; z < zones.size(); ++z) {
        const auto near = points.near(zones.x_m[z], zones.y_m[z], 2, 4 * most_radius_m);
        if (near.size() == 2) radius[z] = std::clamp(0.6 * near[1].distance_m, 50.0, most_radius_m);
    }
    return radius;
}

struct Stretch {
    Index link;
    double offset_m, x, y, weight;
    double distance_m = 0;   ///< from the zone's point, where no link is within its radius
};

class RoadStretches {
public:
    RoadStretches(const geodata::RoadNetwork& network, const std::vector<std::uint8_t>& usable) : network_(network), usable_(usable), index_(network.link_shape, usable) {}

    /// Stretches of the links within `radius_m` of a point, else a place on each of the four nearest links; empty if there is no link.
    [[nodiscard]] std::vector<Stretch> around(double x, double y, double radius_m) const {
        std::vector<Stretch> found;
        for (const NearItem& near : index_.near(x, y, 400, radius_m)) add_link(near.item, x, y, radius_m, found);
        if (!found.empty()) return found;
        for (const NearItem& near : index_.near(x, y, 4, std::numeric_limits<double>::infinity())) {
            const double share = near.offset_m / std::max(shape_length(near.item), 1e-9);
            found.push_back({near.item, share * network_.link_length_m[near.item], near.x, near.y, 1, near.distance_m});
        }
        return found;
    }

private:
    [[nodiscard]] double shape_length(Index link) const {
        const auto p = network_.link_shape[link];
        double sum = 0;
        for (std::size_t k = 2; k + 1 < p.size(); k += 2) sum += piece_length(p, k);
        return sum;
    }
    /// People live less along main roads: their stretches count less.
    [[nodiscard]] double weight_of(Index link) const {
        switch (network_.link_class[link]) {
            case geodata::RoadClass::motorway:
            case geodata::RoadClass::motorway_link:
            case geodata::RoadClass::trunk:
            case geodata::RoadClass::trunk_link: return 0;
            case geodata::RoadClass::primary_link:
            case geodata::RoadClass::secondary_link:
            case geodata::RoadClass::tertiary_link: return 0.05;
            case geodata::RoadClass::primary: return 0.4;
            case geodata::RoadClass::secondary: return 0.6;
            case geodata::RoadClass::service: return 0.5;
            default: return 1;
        }
    }
    void add_link(Index link, double x, double y, double radius_m, std::vector<Stretch>& found) const {
        const double weight = weight_of(link), shape = shape_length(link);
        if (weight <= 0 || shape < 8) return;
        const auto count = std::max(1, static_cast<int>(shape / stretch_m + 0.5));
        const auto p = network_.link_shape[link];
        std::size_t k = 2;
        double before = 0;
        for (int s = 0; s < count; ++s) {
            const double along = (s + 0.5) * shape / count;
            double piece = piece_length(p, k);
            while (before + piece < along && k + 3 < p.size()) {
                before += piece;
                k += 2;
                piece = piece_length(p, k);
            }
            const double t = piece > 0 ? (along - before) / piece : 0;
            const double px = p[k - 2] + t * (p[k] - p[k - 2]), py = p[k - 1] + t * (p[k + 1] - p[k - 1]);
            if ((px - x) * (px - x) + (py - y) * (py - y) > radius_m * radius_m) continue;
            found.push_back({link, along / shape * network_.link_length_m[link], px, py, weight * shape / count, 0});
        }
    }

    const geodata::RoadNetwork& network_;
    const std::vector<std::uint8_t>& usable_;
    SpatialIndex index_;
};

struct ZoneFigures {
    std::vector<double> population, jobs;
};

void fill_zone(Sites& sites, std::size_t first, const std::vector<Stretch>& stretches, const ZoneFigures& figures, std::size_t z) {
    std::vector<double> weights;
    for (const Stretch& s : stretches) weights.push_back(s.weight);
    const auto residents = whole_shares(static_cast<std::uint64_t>(whole(figures.population[z])), weights);
    const auto jobs = whole_shares(static_cast<std::uint64_t>(figures.jobs.empty() ? 0 : whole(figures.jobs[z])), weights);
    for (std::size_t s = 0; s < stretches.size(); ++s) {
        sites.residents[first + s] = residents[s];
        sites.jobs[first + s] = jobs[s];
    }
}

void sites_of_zones(const City& city, const EntitySet& set, const ZoneFigures& figures, Places& places, PlacesReport& report, Arena& arena) {
    const geodata::RoadNetwork network = geodata::load_road_network(city);
    const auto usable = geodata::usable_links(network);
    report.links_left_out = static_cast<std::int64_t>(std::count(usable.begin(), usable.end(), 0));
    const RoadStretches roads(network, usable);
    const auto radius = radii_of(places.zones, set);
    std::vector<std::vector<Stretch>> stretches(set.size());
    arena.each(set.size(), [&](std::size_t z) { stretches[z] = roads.around(places.zones.x_m[z], places.zones.y_m[z], radius[z]); }, 8);
    for (std::size_t z = 0; z < set.size(); ++z) {
        const std::size_t first = places.sites.size();
        for (const Stretch& s : stretches[z]) push_site(places.sites, static_cast<Index>(z), s.link, s.offset_m, s.x, s.y, no_index);
        if (!stretches[z].empty()) fill_zone(places.sites, first, stretches[z], figures, z);
        if (!stretches[z].empty() && stretches[z].front().distance_m <= off_network_m) continue;
        ++report.zones_off_network;
        report.residents_off_network += whole(figures.population[z]);
        report.jobs_off_network += figures.jobs.empty() ? 0 : whole(figures.jobs[z]);
        if (report.examples.size() < 5) report.examples.push_back(set.id_of(static_cast<Index>(z)));
    }
}

// --- schools

/// Schools as places of their own, or as a number per zone.
void add_schools(const City& city, const EntitySet& zones, Places& places) {
    std::vector<Index> first = places.zones.first_site;
    if (const EntitySet* set = city.find("place"); set != nullptr && set->has("kind")) {
        const auto& kind = set->get<std::string>("kind");
        const auto building = references(*set, "building");
        const auto capacity = numbers(*set, "capacity");
        std::vector<Index> site_of_building;
        if (const EntitySet* buildings = city.find("building")) site_of_building.assign(buildings->size(), no_index);
        for (Index s = 0; s < places.sites.size(); ++s) {
            if (places.sites.building[s] != no_index) site_of_building[places.sites.building[s]] = s;
        }
        for (std::size_t p = 0; p < set->size(); ++p) {
            if (kind[p] != "school" && kind[p] != "university") continue;
            if (building.empty() || building[p] == no_index || site_of_building[building[p]] == no_index) continue;
            places.schools.site.push_back(site_of_building[building[p]]);
            places.schools.capacity.push_back(capacity.empty() || !(capacity[p] > 0) ? 1.0 : capacity[p]);
            places.schools.university.push_back(kind[p] == "university");
        }
    }
    const auto count = numbers(zones, "schools");
    if (!places.schools.site.empty() || count.empty()) return;
    for (std::size_t z = 0; z < zones.size(); ++z) {
        const Index sites = first[z + 1] - first[z];
        const std::int64_t schools = whole(count[z]);
        for (std::int64_t k = 0; k < schools && sites > 0; ++k) {
            places.schools.site.push_back(first[z] + static_cast<Index>((2 * k + 1) * sites / (2 * schools)));
            places.schools.capacity.push_back(1);
            places.schools.university.push_back(0);
        }
    }
}

Zones zones_of(const EntitySet& set) {
    Zones zones;
    zones.x_m = numbers(set, "x");
    zones.y_m = numbers(set, "y");
    for (Index z = 0; z < set.size(); ++z) zones.key.push_back(hash_text(set.id_of(z)));
    return zones;
}

void close_zones(Places& places) {
    places.zones.first_site.assign(places.zones.size() + 1, 0);
    for (const Index zone : places.sites.zone) ++places.zones.first_site[zone + 1];
    std::partial_sum(places.zones.first_site.begin(), places.zones.first_site.end(), places.zones.first_site.begin());
}

}  // namespace

Places places_of(const City& city, PlacesReport& report, Arena& arena, bool needs_population) {
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr || zones->size() == 0) fail("CT-POPULATION-010", {}, "the city has no zones, so there is nobody in it", "add zones = { file = …, population = … } to city.toml, or give demand = …");
    if (!zones->has("x") || !zones->has("y")) fail("CT-POPULATION-011", {}, "the city's zones have no place (columns x and y)", "import them with coordinates");
    Places places;
    places.zones = zones_of(*zones);
    const EntitySet* buildings = city.find("building");
    report.from_buildings = has_homes(buildings);
    if (report.from_buildings) {
        sites_of_buildings(*buildings, places);
    } else {
        ZoneFigures figures{numbers(*zones, "population"), numbers(*zones, "jobs")};
        if (!needs_population && figures.population.empty()) figures.population.assign(zones->size(), 0);
        if (figures.population.empty()) fail("CT-POPULATION-012", {}, "the city's zones have no population", "name the column: zones = { file = …, population = \"pop\" }");
        report.blank_population = std::count_if(figures.population.begin(), figures.population.end(), [](double v) { return !std::isfinite(v); });
        report.blank_jobs = std::count_if(figures.jobs.begin(), figures.jobs.end(), [](double v) { return !std::isfinite(v); });
        sites_of_zones(city, *zones, figures, places, report, arena);
    }
    close_zones(places);
    add_schools(city, *zones, places);
    report.residents = std::accumulate(places.sites.residents.begin(), places.sites.residents.end(), std::int64_t{0});
    report.jobs = std::accumulate(places.sites.jobs.begin(), places.sites.jobs.end(), std::int64_t{0});
    return places;
}

}  // namespace citytwin::population
