#pragma once
// Layers of columns to GeoPackage or FlatGeobuf.
#include <map>
#include <string>
#include <vector>

#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {

void write_layers(const std::string& path, const std::string& driver, const std::vector<VectorLayer>& layers,
                  const std::map<std::string, std::string>& notes);

}  // namespace citytwin::geodata
