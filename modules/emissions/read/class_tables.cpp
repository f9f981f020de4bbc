#include "modules/emissions/read/class_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/text.hpp"

namespace citytwin::emissions {
namespace {

std::optional<CurveForm> form_named(std::string_view word) {
    if (word == "constant") return CurveForm::constant;
    if (word == "rational") return CurveForm::rational;
    if (word == "polynomial") return CurveForm::polynomial;
    if (word == "power_sum") return CurveForm::power_sum;
    if (word == "logistic") return CurveForm::logistic;
    return std::nullopt;
}

double number_or(const CsvReader& csv, std::optional<std::size_t> column, double otherwise) {
    return column ? csv.optional_number(*column).value_or(otherwise) : otherwise;
}

CurveRow our_row(const CsvReader& csv, DiagnosticList& diagnostics) {
    CurveRow row;
    row.place = csv.place(0);
    row.class_name = csv.text(csv.column("class"));
    row.pollutant = csv.text(csv.column("pollutant"));
    const double tier = number_or(csv, csv.find("tier"), 0);
    if (tier != 0 && tier != 1 && tier != 2 && tier != 3) {
        diagnostics.error("CT-EMISSIONS-003", csv.place(*csv.find("tier")), fmt::format("class '{}': the tier is {}", row.class_name, tier), "the guidebook's tiers: 1, 2 or 3; 0 or empty if there is none");
        return row;
    }
    row.tier = static_cast<int>(tier);
    const std::size_t form = csv.column("form");
    const auto found = form_named(csv.text(form));
    if (!found) {
        diagnostics.error("CT-EMISSIONS-002", csv.place(form), fmt::format("class '{}': the form of the curve is '{}'", row.class_name, csv.text(form)),
                          "forms: constant, rational, polynomial, power_sum, logistic");
        return row;
    }
    row.curve.form = *found;
    for (std::size_t i = 0; i < 7; ++i) row.curve.c[i] = number_or(csv, csv.find("c" + std::to_string(i)), 0);
    row.curve.reduction = number_or(csv, csv.find("reduction"), 0);
    row.curve.factor = number_or(csv, csv.find("factor"), 1);
    row.curve.least_kmh = number_or(csv, csv.find("least_kmh"), 5);
    row.curve.most_kmh = number_or(csv, csv.find("most_kmh"), 130);
    for (const char* column : {"source", "edition"}) {
        if (const auto at = csv.find(column)) row.source += fmt::format("{}{}", row.source.empty() ? "" : " ", csv.text(*at));
    }
    if (const auto at = csv.find("verified")) row.verified = csv.text(*at) != "no";
    return row;
}

CurveRow guidebook_row(const CsvReader& csv) {
    CurveRow row;
    row.place = csv.place(0);
    for (const char* column : {"Fuel", "Segment", "Euro", "Technology"}) {
        if (const auto at = csv.find(column)) row.class_name += fmt::format("{}{}", row.class_name.empty() ? "" : "/", csv.text(*at));
    }
    row.pollutant = csv.text(csv.column("Pol"));
    row.tier = 3;
    row.source = "EMEP/EEA guidebook";
    row.curve.form = CurveForm::rational;
    const char* names[] = {"Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zita", "Hta"};
    for (std::size_t i = 0; i < 7; ++i) row.curve.c[i] = csv.number(csv.column(names[i]));
    row.curve.reduction = number_or(csv, csv.find("RF"), 0);
    row.curve.factor = number_or(csv, csv.find("k"), 1);
    row.curve.least_kmh = csv.number(csv.column("Vmin"));
    row.curve.most_kmh = csv.number(csv.column("Vmax"));
    return row;
}

void check_range(const CurveRow& row, DiagnosticList& diagnostics) {
    const SpeedCurve& c = row.curve;
    if (c.form == CurveForm::none) return;
    if (c.least_kmh > 0 && c.most_kmh >= c.least_kmh && std::isfinite(c.grams_per_km(c.least_kmh)) && std::isfinite(c.grams_per_km(c.most_kmh))) return;
    diagnostics.error("CT-EMISSIONS-003", row.place,
                      fmt::format("class '{}', {}: speeds from {} to {} km/h, or no number there", row.class_name, row.pollutant, c.least_kmh, c.most_kmh),
                      "the least speed is above 0 and the curve finite at both ends");
}

bool is_guidebook(const CsvReader& csv) { return csv.find("Alpha") && csv.find("Pol"); }

/// An energy factor (EC, MJ/km) as a mass of fuel, or as electricity (J/km).
bool convert_energy(FuelKind kind, SpeedCurve& curve, std::string& pollutant) {
    if (kind == FuelKind::electricity) {
        curve.factor *= 1e6;
        pollutant = "electricity";
        return true;
    }
    if (fuel(kind).MJ_per_kg <= 0) return false;
    curve.factor *= 1000 / fuel(kind).MJ_per_kg;
    pollutant = "fuel";
    return true;
}

void add_curve(const CurveRow& row, ClassTable& classes, std::set<std::pair<std::string, std::string>>& seen, DiagnosticList& diagnostics) {
    if (!seen.insert({row.class_name, row.pollutant}).second) {
        diagnostics.error("CT-EMISSIONS-004", row.place, fmt::format("class '{}' has two rows for {}", row.class_name, row.pollutant),
                          "one row a class and pollutant; slopes and loads are classes of their own");
        return;
    }
    EmissionClass& of = classes.add(row.class_name);
    SpeedCurve curve = row.curve;
    std::string pollutant = row.pollutant;
    of.fuel = fuel_of_class(row.class_name);
    if (pollutant == "EC" && !convert_energy(of.fuel, curve, pollutant)) {
        diagnostics.error("CT-EMISSIONS-013", row.place, fmt::format("class '{}' gives an energy (EC, MJ/km), but its name tells no fuel whose energy is known", row.class_name),
                          "known: petrol, diesel (hybrids too), CNG, biodiesel, electricity; give fuel (g/km) and CO2 in the table's own layout");
        return;
    }
    const auto known = pollutant_named(pollutant);
    if (!known) return;   // CH4, NH3 …: read, but nothing here uses them
    of.model = ClassModel::average_speed;
    of.tier = of.tier == 0 ? row.tier : std::min(of.tier, row.tier);
    of.model_name = fmt::format("{}, tier {}", row.source, of.tier);
    of.curve[at(*known)] = curve;
    if (*known == Pollutant::fuel) of.co2_per_fuel = fuel(of.fuel).co2_kg_per_kg;
    of.unverified[at(*known)] = row.verified ? 0 : 1;
}

bool is_same_curve(const SpeedCurve& a, const SpeedCurve& b) { return a.form == b.form && a.c == b.c && a.least_kmh == b.least_kmh && a.most_kmh == b.most_kmh; }

/// Some copies of the guidebook's appendix repeat the energy curve (MJ/km) as FC and as CO2: these rows aren't grams, so fuel and CO2 follow from the energy.
std::vector<CurveRow> without_energy_copies(std::vector<CurveRow> rows, DiagnosticList& diagnostics) {
    std::map<std::string, SpeedCurve> energy;
    for (const auto& row : rows) {
        if (row.pollutant == "EC") energy.emplace(row.class_name, row.curve);
    }
    std::vector<CurveRow> kept;
    std::size_t copies = 0;
    SourcePlace first;
    for (auto& row : rows) {
        const auto own = energy.find(row.class_name);
        const bool copy = (row.pollutant == "FC" || row.pollutant == "CO2") && own != energy.end() && is_same_curve(own->second, row.curve);
        if (copy && copies++ == 0) first = row.place;
        if (!copy) kept.push_back(std::move(row));
    }
    if (copies > 0) {
        diagnostics.warning("CT-EMISSIONS-014", first, fmt::format("{} rows for FC or CO2 repeat the energy (EC) in MJ/km; they were left out", copies),
                            "fuel and CO2 follow from the energy by the fuel's heating value and carbon");
    }
    return kept;
}

/// CO2 comes from a curve of its own or from the fuel's carbon; a class that has fuel must have one of them.
void check_carbon(const std::vector<CurveRow>& rows, const ClassTable& classes, DiagnosticList& diagnostics) {
    for (const auto& row : rows) {
        if (row.pollutant != "fuel" && row.pollutant != "FC") continue;
        const EmissionClass& of = classes[classes.row_of(row.class_name)];
        if (of.co2_per_fuel > 0 || of.curve[at(Pollutant::co2)].form != CurveForm::none) continue;
        diagnostics.error("CT-EMISSIONS-013", row.place, fmt::format("class '{}' burns a fuel of which no carbon content is known", row.class_name),
                          "name the fuel in the class (petrol, diesel, cng, biodiesel), or give it a row for CO2");
    }
}

}  // namespace

std::vector<CurveRow> read_curves(CsvReader& csv, DiagnosticList& diagnostics) {
    const bool guidebook = is_guidebook(csv);
    if (!guidebook && !csv.find("form")) {
        fail("CT-EMISSIONS-001", {csv.name(), 1, 1}, "not a table of emission curves: neither 'form' nor 'Alpha' is a column", "see modules/emissions/README.md for the layouts");
    }
    std::vector<CurveRow> rows;
    while (csv.next()) {
        rows.push_back(guidebook ? guidebook_row(csv) : our_row(csv, diagnostics));
        check_range(rows.back(), diagnostics);
    }
    return rows;
}

void read_class_table(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics) {
    if (!is_guidebook(csv) && !csv.find("form") && csv.find("c0")) {
        read_polynomials(csv, classes, diagnostics);
        return;
    }
    std::set<std::pair<std::string, std::string>> seen;
    const std::vector<CurveRow> rows = without_energy_copies(read_curves(csv, diagnostics), diagnostics);
    for (const CurveRow& row : rows) add_curve(row, classes, seen, diagnostics);
    check_carbon(rows, classes, diagnostics);
}

}  // namespace citytwin::emissions
