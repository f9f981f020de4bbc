#pragma once
// JSON Schema from lists of keys, for the .cpp files that make a whole schema of them.
#include <nlohmann/json.hpp>
#include <span>

#include "core/scenario/table_reader.hpp"

namespace citytwin {

/// An object with these keys and no others.
nlohmann::ordered_json object_schema(std::span<const KeySpec> keys);
/// With the draft, an id and a title in front.
nlohmann::ordered_json headed_schema(const char* id, const char* title, nlohmann::ordered_json object);

}  // namespace citytwin
