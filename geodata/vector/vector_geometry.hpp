#pragma once
// Measures and tests on the features of a layer.
#include <string>
#include <vector>

#include "core/parallel/arena.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {

struct Point {
    double x = 0, y = 0;
};

/// Polygons: outer rings minus holes; others 0. In the layer's own units.
double area_of(const VectorLayer& layer, std::size_t row);
/// Lines: their length; polygons: length of all rings.
double length_of(const VectorLayer& layer, std::size_t row);
/// A point that stands for the feature: the centroid, for a polygon that doesn't contain it a point inside.
Point inner_point(const VectorLayer& layer, std::size_t row);
/// Even-odd rule over all rings: holes and multipolygons included. A point on the border may be in or out.
bool contains(const VectorLayer& layer, std::size_t row, double x, double y);
/// The largest outer ring, counter-clockwise, not closed: x0,y0,x1,y1,…
std::vector<double> outline_of(const VectorLayer& layer, std::size_t row);

struct Box {
    double left = 0, bottom = 0, right = 0, top = 0;
};
Box box_of(const VectorLayer& layer, std::size_t row);

/// Every vertex into another system, then minus the origin. Throws InputError CT-VECTOR-009/010 without a system or where
/// points can't be carried over.
void move_to_city(VectorLayer& layer, const std::string& city_crs, double origin_x, double origin_y, const std::string& named_crs, Arena& arena);

}  // namespace citytwin::geodata
