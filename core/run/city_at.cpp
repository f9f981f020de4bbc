#include "core/run/city_at.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "core/base/hdf5.hpp"
#include "core/output/run_folder.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

void add_results_at(City& city, const std::string& run_folder, const std::string& at) {
    const std::string file = run_folder + "/results.h5";
    if (!std::filesystem::exists(file)) fail("CT-CLI-006", {run_folder}, "the folder holds no results.h5: --at needs a finished run", "name a run's folder; `citytwin recover RUN` joins those of a run that was killed");
    const RunRecord record = read_run_record(run_folder);
    const Calendar calendar(parse_time(record.start_utc, record.zone), record.zone);
    const double wanted_s = to_seconds(calendar.parse(at));
    Hdf5File results = Hdf5File::open(file);
    bool any = false;
    double nearest_s = NAN;
    for (EntitySet& set : city.sets()) {
        const std::string group = set.name();
        if (!results.has(group + "/time")) continue;
        const auto times = results.read<double>(group + "/time");
        std::size_t row = times.size();
        for (std::size_t t = 0; t < times.size(); ++t) {
            if (std::abs(times[t] - wanted_s) < 1e-6) row = t;
            if (std::isnan(nearest_s) || std::abs(times[t] - wanted_s) < std::abs(nearest_s - wanted_s)) nearest_s = times[t];
        }
        if (row == times.size()) continue;
        any = true;
        for (const std::string& field : results.members(group)) {
            const Hdf5Info info = results.info(group + "/" + field);
            if (info.type != Hdf5Type::f64 || info.shape.size() != 2 || info.shape[1] != set.size()) continue;
            set.add("at." + field, results.text_attribute(group + "/" + field, "units").value_or("1"), results.read_rows<double>(group + "/" + field, row, 1), {}, "As recorded at " + at);
        }
    }
    if (any) return;
    fail("CT-CLI-006", {file}, fmt::format("no recorded row ends at {}", at),
         std::isnan(nearest_s) ? "the run recorded no field: add them to [record]" : "the nearest one ends at " + calendar.local_text(from_seconds(nearest_s)));
}

}  // namespace citytwin
