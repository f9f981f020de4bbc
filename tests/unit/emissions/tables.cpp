// Emission tables, speed profiles, the energy model and the carbon ledger by hand.
#include <catch2/catch.hpp>

#include "core/random/philox.hpp"
#include "modules/emissions/emission_data.hpp"
#include "modules/emissions/model/carbon_ledger.hpp"
#include "modules/emissions/model/passage.hpp"
#include "modules/emissions/read/class_tables.hpp"

using namespace citytwin;
using namespace citytwin::emissions;

namespace {

std::vector<std::string> codes_of(const std::string& text) {
    DiagnosticList diagnostics;
    ClassTable classes;
    CsvReader csv = CsvReader::from_text(text, "t.csv");
    try {
        read_class_table(csv, classes, diagnostics);
    } catch (const InputError& error) {
        return {error.diagnostics().front().code};
    }
    std::vector<std::string> codes;
    for (const auto& d : diagnostics.all()) codes.push_back(d.code);
    return codes;
}

}  // namespace

TEST_CASE("the shipped classes are complete: five curves and CO2 each, finite and not negative at all speeds; mixes sum to 1") {
    DiagnosticList diagnostics;
    ClassTable classes = shipped_classes(diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
    CHECK(classes.size() > 30);
    for (Index c = 0; c < classes.size(); ++c) {
        const EmissionClass& row = classes[c];
        INFO(row.name);
        if (row.model == ClassModel::energy) continue;
        for (const Pollutant p : {Pollutant::co, Pollutant::hc, Pollutant::nox, Pollutant::pmx, Pollutant::fuel}) CHECK(row.curve[at(p)].form != CurveForm::none);
        CHECK(row.co2_per_fuel > 3);
        for (double kmh = 1; kmh < 140; kmh += 3) {
            const Amounts g = passage_emission(row, {1000, 3600 / kmh, 14, 0}, {});
            for (std::size_t p = 0; p < pollutant_count; ++p) CHECK((g[p] >= 0 && g[p] < 5000));
        }
    }
    const FleetMix mix = read_fleet_mix("", classes, diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
    CHECK(mix.by_mode.size() == 6);
    CHECK(mix.drawn("car", 0.0) == classes.row_of("car_petrol_euro3"));
    CHECK(mix.drawn("car", 0.9999999) == classes.row_of("car_electric"));
    CHECK(shipped_heating("natural_gas").g_per_MJ[at(Pollutant::co2)] == 56.1);
}

TEST_CASE("newer diesel cars emit less NOx than older ones at 40 km/h") {
    DiagnosticList diagnostics;
    ClassTable classes = shipped_classes(diagnostics);
    double before = 1e9;
    for (const char* name : {"car_diesel_euro3", "car_diesel_euro5", "car_diesel_euro6", "car_diesel_euro6d_temp", "car_diesel_euro6d"}) {
        const double grams = classes[classes.row_of(name)].curve[at(Pollutant::nox)].grams_per_km(40);
        CHECK(grams < before);
        before = grams;
    }
}

TEST_CASE("faulty tables are refused by code") {
    CHECK(codes_of("a,b\n1,2\n") == std::vector<std::string>{"CT-EMISSIONS-001"});
    CHECK(codes_of("class,pollutant,form,c0\nx,CO,cubic,1\n") == std::vector<std::string>{"CT-EMISSIONS-002"});
    CHECK(codes_of("class,pollutant,form,c0,least_kmh,most_kmh\nx,CO,constant,1,0,50\n") == std::vector<std::string>{"CT-EMISSIONS-003"});
    CHECK(codes_of("class,pollutant,form,c0,tier\nx,CO,constant,1,1e99\n") == std::vector<std::string>{"CT-EMISSIONS-003"});
    CHECK(codes_of("class,pollutant,form,c0\nx,CO,constant,1\nx,CO,constant,2\n") == std::vector<std::string>{"CT-EMISSIONS-004"});
    CHECK(codes_of("class,pollutant,c0\nmine,CO,1\n") == std::vector<std::string>{"CT-EMISSIONS-005"});
    CHECK(codes_of("class,pollutant,c0\nHBEFA4/x,smoke,1\n") == std::vector<std::string>{"CT-EMISSIONS-006"});
    CHECK(codes_of("class,pollutant,c0\nHBEFA4/zero,CO,0\n") == std::vector<std::string>{"CT-EMISSIONS-007"});
}

TEST_CASE("a speed profile keeps length and time, whatever they are") {
    const Random draw(4, "passages");
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const double length = 2 + 600 * draw.uniform(i, 0), free = 5 + 30 * draw.uniform(i, 1);
        const double seconds = length / free * (0.6 + 6 * draw.uniform(i, 2) * draw.uniform(i, 3));
        const SpeedProfile profile = passage_profile(length, seconds, free);
        CHECK(std::abs(profile.seconds() - seconds) <= 1e-9 * seconds);
        CHECK(std::abs(profile.metres() - length) <= 1e-9 * length);
        for (std::size_t k = 0; k < profile.count; ++k) CHECK((profile.pieces[k].from_mps >= -1e-9 && profile.pieces[k].to_mps >= -1e-9 && profile.pieces[k].seconds > 0));
    }
}

TEST_CASE("a full truck emits more than an empty one, by COPERT's correction; half loaded it is the table's value") {
    DiagnosticList diagnostics;
    ClassTable classes = shipped_classes(diagnostics);
    const EmissionClass& truck = classes[classes.row_of("truck_16t_32t_diesel_euro6")];
    const auto fuel = [&](double payload_kg) { return passage_emission(truck, {1000, 90, 14, 0, payload_kg}, {})[at(Pollutant::fuel)]; };
    CHECK(fuel(-1) == Approx(210));
    CHECK(fuel(7000) == Approx(210));
    CHECK(fuel(0) == Approx(210 * 0.82));
    CHECK(fuel(14'000) == Approx(210 * 1.18));
    CHECK(fuel(30'000) == fuel(14'000));
    const EmissionClass& electric = classes[classes.row_of("truck_electric")];
    const auto energy = [&](double payload_kg) { return passage_emission(electric, {1000, 90, 14, 0, payload_kg}, {})[at(Pollutant::electricity)]; };
    CHECK(energy(5000) > energy(2500));
    CHECK(energy(2500) == energy(-1));
}

TEST_CASE("cars' curves give the factors that the guidebook's appendix of 2016 states at 120 km/h") {
    DiagnosticList diagnostics;
    ClassTable classes = shipped_classes(diagnostics);
    // Diesel Euro 3 CO is told as 0.0074: three digits of the older table nearly cancel at this speed; 0.0078 is what they give.
    // Category passenger cars, medium; g/km, fuel in MJ/km. Port injection; diesel with particle filter from Euro 3 on. Four decimals are told.
    const struct { const char* name; double co, voc, nox, pm, energy; } rows[] = {
        {"car_petrol_euro1", 3.1088, 0.1323, 0.6726, 0.0032, 2.6667}, {"car_petrol_euro2", 1.3159, 0.0462, 0.1930, 0.0032, 2.3170}, {"car_petrol_euro3", 2.1426, 0.0388, 0.0760, 0.0013, 2.6195},
        {"car_petrol_euro4", 1.1040, 0.0204, 0.0190, 0.0013, 2.6537}, {"car_petrol_euro5", 0.9602, 0.0111, 0.0110, 0.0025, 2.6537}, {"car_petrol_euro6", 0.8173, 0.0119, 0.0104, 0.0023, 2.6537},
        {"car_diesel_euro1", 0.3094, 0.0280, 0.7879, 0.1596, 2.4467}, {"car_diesel_euro2", 0.0746, 0.0133, 0.9102, 0.0688, 2.3893}, {"car_diesel_euro3", 0.0078, 0.0078, 0.9968, 0.0628, 2.2325},
        {"car_diesel_euro4", -1, -1, 0.8258, 0.0304, 2.2325}, {"car_diesel_euro5", 0.0013, -1, 0.7232, 0.0014, 2.2325}, {"car_diesel_euro6", 0.0632, -1, 0.5957, 0.0009, 2.2325},
        {"car_diesel_euro6d_temp", 0.0632, -1, 0.4551, 0.0009, 2.2325}, {"car_diesel_euro6d", 0.0632, -1, 0.2210, 0.0009, 2.2325}};
    for (const auto& [name, co, voc, nox, pm, energy] : rows) {
        INFO(name);
        const EmissionClass& of = classes[classes.row_of(name)];
        const struct { Pollutant what; double told; } figures[] = {{Pollutant::co, co}, {Pollutant::hc, voc}, {Pollutant::nox, nox}, {Pollutant::pmx, pm}, {Pollutant::fuel, energy / fuel(of.fuel).MJ_per_kg * 1000}};
        for (const auto& [what, told] : figures) {
            INFO(pollutant_names[at(what)]);
            // A figure that differs between the editions, or isn't in the older one, is a tier 2 value that nobody compared.
            CHECK((of.unverified[at(what)] != 0) == (told < 0));
            if (told >= 0) CHECK(of.curve[at(what)].grams_per_km(120) == Approx(told).epsilon(0.02).margin(0.00006));
        }
    }
    CHECK(classes[classes.row_of("car_petrol_euro4")].curve[at(Pollutant::fuel)].grams_per_km(40) == Approx(66).epsilon(0.1));
    CHECK(classes[classes.row_of("car_diesel_euro4")].curve[at(Pollutant::fuel)].grams_per_km(40) == Approx(55).epsilon(0.15));
}

TEST_CASE("an electric car that turns needs more than one that goes straight, and gets energy back when it brakes") {
    const EnergyType car;
    CHECK(step_energy_Wh(car, 10, 0, 0, 0.2) > step_energy_Wh(car, 10, 0, 0, 0));
    CHECK(step_energy_Wh(car, 10, 0, 0, -0.2) == step_energy_Wh(car, 10, 0, 0, 0.2));
    CHECK(step_energy_Wh(car, 10, -2, 0) < 0);
    CHECK(step_energy_Wh(car, 0, 0, 0) == Approx(100.0 / 3600));
    // By hand: 1830 kg at a steady 20 m/s: air 0.5 x 1.2041 x 2.6 x 0.35 x 8000 = 4382.9 W, rolling 0.01 x 1830 x 9.80665 x 20 = 3589.2 W.
    CHECK(step_energy_Wh(car, 20, 0, 0) == Approx(((4382.924 + 3589.2339) / 0.98 + 100) / 3600).epsilon(1e-6));
}

TEST_CASE("the carbon ledger takes an activity once") {
    CarbonLedger ledger;
    CarbonRow row;
    row.activity = "cars: fuel burnt";
    row.sector = "II.1";
    const std::size_t cars = ledger.add_row(row);
    CarbonRow grid;
    grid.activity = "homes: electricity";
    grid.sector = "I.1";
    grid.scope = Scope::grid;
    const std::size_t homes = ledger.add_row(grid);
    CarbonRow wood;
    wood.activity = "homes: wood burnt";
    wood.memo = true;
    const std::size_t memo = ledger.add_row(wood);
    ledger.book(cars, 10, 31.4);
    ledger.book(homes, 3.6e6, 0.35);
    ledger.book(memo, 1, 100);
    CHECK(ledger.total_kg() == Approx(31.75));
    row.scope = Scope::indirect;
    try {
        ledger.add_row(row);
        FAIL("the doubled activity was taken");
    } catch (const InputError& error) {
        CHECK(error.diagnostics().front().code == "CT-EMISSIONS-020");
    }
}
