// Emissions in an engine: links and vehicles are two views of one sum, digits don't depend on threads or on a stop in between.
#include <catch2/catch.hpp>

#include "core/module/shared_streams.hpp"
#include "support/emission_town.hpp"

using namespace citytwin;

namespace {

using testing::EmissionRun;
using testing::streets;

// Streets with a known load: every third link carries 0.05 vehicles a second at half its limit.
class SteadyTraffic final : public Module {
public:
    explicit SteadyTraffic(Setup& setup)
        : flow_(setup.writes("road_link", "flow", "1/s").recorded_as(Aggregation::mean)), density_(setup.writes("road_link", "density", "1/m").recorded_as(Aggregation::mean)),
          limit_(setup.attribute("road_link", "speed_limit", "m/s")) {
        setup.period("60 s");
    }
    void step(const Step&) override {
        for (std::size_t link = 0; link < flow_.size(); ++link) {
            flow_[link] = link % 3 == 0 ? 0.05 : 0.0;
            density_[link] = flow_[link] / (0.5 * limit_[link]);
        }
    }

private:
    Write flow_, density_;
    Attribute limit_;
};

// Single passages: vehicle k passes link k mod links, in 20 s, every minute.
class PassingVehicles final : public Module {
public:
    explicit PassingVehicles(Setup& setup) : out_(setup.sends(link_traversal_schema())), city_(setup.city()) { setup.period("60 s"); }
    void step(const Step& now) override {
        const auto& length = city_.at("road_link").get<double>("length");
        for (Index k = 0; k < 500; ++k) {
            LinkTraversal t;
            t.request_id = k;
            t.who_set = 4;
            t.who = k;
            t.mode = k % 10 == 0 ? 4 : k % 10 == 1 ? 5 : 0;
            t.link = k % static_cast<Index>(length.size());
            t.enter = now.from;
            t.leave = now.from + 20 * second;
            t.distance_m = length[t.link];
            send(out_, now.to, k, t);
        }
    }

private:
    StreamSender out_;
    const City& city_;
};

}  // namespace

TEST_CASE("what links emit and what vehicles emit are one sum, to 1e-9, from link fields and from passages") {
    const auto city = streets();
    for (const bool single : {false, true}) {
        EmissionRun run(city, single ? testing::toy<PassingVehicles>("traffic") : testing::toy<SteadyTraffic>("traffic"));
        if (single) run.values["emissions"]["activity"] = "traversals";
        run.run_to_end().close();
        for (const char* quantity : {"emitted CO2", "emitted NOx", "emitted CO", "emitted HC", "emitted PMx", "emitted fuel", "traction energy", "CO2 by activity"}) {
            INFO(quantity);
            CHECK(run.ledger(quantity).in > 0);
            CHECK(run.ledger(quantity).closing_error() < 1e-9);
        }
        CHECK(run.kpi("ghg_per_capita").value.value() > 0);
        CHECK(run.kpi("pm25_exposure").value.value() > 0);
        CHECK(run.kpi("nox_mean").coverage == 1);
    }
}

TEST_CASE("a link's rate is its vehicle-kilometres times the mix's factor at its speed") {
    const auto city = streets();
    EmissionRun run(city, testing::toy<SteadyTraffic>("traffic"));
    run.run_to_end().close();
    const auto& length = city->at("road_link").get<double>("length");
    double km = 0;
    for (std::size_t link = 0; link < length.size(); link += 3) km += 0.05 * 3 * 3600 * length[link] / 1000;
    // Cars of this mix at town speeds: 130 to 260 g of CO2 a kilometre, electric ones none.
    const double grams_per_km = run.ledger("emitted CO2").in * 1000 / km;
    CHECK(grams_per_km > 130);
    CHECK(grams_per_km < 260);
}

TEST_CASE("one state hash at 1, 4 and 7 threads, and after a stop") {
    const auto city = streets();
    std::string expected;
    for (const int threads : {1, 4, 7}) {
        EmissionRun run(city, testing::toy<SteadyTraffic>("traffic"), threads, threads == 1 ? 1024 : 8);
        run.run_to_end();
        if (expected.empty()) expected = run.engine->state_hash();
        CHECK(run.engine->state_hash() == expected);
    }
    EmissionRun first(city, testing::toy<SteadyTraffic>("traffic")), second(city, testing::toy<SteadyTraffic>("traffic"), 2, 16);
    first.make().start();
    while (first.engine->now() < 80 * minute) first.engine->advance();
    const StateBlobs middle = first.engine->save();
    second.make().load(middle);
    CHECK(second.engine->save() == middle);
    while (!second.engine->finished()) second.engine->advance();
    CHECK(second.engine->state_hash() == expected);
}

TEST_CASE("a town with people and traffic: the same digits at 1 and 4 threads, balances close") {
    const auto city = streets({}, {"population"});
    std::string expected;
    for (const int threads : {1, 4}) {
        EmissionRun run(city, *Registry::process().module("traffic"), threads, threads == 1 ? 1024 : 16);
        run.factories.push_back(*Registry::process().module("population"));
        run.values["traffic"] = {{"period", "5 s"}};
        run.values["emissions"]["activity"] = "traversals";
        run.settings.end = 8 * hour;
        run.run_to_end().close();
        if (expected.empty()) expected = run.engine->state_hash();
        CHECK(run.engine->state_hash() == expected);
        CHECK(run.ledger("emitted CO2").in > 0);
        CHECK(run.ledger("emitted NOx").closing_error() < 1e-9);
        CHECK(run.kpi("ghg_per_capita").value.value() > 0);
    }
}

TEST_CASE("more electric cars: less from exhausts, more from batteries, in proportion") {
    const auto city = streets({}, {"population"});
    EmissionRun base(city, testing::toy<SteadyTraffic>("traffic")), more(city, testing::toy<SteadyTraffic>("traffic"));
    more.settings.changes = [&](const DeclaredNames&) {
        Change change;
        change.name = "electric cars";
        change.set = "car";
        for (Index car = 0; car < city->at("car").size(); car += 2) change.rows.push_back(car);
        change.assignments.push_back({"emission_class", ChangeOperation::set, 0.0, "car_electric"});
        return std::vector<Change>{change};
    };
    base.run_to_end();
    more.run_to_end();
    CHECK(more.ledger("emitted CO2").in / base.ledger("emitted CO2").in == Approx(0.5).margin(0.06));
    CHECK(base.ledger("traction energy").in >= 0);
    CHECK(more.ledger("traction energy").in > 5 * base.ledger("traction energy").in);
}

TEST_CASE("a car of an unknown class is refused with the nearest one") {
    const auto city = streets({}, {"population"});
    auto& cars = *city->find("car");
    std::vector<std::string> classes(cars.size());
    classes[0] = "car_petrol_euro7";
    cars.add("emission_class", "", classes);
    EmissionRun run(city, testing::toy<SteadyTraffic>("traffic"));
    try {
        run.make().start();
        FAIL("accepted");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().code == "CT-EMISSIONS-012");
        CHECK(error.diagnostics().front().hint.find("car_petrol_euro") != std::string::npos);
    }
}
