#pragma once
// What the traffic of a run comes to: KPIs with their parts by cause. Everything here is state.
#include <vector>

#include "core/city/person_groups.hpp"
#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

class TrafficFigures {
public:
    explicit TrafficFigures(Setup& setup);

    void requested(bool driven) { ++(driven ? driven_ : other_); }
    void late() { ++late_; }
    void no_path() { ++no_path_; }
    void rerouted(std::size_t trips) { rerouted_ += trips; }
    /// `person`: row of the set person whose trip it was, no_index for others.
    void arrived(bool driven, Microseconds duration, Index person) {
        (driven ? driven_durations_ms_ : other_durations_ms_).push_back(static_cast<std::uint32_t>(duration / millisecond));
        if (!groupings_.empty()) (driven ? driven_persons_ : other_persons_).push_back(person);
    }
    /// True where figures are told by groups of persons, so that arrivals should name theirs.
    [[nodiscard]] bool by_person() const { return !groupings_.empty(); }
    void record(const TripRecord& trip);

    /// At the end; `unfinished_other` = trips of other modes that are still under way.
    void close(const QueueCounters& counters, std::size_t unfinished_other);

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    std::uint64_t driven_ = 0, other_ = 0, late_ = 0, no_path_ = 0, rerouted_ = 0;
    double distance_m_ = 0, time_s_ = 0, time_loss_s_ = 0, waiting_s_ = 0;
    void tell_groups();

    std::vector<std::uint32_t> driven_durations_ms_, other_durations_ms_;
    std::vector<Index> driven_persons_, other_persons_;   ///< of those; empty where there are no persons
    std::vector<PersonGrouping> groupings_;
    Kpi &travel_time_p50_, &travel_time_p90_, &car_travel_time_mean_, &car_trips_, &car_distance_, &car_speed_, &departure_delay_, &disturbed_, &unfinished_,
        &time_loss_;
};

/// Quantile by linear interpolation (type 7 of Hyndman and Fan 1996). Sorts the values.
double quantile_of(std::vector<std::uint32_t>& values, double p);

}  // namespace citytwin::traffic
