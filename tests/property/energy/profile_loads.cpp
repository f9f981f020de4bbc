// A user's SimBench folder in a city: loads at buses without buildings draw by the folder's profiles, at the hour and date of the run.
#include <catch2/catch.hpp>

#include <fstream>

#include "geodata/generate/city_generator.hpp"
#include "modules/energy/city/profile_loads.hpp"
#include "modules/energy/read/simbench_grid.hpp"
#include "support/toy_engine.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

/// What the profile loads draw and what their buses have, step by step.
class Watcher final : public Module {
public:
    explicit Watcher(Setup& setup) : load_(setup.reads("power_connection", "profile_load", "W").last()), power_(setup.ledger("profile load", "J")) { setup.period("15 min"); }
    void step(const Step& now) override {
        for (const double W : load_.values()) power_.in += W * now.seconds();
    }

private:
    Read load_;
    Ledger& power_;
};

}  // namespace

TEST_CASE("loads of a SimBench folder at buses without buildings draw what their profiles say on that day") {
    SHARED_OR_SKIP(folder, "data/energy/simbench/1-LV-urban6--0-no_sw");
    DiagnosticList ignored;
    const SimbenchGrid file = read_simbench(folder, ignored);
    // All buildings hang on the bus of the first load; the other buses' loads stay.
    const auto scratch = testing::scratch_folder("profile_loads");
    const Index with_buildings = file.injections.front().bus;
    std::ofstream(scratch + "/places.csv") << "bus,x,y\n" << file.bus_id[with_buildings] << ",0,0\n";
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = 1'000;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    city->add_set("city", 1);
    const std::map<std::string, std::string, std::less<>> values{{"network", "file"}, {"network_file", folder}, {"bus_places", scratch + "/places.csv"}};
    MapParameters parameters(values);
    DiagnosticList diagnostics;
    CityBuilder builder{*city, parameters, arena, 5, diagnostics};
    Registry::process().module("energy")->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    const EntitySet& loads = city->at("grid_load");
    std::size_t expected = 0;
    double expected_J = 0;
    const std::size_t day_of_year = 31 + 29 + 31 + 30 + 31 + 2;   // the profiles' year 2016 up to 3 June
    for (const auto& injection : file.injections) {
        if (!injection.is_load || injection.bus == with_buildings) continue;
        ++expected;
        for (std::size_t step = 0; step < 8; ++step) expected_J += injection.p * file.network.base_VA * file.profiles[injection.p_profile][day_of_year * 96 + 6 * 4 + step] * 900;
    }
    CHECK(loads.size() == expected);
    const auto run = [&](int threads) {
        testing::ToyRun toy;
        toy.factories = {*Registry::process().module("energy"), testing::toy<Watcher>("watcher")};
        toy.city = city;
        toy.threads = threads;
        toy.settings.calendar = Calendar(parse_time("2025-06-03T06:00:00", "Europe/Berlin"), "Europe/Berlin");
        toy.settings.end = 2 * hour;
        toy.values["energy"] = values;
        toy.run_to_end().close();
        CHECK(toy.ledger("profile load").in == Approx(expected_J).epsilon(1e-9));
        // Nobody else draws: what was served is theirs, the rest of what came in is lost in the cables.
        CHECK(toy.ledger("electricity").out == Approx(expected_J).epsilon(1e-9));
        CHECK(toy.ledger("electricity").closing_error() < 1e-6);
        CHECK(toy.ledger("electricity").lost > 0);
        return toy.engine->state_hash();
    };
    CHECK(run(1) == run(2));
}
