#include "geodata/buildings/archetypes.hpp"

namespace citytwin::geodata::buildings {
namespace {

// name, use, front, depth, floors, dwellings: front x depth x floors / 90 m2, rounded down
constexpr Archetype home_table[] = {
    {"detached_house", "residential", 11, 10, 1, 1},   {"semi_detached_house", "residential", 13, 10, 2, 2}, {"small_apartment_house", "residential", 16, 12, 3, 6},
    {"apartment_house", "residential", 18, 16, 5, 16}, {"apartment_block", "residential", 19, 20, 10, 42},   {"apartment_tower", "residential", 19, 24, 18, 91},
};
constexpr Archetype office_table[] = {
    {"small_office", "office", 14, 12, 2, 13}, {"office_house", "office", 18, 16, 4, 46}, {"office_block", "office", 19, 20, 8, 121}, {"office_tower", "office", 19, 24, 16, 291}};
constexpr Archetype shop_table[] = {{"shop", "retail", 14, 12, 1, 4}, {"store", "retail", 18, 20, 2, 16}, {"shopping_centre", "retail", 19, 40, 3, 50}};
constexpr Archetype work_table[] = {{"workshop", "industrial", 16, 14, 1, 4}, {"factory_hall", "industrial", 19, 40, 1, 13}, {"factory", "industrial", 19, 60, 2, 38}};

}  // namespace

std::span<const Archetype> homes() { return home_table; }
std::span<const Archetype> offices() { return office_table; }
std::span<const Archetype> shops() { return shop_table; }
std::span<const Archetype> works() { return work_table; }

const Archetype& smallest_for(std::span<const Archetype> types, double units) {
    for (const Archetype& type : types) {
        if (type.units >= units) return type;
    }
    return types.back();
}

}  // namespace citytwin::geodata::buildings
