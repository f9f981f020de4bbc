#pragma once
// A water network laid along a city's streets: sources, a tree of pipes sized by the peak flow, pressure zones with a pump or a
// reducing valve, a tank a pumped zone, then loops. A stand-in for a network that isn't known: every row is synthetic (design page
// city.md, section 10). Flows and pressures here are those of the tree at the peak hour; the water module solves the network.
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/layout/utility_input.hpp"

namespace citytwin::geodata {

struct WaterLayoutOptions {
    double joint_spacing_m = 50;               ///< consumers nearer along a street share a node
    double peak_factor = 2.5;                  ///< hour peak over the day's mean
    double velocity_mps = 1.0;
    double gradient = 0.005;                   ///< head loss per length that pipes are sized for, beside the velocity
    double roughness = 130;                    ///< Hazen-Williams C
    double meshedness = 0.15;                  ///< loops / (2 V - 5) over street nodes (joints along a street don't count)
    double pressure_wanted_m = 25, pressure_low_m = 15, pressure_high_m = 80;
    double tank_day_share = 0.25, tank_depth_m = 5;
    double pump_factor = 1.5;                  ///< design flow over the mean demand behind a pump
};

enum class WaterNodeKind : std::uint8_t { junction, source, tank };
enum class WaterLinkKind : std::uint8_t { pipe, pump, reducing_valve };

struct WaterLayout {
    // --- nodes
    std::vector<WaterNodeKind> node_kind;
    std::vector<double> node_x, node_y, node_z, node_demand_m3_per_s;  ///< mean demand
    std::vector<double> node_head_m;           ///< estimate at the peak hour; sources: their water level
    std::vector<Index> node_zone;              ///< pressure zone, no_index at sources
    std::vector<std::uint8_t> node_synthetic;
    // --- links, from the source's side
    std::vector<WaterLinkKind> link_kind;
    std::vector<Index> link_from, link_to;
    std::vector<double> link_length_m, link_diameter_m, link_flow_m3_per_s;  ///< flow: peak in the tree, 0 in loops
    std::vector<std::uint8_t> link_loop, link_open;  ///< open 0 = gate between two sources' areas
    std::vector<double> link_setting_m;        ///< pump: head it gives; valve: pressure behind it; else 0
    std::vector<double> link_design_m3_per_s;  ///< pump's design flow, else 0
    Ragged<double> link_shape;
    std::vector<std::uint8_t> link_synthetic;
    // --- tanks, one a pumped zone
    struct Tank {
        Index node = no_index, zone = no_index;
        double volume_m3 = 0, bottom_z_m = 0, depth_m = 0, start_level_m = 0;
    };
    std::vector<Tank> tanks;
    struct Zone {
        Index entry = no_index, link = no_index;     ///< first node; the pump or valve that feeds it
        double head_m = 0, mean_m3_per_s = 0;        ///< head at the entry; own demand
    };
    std::vector<Zone> zones;
    std::vector<Index> connection_node;
    std::vector<double> connection_service_m;
    std::vector<Index> source_place;           ///< per source: row of `place`, no_index = chosen here; sources are the first nodes
    std::vector<LayoutBreach> breaches;
    double length_m = 0, residents = 0, meshedness = 0;

    [[nodiscard]] std::size_t nodes() const { return node_kind.size(); }
    [[nodiscard]] std::size_t links() const { return link_kind.size(); }
};

/// The same bytes for the same input at any thread count. Throws as lay_power does.
WaterLayout lay_water(const UtilityInput& input, const WaterLayoutOptions& options, Arena& arena);

}  // namespace citytwin::geodata
