#include "modules/traffic/traffic_figures.hpp"

#include <algorithm>

namespace citytwin::traffic {

using Better = Kpi::Better;

TrafficFigures::TrafficFigures(Setup& setup)
    : travel_time_p50_(setup.kpi("travel_time_p50", "s", Better::less, "median of door-to-door times of finished trips, all modes", "travel time, median")),
      travel_time_p90_(setup.kpi("travel_time_p90", "s", Better::less, "90 % quantile of door-to-door times of finished trips, all modes", "travel time, 90 %")),
      car_travel_time_mean_(setup.kpi("car_travel_time_mean", "s", Better::less, "sum of driven trips' times / trips, from departure", "travel time by car, mean")),
      car_trips_(setup.kpi("car_trips", "1", Better::neither, "driven trips that were asked for", "trips driven")),
      car_distance_(setup.kpi("car_distance", "km", Better::less, "sum of driven distances of finished trips", "distance driven")),
      car_speed_(setup.kpi("car_speed", "m/s", Better::more, "distance driven / time driven", "speed of driven trips")),
      departure_delay_(setup.kpi("departure_delay_mean", "s", Better::less, "sum of waiting before entering the first link / vehicles that entered", "departure delay, mean")),
      disturbed_(setup.kpi("car_trips_disturbed_share", "%", Better::less, "(removed + teleported + forced past a full link) / trips driven", "trips disturbed")),
      unfinished_(setup.kpi("car_trips_unfinished_share", "%", Better::less, "(not inserted + still running at the end) / trips driven", "trips unfinished")),
      time_loss_(setup.kpi("time_loss_mean", "s", Better::less, "mean over finished driven trips of the time lost against free flow", "time lost by car, mean")),
      groupings_(person_groupings(setup.city())) {}

void TrafficFigures::record(const TripRecord& trip) {
    if (trip.removal_cause != 0) return;
    distance_m_ += trip.route_length_m;
    time_s_ += static_cast<double>(trip.arrival - trip.depart) * 1e-3;
    time_loss_s_ += trip.time_loss_s;
    waiting_s_ += static_cast<double>(trip.waiting) * 1e-3;
}

double quantile_of(std::vector<std::uint32_t>& values, double p) {
    std::sort(values.begin(), values.end());
    const double at = p * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - static_cast<double>(below)) * (static_cast<double>(values[above]) - values[below]);
}

/// Median and 90 % quantile of the trips of each group's persons.
void TrafficFigures::tell_groups() {
    for (const auto& grouping : groupings_) {
        std::vector<std::vector<std::uint32_t>> durations(grouping.names.size());
        const auto sort_out = [&](const std::vector<std::uint32_t>& ms, const std::vector<Index>& persons) {
            for (std::size_t i = 0; i < ms.size(); ++i) {
                const std::uint16_t group = persons[i] < grouping.of_person.size() ? grouping.of_person[persons[i]] : PersonGrouping::none;
                if (group != PersonGrouping::none) durations[group].push_back(ms[i]);
            }
        };
        sort_out(driven_durations_ms_, driven_persons_);
        sort_out(other_durations_ms_, other_persons_);
        for (std::size_t group = 0; group < durations.size(); ++group) {
            if (durations[group].empty() || grouping.persons[group] < fewest_persons) continue;
            travel_time_p50_.groups.push_back({grouping.by, grouping.names[group], quantile_of(durations[group], 0.5) * 1e-3, grouping.persons[group]});
            travel_time_p90_.groups.push_back({grouping.by, grouping.names[group], quantile_of(durations[group], 0.9) * 1e-3, grouping.persons[group]});
        }
    }
}

