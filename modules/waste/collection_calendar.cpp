#include "modules/waste/collection_calendar.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::waste {

void CollectionCalendar::prepare(const EntitySet& bins) {
    const auto &x = bins.get<double>("x"), &y = bins.get<double>("y");
    const auto& fraction = bins.get<std::int32_t>("fraction");
    weekday_.resize(bins.size());
    for (std::size_t b = 0; b < weekday_.size(); ++b) {
        const auto diagonal = static_cast<std::int64_t>(std::floor(x[b] / 500)) + static_cast<std::int64_t>(std::floor(y[b] / 500));
        weekday_[b] = static_cast<std::int32_t>((diagonal % 5 + 5 + fraction[b]) % 5);
    }
}

Microseconds CollectionCalendar::next_after(Microseconds now) const {
    const Microseconds today = now - calendar_.time_of_day(now) + begin_;
    return today > now ? today : calendar_.next_midnight(now) + begin_;
}

// Before the run's start there is no time: days go back by weekday alone.
CollectionCalendar::Since CollectionCalendar::since_last(Index bin) const {
    const double day_now = calendar_.seconds_of_day(0) / 86'400, collected_at = to_seconds(begin_) / 86'400;
    const int today = calendar_.day_of_week(0);
    Since since;
    since.days = (today - weekday_[bin] + 7) % 7 + day_now - collected_at;
    if (since.days < 0) since.days += 7;
    // Day by day backwards: what of each of them lies after the collection.
    double left = since.days, of_day = day_now;
    for (int weekday = today; left > 0; weekday = (weekday + 6) % 7) {
        const double part = std::min(left, of_day);
        if (weekday < 5) since.workdays += part;
        left -= part;
        of_day = 1;
    }
    return since;
}

}  // namespace citytwin::waste
