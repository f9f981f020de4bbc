// The what-ifs of riverside that ask for its air, through the program, each against a figure made by hand (within 25 %).
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/hdf5.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

using nlohmann::json;

namespace {

class Figures {
public:
    explicit Figures(const std::string& folder) : folder_(folder) {
        const json kpis = json::parse(std::ifstream(folder + "/kpis.json")), ledgers = json::parse(std::ifstream(folder + "/ledgers.json"));
        for (const auto& kpi : kpis["kpis"]) kpis_[kpi["id"]] = kpi;
        for (const auto& ledger : ledgers["ledgers"]) ledgers_[ledger["module"].get<std::string>() + " " + ledger["quantity"].get<std::string>()] = ledger;
    }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] double kpi(const std::string& id) const { return kpis_.at(id)["value"]; }
    [[nodiscard]] double detail(const std::string& id, const std::string& name) const { return kpis_.at(id)["details"].value(name, 0.0); }
    [[nodiscard]] double in(const std::string& ledger) const { return ledgers_.at(ledger)["in"]; }
    void check_balances() const {
        for (const auto& [name, ledger] : ledgers_) {
            INFO(name);
            CHECK(ledger["closing_error"].get<double>() < (name == "water volume" ? 1e-6 : 1e-9));
        }
    }
    [[nodiscard]] double car_kilometres() const {
        double sum = 0;
        for (const auto& [name, value] : kpis_.at("ghg_per_capita")["details"].items()) sum += name.find("[km]") != std::string::npos ? value.get<double>() : 0.0;
        return sum;
    }

private:
    std::string folder_;
    std::map<std::string, json> kpis_, ledgers_;
};

Figures run(const std::string& scenario, const std::vector<std::string>& more = {}) {
    const std::string folder = citytwin::testing::scratch_folder("air_" + scenario + std::to_string(more.size()));
    std::vector<std::string> words{"run", CITYTWIN_SOURCE_DIR "/scenarios/riverside/" + scenario + ".toml", "-o", folder + "/run", "-q", "--no-report", "--set", "record.interval=15 min", "--set",
                                   "record.fields=[\"road_link.flow\", \"road_link.density\"]"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = citytwin::testing::citytwin(words);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    Figures figures(folder + "/run");
    figures.check_balances();
    return figures;
}

/// Grams of NOx that recorded streets give by the shipped curves, worked out here from the tables: passages x length x the mix's factor at the
/// mean speed (flow over density) of each street and quarter of an hour.
class CurveOfTheMix {
public:
    CurveOfTheMix() {
        citytwin::CsvReader mix(CITYTWIN_SOURCE_DIR "/modules/emissions/data/fleet_mix.csv"), hot(CITYTWIN_SOURCE_DIR "/modules/emissions/data/hot_factors.csv");
        while (mix.next()) {
            if (mix.text(mix.column("mode")) == "car") share_[std::string(mix.text(mix.column("class")))] = mix.number(mix.column("share"));
        }
        while (hot.next()) {
            if (hot.text(hot.column("pollutant")) != "NOx" || !share_.contains(std::string(hot.text(hot.column("class"))))) continue;
            Row row{share_.at(std::string(hot.text(hot.column("class")))) * hot.number(hot.column("factor")) * (1 - hot.number(hot.column("reduction"))), hot.number(hot.column("least_kmh")), {}};
            const bool constant = hot.text(hot.column("form")) == "constant";
            REQUIRE((constant || hot.text(hot.column("form")) == "rational"));
            for (std::size_t i = 0; i < 7; ++i) row.c[i] = hot.optional_number(hot.column("c" + std::to_string(i))).value_or(0.0);
            if (constant) row.c = {0, 0, row.c[0], 0, 0, 0, 1};
            rows_.push_back(row);
        }
        REQUIRE(rows_.size() >= 8);
    }
    [[nodiscard]] double grams_per_km(double kmh) const {
        double sum = 0;
        for (const Row& r : rows_) {
            const double v = std::clamp(kmh, r.least_kmh, 130.0);
            sum += r.factor * (r.c[0] * v * v + r.c[1] * v + r.c[2] + r.c[3] / v) / (r.c[4] * v * v + r.c[5] * v + r.c[6]);
        }
        return sum;
    }
    [[nodiscard]] double grams(const std::string& folder) const {
        auto results = citytwin::Hdf5File::open(folder + "/results.h5"), city = citytwin::Hdf5File::open(folder + "/city.h5");
        const auto length_m = city.read<double>("road_link/length");
        double sum = 0;
        for (std::uint64_t r = 0; r < results.info("road_link/flow").rows(); ++r) {
            const auto flow = results.read_rows<double>("road_link/flow", r, 1), density = results.read_rows<double>("road_link/density", r, 1);
            for (std::size_t l = 0; l < flow.size(); ++l) {
                if (density[l] > 0 && flow[l] > 0) sum += flow[l] * 900 * length_m[l] / 1000 * grams_per_km(flow[l] / density[l] * 3.6);
            }
        }
        return sum;
    }

private:
    struct Row {
        double factor, least_kmh;
        std::array<double, 7> c;
    };
    std::map<std::string, double> share_;
    std::vector<Row> rows_;
};

const Figures& base() {
    static const Figures figures = run("five_sectors");
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
    // By hand at 30 km/h, shares x g/km: petrol Euro 3, diesel Euro 4 and 5 give 0.1172 of the cars' 0.2115; in petrol cars of Euro 6 their owners give 0.0087.
    const double less = 1 - zone.detail("nox_mean", inside) / open.detail("nox_mean", inside);
    CHECK(less == Approx(0.51).epsilon(0.25));
    CHECK(zone.detail("nox_mean", "cars replaced for the low-emission zone") > 500);
    CHECK(zone.kpi("nox_mean") < open.kpi("nox_mean"));
}

TEST_CASE("riverside: 30 km/h everywhere takes longer, and NOx follows the curves over speed", "[riverside]") {
    const Figures slow = run("speed_30");
    CHECK(slow.kpi("travel_time_p50") > 1.05 * base().kpi("travel_time_p50"));
    CHECK(slow.car_kilometres() == Approx(base().car_kilometres()).epsilon(0.03));
    // The figure to hold against: every street's passages at its mean speed on the same curves, in the day without and the day with the limit.
    const CurveOfTheMix curve;
    const double expected = curve.grams(slow.folder()) / curve.grams(base().folder()) - 1;
    CHECK(expected > 0.02);
    CHECK(slow.in("emissions emitted NOx") / base().in("emissions emitted NOx") - 1 == Approx(expected).epsilon(0.25));
}
