#pragma once
// A small made-up city for tests of the population model: a square of zones, sites with residents and jobs, a school every few zones.
#include <string>

#include "core/base/hash.hpp"
#include "modules/population/model/places.hpp"

namespace citytwin::testing {

inline population::Places sample_places(Index side = 6, std::int32_t residents_per_zone = 300, std::int32_t jobs_per_zone = 130, double spacing_m = 700) {
    population::Places places;
    places.zones.first_site.push_back(0);
    constexpr Index sites_per_zone = 12;
    for (Index z = 0; z < side * side; ++z) {
        const double x = spacing_m * (z % side), y = spacing_m * (z / side);
        places.zones.key.push_back(hash_text("zone " + std::to_string(z)));
        places.zones.x_m.push_back(x);
        places.zones.y_m.push_back(y);
        for (Index k = 0; k < sites_per_zone; ++k) {
            const auto row = static_cast<Index>(places.sites.size());
            places.sites.zone.push_back(z);
            places.sites.road_link.push_back(row);
            places.sites.offset_m.push_back(10);
            places.sites.x_m.push_back(static_cast<float>(x + 60.0 * (k % 4) - 90));
            places.sites.y_m.push_back(static_cast<float>(y + 60.0 * (k / 4) - 60));
            const auto part = [&](std::int32_t total) { return total / static_cast<std::int32_t>(sites_per_zone) + (static_cast<std::int32_t>(k) < total % static_cast<std::int32_t>(sites_per_zone)); };
            places.sites.residents.push_back(part(residents_per_zone + static_cast<std::int32_t>(z % 5) * 20));
            places.sites.jobs.push_back(part(z % 3 == 0 ? jobs_per_zone * 2 : jobs_per_zone / 2));
            places.sites.dwellings.push_back(0);
            places.sites.building.push_back(no_index);
        }
        if (z % 4 == 1) {
            places.schools.site.push_back(z * sites_per_zone + 3);
            places.schools.capacity.push_back(400);
            places.schools.university.push_back(z % 8 == 5);
        }
        places.zones.first_site.push_back(static_cast<Index>(places.sites.size()));
    }
    return places;
}

}  // namespace citytwin::testing
