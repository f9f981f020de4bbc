#pragma once
// How one column of an entity set lies in the cached city. Used by city_file.cpp only.
#include <cstdint>
#include <string>

#include "core/base/hdf5.hpp"
#include "core/city/entity_set.hpp"

namespace citytwin {

void write_column(Hdf5File& file, const std::string& set, const Column& column, std::int64_t order);
void write_ids(Hdf5File& file, const EntitySet& set);
/// Throws InputError CT-CITY-003 when the stored column is not what its attributes say, or has not `rows` rows.
Column read_column(Hdf5File& file, const std::string& set, const std::string& name, std::size_t rows);

}  // namespace citytwin
