#include "core/event/timetable.hpp"

#include <algorithm>
#include <tuple>

namespace citytwin {

Timetable::Timetable(const std::vector<Change>& changes, Microseconds tick) {
    auto rounded_up = [tick](Microseconds t) { return t <= 0 ? Microseconds{0} : (t + tick - 1) / tick * tick; };
    for (std::size_t c = 0; c < changes.size(); ++c) {
        if (changes[c].when) {
            has_conditions_ = true;
        } else {
            entries_.push_back({rounded_up(changes[c].at), c, true});
        }
        if (changes[c].until) entries_.push_back({rounded_up(*changes[c].until), c, false});
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return std::tuple(a.time, a.start, a.change) < std::tuple(b.time, b.start, b.change);
    });
    held_since_.assign(changes.size(), -1);
    fired_.assign(changes.size(), 0);
}

std::optional<Microseconds> Timetable::next_after(Microseconds now) const {
    for (const auto& entry : entries_) {
        if (entry.time > now) return entry.time;
    }
    return std::nullopt;
}

Timetable::Due Timetable::due_at(Microseconds now) const {
    Due due;
    for (const auto& entry : entries_) {
        if (entry.time == now) (entry.start ? due.starts : due.ends).push_back(entry.change);
    }
    return due;
}

Timetable::Due Timetable::test_conditions(const std::vector<Change>& changes, Microseconds now, const std::function<bool(const Condition&)>& holds) {
    Due due;
    for (std::size_t c = 0; c < changes.size(); ++c) {
        if (!changes[c].when || fired_[c] != 0) continue;   // a condition starts its change once
        if (changes[c].until && now >= *changes[c].until) continue;
        if (!holds(*changes[c].when)) {
            held_since_[c] = -1;
            continue;
        }
        if (held_since_[c] < 0) held_since_[c] = now;
        if (now - held_since_[c] >= changes[c].when->hold) {
            fired_[c] = 1;
            due.starts.push_back(c);
        }
    }
    return due;
}

}  // namespace citytwin
