#include "modules/population/occupancy.hpp"

#include <algorithm>

namespace citytwin::population {

bool Occupancy::is_possible(const City& city) {
    const EntitySet *sites = city.find("site"), *buildings = city.find("building");
    if (sites == nullptr || buildings == nullptr || buildings->size() == 0) return false;
    const auto& building = sites->get<std::uint32_t>("building");
    return std::any_of(building.begin(), building.end(), [](Index b) { return b != no_index; });
}

Occupancy::Occupancy(Setup& setup, const PersonTrips& people)
    : people_(people), building_(setup.city().at("site").get<std::uint32_t>("building")),
      occupants_(setup.writes("building", "occupants", "1").described("Persons in the building")),
      at_home_(setup.writes("building", "at_home", "1").described("Persons in the building who live there")),
      inside_(setup.city().at("building").size(), 0), home_(inside_.size(), 0), departed_(people.persons(), 0) {}

void Occupancy::add(Index site, Index person, std::int32_t by) {
    const Index building = building_[site];
    if (building == no_index) return;
    inside_[building] += by;
    if (site == people_.home_site(person)) home_[building] += by;
}

void Occupancy::recount() {
    std::fill(inside_.begin(), inside_.end(), 0);
    std::fill(home_.begin(), home_.end(), 0);
    for (Index person = 0; person < people_.persons(); ++person) {
        if (departed_[person]) continue;
        const Index site = people_.site_now(person);
        if (site == people_.home_site(person) && !people_.is_active(person) && !people_.travellers().is_under_way(person)) continue;  // the reserve is not in the city
        add(site, person, 1);
    }
    write();
}

void Occupancy::follow(const TripEvent& event) {
    const TripName trip = TripName::of(event.request_id);
    const bool arrived = event.kind == TripEventKind::arrived || event.kind == TripEventKind::removed;
    if (event.kind == TripEventKind::departed || (arrived && !departed_[trip.person])) add(people_.origin_site(trip), trip.person, -1);
    if (event.kind == TripEventKind::departed) departed_[trip.person] = 1;
    if (!arrived) return;
    departed_[trip.person] = 0;
    add(people_.destination_site(trip), trip.person, 1);
}

void Occupancy::write() {
    for (std::size_t b = 0; b < inside_.size(); ++b) {
        occupants_[b] = inside_[b];
        at_home_[b] = home_[b];
    }
}

void Occupancy::save(StateWriter& out) const {
    out.column("inside", inside_);
    out.column("at_home", home_);
    out.column("departed", departed_);
}

void Occupancy::load(StateReader& in) {
    in.column("inside", inside_);
    in.column("at_home", home_);
    in.column("departed", departed_);
}

}  // namespace citytwin::population
