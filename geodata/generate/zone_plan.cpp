#include <algorithm>
#include <cmath>

#include "core/random/philox.hpp"
#include "geodata/generate/building_plan.hpp"

namespace citytwin::geodata {

namespace {

constexpr Index blocks_per_zone = 3;
constexpr double centre_radius = 0.22, inner_radius = 0.6;  // shares of the half diagonal
constexpr double industrial_share = 0.16;                   // of the outer zones

struct BlockRange {
    Index column0, column1, row0, row1;  // half open, in blocks
};

/// Ranges of three blocks; a remainder of one joins the range before it.
std::vector<std::pair<Index, Index>> ranges(Index begin, Index end) {
    std::vector<std::pair<Index, Index>> result;
    for (Index at = begin; at < end; at += blocks_per_zone) result.emplace_back(at, std::min(end, at + blocks_per_zone));
    if (result.size() > 1 && result.back().second - result.back().first == 1) {
        result[result.size() - 2].second = end;
        result.pop_back();
    }
    return result;
}

void push_outline(const StreetPlan& streets, const BlockRange& range, ZonePlan& zones) {
    std::vector<double> ring;
    const auto corner = [&](Index column, Index row) {
        const Index node = streets.crossing(column, row);
        ring.push_back(streets.x[node]);
        ring.push_back(streets.y[node]);
    };
    for (Index c = range.column0; c < range.column1; ++c) corner(c, range.row0);
    for (Index r = range.row0; r < range.row1; ++r) corner(range.column1, r);
    for (Index c = range.column1; c > range.column0; --c) corner(c, range.row1);
    for (Index r = range.row1; r > range.row0; --r) corner(range.column0, r);
    double twice_area = 0, mx = 0, my = 0;
    const std::size_t n = ring.size() / 2;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t j = (i + 1) % n;
        twice_area += ring[2 * i] * ring[2 * j + 1] - ring[2 * j] * ring[2 * i + 1];
        mx += ring[2 * i];
        my += ring[2 * i + 1];
    }
    zones.x.push_back(mx / static_cast<double>(n));
    zones.y.push_back(my / static_cast<double>(n));
    zones.area_m2.push_back(twice_area / 2);
    zones.outline.push_row(ring);
}

ZoneCharacter character_of(double relative_distance, double draw) {
    if (relative_distance < centre_radius) return ZoneCharacter::centre;
    if (relative_distance < inner_radius) return ZoneCharacter::inner;
    return draw < industrial_share ? ZoneCharacter::industrial : ZoneCharacter::outer;
}

}  // namespace

const char* name_of(ZoneCharacter character) {
    constexpr const char* names[] = {"centre", "inner", "outer", "industrial"};
    return names[static_cast<int>(character)];
}

ZonePlan plan_zones(const StreetPlan& streets, const CityGeneratorOptions& options) {
    ZonePlan zones;
    const Random random(options.seed, "generate.zone_character");
    const Index block_columns = streets.columns - 1, block_rows = streets.rows - 1;
    zones.zone_of_block.assign(std::size_t{block_columns} * block_rows, no_index);
    auto rows = ranges(0, streets.river_row);
    for (const auto& north : ranges(streets.river_row + 1, block_rows)) rows.push_back(north);
    const double half = options.block_m * std::sqrt(static_cast<double>(block_columns * block_columns + block_rows * block_rows)) / 2;
    for (const auto& [row0, row1] : rows) {
        for (const auto& [column0, column1] : ranges(0, block_columns)) {
            const auto zone = static_cast<Index>(zones.size());
            push_outline(streets, {column0, column1, row0, row1}, zones);
            for (Index by = row0; by < row1; ++by) {
                for (Index bx = column0; bx < column1; ++bx) zones.zone_of_block[by * block_columns + bx] = zone;
            }
            const double distance = std::sqrt(zones.x[zone] * zones.x[zone] + zones.y[zone] * zones.y[zone]);
            zones.character.push_back(character_of(distance / half, random.uniform(zone, 0)));
        }
    }
    return zones;
}

}  // namespace citytwin::geodata
