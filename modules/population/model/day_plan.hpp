#pragma once
// A person's day: tours that begin and end at home, each with one main activity and perhaps stops. First a sketch (what and
// where), then a schedule (by which mode, when). Both are pure functions of the person's key, so nobody's day depends on another's.
#include <array>
#include <cstdint>
#include <vector>

#include "modules/population/model/destinations.hpp"
#include "modules/population/model/people.hpp"

namespace citytwin::population {

enum class Purpose : std::uint8_t { home, work, school, shop, leisure, business, accompany };
enum class Mode : std::uint8_t { walk, bike, transit, car };
inline constexpr int purpose_count = 7, mode_count = 4;
const char* name_of(Purpose purpose);
const char* name_of(Mode mode);

struct Activity {
    Index site = no_index;
    Purpose purpose = Purpose::home;
    bool outing = false;               ///< reached from the main activity and followed by a return to it
    float stay_s = 0;
};

struct Tour {
    std::array<Activity, 5> stops;
    std::uint8_t count = 0, main = 0;  ///< stops, and which of them is the main activity
    double start_s = 0;                ///< wished departure from home, or
    double arrive_s = -1;              ///< wished arrival at the main activity (work, school), if >= 0
    double car_need = -1;              ///< goes by car if the city's car factor exceeds this; < 0: never
    double mode_draw = 0;              ///< decides among the other modes
};

struct DaySketch {
    std::array<Tour, 3> tours;         ///< in the order of the day
    std::uint8_t count = 0;
    [[nodiscard]] int trips() const;
};

struct PlannedTrip {
    std::int32_t depart_ms = 0;
    Index destination_site = no_index;
    float way_m = 0;                   ///< crow-fly distance times the detour factor
    Mode mode = Mode::walk;
    Purpose purpose = Purpose::home;
};

class DayPlanner {
public:
    DayPlanner(const Places& places, const Parameters& parameters, const ZoneDistances& distances, const Persons& persons, Arena& arena);

    [[nodiscard]] DaySketch sketch(Index person) const;
    /// Appends the trips of the day. Each departs after the one before has arrived by the planning speeds; a car comes back home.
    void schedule(Index person, const DaySketch& sketch, double car_factor, std::vector<PlannedTrip>& out) const;
    /// Trips of a tour that go by car if the tour does.
    [[nodiscard]] int car_trips(const Tour& tour) const;

private:
    struct Leg;
    [[nodiscard]] double way(Index from_site, Index to_site) const;
    [[nodiscard]] Mode tour_mode(const Tour& tour, Index home, double car_factor) const;
    [[nodiscard]] double seconds(Mode mode, double way_m) const;

    const Places& places_;
    const Parameters& p_;
    const Persons& persons_;
    Random what_, where_, when_, how_;
    SiteChoice sites_;
    std::vector<double> shop_attraction_, leisure_attraction_, business_attraction_;
    ZoneChoice shop_, leisure_, business_, nearby_;
};

}  // namespace citytwin::population
