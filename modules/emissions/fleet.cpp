#include "modules/emissions/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/module/shared_streams.hpp"

namespace citytwin::emissions {
namespace {


const char* mode_word(std::int64_t mode) {
    switch (static_cast<TravelMode>(mode)) {
        case TravelMode::truck: return "truck";
        case TravelMode::bus: return "bus";
        case TravelMode::emergency: return "emergency";
        default: return "car";
    }
}

}  // namespace

Fleet::Fleet(Setup& setup, const ClassTable& classes, FleetMix mix) : classes_(classes), mix_(std::move(mix)), draw_(setup.random("emission class")) {
    const City& city = setup.city();
    if (const auto& all = mix_.by_mode["car"]; !all.empty()) {
        double burning = 0;
        for (const auto& share : all) burning += classes_[share.emission_class].model == ClassModel::energy ? 0 : share.share;
        for (const auto& share : all) {
            if (classes_[share.emission_class].model != ClassModel::energy && burning > 0) mix_.by_mode["car that burns fuel"].push_back({share.emission_class, share.share / burning});
        }
        if (burning <= 0) mix_.by_mode["car that burns fuel"] = all;
    }
    if (const EntitySet* cars = city.find("car"); cars != nullptr && cars->size() > 0) {
        car_class_ = setup.text_attribute("car", "emission_class", "");
        population_says_electric_ = cars->has("emission_class");
        car_active_ = setup.attribute("car", "active", "1", 1.0);
        setup.wakes_on("car");
        const Column* driver = cars->find("driver");
        if (driver != nullptr && driver->refers_to == "person") {
            car_of_person_.assign(city.at("person").size(), no_index);
            const auto& drivers = cars->get<std::uint32_t>("driver");
            for (Index car = 0; car < drivers.size(); ++car) {
                if (drivers[car] != no_index) car_of_person_[drivers[car]] = car;
            }
        }
    }
    if (const EntitySet* trucks = city.find("truck"); trucks != nullptr && trucks->size() > 0) {
        truck_class_ = setup.text_attribute("truck", "emission_class", "");
        setup.wakes_on("truck");
    }
}

Index Fleet::named(const TextAttribute& names, std::size_t row, const char* set) const {
    const std::string& name = names[row];
    if (name.empty()) return no_index;
    const Index found = classes_.row_of(name);
    if (found == no_index) {
        fail("CT-EMISSIONS-012", {}, fmt::format("{} {} has the emission class '{}', which has no row", set, row, name), classes_.nearest(name) + "; classes = [\"FILE.csv\"] adds tables");
    }
    return found;
}

void Fleet::refresh() {
    if (car_class_) {
        const std::size_t cars = car_class_->size();
        class_of_car_.resize(cars);
        std::vector<double> count(classes_.size(), 0.0);
        double active = 0;
        for (std::size_t car = 0; car < cars; ++car) {
            const Index given = named(*car_class_, car, "car");
            class_of_car_[car] = given != no_index ? given : mix_.drawn(population_says_electric_ ? "car that burns fuel" : "car", draw_.uniform(car, 0));
            if (car < replaced_.size() && replaced_[car] != 0 && is_excluded(class_of_car_[car])) class_of_car_[car] = replacement_;
            if ((*car_active_)[car] == 0) continue;
            count[class_of_car_[car]] += 1;
            active += 1;
        }
        car_shares_.clear();
        for (Index c = 0; c < count.size(); ++c) {
            if (count[c] > 0) car_shares_.push_back({c, count[c] / active});
        }
    }
    if (car_shares_.empty()) car_shares_ = mix_.by_mode.at("car");
    if (truck_class_) {
        class_of_truck_.resize(truck_class_->size());
        for (std::size_t truck = 0; truck < class_of_truck_.size(); ++truck) {
            const Index given = named(*truck_class_, truck, "truck");
            class_of_truck_[truck] = given != no_index ? given : mix_.drawn("refuse", draw_.uniform(truck, 2));
        }
    }
}

Index Fleet::car_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const {
    const bool driven = who_set == person_set && static_cast<TravelMode>(mode) == TravelMode::car && static_cast<std::size_t>(who) < car_of_person_.size();
    return driven ? car_of_person_[static_cast<std::size_t>(who)] : no_index;
}

void Fleet::set_zone_rule(std::vector<std::uint8_t> excluded, Index replacement) {
    excluded_ = std::move(excluded);
    replacement_ = replacement;
}

void Fleet::change(Microseconds now) {
    const std::vector<Index> old = class_of_car_;
    refresh();
    std::vector<TripOfBefore> merged;
    auto kept = before_.begin();
    for (Index car = 0; car < class_of_car_.size(); ++car) {
        if (kept != before_.end() && kept->car == car) merged.push_back(*kept++);   // still on the way that an earlier change met
        else if (old[car] != class_of_car_[car]) merged.push_back({now, -1, car, old[car]});
    }
    before_ = std::move(merged);
}

// A passage that began before the change belongs to the trip that was under way; so does whatever else is told of that trip.
Index& Fleet::class_on_the_way(Index car, const LinkTraversal& passage) {
    const auto found = std::lower_bound(before_.begin(), before_.end(), car, [](const TripOfBefore& trip, Index row) { return trip.car < row; });
    if (found == before_.end() || found->car != car || found->emission_class == no_index) return class_of_car_[car];
    if (found->request < 0 && passage.enter < found->changed_at) found->request = passage.request_id;
    if (found->request == passage.request_id) return found->emission_class;
    found->emission_class = no_index;   // it was parked, or that trip is over
    return class_of_car_[car];
}

void Fleet::follow(const StreamTable& traversals, std::span<const double> zone) {
    passage_class_.resize(traversals.size());
    for (std::size_t row = 0; row < traversals.size(); ++row) {
        const LinkTraversal t = link_traversal_at(traversals, row);
        const Index car = car_of(t.who_set, t.who, t.mode);
        if (car == no_index) {
            passage_class_[row] = class_of(t.who_set, t.who, t.mode);
            continue;
        }
        Index& emission_class = class_on_the_way(car, t);
        if (t.link < zone.size() && zone[t.link] != 0 && is_excluded(emission_class)) {
            if (is_excluded(class_of_car_[car])) {
                replaced_.resize(class_of_car_.size(), 0);
                replaced_[car] = 1;
                class_of_car_[car] = replacement_;
            }
            emission_class = replacement_;
        }
        passage_class_[row] = emission_class;
    }
    std::erase_if(before_, [](const TripOfBefore& trip) { return trip.emission_class == no_index; });
}

void Fleet::save(StateWriter& out) const {
    out.column("cars_replaced", replaced_);
    out.column("trips_of_before", before_);
}

void Fleet::load(StateReader& in) {
    in.column("cars_replaced", replaced_);
    in.column("trips_of_before", before_);
    refresh();
}

std::size_t Fleet::replaced() const { return static_cast<std::size_t>(std::count(replaced_.begin(), replaced_.end(), std::uint8_t{1})); }

Index Fleet::class_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const {
    const auto row = static_cast<std::size_t>(who);
    if (const Index car = car_of(who_set, who, mode); car != no_index) return class_of_car_[car];
    if (who_set == truck_set && row < class_of_truck_.size()) return class_of_truck_[row];
    const std::uint64_t who_is_it = (static_cast<std::uint64_t>(who_set) << 48) ^ static_cast<std::uint64_t>(who);
    return mix_.drawn(who_set == truck_set ? "refuse" : mode_word(mode), draw_.uniform(who_is_it, 1));
}

}  // namespace citytwin::emissions
