#pragma once
// Zones, lots and buildings of a generated city as plain columns, and the places (schools, hospital, depots …) among them.
#include <cstdint>
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/generate/street_plan.hpp"

namespace citytwin::geodata {

enum class BuildingUse : std::uint8_t { residential, mixed, office, retail, industrial, school, hospital, university, public_service };
const char* name_of(BuildingUse use);

enum class ZoneCharacter : std::uint8_t { centre, inner, outer, industrial };
const char* name_of(ZoneCharacter character);

struct ZonePlan {
    std::vector<double> x, y, area_m2;
    std::vector<ZoneCharacter> character;
    Ragged<double> outline;                       ///< x0,y0,x1,y1,… counter-clockwise, not closed
    std::vector<Index> zone_of_block;             ///< block (bx, by) is by * (columns - 1) + bx; no_index on the river

    [[nodiscard]] std::size_t size() const { return x.size(); }
};

struct BuildingPlan {
    std::vector<double> x, y, footprint_m2, height_m, road_offset_m;
    std::vector<Index> zone, road_link;
    std::vector<BuildingUse> use;
    std::vector<std::int32_t> floors, year, dwellings, residents, jobs;
    std::vector<std::string> address;
    Ragged<double> outline;                       ///< the footprint's corners

    [[nodiscard]] std::size_t size() const { return x.size(); }
};

struct PlacePlan {
    std::vector<std::string> id, kind;
    std::vector<double> x, y, road_offset_m, capacity;
    std::vector<Index> zone, road_link, building;

    [[nodiscard]] std::size_t size() const { return id.size(); }
};

ZonePlan plan_zones(const StreetPlan& streets, const CityGeneratorOptions& options);
/// Lots along the streets with one building each; dwellings, residents and jobs are still zero.
BuildingPlan plan_buildings(const StreetPlan& streets, const ZonePlan& zones, const CityGeneratorOptions& options, Arena& arena);
/// Turns some buildings into schools, hospitals … and adds the facilities that need no building.
PlacePlan plan_places(const StreetPlan& streets, const ZonePlan& zones, BuildingPlan& buildings, const CityGeneratorOptions& options);
/// Shares dwellings, residents and jobs among the buildings by floor area; the sums are exact.
void fill_buildings(BuildingPlan& buildings, const CityGeneratorOptions& options);

}  // namespace citytwin::geodata
