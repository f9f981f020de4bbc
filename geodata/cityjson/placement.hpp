#pragma once
// Where a model lies: its system, the city's, and how one becomes the other (city.md section 8).
#include <string>

#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/cityjson/city_model.hpp"

namespace citytwin::geodata::cityjson {

struct Placement {
    std::string source;             ///< "EPSG:n" or WKT2 of the model's coordinates as they now are
    bool in_city_system = false;    ///< they already are in the city's system
};

/// Gives a new city its system and origin: the named system, else the file's own if it is projected and metric, else the UTM zone.
void settle_city(City& city, const CityModel& model, const std::string& source_crs, const std::string& city_crs);

/// Leaves a projected metric model as it is, so that it is measured in its own system; carries any other into the city's first
/// (degrees, feet, a web map's system). Throws CT-CITYJSON-010..012, CT-CRS-00x.
Placement place_model(CityModel& model, const City& city, const std::string& source_crs, Arena& arena);

}  // namespace citytwin::geodata::cityjson
