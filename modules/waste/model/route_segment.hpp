#pragma once
// Parts of a route that are put together in constant time.
//
// TimeSegment: duration, time warp (time by which windows are missed, as if the clock could be set back), earliest and latest
// start that keep both. Concatenation: Vidal, Crainic, Gendreau, Prins, "A hybrid genetic algorithm with adaptive diversity
// management for a large class of vehicle routing problems with time-windows", Computers & Operations Research 40 (2013).
//
// TripSegment: the same with unloading in between. A visit to a reload site ends a trip. A trip may not leave before the
// release of any of its stops, and which stops those are is known only when both ends of the trip are; so a segment keeps its
// first trip's share (`head`, with everything up to its last site) apart from its last, still open one (`tail`).
#include <algorithm>

#include "modules/waste/model/routing_problem.hpp"

namespace citytwin::waste {

struct TimeSegment {
    Cost duration = 0, warp = 0, earliest = 0, latest = far_future;
};

inline TimeSegment joined(const TimeSegment& a, const TimeSegment& b, Cost travel) {
    const Cost offset = a.duration - a.warp + travel;
    const Cost wait = std::max<Cost>(b.earliest - offset - a.latest, 0);
    const Cost warp = std::max<Cost>(a.earliest + offset - b.latest, 0);
    return {a.duration + b.duration + travel + wait, a.warp + b.warp + warp, std::max(b.earliest - offset, a.earliest) - wait,
            std::min(b.latest - offset, a.latest) + warp};
}

/// The segment may not begin before `release`.
inline TimeSegment released(const TimeSegment& s, Cost release) { return joined(TimeSegment{0, 0, release, far_future}, s, 0); }

struct TripSegment {
    TimeSegment head, tail;
    Cost head_load = 0, head_release = 0, tail_load = 0, tail_release = 0;
    Cost excess = 0;      ///< load above capacity of the trips that lie wholly inside
    bool closed = false;  ///< a site was visited; else only `tail` counts
};

inline TripSegment joined(const TripSegment& a, const TripSegment& b, Cost travel, Cost capacity) {
    TripSegment r = a;
    if (!b.closed) {
        r.tail = joined(a.tail, b.tail, travel);
        r.tail_load += b.tail_load;
        r.tail_release = std::max(a.tail_release, b.tail_release);
        return r;
    }
    const TimeSegment trip = joined(a.tail, b.head, travel);
    const Cost load = a.tail_load + b.head_load, release = std::max(a.tail_release, b.head_release);
    r.excess = a.excess + b.excess;
    if (a.closed) {
        r.head = joined(a.head, released(trip, release), 0);
        r.excess += std::max<Cost>(load - capacity, 0);
    } else {
        r.head = trip;
        r.head_load = load;
        r.head_release = release;
    }
    r.tail = b.tail;
    r.tail_load = b.tail_load;
    r.tail_release = b.tail_release;
    r.closed = true;
    return r;
}

struct RouteFaults {
    Cost excess = 0, warp = 0;
};

/// What is broken in a whole route, from the truck's start to its end.
inline RouteFaults faults_of(const TripSegment& s, Cost capacity) {
    const TimeSegment last = released(s.tail, s.tail_release);
    const Cost tail_excess = std::max<Cost>(s.tail_load - capacity, 0);
    if (!s.closed) return {tail_excess, last.warp};
    return {s.excess + tail_excess + std::max<Cost>(s.head_load - capacity, 0), joined(released(s.head, s.head_release), last, 0).warp};
}

}  // namespace citytwin::waste
