#pragma once
// What traffic says of each link: flow, density, speed, travel time, queue of the last interval (Edie's definitions: distance and time
// spent in it), and averaged travel times for those who plan routes. The travel time is taken over a few minutes that fade: within one step
// a vehicle at a red light drives nowhere, and the ratio of that step alone would be endless.
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "geodata/road/road_network.hpp"
#include "modules/traffic/model/queue_model.hpp"

namespace citytwin::traffic {

class LinkFields {
public:
    explicit LinkFields(Setup& setup);
    void prepare(const geodata::RoadNetwork& network, const QueueModel& model);
    void set_free_speed(Index link, double speed_mps) { free_time_s_[link] = length_m_[link] / speed_mps; }

    /// Writes the fields for the interval since the last call.
    void write(QueueModel& model, double seconds, Arena& arena);
    /// Takes the times observed since the last call into the averages; a link where nobody was goes back towards free flow.
    void average_travel_times(const QueueModel& model, double memory);
    [[nodiscard]] const std::vector<double>& travel_times() const { return average_s_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    Write flow_, density_, speed_, travel_time_, queue_;
    std::vector<double> length_m_, free_time_s_;
    std::vector<LinkInterval> intervals_;
    static constexpr double memory_s = 300;      ///< fading time of what travel_time is taken over: several cycles of a signal
    static constexpr double few_passages = 0.1;  ///< at free flow, added so that a link where nobody was goes back towards free flow
    std::vector<double> recent_s_, recent_passages_;   ///< vehicle-seconds and passages (metres / length), fading
    std::vector<double> seen_s_, seen_m_;   ///< vehicle-seconds and metres since the averages were taken
    std::vector<double> average_s_;
};

}  // namespace citytwin::traffic
