#include "modules/traffic/link_fields.hpp"

namespace citytwin::traffic {

LinkFields::LinkFields(Setup& setup)
    : flow_(setup.writes("road_link", "flow", "1/s").recorded_as(Aggregation::mean).described("vehicles passing in unit time: distance driven / (length x interval)")),
      density_(setup.writes("road_link", "density", "1/m").recorded_as(Aggregation::mean).described("vehicles on a metre of link, all lanes")),
      speed_(setup.writes("road_link", "speed", "m/s").recorded_as(Aggregation::mean).described("distance driven / time spent; free flow where nobody was")),
      travel_time_(setup.writes("road_link", "travel_time", "s").recorded_as(Aggregation::mean).described("time to pass the link: time spent / (distance driven / length), over the last minutes")),
      queue_(setup.writes("road_link", "queue", "1").recorded_as(Aggregation::last).described("vehicles standing at the end of the interval")) {}

void LinkFields::prepare(const geodata::RoadNetwork& network, const QueueModel& model) {
    length_m_ = network.link_length_m;
    free_time_s_.resize(network.links());
    for (Index link = 0; link < network.links(); ++link) free_time_s_[link] = model.free_flow_time_s(link);
    intervals_.resize(network.links());
    seen_s_.assign(network.links(), 0.0);
    seen_m_.assign(network.links(), 0.0);
    recent_s_.assign(network.links(), 0.0);
    recent_passages_.assign(network.links(), 0.0);
    average_s_ = free_time_s_;
}

void LinkFields::write(QueueModel& model, double seconds, Arena& arena) {
    const double kept = memory_s / (memory_s + seconds);
    model.link_intervals(intervals_, true, arena, [&](std::size_t link) {
        const LinkInterval& interval = intervals_[link];
        const double free_speed = length_m_[link] / free_time_s_[link];
        const double area = length_m_[link] * seconds;
        flow_[link] = area > 0 ? interval.distance_m / area : 0.0;
        density_[link] = area > 0 ? interval.vehicle_seconds / area : 0.0;
        speed_[link] = interval.vehicle_seconds > 0 ? interval.distance_m / interval.vehicle_seconds : free_speed;
        recent_s_[link] = kept * recent_s_[link] + interval.vehicle_seconds;
        recent_passages_[link] = kept * recent_passages_[link] + interval.distance_m / length_m_[link];
        travel_time_[link] = std::max(free_time_s_[link], (recent_s_[link] + few_passages * free_time_s_[link]) / (recent_passages_[link] + few_passages));
        queue_[link] = interval.standing;
        seen_s_[link] += interval.vehicle_seconds;
        seen_m_[link] += interval.distance_m;
    });
}

void LinkFields::average_travel_times(const QueueModel&, double memory) {
    for (std::size_t link = 0; link < average_s_.size(); ++link) {
        double now_s = free_time_s_[link];
        // At least a walking pace: a link whose vehicles stood all the while isn't infinitely long.
        if (seen_s_[link] > 0) now_s = std::max(now_s, length_m_[link] * seen_s_[link] / std::max(seen_m_[link], 0.3 * seen_s_[link]));
        average_s_[link] = memory * average_s_[link] + (1 - memory) * now_s;
        seen_s_[link] = seen_m_[link] = 0;
    }
}

void LinkFields::save(StateWriter& out) const {
    out.column("seen_s", seen_s_);
    out.column("seen_m", seen_m_);
    out.column("recent_s", recent_s_);
    out.column("recent_passages", recent_passages_);
    out.column("average_s", average_s_);
    out.column("free_time_s", free_time_s_);
}

void LinkFields::load(StateReader& in) {
    in.column("seen_s", seen_s_);
    in.column("seen_m", seen_m_);
    in.column("recent_s", recent_s_);
    in.column("recent_passages", recent_passages_);
    in.column("average_s", average_s_);
    in.column("free_time_s", free_time_s_);
}

}  // namespace citytwin::traffic
