#include "geodata/vector/zone_links.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/road/usable_links.hpp"
#include "geodata/vector/vector_geometry.hpp"

namespace citytwin::geodata {
namespace {

bool is_residential_kind(const RoadNetwork& network, std::size_t link) {
    const bool cars = (network.link_permissions[link] & vehicle_class::passenger) != 0;
    const std::uint32_t flags = network.link_flags.empty() ? 0 : network.link_flags[link];
    return cars && network.link_class[link] > RoadClass::trunk_link && (flags & (road_flag::bridge | road_flag::tunnel)) == 0;
}

Point middle_of(std::span<const double> line) {
    double length = 0;
    for (std::size_t i = 0; i + 3 < line.size(); i += 2) length += std::hypot(line[i + 2] - line[i], line[i + 3] - line[i + 1]);
    double left = length / 2;
    for (std::size_t i = 0; i + 3 < line.size(); i += 2) {
        const double side = std::hypot(line[i + 2] - line[i], line[i + 3] - line[i + 1]);
        if (side > 0 && left <= side) {
            const double t = left / side;
            return {line[i] + t * (line[i + 2] - line[i]), line[i + 1] + t * (line[i + 3] - line[i + 1])};
        }
        left -= side;
    }
    return {line[0], line[1]};
}

/// Zone of each link by its middle: the polygon it lies in (the first, if they overlap).
void take_contained(const VectorLayer& zones, const SpatialIndex& middles, std::size_t links, std::vector<Index>& zone_of) {
    for (std::size_t zone = 0; zone < zones.size(); ++zone) {
        if (zones.kind[zone] != GeometryKind::polygon) continue;
        const Box box = box_of(zones, zone);
        const double radius = std::hypot(box.right - box.left, box.top - box.bottom) / 2;
        for (const auto& near : middles.near((box.left + box.right) / 2, (box.bottom + box.top) / 2, links, radius)) {
            if (zone_of[near.item] == no_index && contains(zones, zone, near.x, near.y)) zone_of[near.item] = static_cast<Index>(zone);
        }
    }
}

/// How far a point zone reaches: three quarters of the distance to its nearest fellow, at least of the usual distance.
std::vector<double> reach_of(const std::vector<double>& x, const std::vector<double>& y, Arena& arena) {
    std::vector<double> spacing(x.size(), std::numeric_limits<double>::infinity());
    if (x.size() > 1) {
        const SpatialIndex index(x, y);
        arena.each(x.size(), [&](std::size_t i) { spacing[i] = index.near(x[i], y[i], 2, std::numeric_limits<double>::infinity()).back().distance_m; }, 64);
    }
    std::vector<double> sorted = spacing;
    std::sort(sorted.begin(), sorted.end());
    for (double& s : spacing) s = 0.75 * std::max(s, sorted[sorted.size() / 2]);
    return spacing;
}

}  // namespace

Ragged<double> lines_of(const RoadNetwork& network) {
    Ragged<double> lines;
    for (std::size_t link = 0; link < network.links(); ++link) {
        if (network.link_shape.size() > link && network.link_shape[link].size() >= 4) {
            lines.push_row(network.link_shape[link]);
            continue;
        }
        const Index from = network.link_from[link], to = network.link_to[link];
        lines.push_row(std::vector<double>{network.node_x[from], network.node_y[from], network.node_x[to], network.node_y[to]});
    }
    return lines;
}

std::vector<std::uint8_t> links_to_live_along(const RoadNetwork& network) {
    std::vector<std::uint8_t> use = usable_links(network);
    for (std::size_t link = 0; link < use.size(); ++link) use[link] = use[link] && is_residential_kind(network, link);
    if (std::none_of(use.begin(), use.end(), [](std::uint8_t u) { return u != 0; })) use = usable_links(network);
    return use;
}

ZoneLinks links_of_zones(const RoadNetwork& network, const VectorLayer& zones, const std::vector<double>& x, const std::vector<double>& y, Arena& arena) {
    const std::vector<std::uint8_t> use = links_to_live_along(network);
    const Ragged<double> lines = lines_of(network);
    const SpatialIndex index(lines, use);
    std::vector<Index> usable;
    std::vector<double> middle_x, middle_y;
    for (Index link = 0; link < network.links(); ++link) {
        if (!use[link]) continue;
        const Point middle = middle_of(lines[link]);
        usable.push_back(link);
        middle_x.push_back(middle.x);
        middle_y.push_back(middle.y);
    }
    std::vector<Index> zone_of(usable.size(), no_index);
    take_contained(zones, SpatialIndex(middle_x, middle_y), usable.size(), zone_of);
    const bool any_point = std::any_of(zones.kind.begin(), zones.kind.end(), [](GeometryKind kind) { return kind != GeometryKind::polygon; });
    if (any_point) {
        const SpatialIndex centres(x, y);
        const std::vector<double> reach = reach_of(x, y, arena);
        arena.each(usable.size(), [&](std::size_t i) {
            const auto near = centres.nearest(middle_x[i], middle_y[i]);
            if (zone_of[i] == no_index && near && zones.kind[near->item] != GeometryKind::polygon && near->distance_m <= reach[near->item]) zone_of[i] = near->item;
        }, 256);
    }
    std::vector<std::vector<std::uint32_t>> rows(zones.size());
    for (std::size_t i = 0; i < usable.size(); ++i) {
        if (zone_of[i] != no_index) rows[zone_of[i]].push_back(usable[i]);
    }
    ZoneLinks result;
    for (std::size_t zone = 0; zone < zones.size(); ++zone) {
        const auto near = index.nearest(x[zone], y[zone]);
        result.distance_m.push_back(near ? near->distance_m : std::numeric_limits<double>::infinity());
        if (rows[zone].empty() && near) rows[zone].push_back(near->item);
        result.links.push_row(rows[zone]);
    }
    return result;
}

}  // namespace citytwin::geodata
