#include "core/output/recorded_values.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/hdf5.hpp"
#include "core/output/run_folder.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {
namespace {

/// Row of a set's `time` that ends at `seconds`, or none.
std::optional<std::uint64_t> row_at(const std::vector<double>& times, double seconds) {
    const auto found = std::lower_bound(times.begin(), times.end(), seconds - 1e-6);
    if (found == times.end() || std::abs(*found - seconds) > 1e-6) return std::nullopt;
    return static_cast<std::uint64_t>(found - times.begin());
}

void add_set(EntitySet& set, Hdf5File& file, std::uint64_t row) {
    for (const std::string& field : file.members(set.name())) {
        const std::string name = set.name() + "/" + field;
        if (field == "id" || field == "x" || field == "y" || field == "time" || file.is_group(name)) continue;
        const Hdf5Info info = file.info(name);
        if (info.type != Hdf5Type::f64 || info.shape.size() != 2 || info.shape[1] != set.size()) continue;
        set.add(field, file.text_attribute(name, "units").value_or("1"), file.read_rows<double>(name, row, 1), {}, file.text_attribute(name, "long_name").value_or(""));
    }
}

}  // namespace

void add_recorded_values(City& city, const std::string& run_folder, std::string_view time) {
    const RunRecord record = read_run_record(run_folder);
    const std::string path = run_folder + "/results.h5";
    if (!std::filesystem::exists(path)) fail("CT-OUT-026", {run_folder}, "the run has no results.h5", "let it finish, or `citytwin recover` it");
    const double seconds = to_seconds(parse_time(time, record.zone) - parse_time(record.start_utc, "Etc/UTC"));
    Hdf5File file = Hdf5File::open(path);
    bool found = false;
    for (EntitySet& set : city.sets()) {
        if (!file.has(set.name()) || !file.is_group(set.name()) || !file.has(set.name() + "/time")) continue;
        const auto row = row_at(file.read<double>(set.name() + "/time"), seconds);
        if (!row) continue;
        found = true;
        add_set(set, file, *row);
    }
    if (!found)
        fail("CT-OUT-025", {run_folder}, "the run recorded no row at " + std::string(time), "rows end at multiples of [record] interval from " + record.start_utc + " to " + record.end_utc);
}

}  // namespace citytwin
