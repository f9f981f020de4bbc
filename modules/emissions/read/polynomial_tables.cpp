// Users' polynomial tables, electric vehicles, and which classes coast.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "core/base/text.hpp"
#include "modules/emissions/read/class_tables.hpp"

namespace citytwin::emissions {
namespace {

std::optional<PolynomialFamily> family_of(const CsvReader& csv, std::string_view class_name) {
    std::string word(class_name);
    if (const auto column = csv.find("family")) word = csv.text(*column);
    if (word.rfind("HBEFA4", 0) == 0) return PolynomialFamily::hbefa4;
    if (word.rfind("HBEFA3", 0) == 0) return PolynomialFamily::hbefa3;
    return std::nullopt;
}

void polynomial_row(const CsvReader& csv, ClassTable& classes, std::set<std::pair<std::string, std::string>>& seen, DiagnosticList& diagnostics) {
    const std::string name(csv.text(csv.column("class"))), word(csv.text(csv.column("pollutant")));
    const auto family = family_of(csv, name);
    if (!family) {
        diagnostics.error("CT-EMISSIONS-005", csv.place(0), fmt::format("class '{}' belongs to neither family of polynomials", name), "begin its name with HBEFA3/ or HBEFA4/, or add a column 'family'");
        return;
    }
    const auto pollutant = pollutant_named(word);
    if (!pollutant) {
        diagnostics.error("CT-EMISSIONS-006", csv.place(csv.column("pollutant")), fmt::format("class '{}': '{}' is no pollutant", name, word), "known: CO2, CO, HC, NOx, PMx, fuel, electricity");
        return;
    }
    if (!seen.insert({name, word}).second) {
        diagnostics.error("CT-EMISSIONS-004", csv.place(0), fmt::format("class '{}' has two rows for {}", name, word), "one row a class and pollutant");
        return;
    }
    double c[7] = {};
    for (std::size_t i = 0; i < 7; ++i) {
        if (const auto column = csv.find("c" + std::to_string(i))) c[i] = csv.optional_number(*column).value_or(0.0);
    }
    EmissionClass& of = classes.add(name);
    of.fuel = fuel_of_class(name);
    of.unverified = {};
    of.model = ClassModel::polynomial;
    of.model_name = *family == PolynomialFamily::hbefa4 ? "HBEFA4 polynomials" : "HBEFA3 polynomials";
    of.polynomial.set(*pollutant, *family, c);
}

void warn_of_zero_classes(const CsvReader& csv, const std::set<std::pair<std::string, std::string>>& seen, const ClassTable& classes, DiagnosticList& diagnostics) {
    std::set<std::string> names;
    for (const auto& [name, pollutant] : seen) names.insert(name);
    for (const auto& name : names) {
        double sum = 0;
        for (const auto& term : classes[classes.row_of(name)].polynomial.factor)
            for (double value : term) sum += std::abs(value);
        if (sum == 0) diagnostics.warning("CT-EMISSIONS-007", {csv.name(), 0, 0}, fmt::format("class '{}' has nothing but zeros: it emits nothing", name), "leave the class out or give its coefficients");
    }
}

}  // namespace

void read_polynomials(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics) {
    std::set<std::pair<std::string, std::string>> seen;
    while (csv.next()) polynomial_row(csv, classes, seen, diagnostics);
    warn_of_zero_classes(csv, seen, classes, diagnostics);
}

void read_electric_classes(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics) {
    while (csv.next()) {
        EmissionClass& of = classes.add(std::string(csv.text(csv.column("class"))));
        of.model = ClassModel::energy;
        of.model_name = "Energy";
        const auto take = [&](const char* column, double& value) {
            if (const auto at = csv.find(column)) value = csv.optional_number(*at).value_or(value);
        };
        EnergyType& e = of.energy;
        take("mass_kg", e.mass_kg);
        take("rotating_mass_kg", e.rotating_mass_kg);
        take("front_area_m2", e.front_area_m2);
        take("drag", e.drag);
        take("rolling", e.rolling);
        take("radial_drag", e.radial_drag);
        take("propulsion_efficiency", e.propulsion_efficiency);
        take("recuperation_efficiency", e.recuperation_efficiency);
        take("auxiliary_W", e.auxiliary_W);
        if (e.mass_kg <= 0 || e.front_area_m2 <= 0 || e.propulsion_efficiency <= 0) {
            diagnostics.error("CT-EMISSIONS-008", csv.place(0), fmt::format("electric class '{}': mass, front area and efficiency must be above 0", of.name),
                              "leave a field blank for the model's own value");
        }
        of.fuel = FuelKind::electricity;
        of.unverified = {};
        const auto column = csv.find("verified");
        of.unverified[at(Pollutant::electricity)] = column && csv.text(*column) == "no" ? 1 : 0;
    }
}

void read_coasting(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics) {
    while (csv.next()) {
        const std::string name(csv.text(csv.column("class")));
        const Index row = classes.row_of(name);
        if (row == no_index || classes[row].model != ClassModel::polynomial) {
            diagnostics.error("CT-EMISSIONS-009", csv.place(0), fmt::format("coasting is asked for class '{}', which has no polynomials", name), classes.nearest(name));
            continue;
        }
        const double mass = csv.number(csv.column("mass_kg")), area = csv.number(csv.column("front_area_m2"));
        if (mass <= 0 || area <= 0) {
            diagnostics.error("CT-EMISSIONS-008", csv.place(0), fmt::format("class '{}': mass and front area must be above 0", name));
            continue;
        }
        classes.rows()[row].polynomial.coasting = Coasting::of(mass, area);
    }
}

}  // namespace citytwin::emissions
