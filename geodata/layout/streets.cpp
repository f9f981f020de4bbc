#include "geodata/layout/streets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/base/union_find.hpp"
#include "core/city/spatial_index.hpp"

namespace citytwin::geodata {

namespace {

/// Opposite links of one way whose lengths differ by less are one street.
constexpr double twin_tolerance_m = 1.0;

/// 1 for the nodes of the largest weakly connected part; of equal ones the part with the lowest node.
std::vector<std::uint8_t> largest_part(const RoadNetwork& roads) {
    UnionFind parts(roads.nodes());
    for (std::size_t l = 0; l < roads.links(); ++l) parts.join(roads.link_from[l], roads.link_to[l]);
    std::vector<std::uint32_t> size(roads.nodes(), 0);
    for (std::size_t n = 0; n < roads.nodes(); ++n) ++size[parts.find(static_cast<Index>(n))];
    const auto best = static_cast<Index>(std::max_element(size.begin(), size.end()) - size.begin());
    std::vector<std::uint8_t> inside(roads.nodes());
    for (std::size_t n = 0; n < roads.nodes(); ++n) inside[n] = parts.find(static_cast<Index>(n)) == best;
    return inside;
}

/// Per link the link that stands for its street: itself, or its earlier twin in the other direction.
std::vector<Index> twins(const RoadNetwork& roads) {
    const auto key = [&](Index l) {
        const Index a = roads.link_from[l], b = roads.link_to[l];
        return std::tuple(std::min(a, b), std::max(a, b), roads.link_source_way.empty() ? 0 : roads.link_source_way[l]);
    };
    std::vector<Index> order(roads.links()), stands(roads.links());
    std::iota(order.begin(), order.end(), Index{0});
    std::iota(stands.begin(), stands.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return std::pair(key(a), a) < std::pair(key(b), b); });
    std::vector<std::uint8_t> paired(roads.links(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Index first = order[i];
        if (paired[first]) continue;
        for (std::size_t j = i + 1; j < order.size() && key(order[j]) == key(first); ++j) {
            const Index second = order[j];
            const bool opposite = roads.link_from[second] == roads.link_to[first] && roads.link_to[second] == roads.link_from[first];
            if (paired[second] || !opposite || std::abs(roads.link_length_m[first] - roads.link_length_m[second]) > twin_tolerance_m) continue;
            paired[second] = 1;
            stands[second] = first;
            break;
        }
    }
    return stands;
}

double polyline_length(std::span<const double> p) {
    double sum = 0;
    for (std::size_t k = 2; k + 1 < p.size(); k += 2) sum += std::sqrt((p[k] - p[k - 2]) * (p[k] - p[k - 2]) + (p[k + 1] - p[k - 1]) * (p[k + 1] - p[k - 1]));
    return sum;
}

void add_street(Streets& out, const RoadNetwork& roads, Index l, Index from, Index to) {
    out.link.push_back(l);
    out.from.push_back(from);
    out.to.push_back(to);
    out.length_m.push_back(std::max(roads.link_length_m[l], 0.1));
    out.factor.push_back(laying_factor(roads.link_class[l], roads.link_flags[l]));
    const auto row = l < roads.link_shape.size() ? roads.link_shape[l] : std::span<const double>{};
    if (row.size() >= 4) {
        out.shape.push_row(row);
        return;
    }
    const double straight[4] = {out.x[from], out.y[from], out.x[to], out.y[to]};
    out.shape.push_row(straight);
}

}  // namespace

double laying_factor(RoadClass road_class, std::uint32_t flags) {
    double factor = 1;
    switch (road_class) {
        case RoadClass::motorway: case RoadClass::motorway_link: case RoadClass::trunk: case RoadClass::trunk_link: factor = 5; break;
        case RoadClass::primary: case RoadClass::primary_link: factor = 1.5; break;
        default: break;
    }
    return (flags & (road_flag::bridge | road_flag::tunnel)) != 0 ? factor * 2 : factor;
}

Streets utility_streets(const RoadNetwork& roads, std::span<const double> node_z) {
    Streets out;
    const auto inside = largest_part(roads);
    std::vector<Index> row(roads.nodes(), no_index);
    for (std::size_t n = 0; n < roads.nodes(); ++n) {
        if (!inside[n]) continue;
        row[n] = static_cast<Index>(out.road_node.size());
        out.road_node.push_back(static_cast<Index>(n));
        out.x.push_back(roads.node_x[n]);
        out.y.push_back(roads.node_y[n]);
        out.z.push_back(node_z.empty() || std::isnan(node_z[n]) ? 0.0 : node_z[n]);
    }
    const auto stands = twins(roads);
    out.street_of_link.assign(roads.links(), no_index);
    out.against.assign(roads.links(), 0);
    for (std::size_t l = 0; l < roads.links(); ++l) {
        if (!inside[roads.link_from[l]] || stands[l] != l) continue;
        out.street_of_link[l] = static_cast<Index>(out.size());
        add_street(out, roads, static_cast<Index>(l), row[roads.link_from[l]], row[roads.link_to[l]]);
    }
    for (std::size_t l = 0; l < roads.links(); ++l) {
        if (stands[l] == l) continue;
        out.street_of_link[l] = out.street_of_link[stands[l]];
        out.against[l] = 1;
    }
    return out;
}

StreetPoint point_on_street(const Streets& streets, Index street, double offset_m) {
    const auto p = streets.shape[street];
    offset_m = std::clamp(offset_m, 0.0, streets.length_m[street]);
    double left = offset_m / streets.length_m[street] * polyline_length(p);
    for (std::size_t k = 2; k + 1 < p.size(); k += 2) {
        const double dx = p[k] - p[k - 2], dy = p[k + 1] - p[k - 1], length = std::sqrt(dx * dx + dy * dy);
        if (left <= length && length > 0) return {street, offset_m, p[k - 2] + dx * left / length, p[k - 1] + dy * left / length, 0};
        left -= length;
    }
    return {street, offset_m, p[p.size() - 2], p[p.size() - 1], 0};
}

void append_street_shape(const Streets& streets, Index street, double from_m, double to_m, bool joined, std::vector<double>& points) {
    const auto p = streets.shape[street];
    const double scale = polyline_length(p) / streets.length_m[street];
    const double low = std::min(from_m, to_m) * scale, high = std::max(from_m, to_m) * scale;
    const StreetPoint a = point_on_street(streets, street, std::min(from_m, to_m)), b = point_on_street(streets, street, std::max(from_m, to_m));
    std::vector<double> piece{a.x, a.y};
    double at = 0;
    for (std::size_t k = 2; k + 3 < p.size(); k += 2) {
        at += polyline_length(p.subspan(k - 2, 4));
        if (at > low && at < high) piece.insert(piece.end(), {p[k], p[k + 1]});
    }
    piece.insert(piece.end(), {b.x, b.y});
    const std::size_t count = piece.size() / 2;
    for (std::size_t k = joined ? 1 : 0; k < count; ++k) {
        const std::size_t i = from_m <= to_m ? k : count - 1 - k;
        points.insert(points.end(), {piece[2 * i], piece[2 * i + 1]});
    }
}

std::vector<StreetPoint> snap_to_streets(const Streets& streets, std::span<const double> x, std::span<const double> y,
                                         std::span<const Index> road_link, std::span<const double> offset_m, Arena& arena) {
    std::vector<StreetPoint> out(x.size());
    const SpatialIndex index(streets.shape);
    arena.each(x.size(), [&](std::size_t i) {
        const Index link = road_link.empty() ? no_index : road_link[i];
        if (link != no_index && link < streets.street_of_link.size() && streets.street_of_link[link] != no_index) {
            const Index street = streets.street_of_link[link];
            const double length = streets.length_m[street];
            out[i] = point_on_street(streets, street, streets.against[link] ? length - offset_m[i] : offset_m[i]);
        } else {
            const NearItem near = index.nearest(x[i], y[i]).value();
            const double drawn = polyline_length(streets.shape[near.item]);
            const double offset = drawn > 0 ? near.offset_m / drawn * streets.length_m[near.item] : 0;
            out[i] = {near.item, std::clamp(offset, 0.0, streets.length_m[near.item]), near.x, near.y, 0};
        }
        out[i].away_m = std::sqrt((out[i].x - x[i]) * (out[i].x - x[i]) + (out[i].y - y[i]) * (out[i].y - y[i]));
    }, 256);
    return out;
}

}  // namespace citytwin::geodata
