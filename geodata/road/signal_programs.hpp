#pragma once
// Fixed-time programs for junctions that bring none: streets that face each other share a phase, left turns yield or get a phase of their own.
#include <vector>

#include "geodata/road/junctions.hpp"

namespace citytwin::geodata {

/// A program for the connections of one signal (rows of the network, in the order of their signal links). Needs foes and yields_to.
/// No two connections that conflict are green at once, unless one of them shows g and yields to the other.
RoadNetwork::Program fixed_time_program(const RoadNetwork& network, const std::vector<float>& heading_at_end, const std::vector<Index>& connections,
                                        const SignalDefaults& defaults);

}  // namespace citytwin::geodata
