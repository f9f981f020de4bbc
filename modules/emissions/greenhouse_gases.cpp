#include "modules/emissions/greenhouse_gases.hpp"

#include <fmt/format.h>

namespace citytwin::emissions {
namespace {

std::size_t kind_of(const std::string& name) {
    if (name.find("truck") != std::string::npos || name.find("RT_") != std::string::npos || name.find("HDV") != std::string::npos) return 1;
    if (name.rfind("bus", 0) == 0 || name.find("Bus") != std::string::npos || name.find("bus") != std::string::npos) return 2;
    return 0;
}

}  // namespace

GreenhouseGases::GreenhouseGases(const ClassTable& classes) : classes_(classes) {
    const char* kinds[] = {"cars and vans", "trucks", "buses"};
    for (std::size_t k = 0; k < 3; ++k) {
        CarbonRow row;
        row.activity = fmt::format("{}: fuel burnt", kinds[k]);
        row.sector = "II.1";
        row.unit = "kg";
        row.factor_source = "EMEP/EEA guidebook 2013, CO2 by kg of fuel, or the user's tables";
        fuel_by_kind_[k] = ledger_.add_row(row);
    }
    CarbonRow traction;
    traction.activity = "electric cars: electricity driven with";
    traction.sector = "II.1";
    traction.scope = Scope::grid;
    traction.unit = "J";
    traction.factor_source = "city.carbon_intensity of the step";
    cars_ = ledger_.add_row(traction);
    traction.activity = "electric vans, trucks and buses: electricity driven with";
    other_traction_ = ledger_.add_row(traction);
    CarbonRow heat;
    heat.activity = "buildings: fuel burnt for heat";
    heat.sector = "I.1, I.2";
    heat.unit = "J";
    heat.factor_source = "IPCC 2006 volume 2, natural gas";
    heat_ = ledger_.add_row(heat);
    CarbonRow connections;
    connections.activity = "electricity through meters: buildings, chargers and all other connections";
    connections.sector = "I.1, I.2";
    connections.scope = Scope::grid;
    connections.unit = "J";
    connections.factor_source = "city.carbon_intensity of the step";
    connections_ = ledger_.add_row(connections);
}

void GreenhouseGases::set_vehicles(std::span<const Amounts> run_by_class) {
    double fuel[3] = {}, co2[3] = {};
    for (Index c = 0; c < run_by_class.size(); ++c) {
        const std::size_t k = kind_of(classes_[c].name);
        fuel[k] += run_by_class[c][at(Pollutant::fuel)] * 1e-3;
        co2[k] += run_by_class[c][at(Pollutant::co2)] * 1e-3;
    }
    for (std::size_t k = 0; k < 3; ++k) {
        const CarbonRow& row = ledger_.rows()[fuel_by_kind_[k]];
        ledger_.book(fuel_by_kind_[k], fuel[k] - row.amount, co2[k] - row.co2e_kg);
    }
}

void GreenhouseGases::add_connections(double joules, double kg_per_J) {
    ledger_.book(connections_, joules, joules * kg_per_J);
    ledger_.set_memo(cars_, ledger_.rows()[connections_].amount != 0);
}

double GreenhouseGases::activities_kg() const {
    double sum = 0;
    for (const CarbonRow& row : ledger_.rows()) sum += row.memo ? 0.0 : row.co2e_kg;
    return sum;
}

void GreenhouseGases::report(Kpi& kpi, const PersonTime& persons) const {
    if (persons.persons() <= 0) {
        kpi.reason = "the city has no residents";
        return;
    }
    kpi.set(ledger_.total_kg() / 1000 / persons.persons());
    kpi.details.clear();
    persons.tell(kpi);
    for (const CarbonRow& row : ledger_.rows()) {
        kpi.details.emplace_back(fmt::format("GPC {} scope {}{}, {} [kg CO2e]", row.sector, static_cast<int>(row.scope), row.memo ? " memo" : "", row.activity), row.co2e_kg);
    }
}

void GreenhouseGases::load(StateReader& in) {
    std::vector<double> figures;
    in.column("carbon", figures);
    ledger_.set_figures(figures);
    ledger_.set_memo(cars_, ledger_.rows()[connections_].amount != 0);
}

}  // namespace citytwin::emissions
