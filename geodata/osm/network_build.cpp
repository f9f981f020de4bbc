#include "geodata/osm/network_build.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata::osm {
namespace {

/// Projected coordinates of the nodes that roads use, relative to the origin.
struct Positions {
    std::vector<Index> slot;  ///< by row of the node table
    std::vector<double> x, y; ///< by slot
    double origin_x = 0, origin_y = 0;
};

Positions project(const BuildInput& in, const std::string& crs, const SourcePlace& place, Arena& arena) {
    Positions positions;
    positions.slot.assign(in.data.nodes.size(), no_index);
    for (Index p = 0; p < in.pieces.size(); ++p) {
        if (!in.is_used(p)) continue;
        for (std::uint32_t at = in.pieces.first_node[p]; at <= in.pieces.last_node[p]; ++at) {
            const Index node = in.located.nodes[at];
            if (positions.slot[node] != no_index) continue;
            positions.slot[node] = static_cast<Index>(positions.x.size());
            positions.x.push_back(in.data.nodes.lon(node));
            positions.y.push_back(in.data.nodes.lat(node));
        }
    }
    CoordinateTransform::from_degrees(crs, place).forward(positions.x, positions.y, &arena);
    double low_x = HUGE_VAL, low_y = HUGE_VAL, high_x = -HUGE_VAL, high_y = -HUGE_VAL;
    for (std::size_t i = 0; i < positions.x.size(); ++i) {
        if (!std::isfinite(positions.x[i]) || !std::isfinite(positions.y[i])) {
            fail("CT-CRS-007", place, "a road node has no coordinates in '" + crs + "'", "name a system made for the whole input with crs");
        }
        low_x = std::min(low_x, positions.x[i]), high_x = std::max(high_x, positions.x[i]);
        low_y = std::min(low_y, positions.y[i]), high_y = std::max(high_y, positions.y[i]);
    }
    if (positions.x.empty()) return positions;
    positions.origin_x = std::round((low_x + high_x) / 2 / 1000) * 1000;
    positions.origin_y = std::round((low_y + high_y) / 2 / 1000) * 1000;
    for (double& x : positions.x) x -= positions.origin_x;
    for (double& y : positions.y) y -= positions.origin_y;
    return positions;
}

class Builder {
public:
    Builder(const BuildInput& in, Positions positions) : in_(in), positions_(std::move(positions)) {
        draft_.node_of_junction.assign(in.pieces.junctions(), no_index);
        draft_.forward_link.assign(in.pieces.size(), no_index);
        draft_.backward_link.assign(in.pieces.size(), no_index);
        draft_.road.link_first_lane.push_back(0);
        draft_.road.origin_x = positions_.origin_x;
        draft_.road.origin_y = positions_.origin_y;
        reserve();
    }

    NetworkDraft build() {
        for (Index p = 0; p < in_.pieces.size(); ++p) {
            if (!in_.is_used(p)) continue;
            const WayPlan& plan = in_.plans[in_.pieces.way[p]];
            const Index from = node_at(in_.pieces.from[p]), to = node_at(in_.pieces.to[p]);
            if (plan.direction >= 0) draft_.forward_link[p] = add_link(p, plan, from, to, true);
            if (plan.direction <= 0) draft_.backward_link[p] = add_link(p, plan, to, from, false);
        }
        return std::move(draft_);
    }

private:
    void reserve() {
        std::size_t links = 0, points = 0, lanes = 0;
        for (Index p = 0; p < in_.pieces.size(); ++p) {
            if (!in_.is_used(p)) continue;
            const WayPlan& plan = in_.plans[in_.pieces.way[p]];
            const std::size_t directions = plan.direction == 0 ? 2 : 1;
            links += directions;
            points += directions * (in_.pieces.last_node[p] - in_.pieces.first_node[p] + 1u);
            lanes += static_cast<std::size_t>((plan.direction >= 0 ? plan.lanes_forward : 0) + (plan.direction <= 0 ? plan.lanes_backward : 0));
        }
        RoadNetwork& road = draft_.road;
        const auto make_room = [](std::size_t n, auto&... columns) { (columns.reserve(n), ...); };
        make_room(links, road.link_id, road.link_from, road.link_to, road.link_length_m, road.link_speed_mps, road.link_lanes, road.link_class, road.link_priority,
                  road.link_permissions, road.link_flags, road.link_source_way, road.link_name, draft_.link_sphere_m, draft_.link_turns);
        make_room(links + 1, road.link_first_lane, road.link_shape.offsets);
        road.link_shape.values.reserve(2 * points);
        make_room(lanes, road.lane_length_m, road.lane_speed_mps, road.lane_width_m, road.lane_permissions);
    }

