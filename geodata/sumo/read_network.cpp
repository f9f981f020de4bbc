// Streams a .net.xml into RawNetwork; assemble_network resolves the names.
#include <cmath>
#include <unordered_set>
#include <utility>

#include "core/base/text.hpp"
#include "geodata/sumo/raw_network.hpp"
#include "geodata/sumo/read_program.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/sumo/sumo_words.hpp"
#include "geodata/xml/xml_reader.hpp"

namespace citytwin::geodata {

namespace {

constexpr double default_lane_width_m = 3.2;  ///< SUMO's default
constexpr long long most_lanes = 64;

/// "+proj=utm +zone=32 …" on WGS84 as an EPSG code; other strings stay as they are, "!" and "-" mean no CRS.
std::string crs_of(std::string_view parameter) {
    parameter = trimmed(parameter);
    if (parameter.empty() || parameter == "!" || parameter == "-" || parameter == "." || parameter == "%") return {};
    const auto zone_at = parameter.find("+zone=");
    if (parameter.find("+proj=utm") != std::string_view::npos && zone_at != std::string_view::npos && parameter.find("WGS84") != std::string_view::npos) {
        std::string_view digits = parameter.substr(zone_at + 6);
        digits = digits.substr(0, digits.find(' '));
        const auto zone = parse_integer(digits);
        const bool south = parameter.find("+south") != std::string_view::npos;
        if (zone && *zone >= 1 && *zone <= 60) return "EPSG:" + std::to_string((south ? 32700 : 32600) + *zone);
    }
    return std::string(parameter);
}

class NetworkHandler : public XmlHandler {
public:
    NetworkHandler(RawNetwork& raw, DiagnosticList& diagnostics) : raw_(raw), diagnostics_(diagnostics), programs_(diagnostics) {}

    void begin(const XmlElement& element) override {
        try {
            if (depth_++ == 0) begin_root(element);
            else dispatch(element);
        } catch (const InputError& error) {
            for (const auto& diagnostic : error.diagnostics()) diagnostics_.add(diagnostic);
        }
    }

    void end(std::string_view name) override {
        --depth_;
        if (name == "edge") end_edge();
        else if (name == "junction") junction_ = nullptr;
        else if (name == "tlLogic") end_program();
    }

private:
    void begin_root(const XmlElement& element) {
        if (element.name() != "net")
            throw InputError(std::vector{Diagnostic{Severity::error, "CT-SUMO-001", element.place(),
                                                    "the root element is <" + std::string(element.name()) + ">, expected <net>",
                                                    "name a .net.xml made by netconvert or netedit"}});
    }

    void dispatch(const XmlElement& element) {
        const std::string_view name = element.name();
        if (name == "lane") lane(element);
        else if (name == "edge") begin_edge(element);
        else if (name == "connection") connection(element);
        else if (name == "request") request(element);
        else if (name == "junction") junction(element);
        else if (name == "tlLogic") programs_.begin(element);
        else if (name == "phase") programs_.phase(element);
        else if (name == "location") location(element);
        else if (name == "roundabout")
            for (std::string_view edge : sumo_words(element.text("edges"))) raw_.roundabout_links.emplace_back(edge);
    }

    void location(const XmlElement& element) {
        const auto offset = sumo_shape(element.text("netOffset", "0,0"));
        if (!offset || offset->size() != 2)
            fail("CT-SUMO-008", element.place(), "netOffset=\"" + std::string(element.text("netOffset")) + "\" is not \"x,y\"", "write two finite numbers");
        raw_.network.crs = crs_of(element.text("projParameter"));
        raw_.network.origin_x = -(*offset)[0];
        raw_.network.origin_y = -(*offset)[1];
    }

    void begin_edge(const XmlElement& element) {
        const std::string_view function = element.text("function", "normal");
        edge_id_ = element.required("id");
        edge_line_ = element.line();
        edge_ = EdgeKind::skipped;
        if (function == "internal" || (function == "normal" && edge_id_.starts_with(':'))) {
            edge_ = EdgeKind::internal;
            ++raw_.skipped_internal;
        } else if (function == "crossing" || function == "walkingarea") {
            ++raw_.skipped_pedestrian;
        } else if (function == "connector") {
            ++raw_.skipped_connectors;
        } else {
            if (!edge_ids_.insert(edge_id_).second)
                fail("CT-SUMO-005", element.place(), "the edge '" + edge_id_ + "' is there twice", "give each edge its own id");
            add_link(element);
            edge_ = EdgeKind::link;
        }
    }

