#include "modules/emissions/read/class_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/text.hpp"

namespace citytwin::emissions {
namespace {

// MJ per kg of fuel (guidebook 2013, table 3-28): turns an energy factor (EC, MJ/km) into g/km of fuel.
constexpr double energy_of_petrol_MJpkg = 43.774, energy_of_diesel_MJpkg = 42.695;

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
    row.tier = static_cast<int>(number_or(csv, csv.find("tier"), 0));
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

void add_curve(const CurveRow& row, ClassTable& classes, std::set<std::pair<std::string, std::string>>& seen, DiagnosticList& diagnostics) {
    if (!seen.insert({row.class_name, row.pollutant}).second) {
        diagnostics.error("CT-EMISSIONS-004", row.place, fmt::format("class '{}' has two rows for {}", row.class_name, row.pollutant),
                          "one row a class and pollutant; slopes and loads are classes of their own");
        return;
    }
    EmissionClass& of = classes.add(row.class_name);
    SpeedCurve curve = row.curve;
    std::string pollutant = row.pollutant;
    const bool diesel = row.class_name.find("diesel") != std::string::npos || row.class_name.rfind("D/", 0) == 0;
    const bool petrol = row.class_name.find("petrol") != std::string::npos || row.class_name.rfind("Petrol/", 0) == 0;
    if (pollutant == "EC" && (diesel || petrol)) {
        curve.factor *= 1000 / (diesel ? energy_of_diesel_MJpkg : energy_of_petrol_MJpkg);
        pollutant = "fuel";
    }
    const auto known = pollutant_named(pollutant);
    if (!known) return;   // CH4, NH3 …: read, but nothing here uses them
    of.model = ClassModel::average_speed;
    of.tier = of.tier == 0 ? row.tier : std::min(of.tier, row.tier);
    of.model_name = fmt::format("{}, tier {}", row.source, of.tier);
    of.curve[at(*known)] = curve;
    if (*known == Pollutant::fuel) of.co2_per_fuel = diesel ? co2_per_diesel : co2_per_petrol;
    if (!row.verified) of.unverified += fmt::format("{}{}", of.unverified.empty() ? "" : " ", pollutant);
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
    for (const CurveRow& row : read_curves(csv, diagnostics)) add_curve(row, classes, seen, diagnostics);
}

}  // namespace citytwin::emissions
