// A network into and out of a city's entity sets; the columns are described in docs/city_sets.md.
#include <stdexcept>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

namespace {

/// Enumerations are kept as bytes.
template <class Enum>
std::vector<std::uint8_t> bytes_of(const std::vector<Enum>& values) {
    std::vector<std::uint8_t> bytes(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) bytes[i] = static_cast<std::uint8_t>(values[i]);
    return bytes;
}

template <class Enum>
std::vector<Enum> enums_of(const std::vector<std::uint8_t>& bytes) {
    std::vector<Enum> values(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) values[i] = static_cast<Enum>(bytes[i]);
    return values;
}

void add_nodes(City& city, RoadNetwork& network) {
    EntitySet& set = city.add_set("road_node", network.nodes());
    set.ids = std::move(network.node_id);
    set.add("x", "m", std::move(network.node_x), {}, "Easting in the local frame");
    set.add("y", "m", std::move(network.node_y), {}, "Northing in the local frame");
    if (!network.node_lon.empty()) {
        set.add("lon", "degree", std::move(network.node_lon), {}, "Longitude");
        set.add("lat", "degree", std::move(network.node_lat), {}, "Latitude");
    }
    set.add("control", "1", bytes_of(network.node_control), {}, "How the junction is controlled (NodeControl)");
    set.add("signal", "1", std::move(network.node_signal), "signal", "The signal that controls the junction");
    set.add("flags", "1", std::move(network.node_flags), {}, "Bits of road_flag");
}

void add_links(City& city, RoadNetwork& network) {
    EntitySet& set = city.add_set("road_link", network.links());
    std::vector<double> x(set.size()), y(set.size());
    for (std::size_t link = 0; link < set.size(); ++link) {
        x[link] = (network.node_x[network.link_from[link]] + network.node_x[network.link_to[link]]) / 2;
        y[link] = (network.node_y[network.link_from[link]] + network.node_y[network.link_to[link]]) / 2;
    }
    std::vector<std::uint32_t> first_lane(network.link_first_lane.begin(), network.link_first_lane.empty() ? network.link_first_lane.begin() : network.link_first_lane.end() - 1);
    set.ids = std::move(network.link_id);
    set.add("x", "m", std::move(x), {}, "Middle between the end nodes, local frame");
    set.add("y", "m", std::move(y), {}, "Middle between the end nodes, local frame");
    set.add("from", "1", std::move(network.link_from), "road_node", "Node where the link begins");
    set.add("to", "1", std::move(network.link_to), "road_node", "Node where the link ends");
    set.add("length", "m", std::move(network.link_length_m), {}, "Driving length");
    set.add("speed_limit", "m s-1", std::move(network.link_speed_mps), {}, "Speed limit; changes may set it");
    set.add("lanes", "1", std::move(network.link_lanes), {}, "Number of lanes; changes may set it");
    set.add("closed", "1", std::vector<std::uint8_t>(set.size(), 0), {}, "1 = nobody may enter; changes may set it");
    set.add("active", "1", std::vector<std::uint8_t>(set.size(), 1), {}, "0 = not there; changes may set it");
    set.add("class", "1", bytes_of(network.link_class), {}, "Road class (RoadClass)");
    set.add("priority", "1", std::move(network.link_priority), {}, "Rank for right of way");
    set.add("permissions", "1", std::move(network.link_permissions), {}, "Vehicle classes that may use a lane of it (bits)");
    set.add("flags", "1", std::move(network.link_flags), {}, "Bits of road_flag");
    set.add("source_way", "1", std::move(network.link_source_way), {}, "OSM way id, 0 = none");
    set.add("name", "", std::move(network.link_name), {}, "Street name");
    set.add("shape", "m", std::move(network.link_shape), {}, "x0,y0,x1,y1,… from the first node to the last, local frame");
    set.add("first_lane", "1", std::move(first_lane), "lane", "Rightmost lane; the others follow");
}

void add_lanes(City& city, RoadNetwork& network) {
    EntitySet& set = city.add_set("lane", network.lanes());
    std::vector<std::uint32_t> link(set.size());
    std::vector<std::int32_t> index(set.size());
    const std::size_t links = network.link_first_lane.empty() ? 0 : network.link_first_lane.size() - 1;
    for (std::size_t l = 0; l < links; ++l)
        for (Index lane = network.link_first_lane[l]; lane < network.link_first_lane[l + 1]; ++lane) {
            link[lane] = static_cast<std::uint32_t>(l);
            index[lane] = static_cast<std::int32_t>(lane - network.link_first_lane[l]);
        }
    set.add("link", "1", std::move(link), "road_link", "The link it belongs to");
    set.add("index", "1", std::move(index), {}, "0 = rightmost");
    set.add("length", "m", std::move(network.lane_length_m), {}, "Driving length");
    set.add("speed_limit", "m s-1", std::move(network.lane_speed_mps), {}, "Speed limit");
    set.add("width", "m", std::move(network.lane_width_m), {}, "Width");
    set.add("permissions", "1", std::move(network.lane_permissions), {}, "Vehicle classes that may use it (bits)");
}

void add_connections(City& city, RoadNetwork& network) {
    EntitySet& set = city.add_set("road_connection", network.connections());
    set.add("from_link", "1", std::move(network.connection_from_link), "road_link", "Link it leaves");
    set.add("to_link", "1", std::move(network.connection_to_link), "road_link", "Link it enters");
    set.add("from_lane", "1", std::move(network.connection_from_lane), {}, "Lane of the link it leaves, 0 = rightmost");
    set.add("to_lane", "1", std::move(network.connection_to_lane), {}, "Lane of the link it enters, 0 = rightmost");
    set.add("node", "1", std::move(network.connection_node), "road_node", "Junction it crosses");
    set.add("length", "m", std::move(network.connection_length_m), {}, "Driving length inside the junction, 0 = none");
    set.add("speed_limit", "m s-1", std::move(network.connection_speed_mps), {}, "Speed inside the junction, 0 = not known");
    set.add("turn", "1", bytes_of(network.connection_turn), {}, "Direction (Turn)");
    set.add("state", "1", bytes_of(network.connection_state), {}, "Right of way (LinkState)");
    set.add("signal", "1", std::move(network.connection_signal), "signal", "Signal that controls it");
    set.add("signal_link", "1", std::move(network.connection_signal_link), {}, "Its letter in the signal's states, -1 = none");
    set.add("contains_waiting", "1", std::move(network.connection_contains_waiting), {}, "1 = vehicles wait inside the junction");
    set.add("foes", "1", std::move(network.connection_foes), "road_connection", "Connections that conflict with it");
    set.add("yields_to", "1", std::move(network.connection_yields_to), "road_connection", "Connections it must yield to");
    set.add("shape", "m", std::move(network.connection_shape), {}, "x0,y0,x1,y1,… inside the junction, may be empty");
}

/// Programs lie flat: program p of signal s is row first_program[s] + p of the set signal_program, its phases rows of ragged columns.
void add_signals(City& city, RoadNetwork& network) {
    EntitySet& set = city.add_set("signal", network.signals.size());
    std::vector<std::uint32_t> node, first_program, owner;
    std::vector<std::int32_t> program;
    std::vector<double> offset, x, y, program_offset;
    std::vector<std::string> ids, types, program_ids, states;
    Ragged<double> duration, least, most;
    for (auto& signal : network.signals) {
        ids.push_back(std::move(signal.id));
        node.push_back(signal.node);
        x.push_back(signal.node == no_index ? 0 : city.at("road_node").get<double>("x")[signal.node]);
        y.push_back(signal.node == no_index ? 0 : city.at("road_node").get<double>("y")[signal.node]);
        program.push_back(static_cast<std::int32_t>(signal.active_program));
        first_program.push_back(static_cast<std::uint32_t>(types.size()));
        offset.push_back(signal.programs.empty() ? 0 : signal.programs[signal.active_program].offset_s);
        for (auto& p : signal.programs) {
            owner.push_back(static_cast<std::uint32_t>(ids.size() - 1));
            program_ids.push_back(std::move(p.id));
            types.push_back(std::move(p.type));
            program_offset.push_back(p.offset_s);
            duration.push_row(p.duration_s);
            least.push_row(p.min_duration_s);
            most.push_row(p.max_duration_s);
            std::string joined;
            for (const auto& state : p.state) joined += (joined.empty() ? "" : " ") + state;
            states.push_back(std::move(joined));
        }
    }
    set.ids = std::move(ids);
    set.add("x", "m", std::move(x), {}, "Easting of its junction, local frame");
    set.add("y", "m", std::move(y), {}, "Northing of its junction, local frame");
    set.add("node", "1", std::move(node), "road_node", "The junction it controls (the first of several)");
    set.add("program", "1", std::move(program), {}, "Program that runs, counted from first_program; changes may set it");
    set.add("offset", "s", std::move(offset), {}, "Offset of the running program; changes may set it");
    set.add("active", "1", std::vector<std::uint8_t>(set.size(), 1), {}, "0 = not there; changes may set it");
    set.add("first_program", "1", std::move(first_program), "signal_program", "Its first program; the others follow");
    EntitySet& programs = city.add_set("signal_program", types.size());
    programs.add("signal", "1", std::move(owner), "signal", "The signal it belongs to");
    programs.add("name", "", std::move(program_ids), {}, "Name within its signal (SUMO's programID)");
    programs.add("type", "", std::move(types), {}, "static, actuated, …");
    programs.add("offset", "s", std::move(program_offset), {}, "Seconds by which the cycle starts later");
    programs.add("duration", "s", std::move(duration), {}, "Of each phase");
    programs.add("min_duration", "s", std::move(least), {}, "Least of each phase");
    programs.add("max_duration", "s", std::move(most), {}, "Most of each phase");
    programs.add("state", "", std::move(states), {}, "A letter a link (r y G g …), phases separated by blanks");
}

std::vector<std::string> words_of(const std::string& joined) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < joined.size();) {
        const std::size_t end = std::min(joined.find(' ', at), joined.size());
        words.push_back(joined.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

void load_signals(const City& city, RoadNetwork& network) {
    const EntitySet* set = city.find("signal");
    if (set == nullptr) return;
    const EntitySet& programs = city.at("signal_program");
    const auto& node = set->get<std::uint32_t>("node");
    const auto& running = set->get<std::int32_t>("program");
    network.signals.resize(set->size());
    for (std::size_t s = 0; s < set->size(); ++s) {
        network.signals[s].id = set->id_of(static_cast<Index>(s));
        network.signals[s].node = node[s];
        network.signals[s].active_program = static_cast<std::size_t>(running[s]);
    }
    const auto& owner = programs.get<std::uint32_t>("signal");
    for (std::size_t p = 0; p < programs.size(); ++p) {
        RoadNetwork::Program program;
        program.id = programs.get<std::string>("name")[p];
        program.type = programs.get<std::string>("type")[p];
        program.offset_s = programs.get<double>("offset")[p];
        const auto copy = [&](const char* column) {
            const auto row = programs.ragged<double>(column)[p];
            return std::vector<double>(row.begin(), row.end());
        };
        program.duration_s = copy("duration");
        program.min_duration_s = copy("min_duration");
        program.max_duration_s = copy("max_duration");
        program.state = words_of(programs.get<std::string>("state")[p]);
        network.signals[owner[p]].programs.push_back(std::move(program));
    }
}

void load_connections(const City& city, RoadNetwork& network) {
    const EntitySet* set = city.find("road_connection");
    if (set == nullptr) return;
    network.connection_from_link = set->get<std::uint32_t>("from_link");
    network.connection_to_link = set->get<std::uint32_t>("to_link");
    network.connection_from_lane = set->get<std::int32_t>("from_lane");
    network.connection_to_lane = set->get<std::int32_t>("to_lane");
    network.connection_node = set->get<std::uint32_t>("node");
    network.connection_length_m = set->get<double>("length");
    network.connection_speed_mps = set->get<double>("speed_limit");
    network.connection_turn = enums_of<Turn>(set->get<std::uint8_t>("turn"));
    network.connection_state = enums_of<LinkState>(set->get<std::uint8_t>("state"));
    network.connection_signal = set->get<std::uint32_t>("signal");
    network.connection_signal_link = set->get<std::int32_t>("signal_link");
    network.connection_contains_waiting = set->get<std::uint8_t>("contains_waiting");
    network.connection_foes = set->ragged<std::uint32_t>("foes");
    network.connection_yields_to = set->ragged<std::uint32_t>("yields_to");
    network.connection_shape = set->ragged<double>("shape");
}

void load_links(const City& city, RoadNetwork& network) {
    const EntitySet& set = city.at("road_link");
    network.link_id = set.ids;
    network.link_from = set.get<std::uint32_t>("from");
    network.link_to = set.get<std::uint32_t>("to");
    network.link_length_m = set.get<double>("length");
    network.link_speed_mps = set.get<double>("speed_limit");
    network.link_lanes = set.get<std::int32_t>("lanes");
    network.link_class = enums_of<RoadClass>(set.get<std::uint8_t>("class"));
    network.link_priority = set.get<std::int32_t>("priority");
    network.link_permissions = set.get<std::uint32_t>("permissions");
    network.link_flags = set.get<std::uint32_t>("flags");
    network.link_source_way = set.get<std::int64_t>("source_way");
    network.link_name = set.get<std::string>("name");
    network.link_shape = set.ragged<double>("shape");
    const EntitySet& lanes = city.at("lane");
    network.link_first_lane = set.get<std::uint32_t>("first_lane");
    network.link_first_lane.push_back(static_cast<Index>(lanes.size()));
    network.lane_length_m = lanes.get<double>("length");
    network.lane_speed_mps = lanes.get<double>("speed_limit");
    network.lane_width_m = lanes.get<double>("width");
    network.lane_permissions = lanes.get<std::uint32_t>("permissions");
}

}  // namespace

void store_road_network(City& city, RoadNetwork&& network) {
    city.crs = network.crs;
    city.origin_x = network.origin_x;
    city.origin_y = network.origin_y;
    add_links(city, network);  // before the nodes: it reads their coordinates
    add_nodes(city, network);
    add_lanes(city, network);
    add_connections(city, network);
    add_signals(city, network);
}

RoadNetwork load_road_network(const City& city) {
    if (city.find("road_link") == nullptr) throw std::logic_error("the city '" + city.name + "' has no road_link set: it holds no road network");
    RoadNetwork network;
    network.crs = city.crs;
    network.origin_x = city.origin_x;
    network.origin_y = city.origin_y;
    const EntitySet& nodes = city.at("road_node");
    network.node_id = nodes.ids;
    network.node_x = nodes.get<double>("x");
    network.node_y = nodes.get<double>("y");
    if (nodes.has("lon")) {
        network.node_lon = nodes.get<double>("lon");
        network.node_lat = nodes.get<double>("lat");
    }
    network.node_control = enums_of<NodeControl>(nodes.get<std::uint8_t>("control"));
    network.node_signal = nodes.get<std::uint32_t>("signal");
    network.node_flags = nodes.get<std::uint32_t>("flags");
    load_links(city, network);
    load_connections(city, network);
    load_signals(city, network);
    return network;
}

}  // namespace citytwin::geodata
