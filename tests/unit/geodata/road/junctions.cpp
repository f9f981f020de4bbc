// Junctions from streets: lanes, right of way, signals.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "geodata/road/junctions.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

struct Arm {
    double angle_deg;       ///< out of the centre
    std::int32_t lanes_in, lanes_out;
    RoadClass road_class = RoadClass::residential;
    std::int32_t priority = 3;
    double speed_mps = 30 / 3.6;
};

void add_link(RoadNetwork& net, const std::string& id, Index from, Index to, const Arm& arm, std::int32_t lanes) {
    if (lanes == 0) return;
    net.link_id.push_back(id);
    net.link_from.push_back(from);
    net.link_to.push_back(to);
    net.link_length_m.push_back(100);
    net.link_speed_mps.push_back(arm.speed_mps);
    net.link_lanes.push_back(lanes);
    net.link_class.push_back(arm.road_class);
    net.link_priority.push_back(arm.priority);
    net.link_permissions.push_back(vehicle_class::all);
    net.link_flags.push_back(0);
    net.link_source_way.push_back(0);
    net.link_name.emplace_back();
    const double shape[] = {net.node_x[from], net.node_y[from], net.node_x[to], net.node_y[to]};
    net.link_shape.push_row(shape);
    if (net.link_first_lane.empty()) net.link_first_lane.push_back(0);
    for (std::int32_t lane = 0; lane < lanes; ++lane) {
        net.lane_length_m.push_back(100);
        net.lane_speed_mps.push_back(arm.speed_mps);
        net.lane_width_m.push_back(3.2);
        net.lane_permissions.push_back(vehicle_class::all);
    }
    net.link_first_lane.push_back(static_cast<Index>(net.lanes()));
}

/// Node 0 in the middle; arm i has node i + 1, links "in<i>" and "out<i>".
RoadNetwork star(const std::vector<Arm>& arms) {
    RoadNetwork net;
    const auto add_node = [&](double x, double y) {
        net.node_id.push_back("n" + std::to_string(net.nodes()));
        net.node_x.push_back(x);
        net.node_y.push_back(y);
        net.node_control.push_back(NodeControl::priority);
        net.node_signal.push_back(no_index);
        net.node_flags.push_back(0);
    };
    add_node(0, 0);
    for (const Arm& arm : arms) add_node(100 * std::cos(arm.angle_deg * M_PI / 180), 100 * std::sin(arm.angle_deg * M_PI / 180));
    for (std::size_t i = 0; i < arms.size(); ++i) {
        add_link(net, "in" + std::to_string(i), static_cast<Index>(i + 1), 0, arms[i], arms[i].lanes_in);
        add_link(net, "out" + std::to_string(i), 0, static_cast<Index>(i + 1), arms[i], arms[i].lanes_out);
    }
    return net;
}

/// "0>0 1>1": lanes from one link into another.
std::string lanes_between(const RoadNetwork& net, const std::string& from, const std::string& to) {
    std::string text;
    for (Index c = 0; c < net.connections(); ++c)
        if (net.link_id[net.connection_from_link[c]] == from && net.link_id[net.connection_to_link[c]] == to)
            text += (text.empty() ? "" : " ") + std::to_string(net.connection_from_lane[c]) + ">" + std::to_string(net.connection_to_lane[c]);
    return text;
}

Index connection_between(const RoadNetwork& net, const std::string& from, const std::string& to) {
    for (Index c = 0; c < net.connections(); ++c)
        if (net.link_id[net.connection_from_link[c]] == from && net.link_id[net.connection_to_link[c]] == to) return c;
    return no_index;
}

bool yields(const RoadNetwork& net, Index a, Index b) {
    const auto row = net.connection_yields_to[a];
    return std::find(row.begin(), row.end(), b) != row.end();
}

bool are_foes(const RoadNetwork& net, Index a, Index b) {
    const auto row = net.connection_foes[a];
    return std::find(row.begin(), row.end(), b) != row.end();
}

const Arm main_arm{0, 2, 2, RoadClass::primary, 12, 50 / 3.6}, side_arm{0, 1, 1};
Arm at(Arm arm, double angle) {
    arm.angle_deg = angle;
    return arm;
}

