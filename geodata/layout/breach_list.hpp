#pragma once
// Every limit that a laid network misses, by entity, as rows of the city's set `layout_breach`; the run writes them as layout_breaches.csv.
#include <functional>
#include <span>
#include <string>

#include "core/city/city.hpp"
#include "geodata/layout/utility_input.hpp"

namespace citytwin::geodata {

/// Appends the breaches of `network` ("power", "water"); `id_of` names the entity of a breach. Returns what to say of them: how many,
/// and of each limit the worst with its entity and figure.
std::string list_breaches(City& city, const std::string& network, std::span<const LayoutBreach> breaches, const std::function<std::string(const LayoutBreach&)>& id_of);

}  // namespace citytwin::geodata
