#pragma once
// A network laid along the streets (geodata/layout) as an EPANET file: the run reads this very text, so that what it solves is what
// `city export` writes. Pumps lift from the sources into tanks that ride on their zone and carry it while a pump stands still.
#include <string>

#include "geodata/layout/water_layout.hpp"

namespace citytwin::water {

struct StreetNetworkOptions {
    double leakage_share = 0.1;               ///< of the water put in at mean demand and the laid pressures
    double pressure_required_m = 15;          ///< full demand is served from here (Wagner et al. 1988), none at 0
    double tank_hours = 6;                    ///< of a zone's mean demand that its tank holds
    double pump_on_share = 0.5, pump_off_share = 0.9;   ///< of the tank's depth
};

/// Sources are the nodes R…, tanks T…, junctions J…; pipes P…, pumps U…, valves V…, numbered as laid. Numbers have 17 digits.
std::string street_network_inp(const geodata::WaterLayout& layout, const geodata::WaterLayoutOptions& laid, const StreetNetworkOptions& options);

/// The id of the entity that misses a limit of the layout.
std::string id_of_breach(const geodata::WaterLayout& layout, const geodata::LayoutBreach& breach);

}  // namespace citytwin::water