TEST_CASE("a crossing of two-lane streets: straight keeps its lane, turns leave from the outer lanes") {
    RoadNetwork net = star({at(main_arm, 0), at(main_arm, 90), at(main_arm, 180), at(main_arm, 270)});
    Arena arena(1);
    build_junctions(net, {}, arena);
    CHECK(lanes_between(net, "in2", "out0") == "0>0 1>1");  // from the west straight on
    CHECK(lanes_between(net, "in2", "out3") == "0>0");      // right, to the south
    CHECK(lanes_between(net, "in2", "out1") == "1>1");      // left, to the north
    CHECK(lanes_between(net, "in2", "out2") == "1>1");      // back
    CHECK(net.connection_turn[connection_between(net, "in2", "out3")] == Turn::right);
    CHECK(net.connection_turn[connection_between(net, "in2", "out1")] == Turn::left);
    CHECK(net.connection_turn[connection_between(net, "in2", "out2")] == Turn::u_turn);
}

TEST_CASE("lanes go together and apart as the streets do") {
    Arena arena(1);
    Arm wide = main_arm, narrow = main_arm;
    wide.lanes_in = wide.lanes_out = 3;
    RoadNetwork widening = star({at({0, 0, 3}, 0), at({0, 2, 0}, 180)});
    build_junctions(widening, {}, arena);
    CHECK(lanes_between(widening, "in1", "out0") == "0>0 1>1 1>2");  // nothing else leads there
    RoadNetwork dropping = star({at({0, 0, 2}, 0), at({0, 3, 0}, 180)});
    build_junctions(dropping, {}, arena);
    CHECK(lanes_between(dropping, "in1", "out0") == "1>0 2>1");
    RoadNetwork merging = star({at({0, 0, 3}, 0), at({0, 2, 0}, 180), at({0, 1, 0}, 200)});
    build_junctions(merging, {}, arena);
    CHECK(lanes_between(merging, "in2", "out0") == "0>0");  // from the right: the right lane
    CHECK(lanes_between(merging, "in1", "out0") == "0>1 1>2");
    RoadNetwork ending = star({at({0, 1, 1}, 90), at({0, 1, 1}, 270), at({0, 2, 0}, 180)});
    build_junctions(ending, {}, arena);
    CHECK(lanes_between(ending, "in2", "out1") == "0>0");
    CHECK(lanes_between(ending, "in2", "out0") == "1>0");
}

TEST_CASE("turn arrows say which lane turns; texts for another number of lanes are counted") {
    Arena arena(1);
    RoadNetwork net = star({at({0, 2, 2}, 0), at({0, 2, 2}, 90), at({0, 3, 2}, 180), at({0, 2, 2}, 270)});
    std::vector<std::uint32_t> text(net.links(), no_index);
    const auto west = static_cast<std::size_t>(std::find(net.link_id.begin(), net.link_id.end(), "in2") - net.link_id.begin());
    text[west] = 0;
    const std::vector<std::string> texts{"left|left;through|right", "through|right"};
    JunctionInput input;
    input.link_turn_text = text;
    input.turn_texts = texts;
    const JunctionReport report = build_junctions(net, input, arena);
    CHECK(report.turn_texts_used == 1);
    CHECK(lanes_between(net, "in2", "out1") == "1>0 2>1");
    CHECK(lanes_between(net, "in2", "out0") == "1>1");
    CHECK(lanes_between(net, "in2", "out3") == "0>0");
    text[west] = 1;
    CHECK(build_junctions(net, input, arena).unusable_turn_links == std::vector<Index>{static_cast<Index>(west)});
}

TEST_CASE("restrictions take turns out, but never the last way on") {
    Arena arena(1);
    RoadNetwork net = star({at(side_arm, 0), at(side_arm, 90), at(side_arm, 180), at(side_arm, 270)});
    const auto row = [&](const std::string& id) { return static_cast<Index>(std::find(net.link_id.begin(), net.link_id.end(), id) - net.link_id.begin()); };
    const std::vector<TurnRestriction> rules{{row("in2"), row("out1"), false}, {row("in0"), row("out2"), true}};
    JunctionInput input;
    input.restrictions = rules;
    CHECK(build_junctions(net, input, arena).restricted_turns == 4);
    CHECK(lanes_between(net, "in2", "out1").empty());
    CHECK(lanes_between(net, "in2", "out0") == "0>0");
    CHECK(lanes_between(net, "in0", "out2") == "0>0");
    CHECK(lanes_between(net, "in0", "out1").empty());
    CHECK(lanes_between(net, "in0", "out0").empty());
    RoadNetwork line = star({at({0, 0, 1}, 0), at({0, 1, 0}, 180)});
    const std::vector<TurnRestriction> all{{1, 0, false}};
    JunctionInput nothing_left;
    nothing_left.restrictions = all;
    CHECK(build_junctions(line, nothing_left, arena).ignored_restrictions == 1);
    CHECK(line.connections() == 1);
}

