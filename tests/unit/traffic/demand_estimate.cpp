// Demand of districts from counts: what least squares find, and what the traffic module does with it.
#include <catch2/catch.hpp>

#include "modules/traffic/model/count_matching.hpp"

using namespace citytwin::traffic;

TEST_CASE("districts are found from counts that mix them", "[calibration]") {
    CountMatching matching(3);
    const std::vector<std::vector<double>> links = {{100, 200, 0}, {0, 300, 100}, {250, 0, 250}, {400, 10, 30}};
    const std::vector<double> truth = {1.2, 0.7, 1.0};
    for (const auto& parts : links) {
        double modelled = 0, observed = 0;
        for (std::size_t a = 0; a < 3; ++a) modelled += parts[a], observed += parts[a] * truth[a];
        for (int hour = 0; hour < 20; ++hour) matching.add(parts, observed, modelled, 0);
    }
    const auto change = matching.change();
    for (std::size_t a = 0; a < 3; ++a) CHECK(1 + change[a] == Approx(truth[a]).margin(0.02));
}

TEST_CASE("one count that stands alone pulls little, and a district without counts stays as planned", "[calibration]") {
    CountMatching matching(2);
    for (int i = 0; i < 30; ++i) matching.add(std::vector<double>{300, 0}, 300, 300, 0);
    matching.add(std::vector<double>{300, 0}, 3000, 300, 0);
    CHECK(std::abs(matching.change()[0]) < 0.03);
    CHECK(matching.change()[1] == 0);
    matching.clear();
    CHECK(matching.change()[0] == 0);
}

TEST_CASE("a count in a jam counts for less", "[calibration]") {
    const auto of = [](double jammed) {
        CountMatching matching(1);
        matching.add(std::vector<double>{200}, 300, 200, jammed);
        return matching.change()[0];
    };
    CHECK(of(0.8) < of(0));
    CHECK(of(0) < 0.5);
    CHECK(of(0) > 0.2);
}
