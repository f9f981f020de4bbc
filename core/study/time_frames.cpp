#include "core/study/time_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/time/calendar.hpp"

namespace citytwin {

TimeFrames TimeFrames::over(Microseconds end) {
    constexpr std::size_t most = 36;
    constexpr Microseconds lengths[] = {minute, 5 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 7 * day, 28 * day};
    TimeFrames frames;
    frames.end = end;
    for (const Microseconds length : lengths) {
        frames.length = length;
        if (frames.count() <= most) return frames;
    }
    frames.length = (end + static_cast<Microseconds>(most) - 1) / static_cast<Microseconds>(most);
    return frames;
}

std::vector<double> frame_means(Hdf5File& results, const std::string& set, const std::string& field, const TimeFrames& frames) {
    const std::string path = set + "/" + field;
    const std::vector<double> times_s = results.read<double>(set + "/time");
    const std::size_t entities = results.info(path).shape.at(1);
    std::vector<double> sum(frames.count() * entities, 0.0), weight(sum.size(), 0.0);
    Microseconds from = 0;
    for (std::size_t row = 0; row < times_s.size(); ++row) {
        const Microseconds to = from_seconds(times_s[row]);
        const std::vector<double> values = results.read_rows<double>(path, row, 1);
        for (std::size_t frame = static_cast<std::size_t>(std::max<Microseconds>(from, 0) / frames.length); frame < frames.count(); ++frame) {
            const double overlap = to_seconds(std::min(to, frames.end_of(frame)) - std::max(from, frames.begin_of(frame)));
            if (overlap <= 0) break;
            for (std::size_t e = 0; e < entities; ++e) {
                if (std::isnan(values[e])) continue;
                sum[frame * entities + e] += overlap * values[e];
                weight[frame * entities + e] += overlap;
            }
        }
        from = to;
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = weight[i] > 0 ? sum[i] / weight[i] : std::numeric_limits<double>::quiet_NaN();
    return sum;
}

std::vector<double> mean_of_runs(const std::vector<StudyRun>& runs, const std::string& set, const std::string& field, const TimeFrames& frames, std::size_t most) {
    std::vector<double> sum, count;
    for (std::size_t r = 0; r < std::min(most, runs.size()); ++r) {
        Hdf5File results = Hdf5File::open(runs[r].folder + "/results.h5");
        if (!results.has(set + "/" + field)) return {};
        const std::vector<double> one = frame_means(results, set, field, frames);
        if (sum.empty()) sum.assign(one.size(), 0.0), count.assign(one.size(), 0.0);
        if (one.size() != sum.size()) return {};   // sets that differ from seed to seed (people) have no mean by row
        for (std::size_t i = 0; i < one.size(); ++i) {
            if (std::isnan(one[i])) continue;
            sum[i] += one[i];
            count[i] += 1;
        }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = count[i] > 0 ? sum[i] / count[i] : std::numeric_limits<double>::quiet_NaN();
    return sum;
}

std::vector<std::string> frame_labels(const RunRecord& record, const TimeFrames& frames) {
    const Calendar calendar(parse_time(record.start_utc, "Etc/UTC"), record.zone.empty() ? "Etc/UTC" : record.zone);
    const bool one_day = frames.end <= day;
    const auto clock = [&](Microseconds t) {
        const CivilTime local = calendar.local(t);
        const std::string time = fmt::format("{:02}:{:02}", local.hour, local.minute);
        return one_day ? time : fmt::format("{:04}-{:02}-{:02} {}", local.year, local.month, local.day, time);
    };
    std::vector<std::string> labels;
    for (std::size_t frame = 0; frame < frames.count(); ++frame) {
        labels.push_back(fmt::format("{}–{}", clock(frames.begin_of(frame)), clock(frames.end_of(frame))));
    }
    return labels;
}

}  // namespace citytwin
