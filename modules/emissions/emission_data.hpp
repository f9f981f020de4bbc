#pragma once
// The classes and mixes that ship with the program (data/*.csv, compiled in), with the user's tables over them.
#include <map>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "modules/emissions/model/class_table.hpp"

namespace citytwin::emissions {

/// Shares of classes by kind of vehicle: car, van, truck, bus, emergency, refuse.
struct FleetMix {
    struct Share {
        Index emission_class = no_index;
        double share = 0;
    };
    std::map<std::string, std::vector<Share>, std::less<>> by_mode;
    /// The class of the entity whose draw (uniform in [0, 1)) is given; no_index where the mode has no mix.
    [[nodiscard]] Index drawn(std::string_view mode, double draw) const;
};

/// Grams per megajoule of fuel burnt for heat.
struct HeatingFactors {
    std::array<double, pollutant_count> g_per_MJ{};
    [[nodiscard]] double co2_kg_per_J() const { return g_per_MJ[at(Pollutant::co2)] * 1e-9; }
};

ClassTable shipped_classes(DiagnosticList& diagnostics);
void add_classes(ClassTable& classes, const std::string& path, DiagnosticList& diagnostics);
/// Columns mode,class,share; shares of a mode sum to 1 (within 1e-6, else an error). "" = the shipped mix.
FleetMix read_fleet_mix(const std::string& path, const ClassTable& classes, DiagnosticList& diagnostics);
HeatingFactors shipped_heating(const std::string& fuel);

}  // namespace citytwin::emissions
