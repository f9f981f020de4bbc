#pragma once
// Cables of one district and of one ring: sizes stepped up until loading and voltage drop hold.
#include <cstdint>
#include <vector>

#include "geodata/layout/power_districts.hpp"
#include "geodata/layout/power_rings.hpp"

namespace citytwin::geodata {

/// A low-voltage cable between two nodes that matter (station, joints with consumers, forks).
struct FeederSegment {
    Index from = no_index, to = no_index;      ///< graph nodes, `from` nearer to the station
    std::size_t parent = 0;                    ///< segment that feeds `from`; its own number at the station
    std::vector<Index> edges;                  ///< along the streets
    double length_m = 0;
    PowerDemand demand;                        ///< behind it
    Index type = 0;
    std::int32_t parallel = 1;
    double drop = 0;                           ///< from the station to `to`, share of the nominal voltage
    double loading = 0;
};
/// Parents before children. `has_consumer` by node: such nodes get a bus even without demand.
std::vector<FeederSegment> lay_feeders(const StreetGraph& graph, const District& district, const std::vector<PowerDemand>& demand,
                                       const std::vector<std::uint8_t>& has_consumer, const PowerLayoutOptions& options);

struct RingCables {
    Index type = 0;
    std::int32_t parallel = 1;
    std::size_t open_section = 0;              ///< normally open: where the voltage drops of both sides meet
    std::vector<double> drop;                  ///< by station
    std::vector<double> loading;               ///< by section, 0 on the open one
    std::vector<PowerDemand> demand;           ///< behind each section
};
RingCables size_ring(const Ring& ring, const std::vector<RingStation>& stations, const PowerLayoutOptions& options);

struct StationTransformer {
    Index type = 0;
    std::int32_t parallel = 1;
    double drop = 0, loading = 0;
};
StationTransformer size_transformer(double peak_va, const PowerLayoutOptions& options);

}  // namespace citytwin::geodata
