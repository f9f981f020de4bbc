#include "core/routing/time_dependent.hpp"

#include <algorithm>
#include <stdexcept>

namespace citytwin::routing {

TravelTimeProfiles::TravelTimeProfiles(std::size_t rows, std::size_t intervals, Weight interval_ms)
    : rows_(rows), intervals_(intervals), interval_ms_(interval_ms), times_(rows * intervals, infinite_weight) {
    if (intervals == 0 || interval_ms == 0)
        throw std::invalid_argument("TravelTimeProfiles: at least one interval of at least 1 ms is needed");
}

std::size_t TravelTimeProfiles::clamp_to_fifo() {
    std::size_t raised = 0;
    for (std::size_t row = 0; row < rows_; ++row)
        for (std::size_t k = 1; k < intervals_; ++k) {
            const Weight before = value(row, k - 1);
            if (before >= infinite_weight || before <= interval_ms_) continue;
            const Weight least = before - static_cast<Weight>(interval_ms_);
            if (value(row, k) >= least) continue;
            set(row, k, least);
            ++raised;
        }
    return raised;
}

Weight TravelTimeProfiles::at(std::size_t row, TimeOfEntry time) const {
    const Weight* values = times_.data() + row * intervals_;
    const std::int64_t last = static_cast<std::int64_t>(intervals_) - 1;
    const std::int64_t own = std::clamp<std::int64_t>(time < 0 ? 0 : time / interval_ms_, 0, last);
    // Twice the time, so that mid-points are whole numbers: that of interval k lies at (2 k + 1) * interval.
    const std::int64_t past_middle = 2 * time - (2 * own + 1) * interval_ms_;
    const std::int64_t other = std::clamp<std::int64_t>(past_middle < 0 ? own - 1 : own + 1, 0, last);
    if (values[own] >= infinite_weight || values[other] >= infinite_weight || other == own) return values[own];
    const std::int64_t width = 2 * interval_ms_, part = past_middle < 0 ? -past_middle : past_middle;
    return static_cast<Weight>((values[own] * (width - part) + values[other] * part) / width);
}

std::vector<Weight> TravelTimeProfiles::least() const {
    std::vector<Weight> result(rows_);
    for (std::size_t row = 0; row < rows_; ++row)
        result[row] = *std::min_element(times_.begin() + static_cast<std::ptrdiff_t>(row * intervals_),
                                        times_.begin() + static_cast<std::ptrdiff_t>((row + 1) * intervals_));
    return result;
}

}  // namespace citytwin::routing
