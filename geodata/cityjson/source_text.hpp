#pragma once
// The text of a CityJSON file: plain, or the one .json in a .zip (the Hague publishes its city that way). Nothing is unpacked to
// disk; sizes are checked before memory is asked for.
#include <cstdint>
#include <string>

namespace citytwin::geodata::cityjson {

struct SourceText {
    std::string padded;      ///< the text and 64 bytes of zeros behind it, as simdjson wants them
    std::size_t size = 0;    ///< without the padding and without a byte order mark
};
inline constexpr std::size_t text_padding = 64;
/// simdjson's own limit is 4 GiB.
inline constexpr std::uint64_t largest_text = 2ULL << 30;

/// Throws InputError CT-CITYJSON-001/002 for a file that can't be read or a damaged archive.
SourceText read_source_text(const std::string& path);

}  // namespace citytwin::geodata::cityjson
