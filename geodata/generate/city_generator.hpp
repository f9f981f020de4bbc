#pragma once
// A procedural city of any size: streets with hierarchy and signals, a river with bridges, zones, buildings and places.
// Everything is drawn from (seed, purpose, entity), so the same options give the same bytes at any thread count.
// It is a stand-in for a city that has no data: the shapes are plausible, no figure is measured; every link is flagged synthetic.
#include <cstdint>
#include <string>

#include "core/city/city.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::geodata {

struct CityGeneratorOptions {
    std::uint64_t population = 20'000;
    std::uint64_t seed = 1;
    std::string name = "Generated city";
    std::string crs = "EPSG:32632";              ///< where the city pretends to lie; the local frame's origin is below
    double origin_x = 500'000, origin_y = 5'320'000;
    double density_per_km2 = 4'500;              ///< residents per built square kilometre
    double jobs_per_resident = 0.45;
    double residents_per_dwelling = 2.3;
    double block_m = 110;                        ///< mean distance between streets
};

/// Population a generator takes: 1,000 to 5,000,000.
inline constexpr std::uint64_t least_generated_population = 1'000, most_generated_population = 5'000'000;

/// Throws InputError CT-GEN-001 … when an option is out of its range.
City generate_city(const CityGeneratorOptions& options, Arena& arena);

}  // namespace citytwin::geodata