    void add_link(const XmlElement& element) {
        const auto shape = sumo_shape(element.text("shape"));
        if (!shape) fail("CT-SUMO-008", element.place(), element.label() + ": the shape holds something that is no finite number", "write \"x,y x,y …\"");
        const std::string from(element.required("from")), to(element.required("to"));
        RoadNetwork& net = raw_.network;
        net.link_id.push_back(edge_id_);
        raw_.link_from.push_back(from);
        raw_.link_to.push_back(to);
        raw_.link_line.push_back(edge_line_);
        net.link_priority.push_back(static_cast<std::int32_t>(element.integer("priority", -1, -1000000, 1000000)));
        net.link_class.push_back(road_class_of_type(element.text("type")));
        net.link_name.emplace_back(element.text("name"));
        net.link_flags.push_back(0);
        net.link_source_way.push_back(0);
        raw_.link_has_shape.push_back(shape->size() >= 4);
        net.link_shape.push_row(*shape);
        first_lane_ = net.lanes();
    }

    void lane(const XmlElement& element) {
        if (edge_ == EdgeKind::skipped) return;
        auto shape = sumo_shape(element.text("shape"));
        if (!shape) fail("CT-SUMO-008", element.place(), element.label() + ": the shape holds something that is no finite number", "write \"x,y x,y …\"");
        const double length = element.required_number("length"), speed = element.required_number("speed");
        if (length < 0 || (length == 0 && edge_ == EdgeKind::link) || speed < 0)
            fail("CT-SUMO-004", element.place(), element.label() + ": length " + std::to_string(length) + " m and speed " + std::to_string(speed) + " m/s",
                 "length must be above 0, speed 0 (closed) or above");
        if (edge_ == EdgeKind::internal) {
            raw_.internal_lanes.insert_or_assign(std::string(element.required("id")), InternalLane{length, speed, std::move(*shape), {}});
            return;
        }
        const auto index = static_cast<std::size_t>(element.required_integer("index", 0, most_lanes - 1));
        if (index != raw_.network.lanes() - first_lane_)
            fail("CT-SUMO-004", element.place(), element.label() + " has index " + std::to_string(index) + ", expected " + std::to_string(raw_.network.lanes() - first_lane_),
                 "number the lanes of an edge 0, 1, 2, … from the right");
        add_lane(element, length, speed);
    }

    void add_lane(const XmlElement& element, double length, double speed) {
        std::string unknown;
        auto permissions = sumo_permissions(element.find("allow"), element.find("disallow"), unknown);
        if (!permissions)
            fail("CT-SUMO-007", element.place(), element.label() + ": unknown vehicle class '" + unknown + "'", suggestion(unknown, sumo_class_list()));
        const double width = element.number("width", default_lane_width_m);
        if (speed == 0) {
            diagnostics_.warning("CT-SUMO-016", element.place(), element.label() + " has speed 0: it is closed for every class");
            permissions = 0;
        }
        RoadNetwork& net = raw_.network;
        net.lane_length_m.push_back(length);
        net.lane_speed_mps.push_back(speed);
        net.lane_width_m.push_back(width > 0 ? width : default_lane_width_m);
        net.lane_permissions.push_back(*permissions);

    }

    void end_edge() {
        const EdgeKind kind = std::exchange(edge_, EdgeKind::skipped);
        if (kind != EdgeKind::link) return;
        RoadNetwork& net = raw_.network;
        const std::size_t lanes = net.lanes() - first_lane_;
        if (lanes == 0)
            diagnostics_.error("CT-SUMO-003", {raw_.path, edge_line_}, "the edge '" + edge_id_ + "' has 0 lanes", "give it at least one <lane>");
        std::uint32_t permissions = 0;
        std::size_t main = first_lane_;  // the first lane that cars may use gives length and speed
        for (std::size_t lane = net.lanes(); lane-- > first_lane_;) {
            permissions |= net.lane_permissions[lane];
            if (net.lane_permissions[lane] & vehicle_class::passenger) main = lane;
        }
        net.link_first_lane.push_back(static_cast<Index>(first_lane_));
        net.link_lanes.push_back(static_cast<std::int32_t>(lanes));
        net.link_length_m.push_back(lanes == 0 ? 0 : net.lane_length_m[main]);
        net.link_speed_mps.push_back(lanes == 0 ? 0 : net.lane_speed_mps[main]);
        net.link_permissions.push_back(permissions);
    }

    void connection(const XmlElement& element) {
        RawConnection raw;
        raw.from = element.required("from");
        raw.to = element.required("to");
        raw.line = element.line();
        raw.from_lane = static_cast<std::int32_t>(element.required_integer("fromLane", 0, most_lanes - 1));
        raw.to_lane = static_cast<std::int32_t>(element.required_integer("toLane", 0, most_lanes - 1));
        raw.via = element.text("via");
        raw.signal = element.text("tl");
        raw.signal_link = static_cast<std::int32_t>(element.integer("linkIndex", -1, -1, 65535));
        if (!raw.signal.empty() && raw.signal_link < 0)
            fail("CT-XML-006", element.place(), element.label() + " has a tl but no linkIndex", "add linkIndex");
        const auto turn = turn_of(element.text("dir", "invalid"));
        const auto state = link_state_of(element.text("state", "M"));
        if (!turn || !state)
            fail("CT-SUMO-017", element.place(),
                 element.label() + ": dir=\"" + std::string(element.text("dir")) + "\" state=\"" + std::string(element.text("state")) + "\"",
                 "dir is one of s l r t L R, state one of - M m = s w Z G g o O");
        raw.turn = *turn;
        raw.state = *state;
        if (!raw.from.starts_with(':')) raw_.connections.push_back(std::move(raw));
        else if (!raw.to.starts_with(':')) internal_connection(raw);
        else raw_.walking_connections.push_back(std::move(raw));
    }

