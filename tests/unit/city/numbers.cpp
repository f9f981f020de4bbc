#include "core/city/numbers.hpp"

#include <catch2/catch.hpp>

using namespace citytwin;

TEST_CASE("a column's figures are the same whatever type they were stored in; words are no figures") {
    EntitySet set("zone", 2);
    set.add("a", "1", std::vector<double>{1, 2});
    set.add("b", "1", std::vector<std::int64_t>{1, 2});
    set.add("c", "1", std::vector<std::int32_t>{1, 2});
    set.add("d", "1", std::vector<std::uint8_t>{1, 2});
    set.add("word", "", std::vector<std::string>{"1", "2"});
    for (const char* column : {"a", "b", "c", "d"}) CHECK(numbers_of(set, column) == std::vector<double>{1, 2});
    CHECK(numbers_of(set, "word", 7) == std::vector<double>{7, 7});
    CHECK(numbers_of(set, "missing") == std::vector<double>{0, 0});
    CHECK_FALSE(find_numbers(set, "word"));
    CHECK_FALSE(find_numbers(set, "missing"));
}

TEST_CASE("a city's residents are its active persons, else those of its buildings, else its zones' population") {
    City city;
    CHECK(residents_of(city) == 0);
    city.add_set("zone", 2).add("population", "1", std::vector<std::int64_t>{30, 40});
    CHECK(residents_of(city) == 70);
    city.add_set("building", 1).add("residents", "1", std::vector<std::int32_t>{65});
    CHECK(residents_of(city) == 65);
    city.add_set("person", 3).add("active", "1", std::vector<std::uint8_t>{1, 0, 1});
    CHECK(residents_of(city) == 2);
}
