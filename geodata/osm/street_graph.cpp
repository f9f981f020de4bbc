#include "geodata/osm/street_graph.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace citytwin::geodata::osm {
namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;

/// Rows of sorted ids. A sample of every 64th id stays in the cache, so that a look-up misses it once or twice only.
class RowFinder {
public:
    explicit RowFinder(const std::vector<ObjectId>& ids) : ids_(ids) {
        for (std::size_t i = 0; i < ids.size(); i += step) sample_.push_back(ids[i]);
    }
    [[nodiscard]] Index operator()(ObjectId id) const {
        const auto block = static_cast<std::size_t>(std::upper_bound(sample_.begin(), sample_.end(), id) - sample_.begin());
        if (block == 0) return no_index;
        const auto first = ids_.begin() + static_cast<std::ptrdiff_t>((block - 1) * step);
        const auto last = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(block * step, ids_.size()));
        const auto found = std::lower_bound(first, last, id);
        return found != last && *found == id ? static_cast<Index>(found - ids_.begin()) : no_index;
    }

private:
    static constexpr std::size_t step = 64;
    const std::vector<ObjectId>& ids_;
    std::vector<ObjectId> sample_;
};

double haversine_m(double lon_a, double lat_a, double cos_a, double lon_b, double lat_b, double cos_b) {
    const double x = std::sin((lat_b - lat_a) * radians_per_degree / 2), y = std::sin((lon_b - lon_a) * radians_per_degree / 2);
    return 2 * earth_radius_m * std::asin(std::sqrt(x * x + cos_a * cos_b * y * y));
}

double path_m(std::span<const Index> path, const NodeTable& nodes) {
    double length = 0, lon = nodes.lon(path[0]), lat = nodes.lat(path[0]), cosine = std::cos(lat * radians_per_degree);
    for (std::size_t i = 1; i < path.size(); ++i) {
        const double next_lon = nodes.lon(path[i]), next_lat = nodes.lat(path[i]), next_cosine = std::cos(next_lat * radians_per_degree);
        length += haversine_m(lon, lat, cosine, next_lon, next_lat, next_cosine);
        lon = next_lon, lat = next_lat, cosine = next_cosine;
    }
    return length;
}

Index junction_at(Pieces& pieces, Index node) {
    Index& junction = pieces.junction_of_node[node];
    if (junction == no_index) {
        junction = static_cast<Index>(pieces.junction_node.size());
        pieces.junction_node.push_back(node);
    }
    return junction;
}

}  // namespace

double sphere_distance_m(double lon_a, double lat_a, double lon_b, double lat_b) {
    return haversine_m(lon_a, lat_a, std::cos(lat_a * radians_per_degree), lon_b, lat_b, std::cos(lat_b * radians_per_degree));
}

LocatedWays locate_ways(WayTable& ways, const NodeTable& nodes, Arena& arena) {
    if (ways.refs.size() >= no_index || nodes.size() >= no_index) throw std::length_error("more than 4,294,967,294 nodes in one import");
    LocatedWays located;
    std::vector<Index> rows(ways.refs.size());
    const RowFinder row_of(nodes.id);
    arena.each(rows.size(), [&](std::size_t i) {
        const Index row = row_of(ways.refs[i]);
        rows[i] = row != no_index && nodes.x[row] != NodeTable::no_place ? row : no_index;
    }, 16384);
    std::vector<ObjectId>().swap(ways.refs);
    located.use.assign(nodes.size(), 0);
    located.offset.reserve(ways.size() + 1);
    std::size_t kept = 0;
    for (Index way = 0; way < ways.size(); ++way) {
        const std::size_t start = kept;
        for (auto i = ways.ref_offset[way]; i < ways.ref_offset[way + 1]; ++i) {
            if (rows[i] != no_index) rows[kept++] = rows[i];
        }
        located.missing_refs += ways.ref_offset[way + 1] - ways.ref_offset[way] - (kept - start);
        if (kept - start < 2) {
            kept = start;
            ++located.ways_without_nodes;
        } else {
            ++located.ways;
            for (std::size_t i = start; i < kept; ++i) {
                auto& use = located.use[rows[i]];
                use = static_cast<std::uint8_t>(std::min(255, use + (i == start || i + 1 == kept ? 2 : 1)));
            }
        }
        located.offset.push_back(static_cast<std::uint32_t>(kept));
    }
    rows.resize(kept);
    located.nodes = std::move(rows);
    return located;
}

Pieces cut_ways(const LocatedWays& located, const NodeTable& nodes, std::span<const std::uint8_t> also_cut, Arena& arena) {
    Pieces pieces;
    pieces.junction_of_node.assign(nodes.size(), no_index);
    const auto ways = static_cast<Index>(located.offset.size() - 1);
    pieces.first_of_way.reserve(ways + 1);
    for (Index way = 0; way < ways; ++way) {
        pieces.first_of_way.push_back(static_cast<std::uint32_t>(pieces.size()));
        std::uint32_t start = located.offset[way];
        for (std::uint32_t i = start + 1; i < located.offset[way + 1]; ++i) {
            const Index node = located.nodes[i];
            if (located.use[node] < 2 && (also_cut.empty() || also_cut[node] == 0)) continue;
            pieces.way.push_back(way);
            pieces.first_node.push_back(start);
            pieces.last_node.push_back(i);
            pieces.from.push_back(junction_at(pieces, located.nodes[start]));
            pieces.to.push_back(junction_at(pieces, node));
            start = i;
        }
    }
    pieces.first_of_way.push_back(static_cast<std::uint32_t>(pieces.size()));
    pieces.sphere_m.resize(pieces.size());
    arena.each(pieces.size(), [&](std::size_t p) {
        pieces.sphere_m[p] = path_m({located.nodes.data() + pieces.first_node[p], pieces.last_node[p] - pieces.first_node[p] + 1u}, nodes);
    }, 1024);
    return pieces;
}

}  // namespace citytwin::geodata::osm