void TrafficFigures::close(const QueueCounters& c, std::size_t unfinished_other) {
    std::vector<std::uint32_t> all = driven_durations_ms_;
    all.insert(all.end(), other_durations_ms_.begin(), other_durations_ms_.end());
    const double asked = static_cast<double>(driven_ + other_);
    if (!all.empty()) {
        const double finished = static_cast<double>(all.size()) / asked;
        travel_time_p50_.set(quantile_of(all, 0.5) * 1e-3, finished);
        travel_time_p90_.set(quantile_of(all, 0.9) * 1e-3, finished);
        tell_groups();
        travel_time_p50_.details = {{"trips_finished", static_cast<double>(all.size())}, {"other_modes_under_way", static_cast<double>(unfinished_other)}};
    } else {
        travel_time_p50_.reason = travel_time_p90_.reason = "no trip was finished";
    }
    const double trips = static_cast<double>(driven_);
    car_trips_.set(trips);
    car_trips_.details = {{"inserted", static_cast<double>(c.inserted)}, {"arrived", static_cast<double>(c.arrived)}, {"asked_for_late", static_cast<double>(late_)}};
    if (driven_ == 0) {
        for (Kpi* kpi : {&car_travel_time_mean_, &car_distance_, &car_speed_, &departure_delay_, &disturbed_, &unfinished_, &time_loss_}) kpi->reason = "no trip was driven";
        return;
    }
    if (c.arrived > 0) {
        car_travel_time_mean_.set(time_s_ / static_cast<double>(c.arrived), static_cast<double>(c.arrived) / trips);
        car_distance_.set(distance_m_ * 1e-3);
        car_speed_.set(time_s_ > 0 ? distance_m_ / time_s_ : 0.0);
        time_loss_.set(time_loss_s_ / static_cast<double>(c.arrived), static_cast<double>(c.arrived) / trips);
        time_loss_.details = {{"waiting_mean_s", waiting_s_ / static_cast<double>(c.arrived)}, {"rerouted_on_the_way", static_cast<double>(rerouted_)},
                              {"held_by_full_link", static_cast<double>(c.held_by_full_link)}};
    }
    if (c.inserted > 0) departure_delay_.set(static_cast<double>(c.depart_delay) * 1e-3 / static_cast<double>(c.inserted));
    std::uint64_t teleports = 0;
    for (std::uint64_t n : c.teleports) teleports += n;
    disturbed_.set(100.0 * static_cast<double>(c.removed_total() + no_path_ + teleports + c.forced_past_full_link) / trips);
    disturbed_.details = {{"no_path", static_cast<double>(no_path_ + c.removed[static_cast<int>(RemovalCause::no_path)])},
                          {"closed_link", static_cast<double>(c.removed[static_cast<int>(RemovalCause::closed_link)])},
                          {"removed_by_request", static_cast<double>(c.removed[static_cast<int>(RemovalCause::by_request)])},
                          {"teleported_jam", static_cast<double>(c.teleports[static_cast<int>(TeleportCause::jam)])},
                          {"teleported_yield", static_cast<double>(c.teleports[static_cast<int>(TeleportCause::yield)])},
                          {"teleported_wrong_lane", static_cast<double>(c.teleports[static_cast<int>(TeleportCause::wrong_lane)])},
                          {"forced_past_full_link", static_cast<double>(c.forced_past_full_link)}};
    unfinished_.set(100.0 * static_cast<double>(c.waiting + c.running) / trips);
    unfinished_.details = {{"not_inserted", static_cast<double>(c.waiting)}, {"running", static_cast<double>(c.running)}};
}

void TrafficFigures::save(StateWriter& out) const {
    const std::uint64_t counts[5] = {driven_, other_, late_, no_path_, rerouted_};
    const double sums[4] = {distance_m_, time_s_, time_loss_s_, waiting_s_};
    out.value("counts", counts);
    out.value("sums", sums);
    out.column("driven_durations", driven_durations_ms_);
    out.column("other_durations", other_durations_ms_);
    out.column("driven_persons", driven_persons_);
    out.column("other_persons", other_persons_);
}

void TrafficFigures::load(StateReader& in) {
    std::uint64_t counts[5];
    double sums[4];
    in.value("counts", counts);
    in.value("sums", sums);
    in.column("driven_durations", driven_durations_ms_);
    in.column("other_durations", other_durations_ms_);
    in.column("driven_persons", driven_persons_);
    in.column("other_persons", other_persons_);
    driven_ = counts[0];
    other_ = counts[1];
    late_ = counts[2];
    no_path_ = counts[3];
    rerouted_ = counts[4];
    distance_m_ = sums[0];
    time_s_ = sums[1];
    time_loss_s_ = sums[2];
    waiting_s_ = sums[3];
}

}  // namespace citytwin::traffic
