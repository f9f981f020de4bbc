#pragma once
// A power network laid along a city's streets: substations, medium-voltage open rings, stations, radial low-voltage feeders.
// A stand-in for a network that isn't known: every row is synthetic (design page city.md, section 10). Voltages and loadings here
// are estimates at the common peak (dU/U = (R P + X Q)/U^2); the energy module solves the network.
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/layout/power_catalogue.hpp"
#include "geodata/layout/utility_input.hpp"

namespace citytwin::geodata {

struct PowerLayoutOptions {
    double joint_spacing_m = 25;               ///< consumers nearer along a street share a joint
    double dwelling_peak_w = 10e3;
    double power_factor = 0.97;
    double low_voltage_v = 400, medium_voltage_v = 20e3;
    double transformer_loading = 0.8;          ///< of the rating, when districts are grown
    double low_voltage_path_m = 400;
    double low_voltage_drop = 0.045, medium_voltage_drop = 0.02;  ///< cables are stepped up beyond
    double substation_voltage = 1.02;          ///< what the substation's tap changer holds
    double station_tap = 0.975;                ///< of stations whose feeders need it, else 1
    double ring_loading_normal = 0.6, ring_loading_fault = 1.0, half_ring_m = 28'000;
    std::size_t ring_stations = 20, half_rings = 8;
    double substation_va = 80e6, substation_loading = 0.7;  ///< of substations that are chosen, and of places without a capacity
    double voltage_low = 0.95, voltage_high = 1.05;
};

enum class BusKind : std::uint8_t { substation, station_medium, station_low, joint };
enum class BranchKind : std::uint8_t { medium_cable, transformer, low_cable };

struct PowerLayout {
    // --- buses
    std::vector<BusKind> bus_kind;
    std::vector<double> bus_x, bus_y, bus_nominal_v, bus_voltage;  ///< voltage: estimate at the peak, per unit
    std::vector<Index> bus_substation, bus_station;                ///< rows below; no_index = above stations
    std::vector<std::uint8_t> bus_synthetic;
    // --- branches, the first end nearer to the substation
    std::vector<BranchKind> branch_kind;
    std::vector<Index> branch_from, branch_to, branch_type;        ///< type: row of its catalogue
    std::vector<std::int32_t> branch_parallel;                     ///< equal cables or transformers side by side
    std::vector<double> branch_length_m, branch_r_ohm, branch_x_ohm;  ///< of all parallel ones together; transformers at medium voltage
    std::vector<double> branch_rating_va, branch_tap;              ///< tap: medium side's ratio, 1 for cables
    std::vector<std::uint8_t> branch_closed;                       ///< 0 = normally open tie of a ring
    std::vector<PowerDemand> branch_demand;                        ///< behind it
    std::vector<double> branch_loading;                            ///< estimate at the peak
    Ragged<double> branch_shape;                                   ///< x0,y0,x1,y1,… along the street
    std::vector<std::uint8_t> branch_synthetic;
    // --- connections, one row a consumer
    std::vector<Index> connection_bus;
    std::vector<double> connection_service_m;                      ///< service line from the joint to the consumer
    // --- stations and substations
    struct Station {
        Index medium_bus = no_index, low_bus = no_index, transformer = no_index, substation = no_index, ring = no_index;
        double x = 0, y = 0;
        PowerDemand demand;
    };
    struct Substation {
        Index bus = no_index, place = no_index;                    ///< place: row of the set, no_index = chosen here
        double x = 0, y = 0, rating_va = 0;
        std::int32_t rings = 0;
        PowerDemand demand;
    };
    std::vector<Station> stations;
    std::vector<Substation> substations;
    std::vector<LayoutBreach> breaches;
    double low_voltage_m = 0, medium_voltage_m = 0, residents = 0; ///< cable lengths along streets

    [[nodiscard]] std::size_t buses() const { return bus_kind.size(); }
    [[nodiscard]] std::size_t branches() const { return branch_kind.size(); }
};

/// The same bytes for the same input at any thread count. Throws InputError CT-LAYOUT-001 when there are no consumers or no
/// streets, CT-LAYOUT-002 when columns of the consumers differ in length.
PowerLayout lay_power(const UtilityInput& input, const PowerLayoutOptions& options, Arena& arena);

}  // namespace citytwin::geodata
