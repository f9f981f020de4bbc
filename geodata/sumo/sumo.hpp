#pragma once
// SUMO's files as plain structs: .net.xml, .rou.xml (vehicle, trip, flow, route, vType, vTypeDistribution), additional files, .sumocfg.
// Streaming (expat), .gz too. Every error names file and line.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// Reads a SUMO network. Throws InputError with file:line.
RoadNetwork read_sumo_network(const std::string& path, DiagnosticList& diagnostics);
/// The same from text in memory; `name` is what messages call it.
RoadNetwork parse_sumo_network(std::string_view text, const std::string& name, DiagnosticList& diagnostics);

/// Writes a network that SUMO 1.28 loads: internal lanes and junction shapes are made where the source has none, numbers have 17 digits
/// where it matters. `.gz` by its name. Throws InputError if the file can't be written.
void write_sumo_network(const RoadNetwork& network, const std::string& path);

struct SumoVehicleType {
    std::string id = "DEFAULT_VEHTYPE";
    double length_m = 5, min_gap_m = 2.5, max_speed_mps = 55.555555555555557, acceleration_mps2 = 2.6, deceleration_mps2 = 4.5, tau_s = 1,
           sigma = 0.5, speed_factor = 1, speed_deviation = 0.1, impatience = 0;
    std::uint32_t vehicle_class = citytwin::geodata::vehicle_class::passenger;  ///< allowed where (permissions & vehicle_class) != 0
    std::string vehicle_class_name = "passenger", car_following = "Krauss";
};

struct SumoStop {
    Index link = no_index;
    std::int32_t lane = 0;
    double start_m = 0, end_m = 0, duration_s = 0, until_s = -1;
    std::string bus_stop;
    bool parking = false;             ///< beside the lane: it stays free
};

/// One vehicle after flows are expanded; sorted by (depart, order in the file).
struct SumoVehicle {
    std::string id;
    std::uint32_t type = 0;           ///< row of SumoDemand::types
    double depart_s = 0;
    std::vector<Index> route;         ///< complete route, or {from, via…, to} when `needs_routing`
    bool needs_routing = false;
    double depart_pos_m = 0, arrival_pos_m = -1;   ///< as written; negative counts from the end: arrival -1 (or "max") = the end of the last link
    std::string depart_lane = "first", depart_pos = "base", depart_speed = "0";
    std::vector<SumoStop> stops;
    bool has_valid_route = true;      ///< false only under ignore-route-errors: count it, do not drive it
    std::size_t line = 0;
};

struct SumoDemand {
    std::vector<SumoVehicleType> types;
    std::vector<SumoVehicle> vehicles;
    std::map<std::string, RoadNetwork::Program> programs_by_signal;   ///< from additional files: override the net's
    std::size_t unsorted = 0;
    std::map<std::string, std::size_t> ignored;   ///< elements that no model here reads yet, by name ("person", "e1Detector")
    std::size_t before_begin = 0;                 ///< vehicles that depart before `begin`: left out, as SUMO does
};

struct SumoConfiguration {
    std::string path, net_file;
    std::vector<std::string> route_files, additional_files;
    double begin_s = 0, end_s = -1;   ///< -1 = until all have arrived
    double time_to_teleport_s = 300;
    bool ignore_route_errors = false;
    std::vector<std::string> ignored_options;  ///< named in a warning, never silently dropped
};

SumoConfiguration read_sumo_configuration(const std::string& path, DiagnosticList& diagnostics);
/// Reads routes and additional files in order. `seed` draws vTypeDistribution, route distributions and probabilistic flows.
SumoDemand read_sumo_demand(const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed, DiagnosticList& diagnostics);
/// One route or additional file from text in memory.
SumoDemand parse_sumo_demand(std::string_view text, const std::string& name, const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed,
                             DiagnosticList& diagnostics);

/// Writes vehicles as .rou.xml: trips (from, via, to) where they need a route, else vehicles with their route. `.gz` by its name.
void write_sumo_routes(const SumoDemand& demand, const RoadNetwork& network, const std::string& path);

}  // namespace citytwin::geodata
