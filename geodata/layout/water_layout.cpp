#include "geodata/layout/water_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "geodata/layout/check_input.hpp"
#include "geodata/layout/water_loops.hpp"
#include "geodata/layout/water_tree.hpp"

namespace citytwin::geodata {

namespace {

class WaterBuilder {
public:
    WaterBuilder(const UtilityInput& input, const WaterLayoutOptions& options, Arena& arena) : input_(input), options_(options), arena_(arena) {}

    WaterLayout build() {
        check_layout_input(input_);
        streets_ = utility_streets(input_.roads, input_.node_z);
        const auto& c = input_.consumers;
        points_ = snap_to_streets(streets_, c.x, c.y, c.road_link, c.road_offset_m, arena_);
        const auto sources = source_points();
        auto all = points_;
        all.insert(all.end(), sources.begin(), sources.end());
        graph_ = cut_streets(streets_, all, options_.joint_spacing_m);
        roots_.assign(graph_.node_of_point.begin() + static_cast<std::ptrdiff_t>(points_.size()), graph_.node_of_point.end());
        std::vector<double> demand(graph_.nodes(), 0);
        for (std::size_t k = 0; k < c.size(); ++k) demand[graph_.node_of_point[k]] += c.water_mean_m3_per_s[k];
        const auto edges = steiner_tree(graph_, graph_.node_of_point);
        tree_ = hang_up(graph_, edges, roots_);
        sizes_ = size_tree(graph_, tree_, demand, options_);
        add_nodes(demand);
        add_tree();
        add_loops(edges);
        connect();
        check();
        out_.node_synthetic.assign(out_.nodes(), 1);
        out_.link_synthetic.assign(out_.links(), 1);
        return std::move(out_);
    }

private:
    /// The named reservoirs, else the highest node at the edge: within a twentieth of the box's side from its border.
    std::vector<StreetPoint> source_points() {
        const auto& named = input_.reservoirs;
        if (named.size() != 0) {
            out_.source_place = named.place;
            return snap_to_streets(streets_, named.x, named.y, {}, {}, arena_);
        }
        const auto [left, right] = std::minmax_element(streets_.x.begin(), streets_.x.end());
        const auto [bottom, top] = std::minmax_element(streets_.y.begin(), streets_.y.end());
        const double dx = (*right - *left) / 20, dy = (*top - *bottom) / 20;
        Index best = no_index;
        for (std::size_t n = 0; n < streets_.nodes(); ++n) {
            const bool edge = streets_.x[n] <= *left + dx || streets_.x[n] >= *right - dx || streets_.y[n] <= *bottom + dy || streets_.y[n] >= *top - dy;
            if (edge && (best == no_index || streets_.z[n] > streets_.z[best])) best = static_cast<Index>(n);
        }
        out_.source_place = {no_index};
        for (std::size_t s = 0; s < streets_.size(); ++s) {
            if (streets_.from[s] == best) return {point_on_street(streets_, static_cast<Index>(s), 0)};
            if (streets_.to[s] == best) return {point_on_street(streets_, static_cast<Index>(s), streets_.length_m[s])};
        }
        return {point_on_street(streets_, 0, 0)};
    }

    Index add_node(WaterNodeKind kind, Index at, double z, double demand, double head, Index zone) {
        out_.node_kind.push_back(kind);
        out_.node_x.push_back(graph_.x[at]);
        out_.node_y.push_back(graph_.y[at]);
        out_.node_z.push_back(z);
        out_.node_demand_m3_per_s.push_back(demand);
        out_.node_head_m.push_back(head);
        out_.node_zone.push_back(zone);
        return static_cast<Index>(out_.nodes() - 1);
    }
    Index add_link(WaterLinkKind kind, Index from, Index to, double length, double diameter, double flow, std::span<const double> shape) {
        out_.link_kind.push_back(kind);
        out_.link_from.push_back(from);
        out_.link_to.push_back(to);
        out_.link_length_m.push_back(length);
        out_.link_diameter_m.push_back(diameter);
        out_.link_flow_m3_per_s.push_back(flow);
        out_.link_loop.push_back(0);
        out_.link_open.push_back(1);
        out_.link_setting_m.push_back(0);
        out_.link_design_m3_per_s.push_back(0);
        out_.link_shape.push_row(shape);
        if (kind == WaterLinkKind::pipe) out_.length_m += length;
        return static_cast<Index>(out_.links() - 1);
    }

