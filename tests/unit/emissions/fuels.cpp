// What vehicles burn: energy rows become fuel and CO2 by the fuel's heating value and carbon, or are refused by name; the carbon books.
#include <catch2/catch.hpp>

#include "modules/emissions/emission_data.hpp"
#include "modules/emissions/greenhouse_gases.hpp"
#include "modules/emissions/model/passage.hpp"
#include "modules/emissions/read/class_tables.hpp"

using namespace citytwin;
using namespace citytwin::emissions;

namespace {

const std::string guidebook_header = "Fuel,Segment,Euro,Technology,Pol,Vmin,Vmax,Alpha,Beta,Gamma,Delta,Epsilon,Zita,Hta,RF,k\n";

/// A row of constant energy, 12 MJ/km.
std::string row(const std::string& fuel, const std::string& pollutant, double k = 1) { return fuel + ",Bus,VI,-," + pollutant + ",5,85,0,0,12,0,0,0,1,0," + std::to_string(k) + "\n"; }

struct Table {
    explicit Table(const std::string& text) {
        CsvReader csv = CsvReader::from_text(text, "t.csv");
        read_class_table(csv, classes, diagnostics);
        for (const auto& d : diagnostics.all()) codes.push_back(d.code);
    }
    /// Of a kilometre at 36 km/h.
    [[nodiscard]] Amounts kilometre(const std::string& name) const { return passage_emission(classes[classes.row_of(name)], {1000, 100, 14, 0}, {}); }
    ClassTable classes;
    DiagnosticList diagnostics;
    std::vector<std::string> codes;
};

}  // namespace

TEST_CASE("gas, biodiesel and hybrid buses give fuel and CO2 by their fuel's energy and carbon") {
    const Table table(guidebook_header + row("CNG", "EC") + row("BD", "EC") + row("DHD", "EC") + row("D", "EC") + row("DHE", "EC") + row("Diesel Hybrid ~ Electricity", "EC"));
    CHECK(table.codes.empty());
    const struct { const char* name; double MJ_per_kg, co2; } expected[] = {{"CNG/Bus/VI/-", 48.0, 2.743}, {"BD/Bus/VI/-", 37.0, 2.820}, {"DHD/Bus/VI/-", 42.695, 3.140}, {"D/Bus/VI/-", 42.695, 3.140}};
    for (const auto& [name, MJ_per_kg, co2] : expected) {
        INFO(name);
        CHECK(table.kilometre(name)[at(Pollutant::fuel)] == Approx(12 / MJ_per_kg * 1000));
        CHECK(table.kilometre(name)[at(Pollutant::co2)] == Approx(12 / MJ_per_kg * 1000 * co2));
    }
    for (const char* name : {"DHE/Bus/VI/-", "Diesel Hybrid ~ Electricity/Bus/VI/-"}) {
        CHECK(table.kilometre(name)[at(Pollutant::electricity)] == Approx(12e6));
        CHECK(table.kilometre(name)[at(Pollutant::co2)] == 0);
    }
}

TEST_CASE("rows for FC and CO2 that are the energy curve again are left out with a word, other ones count as grams") {
    for (const char* fuel : {"D", "CNG"}) {
        const Table copied(guidebook_header + row(fuel, "EC") + row(fuel, "FC") + row(fuel, "CO2", 3.17)), alone(guidebook_header + row(fuel, "EC"));
        const std::string name = std::string(fuel) + "/Bus/VI/-";
        CHECK(copied.codes == std::vector<std::string>{"CT-EMISSIONS-014"});
        CHECK(copied.kilometre(name) == alone.kilometre(name));
    }
    const Table grams("class,pollutant,form,c0\nbus_diesel,fuel,constant,300\n");
    CHECK(grams.kilometre("bus_diesel")[at(Pollutant::fuel)] == Approx(300));
}

