#pragma once
// A small generated town as scenario files: an hour of its morning, and what-ifs.
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/shared_data.hpp"

namespace citytwin::testing {

/// A fresh folder with city.toml, base.toml (07:00 to 08:00) and lanes.toml (a lane more on every one-lane street).
inline std::string town(const std::string& name, int population = 1000) {
    const auto folder = scratch_folder(name);
    std::ofstream(folder + "/city.toml") << "generate = { population = " << population << ", seed = 2 }\n";
    std::ofstream(folder + "/base.toml") << "name = \"town\"\ncity = \"city.toml\"\nzone = \"Europe/Berlin\"\nstart = 2025-06-03T07:00:00\nend = 2025-06-03T08:00:00\n"
                                            "[modules.population]\n[modules.traffic]\n[checkpoint]\nevery = \"10 min\"\n[record]\nfields = [\"road_link.flow\"]\ninterval = \"15 min\"\n";
    std::ofstream(folder + "/lanes.toml") << "name = \"more lanes\"\nbase = \"base.toml\"\n[[change]]\nname = \"widen\"\nwhere = { road_link = \"lanes = 1\" }\nset = { lanes = \"+1\" }\n";
    return folder;
}

inline std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The bytes of everything that must not depend on threads, kills and resumes.
inline std::string bytes_of_run(const std::string& folder) {
    std::string all;
    for (const char* file : {"results.h5", "kpis.json", "kpis.csv", "ledgers.json", "ledger_days.csv", "warnings.ndjson", "scenario.resolved.toml"}) all += contents(folder + "/" + file);
    return all;
}

}  // namespace citytwin::testing
