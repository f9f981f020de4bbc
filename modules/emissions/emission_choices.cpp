#include "modules/emissions/emission_choices.hpp"

#include <fmt/format.h>

#include <cmath>

namespace citytwin::emissions {

EmissionChoices::EmissionChoices(Setup& setup) {
    DiagnosticList diagnostics;
    classes = shipped_classes(diagnostics);
    (void)setup.parameter_list("classes", "Emission tables over the shipped ones: polynomials, the guidebook's appendix, electric vehicles, coasting; see the module's README");
    for (const std::string& path : setup.source().paths("classes")) add_classes(classes, path, diagnostics);
    mix = read_fleet_mix(setup.parameter_path("fleet", "Shares of emission classes by kind of vehicle: mode,class,share"), classes, diagnostics);
    traversals = setup.parameter_text("activity", "traversals", "Vehicles' activity: \"traversals\" = each vehicle's passage of each link, \"links\" = flow and density of each step",
                                      {"links", "traversals"}) == "traversals";
    declare_zone(setup, diagnostics);
    diagnostics.throw_if_errors();
    rule.acceleration_mps2 = setup.parameter("acceleration", "1.5 m/s2", "Acceleration of the speed profile that stands for a passage", 0.1, 10);
    rule.deceleration_mps2 = setup.parameter("deceleration", "2 m/s2", "Deceleration of that profile", 0.1, 10);
    heating = shipped_heating(setup.parameter_text("heating_fuel", "natural_gas", "What buildings burn for heat", {"natural_gas"}));
    carbon_intensity_kg_per_J = setup.parameter("carbon_intensity", "0.35 kg/kWh", "CO2 of grid electricity where no energy module says it", 0) / 3.6e6;
    air = setup.parameter_flag("air", true, "Compute concentrations on a grid of cells and the exposure of people");
    (void)setup.parameter("air_cell", "100 m", "Side of the grid's cells", 5);
    (void)setup.parameter_path("receptors", "Points where concentrations are told: id,x,y in the city's frame");
    air_interval = from_seconds(setup.parameter("air_interval", "3600 s", "Interval of the concentrations", 60));
    air_options.terrain = setup.parameter_text("air_terrain", "urban", "Which of Briggs' curves", {"urban", "rural"}) == "urban" ? Terrain::urban : Terrain::rural;
    air_options.cut = setup.parameter("air_cut", "1e-4", "Contributions below this share of a source's largest one are left out of the matrices", 0, 0.1);
    air_options.most_pairs = setup.parameter("air_pairs", "2e7", "Streets x cells up to which every street is a line source; above, the emissions of a cell are one source", 0);
    lid_m = setup.parameter("mixing_height", "0 m", "Top of the mixed layer; 0 = none", 0);
    wind_speed_mps = setup.parameter("wind_speed", "3 m/s", "Wind at 10 m where no weather module says it", 0);
    wind_from_rad = setup.parameter("wind_from", "240", "Degrees from north where the wind comes from, where no weather module says it", 0, 360) * 0.017453292519943295;
    irradiance_Wpm2 = setup.parameter("irradiance", "0 W/m2", "Global irradiance where no weather module says it: 0 = night's stability", 0);
}

// The default leaves in what London's zone lets in since 2019: petrol from Euro 4, diesel from Euro 6.
void EmissionChoices::declare_zone(Setup& setup, DiagnosticList& diagnostics) {
    std::vector<std::string> names = setup.parameter_list("zone_excludes", "Classes of cars that may not enter links with low_emission_zone = 1; none given: petrol before Euro 4, diesel before Euro 6");
    if (names.empty()) {
        for (const int euro : {1, 2, 3}) names.push_back(fmt::format("car_petrol_euro{}", euro));
        for (const int euro : {1, 2, 3, 4, 5}) names.push_back(fmt::format("car_diesel_euro{}", euro));
    }
    const auto row_of = [&](const std::string& parameter, const std::string& name) {
        const Index row = classes.row_of(name);
        if (row == no_index) diagnostics.error("CT-EMISSIONS-010", setup.place_of(parameter), fmt::format("the low-emission zone names class '{}', which has no row", name), classes.nearest(name));
        return row;
    };
    zone_excludes.assign(classes.size(), 0);
    for (const std::string& name : names) {
        if (const Index row = row_of("zone_excludes", name); row != no_index) zone_excludes[row] = 1;
    }
    zone_replacement = row_of("zone_replacement", setup.parameter_text("zone_replacement", "car_petrol_euro6", "What the owner of an excluded car drives from its first way into the zone on"));
}

std::vector<double> link_slopes(const City& city) {
    const EntitySet& links = city.at("road_link");
    std::vector<double> sines(links.size(), 0.0);
    if (const Column* slope = links.find("slope"); slope != nullptr && std::holds_alternative<std::vector<double>>(slope->data)) {
        const auto& rise = std::get<std::vector<double>>(slope->data);
        for (std::size_t i = 0; i < rise.size(); ++i) sines[i] = rise[i] / std::sqrt(1 + rise[i] * rise[i]);
    }
    return sines;
}

}  // namespace citytwin::emissions