    void add_nodes(const std::vector<double>& demand) {
        for (const Index r : roots_) add_node(WaterNodeKind::source, r, graph_.z[r], 0, graph_.z[r], no_index);
        row_.assign(graph_.nodes(), no_index);
        out_.zones.resize(sizes_.entry.size());
        for (const Index v : tree_.order) {
            const Index zone = sizes_.zone[v];
            row_[v] = add_node(WaterNodeKind::junction, v, graph_.z[v], demand[v], sizes_.head_m[zone] - sizes_.loss_m[v], zone);
            out_.zones[zone].mean_m3_per_s += demand[v];
        }
    }

    /// The device in front of a zone: a pump where its head is above the supply's, else a valve. It stands at the street's end that
    /// the water comes from, behind a node and a metre of pipe of its own (valves may touch neither sources nor each other), and
    /// leads along `shape` to the entry.
    void open_zone(Index zone, Index supply, Index supply_at, double supply_head, std::span<const double> shape, double length) {
        auto& z = out_.zones[zone];
        const Index v = sizes_.entry[zone];
        const double mean = sizes_.mean_behind[v], peak = mean * options_.peak_factor, diameter = sizes_.diameter_m[v];
        z.entry = row_[v];
        z.head_m = sizes_.head_m[zone];
        const bool pump = z.head_m > supply_head;
        if (out_.node_kind[supply] != WaterNodeKind::source || !pump) {
            const double where[4] = {graph_.x[supply_at], graph_.y[supply_at], graph_.x[supply_at], graph_.y[supply_at]};
            const bool junction = out_.node_kind[supply] == WaterNodeKind::junction;
            const Index before = add_node(WaterNodeKind::junction, supply_at, graph_.z[supply_at], 0, supply_head,
                                          junction ? out_.node_zone[supply] : no_index);
            add_link(WaterLinkKind::pipe, supply, before, 1, diameter, peak, where);
            supply = before;
        }
        z.link = add_link(pump ? WaterLinkKind::pump : WaterLinkKind::reducing_valve, supply, z.entry, length, diameter, peak, shape);
        out_.link_setting_m[z.link] = pump ? z.head_m - supply_head : z.head_m - graph_.z[v];
        if (!pump) return;
        out_.link_design_m3_per_s[z.link] = mean * options_.pump_factor;
        add_tank(zone, v, diameter);
    }

    void add_tank(Index zone, Index at, double diameter) {
        const double where[4] = {graph_.x[at], graph_.y[at], graph_.x[at], graph_.y[at]};
        WaterLayout::Tank tank;
        tank.zone = zone;
        tank.depth_m = options_.tank_depth_m;
        tank.start_level_m = tank.depth_m / 2;
        tank.bottom_z_m = sizes_.head_m[zone] - tank.start_level_m;
        tank.node = add_node(WaterNodeKind::tank, at, tank.bottom_z_m, 0, sizes_.head_m[zone], zone);
        add_link(WaterLinkKind::pipe, row_[at], tank.node, 10, diameter, 0, where);
        out_.tanks.push_back(tank);
    }

