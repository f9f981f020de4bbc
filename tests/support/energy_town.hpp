#pragma once
// A small town as scenario files in which people, buildings and the power grid run together, with a fault of the closed ring cables.
#include <fstream>
#include <string>

#include "tests/support/shared_data.hpp"

namespace citytwin::testing {

/// city.toml, base.toml (a morning of 04:00 to 09:00, everything recorded that an export needs) and fault.toml (the closed ring cables out from 06:10 to 07:40).
inline std::string energy_town(const std::string& name, int population = 2000, const std::string& more = {}) {
    const auto folder = scratch_folder(name);
    std::ofstream(folder + "/city.toml") << "generate = { population = " << population << ", seed = 3 }\n";
    std::ofstream(folder + "/base.toml") << "name = \"town\"\ncity = \"city.toml\"\nzone = \"Europe/Berlin\"\nstart = 2025-06-03T04:00:00\nend = 2025-06-03T09:00:00\n"
                                            "[modules.energy]\n" << more << "[modules.population]\n[modules.traffic]\nperiod = \"5 s\"\n[modules.weather]\n[modules.buildings]\n[checkpoint]\nevery = \"20 min\"\n"
                                            "[record]\nfields = [\"power_bus.*\", \"power_branch.*\", \"power_connection.powered\"]\nstreams = [\"outage\"]\ninterval = \"15 min\"\n";
    std::ofstream(folder + "/fault.toml") << "name = \"the ring cables fail\"\nbase = \"base.toml\"\n[[change]]\nname = \"fault\"\nat = 2025-06-03T06:10:00\nuntil = 2025-06-03T07:40:00\n"
                                             "where = { power_branch = \"kind = 'medium_cable' AND closed = 1\" }\nset = { fault = true }\n";
    return folder;
}

}  // namespace citytwin::testing
