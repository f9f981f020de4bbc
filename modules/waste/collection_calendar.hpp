#pragma once
// The calendar of collections: the trucks leave once a day at one time; each part of the town has its weekday, sorted fractions a day
// later each; nobody collects by calendar at weekends.
#include <vector>

#include "core/city/entity_set.hpp"
#include "core/time/calendar.hpp"

namespace citytwin::waste {

class CollectionCalendar {
public:
    /// `begin_s` = local time of day at which the trucks leave.
    CollectionCalendar(const Calendar& calendar, double begin_s) : calendar_(calendar), begin_(from_seconds(begin_s)) {}
    /// The weekday of each bin (0 = Monday … 4 = Friday): parts are diagonals of squares of 500 m.
    void prepare(const EntitySet& bins);

    [[nodiscard]] bool is_day_of(Index bin, Microseconds now) const { return weekday_[bin] == calendar_.day_of_week(now); }
    [[nodiscard]] bool is_weekend(Microseconds now) const { return calendar_.day_of_week(now) >= 5; }
    /// The trucks' next departure after `now`.
    [[nodiscard]] Microseconds next_after(Microseconds now) const;
    /// Whole weekdays (Monday to Friday) and days since the bin's last turn before the run's start, in days of 24 h.
    struct Since {
        double days = 0, workdays = 0;
    };
    [[nodiscard]] Since since_last(Index bin) const;

private:
    Calendar calendar_;
    Microseconds begin_;
    std::vector<std::int32_t> weekday_;
};

}  // namespace citytwin::waste
