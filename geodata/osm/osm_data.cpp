#include "geodata/osm/osm_data.hpp"

namespace citytwin::geodata::osm {

std::uint32_t TextPool::intern(std::string_view text) {
    if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
    const auto [place, added] = numbers_.emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
    texts_.push_back(&place->first);  // keys of an unordered_map never move
    return place->second;
}

std::optional<TagKey> tag_key_of(std::string_view name) {
    static const auto table = [] {
        std::unordered_map<std::string_view, TagKey> keys;
        for (std::size_t k = 0; k < tag_key_count; ++k) keys.emplace(tag_key_names[k], static_cast<TagKey>(k));
        return keys;
    }();
    const auto found = table.find(name);
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

std::optional<RoadClass> drivable_class(std::string_view highway) {
    static constexpr std::string_view names[] = {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
                                                 "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street",
                                                 "service", "road"};  // in the order of RoadClass
    for (std::size_t c = 0; c < std::size(names); ++c) {
        if (highway == names[c]) return static_cast<RoadClass>(c);
    }
    return std::nullopt;
}

int driving_direction(std::string_view highway, const char* oneway, const char* junction) {
    if (oneway != nullptr) {
        const std::string_view value = oneway;
        if (value == "yes" || value == "true" || value == "1") return 1;
        return value == "-1" || value == "reverse" ? -1 : 0;
    }
    const bool is_roundabout = junction != nullptr && std::string_view(junction) == "roundabout";
    return is_roundabout || highway.starts_with("motorway") ? 1 : 0;
}

}  // namespace citytwin::geodata::osm
