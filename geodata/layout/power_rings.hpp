#pragma once
// Medium-voltage open rings: which stations hang on which substation and in which order a ring visits them.
// Savings heuristic: Clarke & Wright, Operations Research 12(4), 1964, on road distances.
#include <vector>

#include "geodata/layout/power_layout.hpp"
#include "geodata/layout/street_graph.hpp"

namespace citytwin::geodata {

struct RingStation {
    StreetPoint place;
    PowerDemand demand;
    Index substation = no_index;
};

struct Ring {
    Index substation = no_index;
    std::vector<Index> stations;               ///< in the order of the ring
    std::vector<double> section_m;             ///< stations + 1: from the substation, between stations, back
    std::vector<std::vector<double>> shape;    ///< of each section
    double length_m = 0;
};

/// Where no substation is named: stations are split by load into equal shares along the longer side of their box, as often as
/// the ratings and the ring limits ask for; each share's station nearest to its load-weighted centre is the substation.
/// Fills `substation` of the stations, gives the substations' places.
std::vector<StreetPoint> choose_substations(std::vector<RingStation>& stations, const PowerLayoutOptions& options);

/// Where the rings of a chosen substation turned out to be more than its half rings allow, its stations are split between two. `overfull`: 1 by substation.
std::vector<StreetPoint> halve_substations(std::vector<RingStation>& stations, std::vector<StreetPoint> places, const std::vector<std::uint8_t>& overfull, const PowerLayoutOptions& options);

/// Rings by substation, then by their first station. Stations without a substation go to the nearest by road.
std::vector<Ring> plan_rings(const Streets& streets, std::vector<RingStation>& stations, const std::vector<StreetPoint>& substations,
                             const PowerLayoutOptions& options, Arena& arena);

}  // namespace citytwin::geodata
