#pragma once
// Travel without a traffic model: each trip takes its way over the mode's speed. For scenarios that want people in buildings but
// no vehicles; the events are the same, only nobody meets a jam.
#include <functional>
#include <vector>

#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/population/model/parameters.hpp"

namespace citytwin::population {

class PlannedTravel {
public:
    PlannedTravel(const City& city, const Parameters& parameters);
    /// Takes a request; its events come out of `events_before` later. `from` and `to` are sites.
    void add(const TripRequest& request, Index from_site, Index to_site);
    /// Hands out departures and arrivals before `until` in the order (time, request).
    void events_before(Microseconds until, const std::function<void(const TripEvent&)>& follow);
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Pending {
        Microseconds when;
        std::int64_t request, who, mode;
        std::int64_t kind;
        double distance_m;
        Index where;
        std::uint32_t unused = 0;   ///< no padding: the bytes are state
    };
    static bool later(const Pending& a, const Pending& b);
    void push(const Pending& pending);

    const Parameters& parameters_;
    const std::vector<double>&x_, &y_;
    std::vector<Pending> heap_;   ///< a binary heap by (when, request, kind)
};

}  // namespace citytwin::population
