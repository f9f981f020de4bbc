#pragma once
// A simulation-ready road network as plain columns: what every reader (OSM, SUMO, generator) makes and every user reads.
// Lengths in metres, speeds in m/s, coordinates in the city's local frame (projected - origin), 32-bit rows everywhere.
#include <cstdint>
#include <string>
#include <vector>

#include "core/city/city.hpp"

namespace citytwin::geodata {

enum class RoadClass : std::uint8_t {
    motorway, motorway_link, trunk, trunk_link, primary, primary_link, secondary, secondary_link, tertiary, tertiary_link,
    unclassified, residential, living_street, service, road, other
};
inline constexpr int road_class_count = 16;
const char* name_of(RoadClass road_class);  ///< the OSM word: "motorway_link"

/// Who may use a lane or link: a bit set in SUMO's vocabulary of vehicle classes.
namespace vehicle_class {
inline constexpr std::uint32_t passenger = 1u << 0, truck = 1u << 1, bus = 1u << 2, bicycle = 1u << 3, pedestrian = 1u << 4,
                               motorcycle = 1u << 5, emergency = 1u << 6, delivery = 1u << 7, taxi = 1u << 8, tram = 1u << 9,
                               rail = 1u << 10, coach = 1u << 11, trailer = 1u << 12, moped = 1u << 13, hov = 1u << 14, evehicle = 1u << 15,
                               private_ = 1u << 16, authority = 1u << 17, army = 1u << 18, vip = 1u << 19, ship = 1u << 20,
                               custom1 = 1u << 21, custom2 = 1u << 22, rail_electric = 1u << 23, rail_urban = 1u << 24, rail_fast = 1u << 25;
inline constexpr std::uint32_t all = (1u << 26) - 1;
}  // namespace vehicle_class
/// The bit of a SUMO class name ("passenger", "bus"), 0 if unknown.
std::uint32_t vehicle_class_bit(std::string_view name);

enum class NodeControl : std::uint8_t { priority, traffic_light, right_before_left, all_way_stop, priority_stop, allway_yield, zipper, unregulated, dead_end };

/// How a connection may be driven, in SUMO's letters.
enum class LinkState : std::uint8_t { dead_end, major, minor, equal, stop, all_way_stop, zipper, traffic_light_major, traffic_light_minor, off_blinking, off };
enum class Turn : std::uint8_t { straight, left, right, u_turn, partial_left, partial_right, none };

/// Bits of `link_flags` and `node_flags`.
namespace road_flag {
inline constexpr std::uint32_t defaulted_lanes = 1u << 0, defaulted_speed = 1u << 1, repaired = 1u << 2, synthetic = 1u << 3, bridge = 1u << 4,
                               tunnel = 1u << 5, roundabout = 1u << 6, destination_only = 1u << 7, ignored_for_routing = 1u << 8, clipped = 1u << 9;
}

struct RoadNetwork {
    // --- nodes (set road_node)
    std::vector<std::string> node_id;
    std::vector<double> node_x, node_y;       ///< local frame
    std::vector<double> node_lon, node_lat;   ///< empty when there is no CRS
    std::vector<NodeControl> node_control;
    std::vector<Index> node_signal;           ///< row in the signal set, or no_index
    std::vector<std::uint32_t> node_flags;

    // --- links in driving direction (set road_link)
    std::vector<std::string> link_id;         ///< OSM: "way#k" forward, "-way#k" backward, k counts pieces of the way in file order
    std::vector<Index> link_from, link_to;    ///< nodes
    std::vector<double> link_length_m;        ///< driving length; the shape is only a picture
    std::vector<double> link_speed_mps;
    std::vector<std::int32_t> link_lanes;
    std::vector<RoadClass> link_class;
    std::vector<std::int32_t> link_priority;
    std::vector<std::uint32_t> link_permissions;  ///< union over its lanes
    std::vector<std::uint32_t> link_flags;
    std::vector<std::int64_t> link_source_way;    ///< OSM way id, 0 if none
    std::vector<std::string> link_name;
    Ragged<double> link_shape;                    ///< x0,y0,x1,y1,… local frame, from -> to

    // --- lanes (set lane), links' lanes contiguous, index 0 = rightmost
    std::vector<Index> link_first_lane;           ///< size links + 1
    std::vector<double> lane_length_m, lane_speed_mps, lane_width_m;
    std::vector<std::uint32_t> lane_permissions;

    // --- connections lane -> lane (set road_connection), sorted by (from link, from lane, to link, to lane) unless the file says else
    std::vector<Index> connection_from_link, connection_to_link;
    std::vector<std::int32_t> connection_from_lane, connection_to_lane;  ///< lane index within the link
    std::vector<Index> connection_node;           ///< junction it crosses
    std::vector<double> connection_length_m;      ///< of the internal lane(s), 0 if none
    std::vector<double> connection_speed_mps;     ///< on the internal lane, 0 if unknown
    std::vector<Turn> connection_turn;
    std::vector<LinkState> connection_state;
    std::vector<Index> connection_signal;         ///< signal row, or no_index
    std::vector<std::int32_t> connection_signal_link;  ///< position in the signal's state strings, -1 if none
    std::vector<std::uint8_t> connection_contains_waiting;  ///< SUMO's cont: waits inside the junction
    Ragged<std::uint32_t> connection_foes;        ///< connections that conflict with it
    Ragged<std::uint32_t> connection_yields_to;   ///< connections it must yield to (SUMO's response)
    Ragged<double> connection_shape;              ///< may be empty rows

    // --- signals (set signal); one program each is active, the others can be switched to
    struct Program {
        std::string id = "0", type = "static";
        double offset_s = 0;
        std::vector<double> duration_s, min_duration_s, max_duration_s;
        std::vector<std::string> state;           ///< one letter per signal link: r y g G s o O u
    };
    struct Signal {
        std::string id;
        Index node = no_index;                    ///< the junction (the first, if it controls several)
        std::vector<Program> programs;
        std::size_t active_program = 0;
    };
    std::vector<Signal> signals;

    // --- place
    std::string crs;                              ///< "EPSG:n" or WKT2, empty if none
    double origin_x = 0, origin_y = 0;            ///< projected = local + origin

    [[nodiscard]] std::size_t nodes() const { return node_id.size(); }
    [[nodiscard]] std::size_t links() const { return link_id.size(); }
    [[nodiscard]] std::size_t lanes() const { return lane_length_m.size(); }
    [[nodiscard]] std::size_t connections() const { return connection_from_link.size(); }
};

/// Moves a network into a city's sets road_node, road_link, lane, road_connection, signal (columns named in docs/city_sets.md).
void store_road_network(City& city, RoadNetwork&& network);
/// The network of a city (copies). Throws std::logic_error if the city has no road_link set.
RoadNetwork load_road_network(const City& city);

}  // namespace citytwin::geodata
