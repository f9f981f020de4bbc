#pragma once
// An entity set as a table of text: a line a row, its id first, then its columns but those of many values a row.
#include <string>

#include "core/city/entity_set.hpp"

namespace citytwin {

/// RFC 4180: numbers as short as they read back, texts quoted where they need it.
std::string csv_of(const EntitySet& set);

}  // namespace citytwin
