#pragma once
// Who needs power and water, and where stations and sources stand: what utility networks are laid for.
#include <span>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// One row a consumer (a building, or what stands for one).
struct UtilityConsumers {
    std::vector<double> x, y;
    std::vector<Index> road_link;              ///< street it is reached from; empty, or no_index = search the nearest
    std::vector<double> road_offset_m;         ///< from that link's start; empty together with road_link
    std::vector<double> dwellings;             ///< each with the peak of PowerLayoutOptions, coincidence g(n)
    std::vector<double> other_peak_w;          ///< peak that is not dwellings, at the time of the common peak
    std::vector<double> water_mean_m3_per_s;   ///< mean over the day
    std::vector<double> residents;             ///< for lengths per inhabitant

    [[nodiscard]] std::size_t size() const { return x.size(); }
};

/// Facilities of one kind that a city names (set `place`).
struct UtilityPlaces {
    std::vector<Index> place;                  ///< row of the set `place`
    std::vector<double> x, y, capacity;        ///< capacity in the place's own unit: MVA, m3
    [[nodiscard]] std::size_t size() const { return x.size(); }
};

struct UtilityInput {
    RoadNetwork roads;
    std::vector<double> node_z;                ///< metres by road node, empty = flat
    UtilityConsumers consumers;                ///< in the order of the set `building`
    UtilityPlaces substations, reservoirs;
};

/// Stated assumptions, used where a city has buildings but no measured demand.
struct DemandAssumptions {
    double water_l_per_resident_day = 130;     ///< design page city.md, section 10
    double water_l_per_job_day = 30;           ///< assumption
    double job_peak_w = 700;                   ///< per job in buildings without a known use and floor area; assumption
};

/// Peak of a building's non-residential use by floor area [W/m2]: assumptions.
double floor_peak_w_per_m2(const std::string& use);

/// From the sets road_*, building and place. A city without `building` gets no consumers: lay its buildings first.
UtilityInput utility_input(const City& city, const DemandAssumptions& assumptions = {});

/// One limit that a laid network doesn't keep.
struct LayoutBreach {
    std::string kind;      ///< "voltage_low", "line_loading", "pressure_low", "velocity" …
    std::string set;       ///< "bus", "branch", "substation", "node", "link", "network"
    Index row = no_index;
    double value = 0, limit = 0;
};

}  // namespace citytwin::geodata
