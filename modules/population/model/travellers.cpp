#include "modules/population/model/travellers.hpp"

#include <algorithm>
#include <numeric>

namespace citytwin::population {

namespace {
constexpr Microseconds least_stay = minute;  // between a late arrival and the next departure
}

Travellers::Travellers(std::span<const std::uint32_t> first_of_person, std::span<const std::uint32_t> depart_ms, std::span<const std::uint8_t> starts_tour,
                       Microseconds start_of_day)
    : first_(first_of_person), depart_ms_(depart_ms), starts_tour_(starts_tour), start_of_day_(start_of_day), order_(depart_ms.size()),
      person_of_(depart_ms.size()), next_(first_of_person.begin(), first_of_person.end() - 1), day_(next_.size(), 0), under_way_(next_.size(), 0) {
    for (Index person = 0; person < next_.size(); ++person) std::fill(person_of_.begin() + first_[person], person_of_.begin() + first_[person + 1], person);
    std::iota(order_.begin(), order_.end(), 0u);
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) { return depart_ms_[a] != depart_ms_[b] ? depart_ms_[a] < depart_ms_[b] : a < b; });
    for (Index person = 0; person < next_.size(); ++person) {
        while (first_[person] != first_[person + 1] && day_[person] == 0 && planned(0, next_[person]) < 0) skip_tour(person);
    }
}

Microseconds Travellers::planned(std::int32_t day_number, std::uint32_t trip) const {
    return day_number * day + depart_ms_[trip] * millisecond - start_of_day_;
}

void Travellers::go_on(Microseconds until, const IsActive& is_active, const Emit& emit) {
    while (horizon_ < until) {
        const Microseconds local = horizon_ + start_of_day_;
        const auto day_number = static_cast<std::int32_t>(local / day);
        const Microseconds midnight = (day_number + 1) * day - start_of_day_;  // the end of this local day
        const Microseconds stop = std::min(until, midnight);
        const auto before = [&](std::uint32_t trip, Microseconds t) { return planned(day_number, trip) < t; };
        const auto first = std::lower_bound(order_.begin(), order_.end(), horizon_, before);
        const auto last = std::lower_bound(first, order_.end(), stop, before);
        horizon_ = stop;
        for (auto trip = first; trip != last; ++trip) due(*trip, day_number, is_active, emit);
    }
}

void Travellers::due(std::uint32_t trip, std::int32_t day_number, const IsActive& is_active, const Emit& emit) {
    const Index person = person_of_[trip];
    if (under_way_[person] || next_[person] != trip || day_[person] != day_number) return;  // late: goes on when it arrives
    if (starts_tour_[trip] && !is_active(person)) skip_tour(person);
    else send(person, planned(day_number, trip), false, emit);
}

void Travellers::send(Index person, Microseconds at, bool late, const Emit& emit) {
    under_way_[person] = 1;
    ++count_under_way_;
    emit({person, next_[person], day_[person], at, late});
}

void Travellers::advance(Index person) {
    if (++next_[person] < first_[person + 1]) return;
    next_[person] = first_[person];
    ++day_[person];
}

void Travellers::skip_tour(Index person) {
    do advance(person);
    while (next_[person] != first_[person] && !starts_tour_[next_[person]]);
}

void Travellers::arrived(Index person, Microseconds when, Microseconds earliest, const IsActive& is_active, const Emit& emit) {
    if (!under_way_[person]) return;
    under_way_[person] = 0;
    --count_under_way_;
    advance(person);
    while (planned(day_[person], next_[person]) < horizon_) {
        if (!starts_tour_[next_[person]] || is_active(person)) {
            const Microseconds wished = planned(day_[person], next_[person]);
            const Microseconds at = std::max({wished, when + least_stay, earliest});
            send(person, at, at > wished, emit);
            return;
        }
        skip_tour(person);
    }
}

void Travellers::restore(State state) {
    next_ = std::move(state.next);
    day_ = std::move(state.day);
    under_way_ = std::move(state.under_way);
    horizon_ = state.horizon;
    count_under_way_ = 0;
    for (const std::uint8_t u : under_way_) count_under_way_ += u;
}

}  // namespace citytwin::population