TEST_CASE("equal slow streets are right before left, a side street yields to the main street") {
    Arena arena(1);
    RoadNetwork equal = star({at(side_arm, 0), at(side_arm, 90), at(side_arm, 180), at(side_arm, 270)});
    build_junctions(equal, {}, arena);
    CHECK(equal.node_control[0] == NodeControl::right_before_left);
    CHECK(equal.node_control[1] == NodeControl::dead_end);
    const Index from_west = connection_between(equal, "in2", "out0"), from_south = connection_between(equal, "in3", "out1"), from_north = connection_between(equal, "in1", "out3");
    CHECK(yields(equal, from_west, from_south));  // the south is on the right hand of who comes from the west
    CHECK_FALSE(yields(equal, from_south, from_west));
    CHECK(yields(equal, from_north, from_west));
    CHECK(equal.connection_state[from_west] == LinkState::equal);
    RoadNetwork ranked = star({at(main_arm, 0), at(side_arm, 90), at(main_arm, 180)});
    build_junctions(ranked, {}, arena);
    CHECK(ranked.node_control[0] == NodeControl::priority);
    const Index straight = connection_between(ranked, "in2", "out0"), side_left = connection_between(ranked, "in1", "out0"), main_left = connection_between(ranked, "in2", "out1"),
                oncoming = connection_between(ranked, "in0", "out2");
    CHECK(ranked.connection_state[straight] == LinkState::major);
    CHECK_FALSE(are_foes(ranked, side_left, straight));  // it ends in the inner lane, the outer lane passes
    CHECK(yields(ranked, side_left, straight + 1));
    CHECK(ranked.connection_state[side_left] == LinkState::minor);
    CHECK(yields(ranked, main_left, oncoming));
    CHECK_FALSE(yields(ranked, oncoming, main_left));
}

TEST_CASE("conflicts are mutual, someone yields in each, and opposite ways past each other have none") {
    Arena arena(1);
    RoadNetwork net = star({at(main_arm, 0), at(side_arm, 75), at(main_arm, 180), at(side_arm, 260), at(side_arm, 320)});
    build_junctions(net, {}, arena);
    for (Index c = 0; c < net.connections(); ++c)
        for (const Index foe : net.connection_foes[c]) {
            CHECK(are_foes(net, foe, c));
            CHECK(yields(net, c, foe) != yields(net, foe, c));
        }
    CHECK_FALSE(are_foes(net, connection_between(net, "in0", "out2"), connection_between(net, "in2", "out0")));
    CHECK_FALSE(are_foes(net, connection_between(net, "in0", "out1"), connection_between(net, "in2", "out0")));  // a right turn off
    CHECK(are_foes(net, connection_between(net, "in2", "out1"), connection_between(net, "in0", "out2")));       // a left turn across
}

std::size_t unprotected(const RoadNetwork& net) {
    std::size_t conflicts = 0;
    for (Index c = 0; c < net.connections(); ++c) {
        if (net.connection_signal[c] == no_index) continue;
        for (const Index foe : net.connection_foes[c])
            for (const auto& state : net.signals[net.connection_signal[c]].programs[0].state) {
                const char own = state[static_cast<std::size_t>(net.connection_signal_link[c])], other = state[static_cast<std::size_t>(net.connection_signal_link[foe])];
                conflicts += own == 'G' && other == 'G';
                conflicts += own == 'g' && (other == 'G' || other == 'g') && !yields(net, c, foe) && !yields(net, foe, c);
                conflicts += own == 'g' && other == 'G' && !yields(net, c, foe);
            }
    }
    return conflicts;
}

