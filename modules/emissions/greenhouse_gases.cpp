#include "modules/emissions/greenhouse_gases.hpp"

#include <fmt/format.h>

namespace citytwin::emissions {
namespace {

std::size_t kind_of(const std::string& name) {
    if (name.find("truck") != std::string::npos || name.find("RT_") != std::string::npos || name.find("HDV") != std::string::npos) return 1;
    if (name.rfind("bus", 0) == 0 || name.find("Bus") != std::string::npos || name.find("bus") != std::string::npos) return 2;
    return 0;
}

CarbonRow row_of(std::string activity, const char* sector, Scope scope, const char* unit, const char* factor_source, double factor = 0) {
    CarbonRow row;
    row.activity = std::move(activity);
    row.sector = sector;
    row.scope = scope;
    row.unit = unit;
    row.factor_source = factor_source;
    row.factor = factor;
    return row;
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (double value : values) total += value;
    return total;
}

void add(std::vector<double>& sums, std::size_t size) {
    if (sums.size() < size) sums.resize(size, 0.0);
}

}  // namespace

GreenhouseGases::GreenhouseGases(const ClassTable& classes, double heat_kg_per_J) : classes_(classes) {
    const char* names[kinds] = {"cars and vans", "trucks", "buses"};
    for (std::size_t k = 0; k < kinds; ++k) {
        for (std::size_t f = 0; f < fuel_kinds; ++f) {
            if (fuels[f].co2_kg_per_kg == 0 && f != 0) continue;
            CarbonRow row = row_of(fmt::format("{}: {} burnt", names[k], fuels[f].name), "II.1", Scope::direct, "kg", f == 0 ? "the user's tables" : "CO2 by kg of fuel, model/fuels.hpp", fuels[f].co2_kg_per_kg);
            row.memo = fuels[f].is_biogenic;
            burnt_[k][f] = ledger_.add_row(std::move(row));
        }
    }
    cars_ = ledger_.add_row(row_of("electric cars: electricity driven with", "II.1", Scope::grid, "J", "city.carbon_intensity of the step"));
    other_traction_ = ledger_.add_row(row_of("electric vans, trucks and buses: electricity driven with", "II.1", Scope::grid, "J", "city.carbon_intensity of the step"));
    heat_ = ledger_.add_row(row_of("buildings: fuel burnt for heat", "I.1, I.2", Scope::direct, "J", "IPCC 2006 volume 2, natural gas", heat_kg_per_J));
    connections_ = ledger_.add_row(row_of("electricity through meters: buildings, chargers and all other connections", "I.1, I.2", Scope::grid, "J", "city.carbon_intensity of the step"));
}

// A class whose CO2 follows from its fuel stands in that fuel's row, one with figures of its own in the user's.
void GreenhouseGases::set_vehicles(std::span<const Amounts> run_by_class) {
    double burnt_kg[kinds][fuel_kinds] = {}, co2_kg[kinds][fuel_kinds] = {};
    for (Index c = 0; c < run_by_class.size(); ++c) {
        const EmissionClass& of = classes_[c];
        const bool by_fuel = of.model == ClassModel::average_speed && of.curve[at(Pollutant::co2)].form == CurveForm::none && fuel(of.fuel).co2_kg_per_kg > 0;
        const std::size_t k = kind_of(of.name), f = by_fuel ? static_cast<std::size_t>(of.fuel) : 0;
        burnt_kg[k][f] += run_by_class[c][at(Pollutant::fuel)] * 1e-3;
        co2_kg[k][f] += run_by_class[c][at(Pollutant::co2)] * 1e-3;
    }
    for (std::size_t k = 0; k < kinds; ++k) {
        for (std::size_t f = 0; f < fuel_kinds; ++f) {
            if (fuels[f].co2_kg_per_kg == 0 && f != 0) continue;
            const CarbonRow& row = ledger_.rows()[burnt_[k][f]];
            ledger_.book(burnt_[k][f], burnt_kg[k][f] - row.amount, co2_kg[k][f] - row.co2e_kg);
        }
    }
}

void GreenhouseGases::add_connections(double joules, double kg_per_J) {
    ledger_.book(connections_, joules, joules * kg_per_J);
    ledger_.set_memo(cars_, ledger_.rows()[connections_].amount != 0);
}

void GreenhouseGases::watch(std::span<const double> meters_W, std::span<const Amounts> streets, std::span<const double> chimneys_kgps, double seconds, double kg_per_J) {
    add(meter_kg_, meters_W.size());
    add(street_kg_, streets.size());
    add(chimney_kg_, chimneys_kgps.size());
    for (std::size_t m = 0; m < meters_W.size(); ++m) meter_kg_[m] += meters_W[m] * seconds * kg_per_J;
    for (std::size_t s = 0; s < streets.size(); ++s) street_kg_[s] += streets[s][at(Pollutant::electricity)] * kg_per_J;
    for (std::size_t b = 0; b < chimneys_kgps.size(); ++b) chimney_kg_[b] += chimneys_kgps[b] * seconds;
}

double GreenhouseGases::places_kg(double exhausts_g) const { return exhausts_g * 1e-3 + sum(chimney_kg_) + sum(meter_kg_) + sum(street_kg_) - ledger_.recomputed_kg(true); }

void GreenhouseGases::report(Kpi& kpi, const PersonTime& persons) const {
    if (persons.persons() <= 0) {
        kpi.reason = "the city has no residents";
        return;
    }
    kpi.set(ledger_.total_kg() / 1000 / persons.persons());
    kpi.details.clear();
    persons.tell(kpi);
    for (const CarbonRow& row : ledger_.rows()) {
        if (row.amount == 0 && row.co2e_kg == 0) continue;
        kpi.details.emplace_back(fmt::format("GPC {} scope {}{}, {} [kg CO2e]", row.sector, static_cast<int>(row.scope), row.memo ? " memo" : "", row.activity), row.co2e_kg);
    }
}

void GreenhouseGases::save(StateWriter& out) const {
    out.column("carbon", ledger_.figures());
    out.column("carbon_of_meters", meter_kg_);
    out.column("carbon_of_streets", street_kg_);
    out.column("carbon_of_chimneys", chimney_kg_);
}

void GreenhouseGases::load(StateReader& in) {
    std::vector<double> figures;
    in.column("carbon", figures);
    ledger_.set_figures(figures);
    in.column("carbon_of_meters", meter_kg_);
    in.column("carbon_of_streets", street_kg_);
    in.column("carbon_of_chimneys", chimney_kg_);
    ledger_.set_memo(cars_, ledger_.rows()[connections_].amount != 0);
}

}  // namespace citytwin::emissions
