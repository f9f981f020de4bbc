#pragma once
// Who leaves when, while a run goes on: walks through the planned trips in the order of time, keeps who is under way, and lets a
// person who arrives late depart late. Knows no engine: times in, departures out.
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/time/clock.hpp"

namespace citytwin::population {

struct Departure {
    Index person = no_index;
    std::uint32_t trip = 0;
    std::int32_t day = 0;         ///< 0 = the day of the start
    Microseconds at = 0;          ///< engine time
    bool late = false;            ///< after its planned time
};

class Travellers {
public:
    /// Trips of person i: [first_of_person[i], first_of_person[i + 1]), planned `depart_ms` after local midnight.
    /// `starts_tour[trip]`: it leaves home, so somebody inactive doesn't start it. `start_of_day`: local time of engine time 0.
    /// The spans must outlive this object.
    Travellers(std::span<const std::uint32_t> first_of_person, std::span<const std::uint32_t> depart_ms, std::span<const std::uint8_t> starts_tour,
               Microseconds start_of_day);

    using Emit = std::function<void(const Departure&)>;
    using IsActive = std::function<bool(Index person)>;

    /// Emits everything planned before `until` that isn't out yet, in the order (planned time, trip). Tours of the first day
    /// that would have begun before the run are left out: everybody starts at home.
    void go_on(Microseconds until, const IsActive& is_active, const Emit& emit);
    /// The person has arrived (or was taken off the road) at `when`. What is due already departs a minute later, not before `earliest`.
    void arrived(Index person, Microseconds when, Microseconds earliest, const IsActive& is_active, const Emit& emit);

    [[nodiscard]] bool is_under_way(Index person) const { return under_way_[person] != 0; }
    [[nodiscard]] bool is_at_home(Index person) const { return !under_way_[person] && (next_[person] == first_[person] || starts_tour_[next_[person]]); }
    /// The trip that the person makes next, or is making.
    [[nodiscard]] std::uint32_t trip_of(Index person) const { return next_[person]; }
    /// When that trip is planned, engine time.
    [[nodiscard]] Microseconds next_departure(Index person) const { return planned(day_[person], next_[person]); }
    [[nodiscard]] std::size_t under_way() const { return count_under_way_; }
    [[nodiscard]] Microseconds horizon() const { return horizon_; }

    // Everything that changes; the rest follows from the plans.
    struct State {
        std::vector<std::uint32_t> next;
        std::vector<std::uint16_t> day;
        std::vector<std::uint8_t> under_way;
        Microseconds horizon = 0;
    };
    [[nodiscard]] State state() const { return {next_, day_, under_way_, horizon_}; }
    void restore(State state);

private:
    [[nodiscard]] Microseconds planned(std::int32_t day, std::uint32_t trip) const;
    void due(std::uint32_t trip, std::int32_t day, const IsActive& is_active, const Emit& emit);
    void skip_tour(Index person);
    void advance(Index person);
    void send(Index person, Microseconds at, bool late, const Emit& emit);

    std::span<const std::uint32_t> first_, depart_ms_;
    std::span<const std::uint8_t> starts_tour_;
    Microseconds start_of_day_;
    std::vector<std::uint32_t> order_;            ///< trips by (planned time, trip)
    std::vector<Index> person_of_;                ///< by trip
    std::vector<std::uint32_t> next_;
    std::vector<std::uint16_t> day_;
    std::vector<std::uint8_t> under_way_;
    std::size_t count_under_way_ = 0;
    Microseconds horizon_ = 0;
};

}  // namespace citytwin::population
