// Closed building ways as footprints with height, floors and use.
#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "geodata/crs/crs.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/import_report/issue_tally.hpp"
#include "geodata/osm/import.hpp"
#include "geodata/osm/osm_data.hpp"
#include "geodata/vector/part_table.hpp"

namespace citytwin::geodata {
namespace {

using namespace osm;

constexpr double floor_height_m = 3.0;  // city.md section 10

/// "12", "12.5 m", "40 ft", "40'": metres, or nothing.
std::optional<double> metres(std::optional<std::uint32_t> text_number, const TextPool& texts) {
    if (!text_number) return std::nullopt;
    std::string_view text = trimmed(texts[*text_number]);
    double factor = 1;
    for (const auto& [unit, value] : {std::pair<std::string_view, double>{"ft", 0.3048}, {"'", 0.3048}, {"m", 1.0}}) {
        if (!text.ends_with(unit)) continue;
        text = trimmed(text.substr(0, text.size() - unit.size()));
        factor = value;
        break;
    }
    const auto number = parse_number(text);
    return number && *number > 0 && *number < 1000 ? std::optional(*number * factor) : std::nullopt;
}

struct Footprints {
    std::vector<std::string> ids, use;
    std::vector<double> x, y, area, height;
    std::vector<std::int32_t> floors;
    Ragged<double> shape;
};

/// Signed area and centroid of a ring (not closed), relative to its first point to keep the digits.
struct RingMeasure {
    double area = 0, x = 0, y = 0;
};
RingMeasure measured(std::span<const double> ring) {
    RingMeasure m;
    const std::size_t n = ring.size() / 2;
    double sum_x = 0, sum_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t j = (i + 1) % n;
        const double ax = ring[2 * i] - ring[0], ay = ring[2 * i + 1] - ring[1], bx = ring[2 * j] - ring[0], by = ring[2 * j + 1] - ring[1];
        const double cross = ax * by - bx * ay;
        m.area += cross / 2;
        sum_x += (ax + bx) * cross;
        sum_y += (ay + by) * cross;
    }
    m.x = ring[0] + (m.area != 0 ? sum_x / (6 * m.area) : 0);
    m.y = ring[1] + (m.area != 0 ? sum_y / (6 * m.area) : 0);
    return m;
}

class FootprintReader {
public:
    FootprintReader(const OsmData& data, const City& city)
        : data_(data), city_(city), to_city_(CoordinateTransform::from_degrees(city.crs)),
          open_("CT-OSM-191", "warning", "building_outline_not_closed", "dropped", "the way is open, or some of its nodes lie outside the extract"),
          flat_("CT-OSM-192", "warning", "building_without_area", "dropped", "its outline covers less than 1 m2"),
          low_("CT-OSM-193", "note", "building_height_unknown", "defaulted", "without height and building:levels a building is one floor of 3 m") {}

    Footprints read() {
        for (Index way = 0; way < data_.buildings.size(); ++way) take(way);
        return std::move(result_);
    }
    void report(City& city) {
        for (auto* tally : {&open_, &flat_, &low_}) tally->finish(city, data_.buildings.size());
        IssueTally relations("CT-OSM-194", "note", "building_relations_not_read", "dropped", "buildings of several rings; take them from a vector file");
        relations.add_count(data_.building_relations);
        relations.finish(city, data_.buildings.size() + data_.building_relations);
    }

private:
    [[nodiscard]] Index row_of(ObjectId id) const {
        const auto& ids = data_.nodes.id;
        const auto found = std::lower_bound(ids.begin(), ids.end(), id);
        const auto row = static_cast<Index>(found - ids.begin());
        return found != ids.end() && *found == id && data_.nodes.x[row] != NodeTable::no_place ? row : no_index;
    }

