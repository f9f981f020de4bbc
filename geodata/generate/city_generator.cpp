#include "geodata/generate/city_generator.hpp"

#include "core/base/diagnostic.hpp"
#include "geodata/crs/crs.hpp"
#include "geodata/generate/building_plan.hpp"
#include "geodata/generate/street_plan.hpp"
#include "geodata/road/junctions.hpp"

namespace citytwin::geodata {

namespace {

void check(const CityGeneratorOptions& o) {
    const auto range = [](const char* code, const std::string& name, double value, double least, double most) {
        if (value >= least && value <= most) return;
        fail(code, {}, "city generator: " + name + " is " + std::to_string(value) + ", expected " + std::to_string(least) + " to " + std::to_string(most),
             "choose a value in that range");
    };
    range("CT-GEN-001", "population", static_cast<double>(o.population), least_generated_population, most_generated_population);
    range("CT-GEN-002", "density_per_km2", o.density_per_km2, 500, 15'000);
    range("CT-GEN-003", "jobs_per_resident", o.jobs_per_resident, 0, 1);
    range("CT-GEN-004", "residents_per_dwelling", o.residents_per_dwelling, 1.05, 6);
    range("CT-GEN-005", "block_m", o.block_m, 80, 400);
}

template <class Enum>
std::vector<std::string> words(const std::vector<Enum>& values) {
    std::vector<std::string> result;
    result.reserve(values.size());
    for (const Enum value : values) result.emplace_back(name_of(value));
    return result;
}

std::vector<std::string> numbered(const char* prefix, std::size_t n) {
    std::vector<std::string> ids(n);
    for (std::size_t i = 0; i < n; ++i) ids[i] = prefix + std::to_string(i + 1);
    return ids;
}

void store_zones(City& city, ZonePlan& zones, const BuildingPlan& buildings) {
    std::vector<double> population(zones.size(), 0), jobs(zones.size(), 0), dwellings(zones.size(), 0);
    for (std::size_t b = 0; b < buildings.size(); ++b) {
        population[buildings.zone[b]] += buildings.residents[b];
        jobs[buildings.zone[b]] += buildings.jobs[b];
        dwellings[buildings.zone[b]] += buildings.dwellings[b];
    }
    EntitySet& set = city.add_set("zone", zones.size());
    set.ids = numbered("z", zones.size());
    set.add("x", "m", std::move(zones.x), {}, "Centre of the zone, local frame");
    set.add("y", "m", std::move(zones.y), {}, "Centre of the zone, local frame");
    set.add("population", "1", std::move(population), {}, "Residents");
    set.add("jobs", "1", std::move(jobs), {}, "Jobs");
    set.add("dwellings", "1", std::move(dwellings), {}, "Dwellings");
    set.add("area", "m2", std::move(zones.area_m2), {}, "Area of the outline");
    set.add("character", "", words(zones.character), {}, "Centre, inner, outer or industrial");
    set.add("shape", "m", std::move(zones.outline), {}, "Outline x0,y0,x1,y1 … counter-clockwise, not closed, local frame");
}

void store_buildings(City& city, BuildingPlan& b) {
    EntitySet& set = city.add_set("building", b.size());
    set.ids = numbered("b", b.size());
    std::vector<double> floor_area(b.size());
    for (std::size_t i = 0; i < b.size(); ++i) floor_area[i] = b.footprint_m2[i] * b.floors[i];
    set.add("x", "m", std::move(b.x), {}, "Centre of the footprint, local frame");
    set.add("y", "m", std::move(b.y), {}, "Centre of the footprint, local frame");
    set.add("use", "", words(b.use), {}, "What the building is used for");
    set.add("footprint_area", "m2", std::move(b.footprint_m2), {}, "Area of the footprint");
    set.add("floor_area", "m2", std::move(floor_area), {}, "Footprint times floors");
    set.add("height", "m", std::move(b.height_m), {}, "Height above ground");
    set.add("floors", "1", std::move(b.floors), {}, "Floors above ground");
    set.add("year", "1", std::move(b.year), {}, "Year of construction");
    set.add("dwellings", "1", std::move(b.dwellings), {}, "Dwellings");
    set.add("residents", "1", std::move(b.residents), {}, "Residents at night");
    set.add("jobs", "1", std::move(b.jobs), {}, "Jobs");
    set.add("address", "", std::move(b.address), {}, "House number and street");
    set.add("zone", "1", std::move(b.zone), "zone", "Zone the building lies in");
    set.add("road_link", "1", std::move(b.road_link), "road_link", "Street it is reached from, on the building's side");
    set.add("road_offset", "m", std::move(b.road_offset_m), {}, "Metres from the link's start");
    set.add("shape", "m", std::move(b.outline), {}, "Footprint x0,y0,x1,y1 …, not closed, local frame");
}

void store_places(City& city, PlacePlan& p) {
    EntitySet& set = city.add_set("place", p.size());
    set.ids = std::move(p.id);
    set.add("kind", "", std::move(p.kind), {}, "School, hospital, depot, substation …");
    set.add("x", "m", std::move(p.x), {}, "Local frame");
    set.add("y", "m", std::move(p.y), {}, "Local frame");
    set.add("capacity", "1", std::move(p.capacity), {}, "Pupils, beds, vehicles, MVA, m3: by kind");
    set.add("zone", "1", std::move(p.zone), "zone", "Zone it lies in; missing outside the built-up area");
    set.add("building", "1", std::move(p.building), "building", "Its building, if it has one");
    set.add("road_link", "1", std::move(p.road_link), "road_link", "Street it is reached from");
    set.add("road_offset", "m", std::move(p.road_offset_m), {}, "Metres from the link's start");
}

/// Degrees of the crossings, for maps and exports.
void locate_nodes(RoadNetwork& network, Arena& arena) {
    if (network.crs.empty()) return;
    network.node_lon.resize(network.nodes());
    network.node_lat.resize(network.nodes());
    for (std::size_t n = 0; n < network.nodes(); ++n) {
        network.node_lon[n] = network.node_x[n] + network.origin_x;
        network.node_lat[n] = network.node_y[n] + network.origin_y;
    }
    CoordinateTransform::from_degrees(network.crs).inverse(network.node_lon, network.node_lat, &arena);
}

}  // namespace

City generate_city(const CityGeneratorOptions& options, Arena& arena) {
    check(options);
    const StreetPlan streets = plan_streets(options);
    ZonePlan zones = plan_zones(streets, options);
    BuildingPlan buildings = plan_buildings(streets, zones, options, arena);
    PlacePlan places = plan_places(streets, zones, buildings, options);
    fill_buildings(buildings, options);
    City city;
    city.name = options.name;
    city.crs = options.crs;
    city.origin_x = options.origin_x;
    city.origin_y = options.origin_y;
    RoadNetwork network = network_of(streets, options);
    locate_nodes(network, arena);
    build_junctions(network, {}, arena);
    store_road_network(city, std::move(network));
    store_zones(city, zones, buildings);
    store_buildings(city, buildings);
    store_places(city, places);
    city.issues.push_back({"CT-GEN-000", "note", "synthetic_city", "read", city.at("road_link").size(), 0, 1.0, {}, "a generated city: shapes and counts are stated defaults, nothing is measured"});
    return city;
}

}  // namespace citytwin::geodata
