#include "modules/energy/city/build_grid.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "geodata/layout/breach_list.hpp"
#include "modules/energy/city/connections.hpp"
#include "modules/energy/city/grid_from_file.hpp"
#include "modules/energy/city/lay_grid.hpp"

namespace citytwin::energy {
namespace {

ConnectionDefaults connection_defaults(ParameterSource& source) {
    ConnectionDefaults d;
    d.hospital_battery_s = source.quantity("hospital_battery", "s", "10 min");
    d.hospital_generator_start_s = source.quantity("hospital_generator_start", "s", "15 s");
    d.hospital_fuel_s = source.quantity("hospital_fuel", "s", "24 h");
    return d;
}

void lay(CityBuilder& builder, const ConnectionDefaults& defaults) {
    geodata::PowerLayoutOptions options;
    options.dwelling_peak_w = builder.parameters.quantity("dwelling_peak", "W", "10 kW");
    const geodata::PowerLayout layout = geodata::lay_power(geodata::utility_input(builder.city), options, builder.arena);
    LaidGrid laid = lay_grid(layout, options.dwelling_peak_w);
    if (!layout.breaches.empty()) {
        const std::string worst = geodata::list_breaches(builder.city, "power", layout.breaches, [&](const auto& breach) { return id_of_breach(laid, layout, breach); });
        builder.diagnostics.warning("CT-ENERGY-041", {},
            fmt::format("the power network laid along the streets misses {} of its planning limits at the estimated peak: {}; layout_breaches.csv of the run lists each",
                layout.breaches.size(), worst),
            "bring the utility's own network: network = \"file\"");
    }
    store_grid(builder.city, std::move(laid.grid));
    (void)store_connections(builder, laid.bus_of_consumer, laid.feeder_of_bus, defaults);
}

}  // namespace

void build_grid(CityBuilder& builder) {
    const ConnectionDefaults defaults = connection_defaults(builder.parameters);
    const std::string network = builder.parameters.text("network", "synthesise");
    const std::string file = builder.parameters.path("network_file"), places = builder.parameters.path("bus_places");
    if (network != "file") {
        if (!file.empty()) builder.parameters.refuse("network_file", "CT-ENERGY-042", "network_file is named, but network is '" + network + "'",
            "write network = \"file\"");
        lay(builder, defaults);
        return;
    }
    if (file.empty()) builder.parameters.refuse("network", "CT-ENERGY-042", "network = \"file\" without network_file",
        "name a MATPOWER case (.m) or a SimBench folder");
    FileGrid read = grid_from_file(builder, file, places);
    store_grid(builder.city, std::move(read.grid));
    const std::vector<Index> own = store_connections(builder, read.bus_of_building, {}, defaults, read.profile_loads);
    store_profile_loads(builder.city, read.profile_loads, own, read.profiles, read.profile_times, file);
}

}  // namespace citytwin::energy