    /// The outline in the local frame, counter-clockwise and not closed; empty if it is open or incomplete.
    std::vector<double> outline(Index way, Index& first_row) const {
        const auto& ways = data_.buildings;
        const auto first = ways.ref_offset[way], last = ways.ref_offset[way + 1];
        if (first == last) return {};
        first_row = row_of(ways.refs[first]);
        if (last - first < 4 || ways.refs[first] != ways.refs[last - 1]) return {};
        std::vector<double> x, y, ring;
        for (auto i = first; i + 1 < last; ++i) {
            const Index row = row_of(ways.refs[i]);
            if (row == no_index) return {};
            x.push_back(data_.nodes.lon(row));
            y.push_back(data_.nodes.lat(row));
        }
        to_city_.forward(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            ring.push_back(x[i] - city_.origin_x);
            ring.push_back(y[i] - city_.origin_y);
        }
        if (measured(ring).area < 0) {
            for (std::size_t a = 0, b = x.size() - 1; a < b; ++a, --b) {
                std::swap(ring[2 * a], ring[2 * b]);
                std::swap(ring[2 * a + 1], ring[2 * b + 1]);
            }
        }
        return ring;
    }

    void take(Index way) {
        Index row = no_index;
        const std::vector<double> ring = outline(way, row);
        const std::string id = "way " + std::to_string(data_.buildings.id[way]);
        const double lon = row == no_index ? 0 : data_.nodes.lon(row), lat = row == no_index ? 0 : data_.nodes.lat(row);
        if (ring.empty()) return open_.add(id, lon, lat);
        const RingMeasure m = measured(ring);
        if (!(m.area >= 1)) return flat_.add(id, lon, lat);
        result_.ids.push_back(std::to_string(data_.buildings.id[way]));
        result_.x.push_back(m.x);
        result_.y.push_back(m.y);
        result_.area.push_back(m.area);
        result_.shape.push_row(ring);
        const auto use = data_.buildings.tag(way, TagKey::building);
        result_.use.push_back(use ? data_.texts[*use] : "yes");
        if (!add_height(way)) low_.add(id, lon, lat);
    }

    /// False if neither height nor floors are known.
    bool add_height(Index way) {
        const auto height = metres(data_.buildings.tag(way, TagKey::height), data_.texts);
        const auto levels_text = data_.buildings.tag(way, TagKey::building_levels);
        auto levels = levels_text ? parse_number(trimmed(data_.texts[*levels_text])) : std::nullopt;
        if (levels && !(*levels > 0 && *levels < 300)) levels.reset();
        const double known = levels ? std::ceil(*levels) : height ? std::round(*height / floor_height_m) : 1;
        result_.floors.push_back(static_cast<std::int32_t>(std::clamp(known, 1.0, 300.0)));
        result_.height.push_back(height ? *height : result_.floors.back() * floor_height_m);
        return height || levels;
    }

    const OsmData& data_;
    const City& city_;
    CoordinateTransform to_city_;
    IssueTally open_, flat_, low_;
    Footprints result_;
};

}  // namespace

void add_osm_buildings(City& city, const std::string& path, Arena& arena) {
    require_new_set(city, "building", path);
    if (city.crs.empty()) fail("CT-OSM-007", {path}, "the city's roads have no coordinate system, so the buildings can't be placed", "name it with crs");
    const OsmData data = read_osm_file(path, arena.threads());
    FootprintReader reader(data, city);
    Footprints footprints = reader.read();
    reader.report(city);
    EntitySet& set = city.add_set("building", footprints.ids.size());
    set.ids = std::move(footprints.ids);
    std::vector<double> floor_area(set.size());
    double area = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
        floor_area[i] = footprints.area[i] * footprints.floors[i];
        area += footprints.area[i];
    }
    set.add("x", "m", footprints.x, {}, "Centre of the footprint, local frame");
    set.add("y", "m", footprints.y, {}, "Centre of the footprint, local frame");
    set.add("use", "", std::move(footprints.use), {}, "What the building is used for");
    set.add("footprint_area", "m2", std::move(footprints.area), {}, "Area of the footprint");
    set.add("floor_area", "m2", std::move(floor_area), {}, "Footprint times floors");
    set.add("height", "m", std::move(footprints.height), {}, "Height above ground");
    set.add("floors", "1", std::move(footprints.floors), {}, "Floors above ground");
    set.add("shape", "m", std::move(footprints.shape), {}, "Footprint x0,y0,x1,y1 …, counter-clockwise, not closed, local frame");
    add_zone_of(city, set, footprints.x, footprints.y);
    add_road_access(city, set, footprints.x, footprints.y, arena);
    set_info_section(city, "buildings", nlohmann::json{{"buildings", set.size()}, {"footprint_m2", area}}.dump());
    refresh_import_info(city);
}

}  // namespace citytwin::geodata
