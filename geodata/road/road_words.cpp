#include "geodata/road/road_network.hpp"
#include "geodata/sumo/sumo_words.hpp"

namespace citytwin::geodata {

const char* name_of(RoadClass road_class) {
    static constexpr const char* names[road_class_count] = {
        "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
        "unclassified", "residential", "living_street", "service", "road", "other"};
    const auto index = static_cast<std::size_t>(road_class);
    return index < road_class_count ? names[index] : "other";
}

std::uint32_t vehicle_class_bit(std::string_view name) {
    const auto bits = sumo_vehicle_class(name);
    return bits && (*bits & (*bits - 1)) == 0 ? *bits : 0;
}

}  // namespace citytwin::geodata
