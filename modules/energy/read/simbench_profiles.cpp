#include "modules/energy/read/simbench_profiles.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"

namespace citytwin::energy {

void ProfileColumns::read_file(const std::string& path, const Columns& columns, SimbenchGrid& grid) {
    if (columns.empty()) return;
    if (!std::filesystem::exists(path)) fail("CT-ENERGY-030", {path}, "the profile file is missing");
    CsvReader csv(path);
    std::vector<std::pair<std::size_t, std::vector<double>*>> wanted;   // column of the file, where it goes
    for (const auto& [name, want] : columns) {
        const auto column = csv.find(name);
        if (!column) fail("CT-ENERGY-033", want.asked_at, fmt::format("the profile column '{}' isn't in {}", name, path), suggestion(name, csv.header()));
        wanted.emplace_back(*column, &grid.profiles[want.number]);
    }
    const std::size_t time = csv.column("time");
    std::vector<std::string> times;
    while (csv.next()) {
        times.emplace_back(csv.text(time));
        for (const auto& [column, values] : wanted) values->push_back(csv.number(column));
    }
    if (times.empty()) fail("CT-ENERGY-033", {path}, "the profile file has no row", "a row for each quarter-hour, as in SimBench");
    if (!grid.time.empty() && grid.time != times) fail("CT-ENERGY-033", {path}, fmt::format("its {} times differ from the {} of the load profiles", times.size(), grid.time.size()));
    grid.time = std::move(times);
}

void ProfileColumns::read(const std::string& folder, SimbenchGrid& grid) const {
    grid.profiles.assign(count_, {});
    read_file(folder + "/LoadProfile.csv", loads_, grid);
    read_file(folder + "/RESProfile.csv", generators_, grid);
}

}  // namespace citytwin::energy
