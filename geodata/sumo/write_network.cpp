// .net.xml of a network: what SUMO 1.28 needs to drive on it. The order of links at a junction is that of its incoming lanes and of
// each lane's connections, as SUMO numbers them when it loads.
#include <algorithm>
#include <cmath>

#include "geodata/crs/crs.hpp"
#include "geodata/sumo/net_geometry.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/sumo/sumo_words.hpp"
#include "geodata/xml/xml_writer.hpp"

namespace citytwin::geodata {

namespace {

constexpr double shortest_lane_m = 0.1;
constexpr double sideways_mps2 = 5.5;  ///< netconvert's junctions.limit-turn-speed: v = sqrt(radius * this)

/// A PROJ string, which is what SUMO reads; "!" = none.
std::string projection_of(const std::string& crs) { return crs.empty() ? "!" : crs.starts_with("+proj") ? crs : proj_parameter(crs); }

class NetworkWriter {
public:
    NetworkWriter(const RoadNetwork& network, const std::string& path) : net_(network), geometry_(network), out_(path) {
        has_internal_ = std::any_of(net_.connection_length_m.begin(), net_.connection_length_m.end(), [](double length) { return length > 0; });
        in_.resize(net_.nodes());
        leaving_.resize(net_.nodes());
        of_link_.resize(net_.links());
        links_of_.resize(net_.nodes());
        place_in_node_.resize(net_.connections());
        for (Index link = 0; link < net_.links(); ++link) {
            in_[net_.link_to[link]].push_back(link);
            leaving_[net_.link_from[link]].push_back(link);
        }
        sort_clockwise();
        for (Index c = 0; c < net_.connections(); ++c) of_link_[net_.connection_from_link[c]].push_back(c);
        for (auto& row : of_link_) std::stable_sort(row.begin(), row.end(), [&](Index a, Index b) { return net_.connection_from_lane[a] < net_.connection_from_lane[b]; });
        for (Index node = 0; node < net_.nodes(); ++node)
            for (Index link : in_[node])
                for (Index c : of_link_[link]) {
                    place_in_node_[c] = static_cast<std::uint32_t>(links_of_[node].size());
                    links_of_[node].push_back(c);
                }
    }

    void write() {
        group_internal_edges();
        out_.open("net").attribute("version", "1.20").attribute("junctionCornerDetail", "5").attribute("limitTurnSpeed", sideways_mps2);
        location();
        for (Index node = 0; node < net_.nodes(); ++node)
            for (std::size_t k = 0; k < links_of_[node].size(); ++k) internal_edges(links_of_[node], k);
        for (Index link = 0; link < net_.links(); ++link) edge(link);
        signals();
        for (Index node = 0; node < net_.nodes(); ++node) junction(node);
        for (Index node = 0; node < net_.nodes(); ++node)
            for (Index c : links_of_[node])
                if (waits_inside(c)) internal_junction(c);
        for (Index link = 0; link < net_.links(); ++link)
            for (Index c : of_link_[link]) connection(c);
        for (Index node = 0; node < net_.nodes(); ++node)
            for (Index c : links_of_[node]) internal_connection(c);
        roundabouts();
        out_.close();
        out_.finish();
    }

private:
    [[nodiscard]] std::string internal_edge_id(Index c) const { return ":" + net_.node_id[net_.connection_node[c]] + "_" + std::to_string(first_of_edge_[c]); }
    [[nodiscard]] std::string internal_lane_id(Index c) const { return internal_edge_id(c) + "_" + std::to_string(place_in_edge_[c]); }
    /// The edge behind the place where a movement waits inside its junction.
    [[nodiscard]] std::string second_edge_id(Index c) const {
        return ":" + net_.node_id[net_.connection_node[c]] + "_" + std::to_string(links_of_[net_.connection_node[c]].size() + first_of_edge_[c]);
    }
    [[nodiscard]] std::string second_lane_id(Index c) const { return second_edge_id(c) + "_" + std::to_string(place_in_edge_[c]); }
    [[nodiscard]] bool waits_inside(Index c) const { return net_.connection_contains_waiting[c] != 0; }
    [[nodiscard]] std::string last_internal_lane(Index c) const { return waits_inside(c) ? second_lane_id(c) : internal_lane_id(c); }