    Index node_at(Index junction) {
        Index& node = draft_.node_of_junction[junction];
        if (node != no_index) return node;
        RoadNetwork& road = draft_.road;
        node = static_cast<Index>(road.nodes());
        const Index row = in_.pieces.junction_node[junction], slot = positions_.slot[row];
        road.node_id.push_back(std::to_string(in_.data.nodes.id[row]));
        road.node_x.push_back(positions_.x[slot]);
        road.node_y.push_back(positions_.y[slot]);
        road.node_lon.push_back(in_.data.nodes.lon(row));
        road.node_lat.push_back(in_.data.nodes.lat(row));
        road.node_control.push_back(NodeControl::priority);  // decided with the junctions
        road.node_signal.push_back(no_index);
        road.node_flags.push_back(0);
        return node;
    }

    /// Appends the shape of a piece and gives its length.
    double add_shape(Index piece, bool is_forward) {
        auto& shape = draft_.road.link_shape;
        const std::uint32_t first = in_.pieces.first_node[piece], last = in_.pieces.last_node[piece];
        double length = 0, x = 0, y = 0;
        for (std::uint32_t i = 0; i <= last - first; ++i) {
            const Index slot = positions_.slot[in_.located.nodes[is_forward ? first + i : last - i]];
            if (i > 0) length += std::hypot(positions_.x[slot] - x, positions_.y[slot] - y);
            x = positions_.x[slot], y = positions_.y[slot];
            shape.values.push_back(x);
            shape.values.push_back(y);
        }
        shape.offsets.push_back(shape.values.size());
        return length;
    }

    Index add_link(Index piece, const WayPlan& plan, Index from, Index to, bool is_forward) {
        RoadNetwork& road = draft_.road;
        const auto link = static_cast<Index>(road.links());
        const Index way = in_.pieces.way[piece];
        const RoadClass road_class = in_.data.roads.road_class[way];
        const int lanes = is_forward ? plan.lanes_forward : plan.lanes_backward;
        const double speed = is_forward ? plan.speed_forward_mps : plan.speed_backward_mps;
        double length = add_shape(piece, is_forward);
        std::uint32_t flags = plan.flags;
        if (length < shortest_link_m) {
            length = shortest_link_m;
            flags |= road_flag::repaired;
            draft_.shortened.push_back(link);
        }
        road.link_id.push_back(link_id(way, piece - in_.pieces.first_of_way[way], is_forward));
        road.link_from.push_back(from);
        road.link_to.push_back(to);
        road.link_length_m.push_back(length);
        road.link_speed_mps.push_back(speed);
        road.link_lanes.push_back(lanes);
        road.link_class.push_back(road_class);
        road.link_priority.push_back(in_.defaults.of(road_class).priority);
        road.link_permissions.push_back(plan.permissions);
        road.link_flags.push_back(flags);
        road.link_source_way.push_back(in_.data.roads.id[way]);
        road.link_name.push_back(name_of_way(way));
        draft_.link_sphere_m.push_back(in_.pieces.sphere_m[piece]);
        draft_.link_turns.push_back(turns_of(piece, plan, is_forward));
        for (int lane = 0; lane < lanes; ++lane) {
            road.lane_length_m.push_back(length);
            road.lane_speed_mps.push_back(speed);
            road.lane_width_m.push_back(in_.defaults.lane_width_m);
            road.lane_permissions.push_back(plan.permissions);
        }
        road.link_first_lane.push_back(static_cast<Index>(road.lane_length_m.size()));
        return link;
    }

    /// Arrows are for the junction that the way leads to: they stand on the way's last piece in driving direction.
    [[nodiscard]] std::uint32_t turns_of(Index piece, const WayPlan& plan, bool is_forward) const {
        const Index way = in_.pieces.way[piece];
        const Index last = is_forward ? in_.pieces.first_of_way[way + 1] - 1 : in_.pieces.first_of_way[way];
        if (piece != last) return no_index;
        return is_forward ? plan.turns_forward : plan.turns_backward;
    }

    [[nodiscard]] std::string link_id(Index way, std::uint32_t k, bool is_forward) const {
        std::string id = is_forward ? "" : "-";
        id += std::to_string(in_.data.roads.id[way]);
        id += '#';
        return id += std::to_string(k);
    }

    [[nodiscard]] std::string name_of_way(Index way) const {
        auto text = in_.data.roads.tag(way, TagKey::name);
        if (!text) text = in_.data.roads.tag(way, TagKey::ref);
        return text ? in_.data.texts[*text] : std::string();
    }

    const BuildInput& in_;
    Positions positions_;
    NetworkDraft draft_;
};

}  // namespace

NetworkDraft build_network(const BuildInput& in, const std::string& crs, const SourcePlace& place, Arena& arena) {
    NetworkDraft draft = Builder(in, project(in, crs, place, arena)).build();
    draft.road.crs = crs;
    return draft;
}

}  // namespace citytwin::geodata::osm
