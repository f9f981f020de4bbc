#pragma once
// Trips that aren't driven on links: people on foot, on bicycles, in public transport. They take distance x detour / speed and have
// the same events as any trip, in the order of (time, request).
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/shared_streams.hpp"
#include "core/time/clock.hpp"

namespace citytwin::traffic {

struct OtherModeSpeeds {
    double detour = 1.3, walk_mps = 1.3, bicycle_mps = 4.0, transit_mps = 5.0;
    [[nodiscard]] double of(TravelMode mode) const {
        return mode == TravelMode::walk ? walk_mps : (mode == TravelMode::bicycle ? bicycle_mps : transit_mps);
    }
};

class OtherModes {
public:
    explicit OtherModes(const OtherModeSpeeds& speeds) : speeds_(speeds) {}

    /// `beeline_m` from the trip's origin to its destination.
    void add(const TripRequest& request, Microseconds depart, double beeline_m);
    /// Events before `until`, in order; arrivals carry the whole duration in `duration`.
    struct Happening {
        citytwin::TripEvent event;
        Microseconds duration;
    };
    void take(Microseconds until, std::vector<Happening>& out);
    [[nodiscard]] std::size_t under_way() const { return events_.size(); }

    void save(StateWriter& out) const { out.column("other_modes", events_); }
    void load(StateReader& in) { in.column("other_modes", events_); }

private:
    struct Event {
        Microseconds time, depart;
        std::int64_t request_id, who_set, who, mode;
        double distance_m;
        Index link;
        std::uint32_t arrives;
    };
    static bool later(const Event& a, const Event& b);
    void push(const Event& event);

    OtherModeSpeeds speeds_;
    std::vector<Event> events_;   ///< a binary heap, earliest first
};

}  // namespace citytwin::traffic
