#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "geodata/terrain/terrain.hpp"

using namespace citytwin::geodata;

namespace {

/// Three by two cells of 10 m, the upper left corner at (100, 200).
Raster small() {
    Raster raster;
    raster.columns = 3;
    raster.rows = 2;
    const double place[6] = {100, 10, 0, 200, 0, -10};
    std::copy(place, place + 6, raster.place);
    raster.cell = {1, 2, 3, 5, 6, 255};
    raster.largest_storable = 255;
    return raster;
}

}  // namespace

TEST_CASE("heights between cell centres are bilinear, and at a centre the cell's own", "[geodata]") {
    bool saturated = false;
    CHECK(height_at(small(), 105, 195, saturated) == 1);
    CHECK(height_at(small(), 110, 195, saturated) == 1.5);
    CHECK(height_at(small(), 110, 190, saturated) == 3.5);
    CHECK(height_at(small(), 101, 199, saturated) == 1);   // within half a cell of the border
    CHECK_FALSE(saturated);
}

TEST_CASE("outside the raster and beside a missing cell a height is unknown, never 0", "[geodata]") {
    Raster raster = small();
    bool saturated = false;
    CHECK(std::isnan(height_at(raster, 99, 195, saturated)));
    CHECK(std::isnan(height_at(raster, 105, 179, saturated)));
    CHECK(std::isnan(height_at(raster, std::numeric_limits<double>::infinity(), 195, saturated)));
    raster.cell[1] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(height_at(raster, 110, 195, saturated)));
    CHECK(height_at(raster, 105, 195, saturated) == 1);   // the missing neighbour has no weight there
}

TEST_CASE("a height that a cell at its type's limit takes part in is marked saturated", "[geodata]") {
    bool saturated = false;
    height_at(small(), 121, 186, saturated);
    CHECK(saturated);
}
