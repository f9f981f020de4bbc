#include "modules/emissions/emission_data.hpp"

#include <fmt/format.h>

#include <cmath>

#include "modules/emissions/read/class_tables.hpp"

namespace citytwin::emissions {

extern const char* const hot_factors_csv;
extern const char* const electric_vehicles_csv;
extern const char* const fleet_mix_csv;
extern const char* const heating_factors_csv;
extern const char* const payload_capacities_csv;

Index FleetMix::drawn(std::string_view mode, double draw) const {
    const auto it = by_mode.find(mode);
    if (it == by_mode.end() || it->second.empty()) return no_index;
    double below = 0;
    for (const Share& share : it->second) {
        below += share.share;
        if (draw < below) return share.emission_class;
    }
    return it->second.back().emission_class;
}

ClassTable shipped_classes(DiagnosticList& diagnostics) {
    ClassTable classes;
    CsvReader hot = CsvReader::from_text(hot_factors_csv, "modules/emissions/data/hot_factors.csv");
    read_class_table(hot, classes, diagnostics);
    CsvReader electric = CsvReader::from_text(electric_vehicles_csv, "modules/emissions/data/electric_vehicles.csv");
    read_electric_classes(electric, classes, diagnostics);
    CsvReader loads = CsvReader::from_text(payload_capacities_csv, "modules/emissions/data/payload_capacities.csv");
    while (loads.next()) classes.add(std::string(loads.text(loads.column("class")))).payload_capacity_kg = loads.number(loads.column("payload_capacity_kg"));
    return classes;
}

void add_classes(ClassTable& classes, const std::string& path, DiagnosticList& diagnostics) {
    CsvReader csv(path);
    if (csv.find("propulsion_efficiency") || (csv.find("rolling") && !csv.find("c0"))) read_electric_classes(csv, classes, diagnostics);
    else if (csv.find("front_area_m2") && !csv.find("c0")) read_coasting(csv, classes, diagnostics);
    else read_class_table(csv, classes, diagnostics);
}

FleetMix read_fleet_mix(const std::string& path, const ClassTable& classes, DiagnosticList& diagnostics) {
    FleetMix mix;
    const auto read = [&](CsvReader& csv) {
        std::map<std::string, double> sums;
        while (csv.next()) {
            const std::string mode(csv.text(csv.column("mode"))), name(csv.text(csv.column("class")));
            const double share = csv.number(csv.column("share"));
            const Index row = classes.row_of(name);
            if (row == no_index) {
                diagnostics.error("CT-EMISSIONS-010", csv.place(csv.column("class")), fmt::format("the fleet mix of '{}' names class '{}', which has no row", mode, name), classes.nearest(name));
            }
            if (share < 0) diagnostics.error("CT-EMISSIONS-011", csv.place(csv.column("share")), fmt::format("the share of '{}' in '{}' is {}", name, mode, share), "shares are between 0 and 1");
            mix.by_mode[mode].push_back({row, share});
            sums[mode] += share;
        }
        for (const auto& [mode, sum] : sums) {
            if (std::abs(sum - 1) > 1e-6) diagnostics.error("CT-EMISSIONS-011", {csv.name(), 0, 0}, fmt::format("the shares of '{}' sum to {}", mode, sum), "they must sum to 1");
        }
    };
    CsvReader shipped = CsvReader::from_text(fleet_mix_csv, "modules/emissions/data/fleet_mix.csv");
    read(shipped);
    if (!path.empty()) {
        FleetMix base = std::move(mix);
        mix = {};
        CsvReader csv(path);
        read(csv);
        for (auto& [mode, shares] : base.by_mode) mix.by_mode.try_emplace(mode, std::move(shares));   // modes the user's file leaves out
    }
    return mix;
}

HeatingFactors shipped_heating(const std::string& fuel) {
    HeatingFactors factors;
    CsvReader csv = CsvReader::from_text(heating_factors_csv, "modules/emissions/data/heating_factors.csv");
    while (csv.next()) {
        if (csv.text(csv.column("fuel")) != fuel) continue;
        if (const auto pollutant = pollutant_named(csv.text(csv.column("pollutant")))) factors.g_per_MJ[at(*pollutant)] = csv.number(csv.column("g_per_MJ"));
    }
    return factors;
}

}  // namespace citytwin::emissions
