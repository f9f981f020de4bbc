#pragma once
// Lines of a JSON text, found only when something is to be said about them.
#include <string>
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "geodata/cityjson/source_text.hpp"

namespace citytwin::geodata::cityjson {

/// Line of a key ("key" followed by a colon), 0 where it isn't found as written.
std::size_t line_of_key(const SourceText& source, std::string_view key);
/// Line of the n-th vertex.
std::size_t line_of_vertex(const SourceText& source, std::size_t vertex);
/// Where a text stops being JSON.
SourcePlace place_of_syntax_error(const std::string& path, const SourceText& source);

}  // namespace citytwin::geodata::cityjson
