#pragma once
// The buildings of one zone: how many of which type on which lots, and who lives and works in them.
#include <cstdint>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "geodata/buildings/archetypes.hpp"
#include "geodata/buildings/street_lots.hpp"

namespace citytwin::geodata::buildings {

struct ZonePeople {
    std::uint64_t key = 0;              ///< of the zone's id: its draws
    std::uint64_t residents = 0, jobs = 0;
};

struct ZoneBuildings {
    std::vector<std::size_t> lot;       ///< position in the zone's lots
    std::vector<const Archetype*> type;
    std::vector<std::int32_t> floors, year, dwellings, residents, jobs;

    [[nodiscard]] std::size_t size() const { return lot.size(); }
};

/// Homes and workplaces share the lots by their floor areas. Homes are of the smallest type that fits the zone's dwellings on its
/// lots, workplaces of the smallest of the use that was drawn. Residents and jobs sum to the zone's exactly.
ZoneBuildings plan_zone(const ZonePeople& people, std::size_t lots, const Random& random);

}  // namespace citytwin::geodata::buildings
