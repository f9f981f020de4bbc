#pragma once
// Where people can be: sites on road links, grouped by zone. A site is a building's entrance or a stretch of a link.
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::population {

/// Sites as columns; the sites of a zone are contiguous and the zones in order.
struct Sites {
    std::vector<Index> zone, road_link;
    std::vector<float> offset_m, x_m, y_m;
    std::vector<std::int32_t> residents, jobs;
    std::vector<std::int32_t> dwellings;   ///< 0 = not known: from the mean household size
    std::vector<Index> building;           ///< or no_index

    [[nodiscard]] std::size_t size() const { return zone.size(); }
};

struct Zones {
    std::vector<std::uint64_t> key;        ///< stable: a hash of the zone's id; draws of its people hang on it
    std::vector<double> x_m, y_m;
    std::vector<Index> first_site;         ///< size zones + 1

    [[nodiscard]] std::size_t size() const { return x_m.size(); }
};

struct Schools {
    std::vector<Index> site;
    std::vector<double> capacity;          ///< weight in the choice
    std::vector<std::uint8_t> university;  ///< 1 = for students, 0 = for pupils
};

struct Places {
    Zones zones;
    Sites sites;
    Schools schools;
};

}  // namespace citytwin::population
