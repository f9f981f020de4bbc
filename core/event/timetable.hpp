#pragma once
// When changes start and end: at given times, rounded up to the next tick, or when a condition has held long enough.
#include <functional>
#include <optional>
#include <vector>

#include "core/event/change.hpp"
#include "core/exchange/state_io.hpp"

namespace citytwin {

class Timetable {
public:
    Timetable() = default;
    Timetable(const std::vector<Change>& changes, Microseconds tick);

    struct Due {
        std::vector<std::size_t> starts, ends;   ///< rows of changes
        [[nodiscard]] bool empty() const { return starts.empty() && ends.empty(); }
    };
    /// The next time after `now` at which something timed happens.
    [[nodiscard]] std::optional<Microseconds> next_after(Microseconds now) const;
    /// What starts and ends at exactly this tick by the clock.
    [[nodiscard]] Due due_at(Microseconds now) const;
    /// Conditions are tested at the end of a tick; `holds(condition)` says whether any entity fulfils it.
    Due test_conditions(const std::vector<Change>& changes, Microseconds now, const std::function<bool(const Condition&)>& holds);
    [[nodiscard]] bool has_conditions() const { return has_conditions_; }

    void save(StateWriter& out) const { out.column("held_since", held_since_); out.column("fired", fired_); }
    void load(StateReader& in) { in.column("held_since", held_since_); in.column("fired", fired_); }

private:
    struct Entry {
        Microseconds time;
        std::size_t change;
        bool start;
    };
    std::vector<Entry> entries_;                 // sorted by (time, end before start, change)
    std::vector<Microseconds> held_since_;       // -1 = the condition doesn't hold now
    std::vector<std::uint8_t> fired_;
    bool has_conditions_ = false;
};

}  // namespace citytwin
