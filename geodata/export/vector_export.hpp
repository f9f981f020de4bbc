#pragma once
// A city as layers for QGIS, geopandas and ogrinfo: GeoPackage (all layers in one file) or FlatGeobuf (a layer a file:
// X.fgb holds the edges, X_nodes.fgb, X_zones.fgb … the others). Every column of a set goes along, its unit in the name
// (length_m), references as the ids they mean, flags and classes as words. Cities made of OpenStreetMap say so.
#include <map>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {

/// Layers edges, nodes, signals, zones, buildings, places and one for every other set that has x and y.
std::vector<VectorLayer> layers_of(const City& city);
/// `settings`: "layer" = only this one.
void export_vector(const City& city, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList& diagnostics);
/// "© OpenStreetMap contributors, ODbL" when one of the sources is an OpenStreetMap file, else "".
std::string attribution_of(const City& city);
/// "length", "m s-1" -> "length_mps": letters, digits and underscores only.
std::string column_with_unit(const std::string& name, const std::string& unit);

}  // namespace citytwin::geodata
