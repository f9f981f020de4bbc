#pragma once
// The cached city: one HDF5 file that loads far faster than any source (city.md section 5).
// Layout: a group a set; a numeric column is one contiguous dataset SET/COLUMN; text is a group of `bytes` and `offsets`,
// a ragged column one of `values` and `offsets`; ids are SET/id. Attributes: unit, refers_to, long_name, order. The import's
// sources, settings, issues and figures stand in the group `import`. The first 512 bytes (HDF5's user block) say in text
// what the file is, its format version and a hash of all that follows, so that a damaged file is refused before the HDF5
// library, which crashes on some damaged files, sees it.
#include <string>
#include <vector>

#include "core/city/city.hpp"

namespace citytwin {

inline constexpr std::int64_t city_format_version = 2;

/// Written aside and put in place: the old file stands until the new one is whole.
void write_city(const City& city, const std::string& path);
/// Throws InputError CT-CITY-00x for foreign, damaged or other-version files.
City read_city(const std::string& path);

/// What a cached city was made of: enough to decide whether it can be used again.
struct CityHeader {
    std::int64_t format_version = 0;
    std::string citytwin_version, name, crs, settings, settings_sha256;
    std::vector<CitySource> sources;
};
CityHeader read_city_header(const std::string& path);
/// Why a cached city can't stand for an import of `sources` with `settings`: a sentence each; empty = it can.
std::vector<std::string> differences(const CityHeader& cached, const std::vector<CitySource>& sources, const std::string& settings);
/// True if the file says that it is a cached city.
bool is_city_file(const std::string& path);

}  // namespace citytwin
