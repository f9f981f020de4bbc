#pragma once
// How many persons are in each building, and how many of them at home: counted by departures and arrivals.
#include "modules/population/person_trips.hpp"

namespace citytwin::population {

class Occupancy {
public:
    static bool is_possible(const City& city);
    Occupancy(Setup& setup, const PersonTrips& people);
    /// Counts anew from where everybody is; for the start and when persons were made active.
    void recount();
    void follow(const TripEvent& event);
    void write();
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void add(Index site, Index person, std::int32_t by);

    const PersonTrips& people_;
    const std::vector<std::uint32_t>& building_;   ///< of sites
    Write occupants_, at_home_;
    std::vector<std::int32_t> inside_, home_;      ///< by building
    std::vector<std::uint8_t> departed_;           ///< by person: has really left for the trip under way
};

}  // namespace citytwin::population