    /// Connections of one link into another share an internal edge, as in netconvert's networks: SUMO's mesoscopic model counts such edges.
    void group_internal_edges() {
        place_in_edge_.assign(net_.connections(), 0);
        first_of_edge_ = place_in_node_;
        for (const auto& row : links_of_)
            for (std::size_t k = 1; k < row.size(); ++k)
                for (std::size_t j = k; j-- > 0;) {
                    const Index c = row[k], before = row[j];
                    if (net_.connection_from_link[c] != net_.connection_from_link[before]) break;  // a link's connections stand together
                    if (net_.connection_to_link[c] != net_.connection_to_link[before] || waits_inside(c) != waits_inside(before)) continue;
                    place_in_edge_[c] = place_in_edge_[before] + 1;
                    first_of_edge_[c] = first_of_edge_[before];
                    break;
                }
    }
    [[nodiscard]] std::uint32_t permissions(Index link, std::int32_t lane) const { return net_.lane_permissions[net_.link_first_lane[link] + static_cast<Index>(lane)]; }

    /// Arriving links clockwise from north, as netconvert lists them.
    void sort_clockwise() {
        std::vector<double> bearing(net_.links(), 0);
        for (Index link = 0; link < net_.links(); ++link) {
            const Polyline line = geometry_.lane(link, 0);
            const std::size_t n = line.size();
            bearing[link] = std::atan2(line[n - 4] - line[n - 2], line[n - 3] - line[n - 1]);  // back along the link
            if (bearing[link] < 0) bearing[link] += 2 * M_PI;
        }
        for (auto& row : in_) std::stable_sort(row.begin(), row.end(), [&](Index a, Index b) { return bearing[a] < bearing[b]; });
    }

    void location() {
        double low_x = 0, low_y = 0, high_x = 0, high_y = 0;
        for (Index node = 0; node < net_.nodes(); ++node) {
            low_x = node == 0 ? net_.node_x[node] : std::min(low_x, net_.node_x[node]);
            low_y = node == 0 ? net_.node_y[node] : std::min(low_y, net_.node_y[node]);
            high_x = node == 0 ? net_.node_x[node] : std::max(high_x, net_.node_x[node]);
            high_y = node == 0 ? net_.node_y[node] : std::max(high_y, net_.node_y[node]);
        }
        const double offset[] = {-net_.origin_x, -net_.origin_y};
        std::string net_offset;
        append_number(net_offset, offset[0]);
        net_offset += ',';
        append_number(net_offset, offset[1]);
        const double corners[] = {low_x, low_y, high_x, high_y};
        std::string boundary;
        for (double corner : corners) {
            if (!boundary.empty()) boundary += ',';
            append_number(boundary, corner);
        }
        out_.open("location").attribute("netOffset", net_offset).attribute("convBoundary", boundary).attribute("origBoundary", boundary)
            .attribute("projParameter", projection_of(net_.crs)).close();
    }

    void allow(std::uint32_t bits) {
        if ((bits & vehicle_class::all) == vehicle_class::all) return;
        if (bits == 0) out_.attribute("disallow", "all");
        else out_.attribute("allow", sumo_class_names(bits));
    }

    /// The internal edge that begins with link k of a node, if one does; two where its movements wait inside.
    void internal_edges(const std::vector<Index>& links, std::size_t k) {
        if (place_in_edge_[links[k]] > 0) return;
        const bool waits = waits_inside(links[k]);
        std::vector<Index> lanes;
        for (std::size_t j = k; j < links.size(); ++j)
            if (first_of_edge_[links[j]] == first_of_edge_[links[k]]) lanes.push_back(links[j]);
        out_.open("edge").attribute("id", internal_edge_id(links[k])).attribute("function", "internal");
        for (Index c : lanes) internal_lane(c, internal_lane_id(c), geometry_.connection(c), waits ? 0.5 : 1);
        out_.close();
        if (!waits) return;
        out_.open("edge").attribute("id", second_edge_id(links[k])).attribute("function", "internal");
        for (Index c : lanes) internal_lane(c, second_lane_id(c), geometry_.connection(c), -0.5);
        out_.close();
    }

    /// `share` of the way across: 1 = all, 0.5 = the first half, -0.5 = the second.
    void internal_lane(Index c, const std::string& id, Polyline shape, double share) {
        const double whole = has_internal_ ? net_.connection_length_m[c] : length_of(shape), speed = internal_speed(c, std::max(shortest_lane_m, whole));
        if (share != 1) shape = share > 0 ? halves_of(shape).first : halves_of(shape).second;
        out_.open("lane").attribute("id", id).attribute("index", place_in_edge_[c]);
        allow(permissions(net_.connection_from_link[c], net_.connection_from_lane[c]) & permissions(net_.connection_to_link[c], net_.connection_to_lane[c]));
        out_.attribute("speed", speed).attribute("length", std::max(shortest_lane_m, whole * std::abs(share))).shape("shape", shape).close();
    }