TEST_CASE("a signal gives every connection green, never two foes without one yielding, and at least 3 s of yellow") {
    Arena arena(1);
    for (const auto& arms : {std::vector<Arm>{at(main_arm, 0), at(main_arm, 90), at(main_arm, 180), at(main_arm, 270)}, std::vector<Arm>{at(main_arm, 0), at(side_arm, 90), at(main_arm, 180)},
                             std::vector<Arm>{at(main_arm, 10), at(side_arm, 70), at(main_arm, 140), at(side_arm, 230), at(main_arm, 300)},
                             std::vector<Arm>{at(main_arm, 0), at(main_arm, 15), at(main_arm, 180)}, std::vector<Arm>{at({0, 3, 3, RoadClass::primary, 12, 14}, 0), at({0, 3, 3, RoadClass::primary, 12, 14}, 180), at(main_arm, 90), at(main_arm, 270)}}) {
        RoadNetwork net = star(arms);
        net.node_control[0] = NodeControl::traffic_light;
        const JunctionReport report = build_junctions(net, {}, arena);
        CHECK(report.signals == 1);
        CHECK(net.signals[0].id == "n0");
        CHECK(unprotected(net) == 0);
        const auto& program = net.signals[0].programs[0];
        double cycle = 0;
        for (std::size_t p = 0; p < program.state.size(); ++p) {
            cycle += program.duration_s[p];
            if (program.state[p].find('y') != std::string::npos) CHECK(program.duration_s[p] >= 3);
        }
        CHECK(cycle == Approx(90).margin(2));
        for (Index c = 0; c < net.connections(); ++c)
            if (net.connection_node[c] == 0) CHECK(std::any_of(program.state.begin(), program.state.end(), [&](const std::string& s) { return s[static_cast<std::size_t>(net.connection_signal_link[c])] == 'G' || s[static_cast<std::size_t>(net.connection_signal_link[c])] == 'g'; }));
    }
}

TEST_CASE("a signal where nothing crosses stops its street for people on foot") {
    Arena arena(1);
    RoadNetwork net = star({at(side_arm, 0), at(side_arm, 180)});
    const std::vector<SignalGroup> groups{{"crossing", {0}}};
    JunctionInput input;
    input.signals = groups;
    build_junctions(net, input, arena);
    REQUIRE(net.signals.size() == 1);
    CHECK(net.signals[0].id == "crossing");
    const auto& program = net.signals[0].programs[0];
    REQUIRE(program.state.size() == 3);
    CHECK(program.state[2].find_first_not_of('r') == std::string::npos);
    CHECK(program.duration_s[2] == 20);
}

TEST_CASE("a network goes into a city's sets and comes back the same") {
    Arena arena(2);
    RoadNetwork net = star({at(main_arm, 0), at(side_arm, 90), at(main_arm, 180), at(side_arm, 270)});
    net.node_control[0] = NodeControl::traffic_light;
    net.crs = "EPSG:32632";
    net.origin_x = 5;
    build_junctions(net, {}, arena);
    const RoadNetwork before = net;
    City city;
    store_road_network(city, std::move(net));
    CHECK(city.at("road_link").size() == before.links());
    CHECK(city.at("road_link").get<std::uint8_t>("closed") == std::vector<std::uint8_t>(before.links(), 0));
    CHECK(city.at("road_link").get<std::int32_t>("lanes") == before.link_lanes);
    CHECK(city.at("signal").ids == std::vector<std::string>{"n0"});
    const RoadNetwork after = load_road_network(city);
    CHECK(after.link_id == before.link_id);
    CHECK(after.link_first_lane == before.link_first_lane);
    CHECK(after.link_shape == before.link_shape);
    CHECK(after.connection_foes == before.connection_foes);
    CHECK(after.connection_yields_to == before.connection_yields_to);
    CHECK(after.connection_state == before.connection_state);
    CHECK(after.node_control == before.node_control);
    CHECK(after.node_signal == before.node_signal);
    CHECK(after.signals[0].programs[0].state == before.signals[0].programs[0].state);
    CHECK(after.signals[0].programs[0].duration_s == before.signals[0].programs[0].duration_s);
    CHECK(after.crs == before.crs);
    CHECK(after.origin_x == 5);
    CHECK_THROWS_WITH(load_road_network(City()), Catch::Contains("no road network"));
}

TEST_CASE("statistics count lanes, classes and the largest part in which everyone reaches everyone") {
    RoadNetwork net = star({at(main_arm, 0), at(side_arm, 90), at({0, 1, 0}, 180)});
    const RoadStatistics s = road_statistics(net);
    CHECK(s.links == 5);
    CHECK(s.link_km == Approx(0.5));
    CHECK(s.lane_km == Approx(0.7));
    CHECK(s.km_by_class[static_cast<std::size_t>(RoadClass::primary)] == Approx(0.2));
    CHECK(s.strong_components == 2);  // nobody gets to the end of the one-way street
    CHECK(s.largest_component_share == Approx(0.75));
}

TEST_CASE("junctions are the same on any number of threads") {
    std::vector<Arm> arms{at(main_arm, 0), at(side_arm, 75), at(main_arm, 180), at(side_arm, 260)};
    RoadNetwork one = star(arms), four = star(arms);
    Arena single(1), several(4, 1);
    build_junctions(one, {}, single);
    build_junctions(four, {}, several);
    CHECK(one.connection_from_link == four.connection_from_link);
    CHECK(one.connection_foes == four.connection_foes);
}

}  // namespace
