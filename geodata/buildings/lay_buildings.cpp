#include "geodata/buildings/lay_buildings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/hash.hpp"
#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"
#include "geodata/buildings/zone_buildings.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/zone_links.hpp"

namespace citytwin::geodata {
namespace {

using namespace buildings;

std::uint64_t whole(double value) { return std::isfinite(value) && value > 0 ? static_cast<std::uint64_t>(value + 0.5) : 0; }

/// Columns of the set, filled zone by zone.
struct Columns {
    std::vector<std::string> ids, use, archetype;
    std::vector<double> x, y, footprint, floor_area, height, offset;
    std::vector<std::int32_t> floors, year, dwellings, residents, jobs;
    std::vector<Index> zone, link;
    Ragged<double> shape;
};

/// The footprint lies to the right of the link, its front along it.
void push_building(const Lot& lot, const ZoneBuildings& plan, std::size_t b, Index zone, const std::string& zone_id, Columns& out) {
    const Archetype& type = *plan.type[b];
    const double nx = lot.along_y, ny = -lot.along_x, half = type.front_m / 2, back = setback_m + type.depth_m;
    double ring[8];
    const double corners[4][2] = {{-half, back}, {half, back}, {half, setback_m}, {-half, setback_m}};   // counter-clockwise
    for (int c = 0; c < 4; ++c) {
        ring[2 * c] = lot.x + lot.along_x * corners[c][0] + nx * corners[c][1];
        ring[2 * c + 1] = lot.y + lot.along_y * corners[c][0] + ny * corners[c][1];
    }
    const double footprint = type.front_m * type.depth_m;
    out.ids.push_back(fmt::format("{}/{}", zone_id, b + 1));
    out.use.emplace_back(type.use);
    out.archetype.emplace_back(type.name);
    out.x.push_back(lot.x + nx * (setback_m + type.depth_m / 2));
    out.y.push_back(lot.y + ny * (setback_m + type.depth_m / 2));
    out.footprint.push_back(footprint);
    out.floor_area.push_back(footprint * plan.floors[b]);
    out.height.push_back(plan.floors[b] * floor_height_m);
    out.offset.push_back(lot.offset_m);
    out.floors.push_back(plan.floors[b]);
    out.year.push_back(plan.year[b]);
    out.dwellings.push_back(plan.dwellings[b]);
    out.residents.push_back(plan.residents[b]);
    out.jobs.push_back(plan.jobs[b]);
    out.zone.push_back(zone);
    out.link.push_back(lot.link);
    out.shape.push_row(ring);
}

/// Links of every zone: its column road_links, else the eight nearest of those one can live along.
Ragged<std::uint32_t> links_of(const RoadNetwork& network, const EntitySet& zones) {
    if (zones.has("road_links")) return zones.ragged<std::uint32_t>("road_links");
    const auto usable = links_to_live_along(network);
    const SpatialIndex index(lines_of(network), usable);
    const auto &x = zones.get<double>("x"), &y = zones.get<double>("y");
    Ragged<std::uint32_t> links;
    for (std::size_t z = 0; z < zones.size(); ++z) {
        std::vector<std::uint32_t> row;
        for (const NearItem& near : index.near(x[z], y[z], 8, std::numeric_limits<double>::infinity())) row.push_back(near.item);
        std::sort(row.begin(), row.end());
        links.push_row(row);
    }
    return links;
}

void store(City& city, Columns&& c) {
    EntitySet& set = city.add_set("building", c.ids.size());
    set.resize(c.ids.size());
    set.ids = std::move(c.ids);
    set.add("x", "m", std::move(c.x), {}, "Centre of the footprint, local frame");
    set.add("y", "m", std::move(c.y), {}, "Centre of the footprint, local frame");
    set.add("use", "", std::move(c.use), {}, "What the building is used for");
    set.add("footprint_area", "m2", std::move(c.footprint), {}, "Area of the footprint");
    set.add("floor_area", "m2", std::move(c.floor_area), {}, "Footprint times floors");
    set.add("height", "m", std::move(c.height), {}, "Height above ground");
    set.add("floors", "1", std::move(c.floors), {}, "Floors above ground");
    set.add("year", "1", std::move(c.year), {}, "Year of construction");
    set.add("dwellings", "1", std::move(c.dwellings), {}, "Dwellings");
    set.add("residents", "1", std::move(c.residents), {}, "Residents at night");
    set.add("jobs", "1", std::move(c.jobs), {}, "Jobs");
    set.add("zone", "1", std::move(c.zone), "zone", "Zone whose people it holds");
    set.add("road_link", "1", std::move(c.link), "road_link", "Street it is reached from, on the building's side");
    set.add("road_offset", "m", std::move(c.offset), {}, "Metres from the link's start");
    set.add("shape", "m", std::move(c.shape), {}, "Footprint x0,y0,x1,y1 …, counter-clockwise, not closed, local frame");
    set.add("archetype", "", std::move(c.archetype), {}, "House type it was laid out as");
    set.add("synthetic", "1", std::vector<std::uint8_t>(set.size(), 1), {}, "1 = laid out by citytwin, not measured");
}

void report(City& city, std::uint64_t unplaced, std::uint64_t fractions) {
    const EntitySet& set = city.at("building");
    const auto zones = static_cast<double>(city.at("zone").size());
    city.issues.push_back({"CT-BUILDING-010", "note", "synthetic_buildings", "read", set.size(), 0, 1, {},
                           "the city has no buildings: these were laid along its streets from the people and jobs of its zones; synthetic = { buildings = false } leaves them out"});
    if (unplaced != 0) {
        city.issues.push_back({"CT-BUILDING-011", "warning", "zone_without_street", "dropped", unplaced, 0, static_cast<double>(unplaced) / zones, {}, "zones with people and no street to build along have no buildings"});
    }
    if (fractions != 0) {
        city.issues.push_back({"CT-BUILDING-012", "note", "zone_people_rounded", "read", fractions, 0, static_cast<double>(fractions) / zones, {}, "parts of persons and jobs were rounded by zone"});
    }
    double footprint = 0;
    std::int64_t residents = 0, jobs = 0;
    for (std::size_t b = 0; b < set.size(); ++b) {
        footprint += set.get<double>("footprint_area")[b];
        residents += set.get<std::int32_t>("residents")[b];
        jobs += set.get<std::int32_t>("jobs")[b];
    }
    set_info_section(city, "buildings", nlohmann::json{{"buildings", set.size()}, {"footprint_m2", footprint}, {"synthetic", set.size()}, {"residents", residents}, {"jobs", jobs}}.dump());
    refresh_import_info(city);
}

}  // namespace

bool needs_buildings(const City& city) {
    const EntitySet *zones = city.find("zone"), *links = city.find("road_link"), *there = city.find("building");
    if (zones == nullptr || zones->size() == 0 || links == nullptr || links->size() == 0 || (there != nullptr && there->size() != 0)) return false;
    for (const char* column : {"population", "jobs"}) {
        for (const double value : numbers_of(*zones, column)) {
            if (whole(value) != 0) return true;
        }
    }
    return false;
}

void lay_buildings(City& city, std::uint64_t seed, Arena& arena) {
    const RoadNetwork network = load_road_network(city);
    const EntitySet& zones = city.at("zone");
    const auto population = numbers_of(zones, "population"), jobs = numbers_of(zones, "jobs");
    const Ragged<std::uint32_t> links = links_of(network, zones);
    const Random random(seed, "synthetic.building");
    std::vector<std::vector<Lot>> lots(zones.size());
    std::vector<ZoneBuildings> plans(zones.size());
    arena.each(zones.size(), [&](std::size_t z) {
        lots[z] = lots_along(network, links[z], false);
        if (lots[z].empty()) lots[z] = lots_along(network, links[z], true);
        plans[z] = plan_zone({hash_text(zones.id_of(static_cast<Index>(z))), whole(population[z]), whole(jobs[z])}, lots[z].size(), random);
    }, 16);
    Columns columns;
    std::uint64_t unplaced = 0, fractions = 0;
    for (Index z = 0; z < zones.size(); ++z) {
        for (std::size_t b = 0; b < plans[z].size(); ++b) push_building(lots[z][plans[z].lot[b]], plans[z], b, z, zones.id_of(z), columns);
        if (plans[z].size() == 0 && whole(population[z]) + whole(jobs[z]) != 0) ++unplaced;
        if (population[z] != std::floor(population[z]) || jobs[z] != std::floor(jobs[z])) ++fractions;
    }
    store(city, std::move(columns));
    report(city, unplaced, fractions);
}

}  // namespace citytwin::geodata
