#pragma once
// What stands in a .net.xml before its names are resolved: connections, junctions and internal lanes by id.
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// Looks ids up without making a string of the key.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

struct RawConnection {
    std::string from, to, via, signal;
    std::int32_t from_lane = 0, to_lane = 0, signal_link = -1;
    Turn turn = Turn::none;
    LinkState state = LinkState::major;
    std::size_t line = 0;
};

struct RawRequest {
    std::string response, foes;
    bool contains_waiting = false;
};

struct RawJunction {
    std::string id, incoming_lanes;
    std::vector<RawRequest> requests;  ///< by index
    std::size_t line = 0;
};

struct InternalLane {
    double length_m = 0, speed_mps = 0;
    std::vector<double> shape;
    std::string next;  ///< the lane that a waiting position inside the junction leads on to
};

struct RawNetwork {
    std::string path;
    RoadNetwork network;                          ///< links, lanes, nodes and programs are filled already
    std::vector<std::string> link_from, link_to;  ///< junction ids
    std::vector<std::size_t> link_line;
    std::vector<bool> link_has_shape;
    std::vector<std::size_t> signal_line;
    std::vector<RawConnection> connections;
    std::vector<RawConnection> walking_connections;  ///< from walking areas over crossings: they count in requests and signals
    std::vector<RawJunction> junctions;
    TextMap<InternalLane> internal_lanes;
    std::vector<std::string> roundabout_links;
    std::size_t skipped_internal = 0, skipped_connectors = 0, skipped_pedestrian = 0;
};

/// Resolves every name, junction by junction, into rows. Errors are collected.
RoadNetwork assemble_network(RawNetwork&& raw, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
