#pragma once
// SUMO's files as plain structs: .net.xml, .rou.xml (vehicle, trip, flow, route, vType, vTypeDistribution), additional files, .sumocfg.
// Streaming (expat), .gz too. Every error names file and line.
#include <map>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// Reads a SUMO network. Throws InputError with file:line.
RoadNetwork read_sumo_network(const std::string& path, DiagnosticList& diagnostics);

struct SumoVehicleType {
    std::string id = "DEFAULT_VEHTYPE";
    double length_m = 5, min_gap_m = 2.5, max_speed_mps = 55.555555555555557, acceleration_mps2 = 2.6, deceleration_mps2 = 4.5, tau_s = 1,
           sigma = 0.5, speed_factor = 1, speed_deviation = 0.1, impatience = 0;
    std::uint32_t vehicle_class = vehicle_class::passenger;
    std::string vehicle_class_name = "passenger", car_following = "Krauss";
};

struct SumoStop {
    Index link = no_index;
    std::int32_t lane = 0;
    double start_m = 0, end_m = 0, duration_s = 0, until_s = -1;
    std::string bus_stop;
};

/// One vehicle after flows are expanded; sorted by (depart, order in the file).
struct SumoVehicle {
    std::string id;
    std::uint32_t type = 0;           ///< row of SumoDemand::types
    double depart_s = 0;
    std::vector<Index> route;         ///< complete route, or {from, via…, to} when `needs_routing`
    bool needs_routing = false;
    double depart_pos_m = 0, arrival_pos_m = -1;   ///< arrival -1 = the end of the last link
    std::string depart_lane = "first", depart_pos = "base", depart_speed = "0";
    std::vector<SumoStop> stops;
    std::size_t line = 0;
};

struct SumoDemand {
    std::vector<SumoVehicleType> types;
    std::vector<SumoVehicle> vehicles;
    std::map<std::string, RoadNetwork::Program> programs_by_signal;   ///< from additional files: override the net's
    std::size_t unsorted = 0;
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

}  // namespace citytwin::geodata