    [[nodiscard]] double internal_speed(Index c, double length) const {
        if (net_.connection_speed_mps[c] > 0) return net_.connection_speed_mps[c];
        const double speed = std::max(0.1, std::min(net_.link_speed_mps[net_.connection_from_link[c]], net_.link_speed_mps[net_.connection_to_link[c]]));
        const Turn turn = net_.connection_turn[c];
        if (turn == Turn::straight || turn == Turn::partial_left || turn == Turn::partial_right) return speed;
        const double radius = length / (turn == Turn::u_turn ? M_PI : M_PI / 2);
        return std::min(speed, std::max(1.0, std::sqrt(radius * sideways_mps2)));
    }

    void edge(Index link) {
        out_.open("edge").attribute("id", net_.link_id[link]).attribute("from", net_.node_id[net_.link_from[link]]).attribute("to", net_.node_id[net_.link_to[link]]);
        if (!net_.link_name[link].empty()) out_.attribute("name", net_.link_name[link]);
        out_.attribute("priority", net_.link_priority[link]);
        if (net_.link_class[link] != RoadClass::other) out_.attribute("type", std::string("highway.") + name_of(net_.link_class[link]));
        if (geometry_.is_centred(link)) out_.attribute("spreadType", "center");
        const auto line = net_.link_shape[link];
        if (line.size() >= 4) out_.shape("shape", line);
        const double outside = has_internal_ ? 1 : std::max(0.0, 1 - geometry_.share_inside_junctions(link));
        for (std::int32_t i = 0; i < net_.link_lanes[link]; ++i) {
            const Index lane = net_.link_first_lane[link] + static_cast<Index>(i);
            out_.open("lane").attribute("id", net_.link_id[link] + "_" + std::to_string(i)).attribute("index", i);
            allow(net_.lane_permissions[lane]);
            out_.attribute("speed", std::max(0.1, net_.lane_speed_mps[lane])).attribute("length", std::max(shortest_lane_m, net_.lane_length_m[lane] * outside));
            if (net_.lane_width_m[lane] != 3.2) out_.attribute("width", net_.lane_width_m[lane]);
            out_.shape("shape", geometry_.lane(link, i)).close();
        }
        out_.close();
    }

    void signals() {
        std::vector<bool> is_used(net_.signals.size(), false);
        for (Index signal : net_.connection_signal)
            if (signal != no_index) is_used[signal] = true;
        for (Index s = 0; s < net_.signals.size(); ++s) {
            const auto& signal = net_.signals[s];
            if (!is_used[s]) continue;
            for (std::size_t p = 0; p < signal.programs.size(); ++p)
                if (p != signal.active_program) program(signal, signal.programs[p]);
            if (signal.active_program < signal.programs.size()) program(signal, signal.programs[signal.active_program]);  // the last one runs
        }
    }

    void program(const RoadNetwork::Signal& signal, const RoadNetwork::Program& program) {
        out_.open("tlLogic").attribute("id", signal.id).attribute("type", program.type).attribute("programID", program.id).attribute("offset", program.offset_s);
        for (std::size_t k = 0; k < program.state.size(); ++k) {
            out_.open("phase").attribute("duration", program.duration_s[k]).attribute("state", program.state[k]);
            if (program.min_duration_s[k] != program.duration_s[k] || program.max_duration_s[k] != program.duration_s[k])
                out_.attribute("minDur", program.min_duration_s[k]).attribute("maxDur", program.max_duration_s[k]);
            out_.close();
        }
        out_.close();
    }

    void junction(Index node) {
        const auto& links = links_of_[node];
        std::string in_lanes, internal_lanes;
        for (Index link : in_[node])
            for (std::int32_t i = 0; i < net_.link_lanes[link]; ++i) in_lanes += (in_lanes.empty() ? "" : " ") + net_.link_id[link] + "_" + std::to_string(i);
        for (Index c : links) internal_lanes += (internal_lanes.empty() ? "" : " ") + last_internal_lane(c);
        out_.open("junction").attribute("id", net_.node_id[node]).attribute("type", type_of(node)).attribute("x", net_.node_x[node]).attribute("y", net_.node_y[node])
            .attribute("incLanes", in_lanes).attribute("intLanes", internal_lanes);
        if (const Polyline shape = geometry_.outline(node, in_[node], leaving_[node]); !shape.empty()) out_.shape("shape", shape);
        for (std::size_t k = 0; k < links.size(); ++k) {
            out_.open("request").attribute("index", static_cast<std::uint64_t>(k)).attribute("response", bits(links, net_.connection_yields_to[links[k]], node));
            out_.attribute("foes", bits(links, net_.connection_foes[links[k]], node)).attribute("cont", waits_inside(links[k]) ? 1 : 0).close();
        }
        out_.close();
    }

