#pragma once
// The water module's part of a city: the sets `water_node`, `water_link`, `water_tank`, `water_network` and the column building.water_node, from
// the user's .inp or from a network laid along the streets. The set `water_network` has one row with the whole .inp text, which the run
// reads and `city export` writes.
#include <memory>

#include "core/module/registry.hpp"
#include "modules/water/model/network.hpp"

namespace citytwin::water {

void build_network(CityBuilder& builder);

/// The network of a city that has one (its .inp text read again); null without.
std::shared_ptr<const Network> network_of(const City& city);
const std::string& inp_text_of(const City& city);

}  // namespace citytwin::water