    void add_tree() {
        for (const Index v : tree_.order) {
            const Index p = tree_.parent[v], zone = sizes_.zone[v];
            const double peak = sizes_.mean_behind[v] * options_.peak_factor;
            if (p == no_index) {
                const double where[4] = {graph_.x[v], graph_.y[v], graph_.x[v], graph_.y[v]};
                open_zone(zone, tree_.root[v], v, graph_.z[v], where, 0);
                continue;
            }
            const Index edge = tree_.parent_edge[v];
            const auto shape = shape_along(streets_, graph_, p, std::span(&edge, 1));
            if (zone == sizes_.zone[p]) add_link(WaterLinkKind::pipe, row_[p], row_[v], graph_.length_m[edge], sizes_.diameter_m[v], peak, shape);
            else open_zone(zone, row_[p], p, out_.node_head_m[row_[p]], shape, graph_.length_m[edge]);
        }
        std::vector<double> fed(out_.zones.size());  // own demand and that of zones behind valves, which have no tank
        for (std::size_t z = fed.size(); z-- > 0;) {
            fed[z] += out_.zones[z].mean_m3_per_s;
            const Index link = out_.zones[z].link, upstream = out_.node_zone[out_.link_from[link]];
            if (upstream != no_index && out_.link_kind[link] == WaterLinkKind::reducing_valve) fed[upstream] += fed[z];
        }
        for (auto& tank : out_.tanks) tank.volume_m3 = std::max(1.0, options_.tank_day_share * fed[tank.zone] * 86'400);
    }

    [[nodiscard]] double tree_distance(Index a, Index b) const {
        const double sum = tree_.depth_m[a] + tree_.depth_m[b];
        while (a != b) {
            Index& deeper = tree_.depth_m[a] >= tree_.depth_m[b] ? a : b;
            if (tree_.parent[deeper] == no_index) return sum;
            deeper = tree_.parent[deeper];
        }
        return sum - 2 * tree_.depth_m[a];
    }

    void add_loops(const std::vector<Index>& tree_edges) {
        std::vector<std::uint8_t> used(graph_.edges(), 0);
        for (const Index e : tree_edges) used[e] = 1;
        std::vector<Index> zone(graph_.nodes(), no_index);
        for (std::size_t n = 0; n < graph_.nodes(); ++n)
            if (row_[n] != no_index) zone[n] = sizes_.zone[n];
        double corners = 0;
        for (std::size_t n = 0; n < graph_.street_nodes; ++n) corners += row_[n] != no_index;
        const double slots = std::max(1.0, 2 * corners - 5);
        const auto wanted = static_cast<std::size_t>(std::ceil(options_.meshedness * slots));
        const auto ways = LoopPicker(graph_, std::move(zone), std::move(used), [&](Index a, Index b) { return tree_distance(a, b); }).pick(wanted);
        for (const LoopWay& way : ways) close(way, true);
        for (const Index e : tree_.cut) close({graph_.from[e], graph_.to[e], {e}, graph_.length_m[e]}, false);
        out_.meshedness = static_cast<double>(ways.size()) / slots;
        if (ways.size() < wanted) out_.breaches.push_back({"meshedness", "network", 0, out_.meshedness, options_.meshedness});
    }

    void close(const LoopWay& way, bool open) {
        const double diameter = std::min(sizes_.diameter_m[way.from], sizes_.diameter_m[way.to]);
        const Index link = add_link(WaterLinkKind::pipe, row_[way.from], row_[way.to], way.length_m, diameter, 0, shape_along(streets_, graph_, way.from, way.edges));
        out_.link_loop[link] = 1;
        out_.link_open[link] = open;
    }

    void connect() {
        for (std::size_t c = 0; c < points_.size(); ++c) {
            out_.connection_node.push_back(row_[graph_.node_of_point[c]]);
            out_.connection_service_m.push_back(points_[c].away_m);
            out_.residents += input_.consumers.residents.empty() ? 0 : input_.consumers.residents[c];
        }
    }

    void check() {
        const auto breach = [&](const char* kind, const char* set, std::size_t row, double value, double limit) {
            out_.breaches.push_back({kind, set, static_cast<Index>(row), value, limit});
        };
        for (std::size_t n = 0; n < out_.nodes(); ++n) {
            if (out_.node_kind[n] != WaterNodeKind::junction || out_.node_zone[n] == no_index) continue;  // not beside a source
            const double pressure = out_.node_head_m[n] - out_.node_z[n];
            if (pressure < options_.pressure_low_m) breach("pressure_low", "node", n, pressure, options_.pressure_low_m);
            if (pressure > options_.pressure_high_m) breach("pressure_high", "node", n, pressure, options_.pressure_high_m);
        }
        for (std::size_t l = 0; l < out_.links(); ++l) {
            if (out_.link_kind[l] != WaterLinkKind::pipe) continue;
            const double d = out_.link_diameter_m[l], velocity = 4 * out_.link_flow_m3_per_s[l] / (std::numbers::pi * d * d);
            if (velocity > options_.velocity_mps) breach("velocity", "link", l, velocity, options_.velocity_mps);
        }
    }

    const UtilityInput& input_;
    const WaterLayoutOptions& options_;
    Arena& arena_;
    Streets streets_;
    std::vector<StreetPoint> points_;
    StreetGraph graph_;
    std::vector<Index> roots_, row_;
    RootedTree tree_;
    WaterTree sizes_;
    WaterLayout out_;
};

}  // namespace

WaterLayout lay_water(const UtilityInput& input, const WaterLayoutOptions& options, Arena& arena) {
    return WaterBuilder(input, options, arena).build();
}

}  // namespace citytwin::geodata