    /// Where a movement waits inside its junction: behind its own first lane, for the lanes of those it yields to.
    void internal_junction(Index c) {
        const Polyline place = halves_of(geometry_.connection(c)).first;
        std::string in_lanes = internal_lane_id(c), internal_lanes;
        std::vector<std::string> approaches;
        for (std::uint32_t other : net_.connection_yields_to[c]) {
            const std::string lane = net_.link_id[net_.connection_from_link[other]] + "_" + std::to_string(net_.connection_from_lane[other]);
            if (std::find(approaches.begin(), approaches.end(), lane) == approaches.end()) approaches.push_back(lane);
        }
        for (const auto& lane : approaches) in_lanes += " " + lane;
        for (std::uint32_t other : net_.connection_foes[c]) internal_lanes += (internal_lanes.empty() ? "" : " ") + last_internal_lane(other);
        out_.open("junction").attribute("id", second_lane_id(c)).attribute("type", "internal").attribute("x", place[place.size() - 2]).attribute("y", place.back())
            .attribute("incLanes", in_lanes).attribute("intLanes", internal_lanes).close();
    }

    [[nodiscard]] const char* type_of(Index node) const {
        const NodeControl control = net_.node_control[node];
        if (links_of_[node].empty()) return "dead_end";
        if (control == NodeControl::dead_end || (control == NodeControl::traffic_light && net_.node_signal[node] == no_index)) return "priority";
        return sumo_type_of(control);
    }

    /// One letter a link of the node, the last letter is link 0.
    [[nodiscard]] std::string bits(const std::vector<Index>& links, std::span<const std::uint32_t> set, Index node) const {
        std::string text(links.size(), '0');
        for (std::uint32_t other : set)
            if (net_.connection_node[other] == node) text[links.size() - 1 - place_in_node_[other]] = '1';
        return text;
    }

    void connection(Index c) {
        out_.open("connection").attribute("from", net_.link_id[net_.connection_from_link[c]]).attribute("to", net_.link_id[net_.connection_to_link[c]])
            .attribute("fromLane", net_.connection_from_lane[c]).attribute("toLane", net_.connection_to_lane[c]).attribute("via", internal_lane_id(c));
        if (const Index signal = net_.connection_signal[c]; signal != no_index)
            out_.attribute("tl", net_.signals[signal].id).attribute("linkIndex", net_.connection_signal_link[c]);
        out_.attribute("dir", sumo_letter_of(net_.connection_turn[c])).attribute("state", std::string(1, sumo_letter_of(net_.connection_state[c]))).close();
    }

    void internal_connection(Index c) {
        const auto lane_to_lane = [&](const std::string& from) -> XmlWriter& {
            return out_.open("connection").attribute("from", from).attribute("to", net_.link_id[net_.connection_to_link[c]]).attribute("fromLane", place_in_edge_[c]).attribute("toLane", net_.connection_to_lane[c]);
        };
        const char* turn = sumo_letter_of(net_.connection_turn[c]);
        if (waits_inside(c)) lane_to_lane(internal_edge_id(c)).attribute("via", second_lane_id(c)).attribute("dir", turn).attribute("state", "m").close();
        lane_to_lane(waits_inside(c) ? second_edge_id(c) : internal_edge_id(c)).attribute("dir", turn).attribute("state", "M").close();
    }

    /// Connected roundabout links, each group from its first link on.
    void roundabouts() {
        std::vector<bool> done(net_.links(), false);
        for (Index first = 0; first < net_.links(); ++first) {
            std::string edges, nodes;
            for (Index link = first; link != no_index;) {
                if (done[link] || !(net_.link_flags[link] & road_flag::roundabout)) break;
                done[link] = true;
                edges += (edges.empty() ? "" : " ") + net_.link_id[link];
                nodes += (nodes.empty() ? "" : " ") + net_.node_id[net_.link_to[link]];
                Index next = no_index;
                for (Index out : leaving_[net_.link_to[link]])
                    if (next == no_index && !done[out] && (net_.link_flags[out] & road_flag::roundabout)) next = out;
                link = next;
            }
            if (!edges.empty()) out_.open("roundabout").attribute("nodes", nodes).attribute("edges", edges).close();
        }
    }

    const RoadNetwork& net_;
    NetGeometry geometry_;
    XmlWriter out_;
    bool has_internal_ = false;
    std::vector<std::vector<Index>> in_, leaving_, of_link_, links_of_;
    std::vector<std::uint32_t> place_in_node_;  ///< of a connection among its node's links
    std::vector<std::uint32_t> place_in_edge_;  ///< and among the lanes of its internal edge, which is named after
    std::vector<std::uint32_t> first_of_edge_;  ///< the place of its first connection
};

}  // namespace

void write_sumo_network(const RoadNetwork& network, const std::string& path) { NetworkWriter(network, path).write(); }

}  // namespace citytwin::geodata
