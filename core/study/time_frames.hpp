#pragma once
// Recorded rows of one field averaged over frames of equal length: what a time slider shows.
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/hdf5.hpp"
#include "core/study/compare.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

/// Equal intervals over [0, end): at most 36 of a round length.
struct TimeFrames {
    Microseconds length = hour, end = 0;

    static TimeFrames over(Microseconds end);
    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>((end + length - 1) / length); }
    [[nodiscard]] Microseconds begin_of(std::size_t frame) const { return static_cast<Microseconds>(frame) * length; }
    [[nodiscard]] Microseconds end_of(std::size_t frame) const { return std::min(begin_of(frame) + length, end); }
};

/// Time-weighted mean of a field of results.h5 in each frame, frame after frame; NaN where nothing was recorded.
/// A row covers (previous row, its time]. Reads a row at a time.
std::vector<double> frame_means(Hdf5File& results, const std::string& set, const std::string& field, const TimeFrames& frames);

/// The mean over runs (at most `most` of them) of these means; empty where a run hasn't recorded the field.
std::vector<double> mean_of_runs(const std::vector<StudyRun>& runs, const std::string& set, const std::string& field, const TimeFrames& frames, std::size_t most);

/// "07:00–08:00", with the date where the period is longer than a day.
std::vector<std::string> frame_labels(const RunRecord& record, const TimeFrames& frames);

}  // namespace citytwin
