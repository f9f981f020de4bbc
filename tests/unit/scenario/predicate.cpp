#include "core/scenario/predicate.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace citytwin;

namespace {

City small_city() {
    City city;
    EntitySet& zones = city.add_set("zone", 2);
    zones.ids = {"north", "south"};
    EntitySet& links = city.add_set("road_link", 5);
    links.ids = {"a", "b", "c", "d", "e"};
    links.add("name", "", std::vector<std::string>{"Main Street", "main street", "", "St John's Road", "Öl%weg"});
    links.add("lanes", "1", std::vector<double>{1, 2, 3, std::numeric_limits<double>::quiet_NaN(), 2});
    links.add("zone", "1", std::vector<std::uint32_t>{0, 1, 1, no_index, 0}, "zone");
    links.add("closed", "1", std::vector<std::uint8_t>{0, 0, 1, 0, 0});
    return city;
}

std::vector<Index> selected(const std::string& expression) {
    const City city = small_city();
    return Predicate::parse(expression).select(city.at("road_link"), &city);
}

Diagnostic refusal(const std::string& expression) {
    try {
        selected(expression);
    } catch (const InputError& error) {
        return error.diagnostics().front();
    }
    return {};
}

using Rows = std::vector<Index>;

}  // namespace

TEST_CASE("WHERE compares numbers, texts, references and ids", "[scenario]") {
    CHECK(selected("lanes >= 2") == Rows{1, 2, 4});
    CHECK(selected("lanes <> 2") == Rows{0, 2});
    CHECK(selected("zone = 'south'") == Rows{1, 2});
    CHECK(selected("id IN ('a', 'e')") == Rows{0, 4});
    CHECK(selected("closed = true") == Rows{2});
    CHECK(selected("lanes BETWEEN 2 AND 3 AND NOT closed = 1") == Rows{1, 4});
    CHECK(selected("\"lanes\" = 1 or lanes = 3") == Rows{0, 2});
    CHECK(selected("name = 'St John''s Road'") == Rows{3});
}

TEST_CASE("as in OGR SQL, = ignores case and LIKE doesn't", "[scenario]") {
    CHECK(selected("name = 'MAIN STREET'") == Rows{0, 1});
    CHECK(selected("name LIKE 'Main%'") == Rows{0});
    CHECK(selected("name ILIKE 'main%'") == Rows{0, 1});
    CHECK(selected("name LIKE '_l\x25weg'") == Rows{4});
    CHECK(selected("name NOT LIKE '%treet'") == Rows{3, 4});
}

TEST_CASE("a missing value is neither equal nor unequal to anything", "[scenario]") {
    CHECK(selected("lanes IS NULL") == Rows{3});
    CHECK(selected("NOT lanes = 2") == Rows{0, 2});
    CHECK(selected("name <> 'Main Street'") == Rows{3, 4});
    CHECK(selected("name IS NULL") == Rows{2});
    CHECK(selected("name = ''") == Rows{2});
    CHECK(selected("zone IS NOT NULL") == Rows{0, 1, 2, 4});
    CHECK(selected("lanes = 2 OR name = 'St John''s Road'") == Rows{1, 3, 4});
}

TEST_CASE("AND binds tighter than OR, NOT tighter than AND", "[scenario]") {
    CHECK(selected("lanes = 1 OR lanes = 2 AND zone = 'north'") == Rows{0, 4});
    CHECK(selected("(lanes = 1 OR lanes = 2) AND zone = 'north'") == Rows{0, 4});
    CHECK(selected("(lanes = 1 OR lanes = 2) AND zone = 'south'") == Rows{1});
    CHECK(selected("NOT lanes = 1 AND zone = 'north'") == Rows{4});
}

TEST_CASE("an expression that can't be read is refused with its column", "[scenario]") {
    CHECK(refusal("lanes >").code == "CT-SCENARIO-041");
    CHECK(refusal("lanes > two").message.find("column 9") != std::string::npos);
    CHECK(refusal("lanes = 2 lanes = 3").message.find("column 11") != std::string::npos);
    CHECK(refusal("name = 'open").message.find("column 8") != std::string::npos);
    CHECK(refusal("(lanes = 2").code == "CT-SCENARIO-041");
    CHECK(refusal("lanes = 1.2.3").code == "CT-SCENARIO-041");
    CHECK(refusal("lanes = 2; DROP").code == "CT-SCENARIO-041");
    CHECK(refusal(std::string(100'000, '(')).code == "CT-SCENARIO-041");
    CHECK(refusal(std::string("lanes = 2 AND ") + std::string(5000, '-')).code == "CT-SCENARIO-041");
}

TEST_CASE("an unknown attribute is answered with the nearest, a wrong kind with what it holds", "[scenario]") {
    CHECK(refusal("lane = 2").message.find("nearest: 'lanes'") != std::string::npos);
    CHECK(refusal("lanes = '2'").code == "CT-SCENARIO-043");
    CHECK(refusal("name = 2").code == "CT-SCENARIO-043");
    CHECK(refusal("lanes LIKE '2'").code == "CT-SCENARIO-043");
}

TEST_CASE("a pattern of many stars takes no time to fail", "[scenario]") {
    City city;
    EntitySet& set = city.add_set("s", 1);
    set.add("t", "", std::vector<std::string>{std::string(20'000, 'a')});
    std::string pattern = "t LIKE '";
    for (int i = 0; i < 50; ++i) pattern += "a%";
    CHECK(Predicate::parse(pattern + "b'").select(set).empty());
}

TEST_CASE("ids are looked up, and a missing one is answered with the nearest", "[scenario]") {
    const City city = small_city();
    CHECK(rows_of_ids(city.at("zone"), {"south", "north", "south"}, {}) == Rows{0, 1});
    CHECK_THROWS_WITH(rows_of_ids(city.at("zone"), {"nort"}, {}), Catch::Contains("nearest id: 'north'"));
}

TEST_CASE("a sample is the same in every run and a larger share contains a smaller one", "[scenario]") {
    EntitySet set("person", 10'000);
    Rows all(set.size());
    for (Index i = 0; i < all.size(); ++i) all[i] = i;
    const auto tenth = sampled(set, all, 0.1), fifth = sampled(set, all, 0.2);
    CHECK(std::abs(static_cast<double>(tenth.size()) - 1000) < 100);
    CHECK(std::includes(fifth.begin(), fifth.end(), tenth.begin(), tenth.end()));
    CHECK(sampled(set, all, 1) == all);
}

TEST_CASE("a condition names one field, a comparison and a limit with its unit", "[scenario]") {
    const auto condition = parse_condition("power_bus.voltage < 0.9");
    CHECK(condition.set == "power_bus");
    CHECK(condition.field == "voltage");
    CHECK(condition.comparison == Comparison::less);
    CHECK(condition.limit_in("1") == 0.9);
    CHECK(parse_condition("road_link.travel_time >= 5 min").limit_in("s") == 300);
    CHECK_THROWS_WITH(parse_condition("road_link.travel_time >= 5").limit_in("s"), Catch::Contains("CT-SCENARIO-046"));
    for (const char* wrong : {"voltage < 0.9", "a.b.c < 1", "a.b 0.9", "a.b < ", "a.b <<< 1", "a.b < low", ".b < 1"}) {
        CHECK_THROWS_WITH(parse_condition(wrong), Catch::Contains("CT-SCENARIO-045"));
    }
}