    void internal_connection(const RawConnection& raw) {
        if (raw.via.empty()) return;
        const auto lane = raw_.internal_lanes.find(raw.from + "_" + std::to_string(raw.from_lane));
        if (lane != raw_.internal_lanes.end()) lane->second.next = raw.via;
    }

    void junction(const XmlElement& element) {
        junction_ = nullptr;
        const std::string_view type = element.text("type", "priority");
        if (type == "internal") return;
        std::string id(element.required("id"));
        const double x = element.required_number("x"), y = element.required_number("y");
        const auto control = node_control_of(type);
        if (!control)
            fail("CT-SUMO-017", element.place(), element.label() + ": unknown junction type '" + std::string(type) + "'", "known: priority, traffic_light, right_before_left, allway_stop, …");
        if (!junction_ids_.insert(id).second)
            fail("CT-SUMO-005", element.place(), "the junction '" + id + "' is there twice", "give each junction its own id");
        RoadNetwork& net = raw_.network;
        net.node_id.push_back(id);
        net.node_x.push_back(x);
        net.node_y.push_back(y);
        net.node_control.push_back(*control);
        net.node_signal.push_back(no_index);
        net.node_flags.push_back(0);
        raw_.junctions.push_back({std::move(id), std::string(element.text("incLanes")), {}, element.line()});
        junction_ = &raw_.junctions.back();
    }

    void request(const XmlElement& element) {
        if (junction_ == nullptr) return;
        const auto index = static_cast<std::size_t>(element.required_integer("index", 0, 65535));
        if (index != junction_->requests.size())
            fail("CT-SUMO-009", element.place(), "junction '" + junction_->id + "': request " + std::to_string(index) + " follows " + std::to_string(junction_->requests.size()) + " others",
                 "number the requests 0, 1, 2, …");
        junction_->requests.push_back({std::string(element.required("response")), std::string(element.required("foes")), element.flag("cont", false)});
    }

    void end_program() {
        auto program = programs_.take();
        if (!program) return;
        auto& signals = raw_.network.signals;
        const auto [row, is_new] = signal_rows_.try_emplace(program->signal, signals.size());
        if (is_new) {
            signals.push_back({program->signal, no_index, {}, 0});
            raw_.signal_line.push_back(program->line);
        }
        auto& programs = signals[row->second].programs;
        for (const auto& other : programs)
            if (other.id == program->program.id)
                diagnostics_.error("CT-SUMO-005", {raw_.path, program->line}, "tlLogic '" + program->signal + "' has program '" + other.id + "' twice", "give each program its own programID");
        programs.push_back(std::move(program->program));
        signals[row->second].active_program = programs.size() - 1;  // SUMO: the last one read runs
    }

    enum class EdgeKind { skipped, internal, link };
    RawNetwork& raw_;
    DiagnosticList& diagnostics_;
    ProgramReader programs_;
    std::size_t depth_ = 0, first_lane_ = 0, edge_line_ = 0;
    EdgeKind edge_ = EdgeKind::skipped;
    std::string edge_id_;

    RawJunction* junction_ = nullptr;
    std::unordered_set<std::string> edge_ids_, junction_ids_;
    TextMap<std::size_t> signal_rows_;
};

}  // namespace

namespace {

template <class Parse>
RoadNetwork read_with(const std::string& name, DiagnosticList& diagnostics, Parse&& parse) {
    RawNetwork raw;
    raw.path = name;
    NetworkHandler handler(raw, diagnostics);
    parse(handler);
    diagnostics.throw_if_errors();
    if (raw.network.links() == 0)
        fail("CT-SUMO-002", {name}, "the network has no edge that vehicles use", "name a .net.xml with <edge> elements");
    return assemble_network(std::move(raw), diagnostics);
}

}  // namespace

RoadNetwork read_sumo_network(const std::string& path, DiagnosticList& diagnostics) {
    return read_with(path, diagnostics, [&](XmlHandler& handler) { parse_xml_file(path, handler); });
}

RoadNetwork parse_sumo_network(std::string_view text, const std::string& name, DiagnosticList& diagnostics) {
    return read_with(name, diagnostics, [&](XmlHandler& handler) { parse_xml_text(text, name, handler); });
}

}  // namespace citytwin::geodata
