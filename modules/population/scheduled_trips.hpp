#pragma once
// Trips that stand in files: OD matrices split into single trips, SUMO's vehicles, trips and flows. They depart when the file says.
#include <functional>
#include <string>
#include <vector>

#include "core/module/registry.hpp"
#include "modules/population/person_trips.hpp"

namespace citytwin::population {

/// Reads the files (by their kind) and adds the set scheduled_trip. Throws InputError with file and line.
void add_scheduled_trips(CityBuilder& builder, const std::vector<std::string>& files);

class ScheduledTrips {
public:
    explicit ScheduledTrips(Setup& setup);
    void prepare();
    void go_on(Microseconds until, const SendRequest& send);
    void ended() { ++ended_; }
    [[nodiscard]] std::size_t under_way() const { return static_cast<std::size_t>(sent_ - ended_); }
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    [[nodiscard]] TripRequest request(Index trip) const;

    const EntitySet& set_;
    const std::vector<double>&depart_s_, &origin_offset_m_, &destination_offset_m_;
    const std::vector<std::uint32_t>&origin_, &destination_;
    const std::vector<std::uint8_t>& mode_;
    const Ragged<std::uint32_t>&route_, &via_;
    Attribute active_;
    Microseconds start_of_day_ = 0;
    Calendar calendar_;
    std::uint64_t next_ = 0, sent_ = 0, ended_ = 0;   ///< rows are in the order of departure
};

}  // namespace citytwin::population
