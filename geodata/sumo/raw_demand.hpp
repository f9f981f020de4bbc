#pragma once
// What stands in route and additional files before types and routes are resolved.
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "geodata/sumo/vehicle_types.hpp"

namespace citytwin::geodata {

struct RawRoute {
    std::vector<Index> links;
    std::vector<SumoStop> stops;
    double probability = 1;
};

/// How a flow departs: at fixed intervals, by a chance each second, or as a Poisson process.
struct RawFlow {
    double begin_s = 0, end_s = std::numeric_limits<double>::infinity();
    double period_s = 0, probability = 0, rate_per_s = 0;
    long long number = -1;
};

struct RawVehicle {
    SumoVehicle vehicle;       ///< without type; the route may still be a name
    std::uint32_t type_name = 0;
    std::string route_name;
    std::uint32_t file = 0;
    bool is_flow = false;
    RawFlow flow;
};

struct BusStop {
    Index link = no_index;
    std::int32_t lane = 0;
    double start_m = 0, end_m = 0;
};

struct RawDemand {
    std::vector<std::string> files, type_names;
    VehicleTypes types;
    std::deque<RawVehicle> vehicles;  ///< and flows, in the order of the files
    std::map<std::string, RawRoute, std::less<>> routes;
    std::map<std::string, WeightedChoice, std::less<>> route_distributions;
    std::map<std::string, BusStop, std::less<>> bus_stops;
    std::map<std::string, RoadNetwork::Program> programs;
    std::map<std::string, std::size_t> ignored;
    std::size_t unsorted = 0;
};

/// Rows of a network by id, made once for all files.
struct LinkRows {
    explicit LinkRows(const RoadNetwork& network);
    const RoadNetwork& network;
    TextMap<Index> row_of;
    /// The row, or CT-SUMO-033 naming `who` and the nearest id.
    [[nodiscard]] Index required(std::string_view id, const SourcePlace& place, const std::string& who) const;
};

/// Reads one route or additional file into `demand`.
void read_demand_file(const std::string& path, const LinkRows& links, RawDemand& demand, DiagnosticList& diagnostics);

/// Resolves types, routes and stops, expands flows, checks routes, sorts.
SumoDemand expand_demand(RawDemand&& raw, const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata
