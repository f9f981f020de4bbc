// Tags to lanes, speeds, access and arrows (the rules of the import's defaults and units).
#include <catch2/catch.hpp>

#include "geodata/osm/tags.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;
using namespace citytwin::geodata::osm;

const RoadDefaults& urban() {
    static const RoadDefaults defaults = road_defaults("urban");
    return defaults;
}
bool has(TagCauses causes, TagCause cause) { return (causes & bit_of(cause)) != 0; }

Lanes lanes(std::optional<std::string_view> all, int direction, std::optional<std::string_view> forward = {}, std::optional<std::string_view> backward = {},
            RoadClass road_class = RoadClass::residential) {
    return lanes_of({all, forward, backward, {}, 0, 0}, direction, road_class, urban());
}
double kmh(std::string_view text) { return speed_of(text, RoadClass::residential, urban()).mps * 3.6; }
TagCauses speed_causes(std::string_view text) { return speed_of(text, RoadClass::residential, urban()).causes; }

TEST_CASE("lanes of a two-way street are shared, the odd one goes forward") {
    CHECK(lanes("4", 0).forward == 2);
    CHECK(lanes("4", 0).backward == 2);
    CHECK(lanes("3", 0).forward == 2);
    CHECK(lanes("3", 0).backward == 1);
    CHECK(lanes("1", 0).forward == 1);
    CHECK(lanes("1", 0).backward == 1);
    CHECK(has(lanes("1", 0).causes, TagCause::lanes_shared));
    CHECK_FALSE(has(lanes("4", 0).causes, TagCause::lanes_from_default));
}

TEST_CASE("lanes:forward and lanes:backward win over the shared count") {
    CHECK(lanes("3", 0, "1", "2").forward == 1);
    CHECK(lanes("3", 0, "1", "2").backward == 2);
    CHECK(lanes("5", 0, "3").backward == 2);
    CHECK(lanes("5", 0, {}, "4").forward == 1);
}

TEST_CASE("a middle lane for both directions belongs to neither") {
    const Lanes result = lanes_of({"3", {}, {}, "1", 0, 0}, 0, RoadClass::primary, urban());
    CHECK(result.forward == 1);
    CHECK(result.backward == 1);
}

TEST_CASE("a one-way street has all its lanes in its direction") {
    CHECK(lanes("3", 1).forward == 3);
    CHECK(lanes("3", 1).backward == 0);
    CHECK(lanes("3", -1).backward == 3);
    CHECK(lanes("3", -1).forward == 0);
}

TEST_CASE("untagged lanes are the class's default and counted as such") {
    const Lanes primary = lanes({}, 0, {}, {}, RoadClass::primary);
    CHECK(primary.forward == 2);
    CHECK(primary.backward == 2);
    CHECK(has(primary.causes, TagCause::lanes_from_default));
}

TEST_CASE("lane counts that aren't whole numbers become the default with a cause") {
    for (const char* text : {"1.5", "two", "2;3", "", "-1", "1e400", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK(lanes(text, 1).forward == 1);
        CHECK(has(lanes(text, 1).causes, TagCause::lanes_not_whole));
        CHECK(has(lanes(text, 1).causes, TagCause::lanes_from_default));
    }
    CHECK(has(lanes("0", 1).causes, TagCause::lanes_zero));
    CHECK(lanes("40", 1).forward == 12);
    CHECK(has(lanes("40", 1).causes, TagCause::lanes_capped));
}

TEST_CASE("turn:lanes says how many lanes there are when lanes doesn't") {
    const Lanes result = lanes_of({{}, {}, {}, {}, 3, 0}, 1, RoadClass::secondary, urban());
    CHECK(result.forward == 3);
    CHECK_FALSE(has(result.causes, TagCause::lanes_from_default));
}

TEST_CASE("speeds come in km/h, mph and knots") {
    CHECK(kmh("50") == Approx(50));
    CHECK(kmh("30 mph") == Approx(48.28032));
    CHECK(kmh("30mph") == Approx(48.28032));
    CHECK(kmh("10 knots") == Approx(18.52));
    CHECK(kmh("60 km/h") == Approx(60));
    CHECK(kmh("walk") == Approx(5));
    CHECK(kmh("none") == Approx(142));
}

TEST_CASE("of several speeds the lowest is taken and counted") {
    CHECK(kmh("50;70") == Approx(50));
    CHECK(kmh("70; 50") == Approx(50));
    CHECK(has(speed_causes("50;70"), TagCause::speed_list_lowered));
}

TEST_CASE("zones of a country's law use the table of zones") {
    CHECK(kmh("BR:urban") == Approx(50));
    CHECK(kmh("DE:rural") == Approx(100));
    CHECK(kmh("DE:zone:30") == Approx(30));
    CHECK(kmh("FR:zone30") == Approx(30));
    CHECK(has(speed_causes("BR:urban"), TagCause::speed_country_table));
    CHECK_FALSE(has(speed_causes("BR:urban"), TagCause::speed_from_default));
}

TEST_CASE("speeds that say nothing usable become the class's default with a cause") {
    CHECK(kmh("signals") == Approx(50));
    CHECK(has(speed_causes("signals"), TagCause::speed_variable));
    CHECK(has(speed_causes("fast"), TagCause::speed_unreadable));
    CHECK(has(speed_causes("XX:nowhere"), TagCause::speed_unreadable));
    CHECK_FALSE(has(speed_causes("XX:nowhere"), TagCause::speed_country_table));
    for (const char* text : {"0", "-50", "1e9", "999"}) CHECK(has(speed_causes(text), TagCause::speed_out_of_range));
    CHECK(has(speed_of(std::nullopt, RoadClass::residential, urban()).causes, TagCause::speed_from_default));
}

TEST_CASE("the most specific access key decides whether cars may drive") {
    const auto cars = [](AccessTags tags) { return access_of(tags, RoadClass::service).cars; };
    AccessTags tags;
    CHECK(cars(tags) == CarAccess::yes);
    tags.access = "no";
    CHECK(cars(tags) == CarAccess::no);
    tags.motor_vehicle = "yes";
    CHECK(cars(tags) == CarAccess::yes);
    tags.motorcar = "private";
    CHECK(cars(tags) == CarAccess::no);
    for (const char* text : {"destination", "customers", "permissive", "delivery"}) {
        tags.motorcar = text;
        CHECK(cars(tags) == CarAccess::destination);
    }
    tags.motorcar = "unbekannt";
    CHECK(cars(tags) == CarAccess::yes);
    CHECK(has(access_of(tags, RoadClass::service).causes, TagCause::access_value_unknown));
}

TEST_CASE("buses keep what cars may not use when they are named") {
    AccessTags tags;
    tags.motor_vehicle = "no";
    tags.psv = "yes";
    const auto access = access_of(tags, RoadClass::residential);
    CHECK(access.cars == CarAccess::no);
    CHECK((access.permissions & vehicle_class::bus) != 0);
    CHECK((access.permissions & vehicle_class::passenger) == 0);
    CHECK((access.permissions & vehicle_class::bicycle) != 0);
}

TEST_CASE("turn arrows are read lane by lane from the left") {
    const auto turns = turn_lanes_of("left|through;right|none");
    REQUIRE(turns.size() == 3);
    CHECK(turns[0] == bit_of(Turn::left));
    CHECK(turns[1] == (bit_of(Turn::straight) | bit_of(Turn::right)));
    CHECK(turns[2] == 0);
    CHECK(turn_lanes_of("none|none").empty());
    CHECK(turn_lanes_of("").empty());
}

TEST_CASE("driving direction follows oneway, then roundabouts and motorways") {
    CHECK(driving_direction("residential", "yes", nullptr) == 1);
    CHECK(driving_direction("residential", "-1", nullptr) == -1);
    CHECK(driving_direction("residential", "reverse", nullptr) == -1);
    CHECK(driving_direction("residential", "reversible", nullptr) == 0);
    CHECK(driving_direction("residential", nullptr, "roundabout") == 1);
    CHECK(driving_direction("residential", "no", "roundabout") == 0);
    CHECK(driving_direction("motorway_link", nullptr, nullptr) == 1);
    CHECK(driving_direction("trunk_link", nullptr, nullptr) == 0);
}

TEST_CASE("the table of SUMO differs from the urban one in its speeds") {
    const RoadDefaults sumo = road_defaults("sumo");
    CHECK(sumo.of(RoadClass::motorway).speed_mps == Approx(142 / 3.6));
    CHECK(urban().of(RoadClass::motorway).speed_mps == Approx(100 / 3.6));
    CHECK(sumo.of(RoadClass::trunk).lanes_per_direction == 2);
    CHECK(urban().of(RoadClass::tertiary_link).priority == 5);
}

}  // namespace
