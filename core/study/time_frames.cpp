#include "core/study/time_frames.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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

}  // namespace citytwin
