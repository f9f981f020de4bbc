#pragma once
// SUMO's words and letters, both ways: vehicle classes, junction types, link states, turn directions, times.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/road/road_network.hpp"

namespace citytwin::geodata {

/// Words of a list separated by blanks and/or commas.
std::vector<std::string_view> sumo_words(std::string_view list);

/// The classes of an `allow` or `disallow` list. Nothing if a name is unknown; `unknown` then names it.
std::optional<std::uint32_t> sumo_permissions(std::optional<std::string_view> allow, std::optional<std::string_view> disallow, std::string& unknown);
/// The class names of a bit set, separated by blanks ("all" for every class).
std::string sumo_class_names(std::uint32_t permissions);
/// Every class name there is, for suggestions.
std::vector<std::string> sumo_class_list();
/// The bits of one vClass word. "ignoring" may use every lane, so it has every bit: test with `(permissions & bits) != 0`.
std::optional<std::uint32_t> sumo_vehicle_class(std::string_view word);

std::optional<NodeControl> node_control_of(std::string_view type);
const char* sumo_type_of(NodeControl control);
std::optional<LinkState> link_state_of(std::string_view letter);
char sumo_letter_of(LinkState state);
std::optional<Turn> turn_of(std::string_view letter);
const char* sumo_letter_of(Turn turn);
/// "highway.primary_link", "primary_link" -> the class; anything else -> other.
RoadClass road_class_of_type(std::string_view type);

/// Seconds, or "[days:]hours:minutes:seconds".
std::optional<double> sumo_time(std::string_view text);
/// "x0,y0 x1,y1 …" (a third coordinate is left out). Nothing if a coordinate is no finite number.
std::optional<std::vector<double>> sumo_shape(std::string_view text);

}  // namespace citytwin::geodata
