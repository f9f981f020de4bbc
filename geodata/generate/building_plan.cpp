#include "geodata/generate/building_plan.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_map>

#include "core/base/whole_shares.hpp"
#include "core/random/philox.hpp"

namespace citytwin::geodata {

namespace {

constexpr double corner_clearance_m = 25, frontage_m = 21, setback_m = 8;
constexpr double floor_height_m = 3;

/// One side of a block: the link that has the block on its right (traffic drives on the right).
struct BlockSide {
    Index link = no_index, from = no_index, to = no_index;
    RoadClass road_class = RoadClass::residential;
    Index name = no_index;
};

BlockSide side_of(const StreetPlan& streets, Index bx, Index by, int side) {
    // Clockwise around the block the inside is on the right: west side north, north side east, east side south, south side west.
    const Index sw = streets.crossing(bx, by), se = streets.crossing(bx + 1, by), nw = streets.crossing(bx, by + 1);
    const Index street = side == 0 ? streets.north[sw] : side == 1 ? streets.east[nw] : side == 2 ? streets.north[se] : streets.east[sw];
    if (street == no_index || streets.streets[street].bridge) return {};
    const Street& s = streets.streets[street];
    const bool forward = side < 2;
    return {2 * street + (forward ? 0u : 1u), forward ? s.from : s.to, forward ? s.to : s.from, s.road_class, s.name};
}

BuildingUse draw_use(ZoneCharacter character, bool on_arterial, double u) {
    struct Row {
        double residential, mixed, office, retail;  // cumulated; the rest is industrial
    };
    constexpr Row table[] = {{0.25, 0.60, 0.85, 1.00}, {0.80, 0.92, 0.96, 1.00}, {0.91, 0.96, 0.98, 1.00}, {0.10, 0.15, 0.30, 0.40}};
    const Row& row = table[static_cast<int>(character)];
    if (on_arterial) u = u + (1 - u) * 0.25 * (character == ZoneCharacter::industrial ? 0.0 : 1.0);  // shops follow the main streets
    if (u < row.residential) return BuildingUse::residential;
    if (u < row.mixed) return BuildingUse::mixed;
    if (u < row.office) return BuildingUse::office;
    return u < row.retail ? BuildingUse::retail : BuildingUse::industrial;
}

std::int32_t draw_floors(ZoneCharacter character, BuildingUse use, double u) {
    if (use == BuildingUse::industrial || use == BuildingUse::retail) return character == ZoneCharacter::centre ? 2 + static_cast<std::int32_t>(u * 3) : 1 + (u > 0.7);
    switch (character) {
        case ZoneCharacter::centre: return 4 + static_cast<std::int32_t>(u * 5);
        case ZoneCharacter::inner: return 2 + static_cast<std::int32_t>(u * u * 5);
        default: return 1 + static_cast<std::int32_t>(u * u * 3.2);
    }
}

/// Older towards the centre: 1890 … 2020.
std::int32_t draw_year(ZoneCharacter character, double u, double v) {
    const std::int32_t base = character == ZoneCharacter::centre ? 1890 : character == ZoneCharacter::inner ? 1925 : 1955;
    return base + static_cast<std::int32_t>((u + v) / 2 * (2021 - base));
}

struct SideLots {
    const StreetPlan& streets;
    const BlockSide& side;
    Index zone, block;
    ZoneCharacter character;
    const Random& random;
};

void push_lot(const SideLots& at, std::uint64_t key, double along, double width, BuildingPlan& out) {
    const double ax = at.streets.x[at.side.from], ay = at.streets.y[at.side.from];
    const double dx = at.streets.x[at.side.to] - ax, dy = at.streets.y[at.side.to] - ay;
    const double length = std::sqrt(dx * dx + dy * dy), ux = dx / length, uy = dy / length, nx = uy, ny = -ux;  // n points to the right
    const bool arterial = at.side.road_class == RoadClass::primary || at.side.road_class == RoadClass::secondary;
    const BuildingUse use = draw_use(at.character, arterial, at.random.uniform(key, 0));
    const double front = width * (0.6 + 0.3 * at.random.uniform(key, 1)), depth = 9 + 5 * at.random.uniform(key, 2);
    const double setback = setback_m + (arterial ? 4 : 0);
    const double corners[4][2] = {{-front / 2, setback}, {front / 2, setback}, {front / 2, setback + depth}, {-front / 2, setback + depth}};
    double outline[8];
    for (int c = 0; c < 4; ++c) {
        outline[2 * c] = ax + ux * (along + corners[c][0]) + nx * corners[c][1];
        outline[2 * c + 1] = ay + uy * (along + corners[c][0]) + ny * corners[c][1];
    }
    const std::int32_t floors = draw_floors(at.character, use, at.random.uniform(key, 3));
    out.x.push_back(ax + ux * along + nx * (setback + depth / 2));
    out.y.push_back(ay + uy * along + ny * (setback + depth / 2));
    out.footprint_m2.push_back(front * depth);
    out.height_m.push_back(floors * floor_height_m + (use == BuildingUse::industrial ? 3 : 1));
    out.road_offset_m.push_back(along);
    out.zone.push_back(at.zone);
    out.road_link.push_back(at.side.link);
    out.use.push_back(use);
    out.floors.push_back(floors);
    out.year.push_back(draw_year(at.character, at.random.uniform(key, 4), at.random.uniform(key, 5)));
    out.outline.push_row(outline);
    out.address.push_back(at.streets.names[at.side.name]);
}

void push_block(const StreetPlan& streets, const ZonePlan& zones, const Random& random, Index block, BuildingPlan& out) {
    const Index zone = zones.zone_of_block[block];
    if (zone == no_index) return;
    const Index bx = block % (streets.columns - 1), by = block / (streets.columns - 1);
    for (int s = 0; s < 4; ++s) {
        const BlockSide side = side_of(streets, bx, by, s);
        if (side.link == no_index) continue;
        const double dx = streets.x[side.to] - streets.x[side.from], dy = streets.y[side.to] - streets.y[side.from];
        const double usable = std::sqrt(dx * dx + dy * dy) - 2 * corner_clearance_m;
        const int lots = usable < frontage_m * 0.7 ? 0 : std::max(1, static_cast<int>(usable / frontage_m + 0.5));
        for (int lot = 0; lot < lots; ++lot) {
            const std::uint64_t key = (std::uint64_t{block} << 8) | static_cast<std::uint64_t>(s << 6) | static_cast<std::uint64_t>(lot);
            push_lot({streets, side, zone, block, zones.character[zone], random}, key, corner_clearance_m + (lot + 0.5) * usable / lots, usable / lots, out);
        }
    }
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void append(BuildingPlan& to, BuildingPlan& from) {
    append(to.x, from.x);
    append(to.y, from.y);
    append(to.footprint_m2, from.footprint_m2);
    append(to.height_m, from.height_m);
    append(to.road_offset_m, from.road_offset_m);
    append(to.zone, from.zone);
    append(to.road_link, from.road_link);
    append(to.use, from.use);
    append(to.floors, from.floors);
    append(to.year, from.year);
    append(to.address, from.address);
    for (std::size_t row = 0; row < from.outline.size(); ++row) to.outline.push_row(from.outline[row]);
}

/// House numbers run along each street in the order of the buildings.
void number_houses(BuildingPlan& buildings) {
    std::unordered_map<std::string, std::int32_t> number;
    for (auto& address : buildings.address) {
        const std::int32_t n = number[address] += 1;
        address = std::to_string(n) + " " + address;
    }
}

}  // namespace

const char* name_of(BuildingUse use) {
    constexpr const char* names[] = {"residential", "mixed", "office", "retail", "industrial", "school", "hospital", "university", "public_service"};
    return names[static_cast<int>(use)];
}

BuildingPlan plan_buildings(const StreetPlan& streets, const ZonePlan& zones, const CityGeneratorOptions& options, Arena& arena) {
    const Random random(options.seed, "generate.building");
    const std::size_t blocks = zones.zone_of_block.size();
    constexpr std::size_t batch = 256;  // blocks a task; the batches are joined in order
    std::vector<BuildingPlan> parts((blocks + batch - 1) / batch);
    arena.each(parts.size(), [&](std::size_t p) {
        for (std::size_t block = p * batch; block < std::min(blocks, (p + 1) * batch); ++block) push_block(streets, zones, random, static_cast<Index>(block), parts[p]);
    }, 1);
    BuildingPlan all;
    for (auto& part : parts) append(all, part);
    number_houses(all);
    return all;
}

namespace {

/// One resident for each dwelling, the others by dwellings times a draw, so that small households stand beside large ones.
void share_residents(BuildingPlan& buildings, const CityGeneratorOptions& options, std::uint64_t dwellings) {
    const Random random(options.seed, "generate.residents");
    std::vector<double> weights(buildings.size());
    for (std::size_t b = 0; b < buildings.size(); ++b) weights[b] = buildings.dwellings[b] * 2 * random.uniform(b, 0);
    buildings.residents = whole_shares(options.population - dwellings, weights);
    for (std::size_t b = 0; b < buildings.size(); ++b) buildings.residents[b] += buildings.dwellings[b];
}

}  // namespace

void fill_buildings(BuildingPlan& buildings, const CityGeneratorOptions& options) {
    std::vector<double> homes(buildings.size()), work(buildings.size());
    for (std::size_t b = 0; b < buildings.size(); ++b) {
        const double floor_area = buildings.footprint_m2[b] * buildings.floors[b];
        // Dwellings per floor area, and floor area per job: stated defaults of the generator (m2 gross).
        switch (buildings.use[b]) {
            case BuildingUse::residential: homes[b] = floor_area; work[b] = floor_area / 2000; break;
            case BuildingUse::mixed: homes[b] = floor_area * 0.6; work[b] = floor_area * 0.4 / 40; break;
            case BuildingUse::office: work[b] = floor_area / 25; break;
            case BuildingUse::retail: work[b] = floor_area / 45; break;
            case BuildingUse::industrial: work[b] = floor_area / 60; break;
            case BuildingUse::hospital: work[b] = floor_area / 30; break;
            default: work[b] = floor_area / 50; break;
        }
    }
    const auto dwellings = static_cast<std::uint64_t>(static_cast<double>(options.population) / options.residents_per_dwelling + 0.5);
    buildings.dwellings = whole_shares(dwellings, homes);
    share_residents(buildings, options, dwellings);
    buildings.jobs = whole_shares(static_cast<std::uint64_t>(static_cast<double>(options.population) * options.jobs_per_resident + 0.5), work);
}

}  // namespace citytwin::geodata