TEST_CASE("a fuel of unknown energy or carbon is refused by name; rows for fuel and CO2 make it known") {
    CHECK(Table(guidebook_header + row("Hydrogen", "EC")).codes == std::vector<std::string>{"CT-EMISSIONS-013"});
    CHECK(Table("class,pollutant,form,c0\nbus_lpg,fuel,constant,300\n").codes == std::vector<std::string>{"CT-EMISSIONS-013"});
    const Table told("class,pollutant,form,c0\nbus_lpg,fuel,constant,300\nbus_lpg,CO2,constant,900\n");
    CHECK(told.codes.empty());
    CHECK(told.kilometre("bus_lpg")[at(Pollutant::co2)] == Approx(900));
}

TEST_CASE("a user's own table clears the word about figures that weren't compared, for its classes and pollutants") {
    DiagnosticList diagnostics;
    ClassTable classes;
    const auto take = [&](const std::string& text) {
        CsvReader csv = CsvReader::from_text(text, "t.csv");
        read_class_table(csv, classes, diagnostics);
    };
    take("class,pollutant,form,c0,verified\ncar_petrol,NOx,constant,0.1,no\ncar_petrol,fuel,constant,60,no\nvan_diesel,NOx,constant,1,no\n");
    CHECK(classes[classes.row_of("car_petrol")].unverified_names() == "NOx fuel");
    take("class,pollutant,form,c0,verified\ncar_petrol,NOx,constant,0.2,yes\n");
    CHECK(classes[classes.row_of("car_petrol")].unverified_names() == "fuel");
    take("class,pollutant,form,c0\ncar_petrol,fuel,constant,60\n");
    CHECK(classes[classes.row_of("car_petrol")].unverified_names().empty());
    CHECK(classes[classes.row_of("van_diesel")].unverified_names() == "NOx");
    take("class,pollutant,c0,family\nvan_diesel,NOx,1,HBEFA4\n");
    CHECK(classes[classes.row_of("van_diesel")].unverified_names().empty());
}

TEST_CASE("activities times factors are what streets, chimneys and meters gave off; a chimney that nobody books is missed") {
    const Table table(guidebook_header + row("D", "EC") + row("CNG", "EC") + row("BD", "EC") + "Petrol,Car,VI,-,EC,5,85,0,0,2,0,0,0,1,0,1\n");
    GreenhouseGases gases(table.classes, 56.1e-9);
    std::vector<Amounts> by_class(table.classes.size(), Amounts{}), streets(2, Amounts{});
    double exhausts_g = 0;
    for (Index c = 0; c < table.classes.size(); ++c) {
        by_class[c] = passage_emission(table.classes[c], {1000.0 * (c + 1), 100.0 * (c + 1), 14, 0}, {});
        exhausts_g += by_class[c][at(Pollutant::co2)];
    }
    streets[0][at(Pollutant::electricity)] = 3e6;
    streets[1][at(Pollutant::electricity)] = 1e6;
    const std::vector<double> meters{500, -200}, chimneys{1000 * 56.1e-9, 3000 * 56.1e-9};
    gases.set_vehicles(by_class);
    gases.add_traction(3e6, 1e6, 1e-7);
    gases.add_heat(4000.0 * 60);
    gases.add_connections(300.0 * 60, 1e-7);
    gases.watch(meters, streets, chimneys, 60, 1e-7);
    const double activities = gases.ledger().recomputed_kg(false);
    CHECK(gases.places_kg(exhausts_g) == Approx(activities).epsilon(1e-12));
    // Biodiesel's carbon and what cars drive with behind meters stand beside the sum.
    CHECK(gases.ledger().recomputed_kg(true) == Approx(3 * 12 / 37.0 * 2.820 + 3e6 * 1e-7));
    CHECK(gases.ledger().total_kg() == Approx(activities));
    gases.add_heat(1e6);
    CHECK(gases.ledger().recomputed_kg(false) - gases.places_kg(exhausts_g) == Approx(1e6 * 56.1e-9));
}
