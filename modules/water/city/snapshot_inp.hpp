#pragma once
// The network of a city as an .inp for one solve of a run: the city's file with the demands, leaks, statuses, settings and levels that the solve
// used, a steady run without controls. So a peer program can be asked for the same answer.
#include <string>

#include "core/city/city.hpp"

namespace citytwin::water {

/// `city` holds the recorded fields as columns "at.FIELD" (core/run/city_at). Throws CT-WATER-065 naming what the run didn't record.
std::string snapshot_inp(const City& city);

}  // namespace citytwin::water
