#include "modules/buildings/car_chargers.hpp"

#include <algorithm>

#include "modules/buildings/model/charging.hpp"

namespace citytwin::buildings {

CarChargers::CarChargers(Setup& setup, const ChargingSettings& settings) : settings_(settings), calendar_(setup.calendar()), drawn_here_(settings.share > 0) {
    const EntitySet *cars = setup.city().find("car"), *persons = setup.city().find("person"), *sites = setup.city().find("site");
    if (cars == nullptr || persons == nullptr || sites == nullptr) return;
    driver_ = cars->get<std::uint32_t>("driver");
    const auto &home = persons->get<std::uint32_t>("home"), &building = sites->get<std::uint32_t>("building");
    for (const Index person : driver_) home_of_driver_.push_back(home[person] == no_index ? no_index : building[home[person]]);
    row_of_car_.assign(driver_.size(), no_index);
    car_of_person_.assign(persons->size(), no_index);
    left_at_.assign(persons->size(), -1);
    if (drawn_here_) draw_cars(setup.city(), setup.random("electric car"));
}

void CarChargers::draw_cars(const City& city, Random electric) {
    const EntitySet& persons = city.at("person");
    const auto& key = persons.get<std::int64_t>("key");
    const auto &home = persons.get<std::uint32_t>("home"), &link = city.at("site").get<std::uint32_t>("road_link");
    for (Index car = 0; car < driver_.size(); ++car) {
        if (electric.uniform(static_cast<std::uint64_t>(key[driver_[car]]), 0) >= settings_.share || row_of(car) == no_index) continue;
        home_link_.push_back(link[home[driver_[car]]]);
    }
}

Index CarChargers::row_of(Index car) {
    if (row_of_car_[car] != no_index || home_of_driver_[car] == no_index) return row_of_car_[car];
    const auto row = static_cast<Index>(home_.size());
    row_of_car_[car] = row;
    car_of_row_.push_back(car);
    car_of_person_[driver_[car]] = row;
    home_.push_back(home_of_driver_[car]);
    need_J_.push_back(0);
    wish_W_.push_back(0);
    given_J_.push_back(0);
    at_home_.push_back(1);
    if (!plan_W_.empty()) plan_W_.resize(plan_W_.size() / row * (row + 1), 0.0);
    return row;
}

std::size_t CarChargers::plug_in(const StreamTable& sessions, Microseconds now, const std::vector<Index>& group_of_building, std::vector<std::vector<double>>& expected_W, Microseconds period) {
    if (drawn_here_) return sessions.size();
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        const ChargingSession session = charging_session_at(sessions, i);
        const Index row = row_of(session.car);
        if (row == no_index) continue;
        need_J_[row] += session.energy_J;
        wanted_J_ += session.energy_J;
        at_home_[row] = left_at_[driver_[session.car]] <= session.arrive;   // else it left again within this step
        if (at_home_[row] && settings_.fill_valleys) plan(row, now, expected_W[group_of_building[home_[row]]], period);
    }
    return 0;
}

void CarChargers::follow(const StreamTable& events, Microseconds now, const std::vector<Index>& group_of_building, std::vector<std::vector<double>>& expected_W, Microseconds period) {
    for (std::size_t row = 0; row < events.size(); ++row) {
        const TripEvent event = trip_event_at(events, row);
        if (event.who_set != 0 || event.mode != static_cast<std::int64_t>(TravelMode::car) || static_cast<std::size_t>(event.who) >= car_of_person_.size()) continue;
        if (event.kind == TripEventKind::departed) left_at_[static_cast<std::size_t>(event.who)] = event.when;
        const Index car = car_of_person_[static_cast<std::size_t>(event.who)];
        if (car == no_index) continue;
        if (event.kind == TripEventKind::departed) {
            if (at_home_[car]) unmet_J_ += need_J_[car];   // it leaves with less than it wanted; the rest stays to be charged
            at_home_[car] = 0;
            if (!plan_W_.empty()) std::fill_n(plan_W_.begin() + static_cast<std::ptrdiff_t>(car * (plan_W_.size() / cars())), plan_W_.size() / cars(), 0.0);
        } else if (drawn_here_ && (event.kind == TripEventKind::arrived || event.kind == TripEventKind::removed)) {
            const double energy_J = event.energy_J > 0 ? event.energy_J : event.distance_m * settings_.energy_J_per_m;
            need_J_[car] += energy_J;
            wanted_J_ += energy_J;
            at_home_[car] = event.where == home_link_[car] || event.kind == TripEventKind::removed;   // who was taken off the road goes on from the destination
            if (at_home_[car] && settings_.fill_valleys) plan(car, now, expected_W[group_of_building[home_[car]]], period);
        }
    }
}

void CarChargers::plan(std::size_t car, Microseconds now, std::vector<double>& expected_W, Microseconds period) {
    const auto slots = static_cast<std::size_t>(day / period);
    if (plan_W_.empty()) plan_W_.assign(cars() * slots, 0.0);
    const auto first = static_cast<std::size_t>(now / period);
    const Microseconds of_day = calendar_.time_of_day(now), left = settings_.leave_at > of_day ? settings_.leave_at - of_day : settings_.leave_at + day - of_day;
    // The coming day in its own order: expected loads lie by absolute slot modulo the day.
    std::vector<double> load(slots), power(slots);
    for (std::size_t s = 0; s < slots; ++s) load[s] = expected_W[(first + s) % slots];
    const double slot_s = to_seconds(period);
    fill_valley(load, slot_s, {0, std::max<std::size_t>(1, static_cast<std::size_t>(left / period)), need_J_[car], settings_.charger_W}, power);
    for (std::size_t s = 0; s < slots; ++s) {
        plan_W_[car * slots + (first + s) % slots] = power[s];
        expected_W[(first + s) % slots] = load[s];   // the next car sees this one
    }
}

void CarChargers::wishes(Microseconds from, double seconds, Microseconds period, const Read& powered, std::vector<double>& by_building_W) {
    const auto slots = static_cast<std::size_t>(day / period);
    const std::size_t slot = static_cast<std::size_t>(from / period) % slots;
    for (std::size_t car = 0; car < cars(); ++car) {
        wish_W_[car] = 0;
        if (!at_home_[car] || need_J_[car] <= 0 || powered[home_[car]] == 0) continue;
        double most_W = settings_.charger_W;
        if (settings_.fill_valleys && !plan_W_.empty()) {
            most_W = plan_W_[car * slots + slot];
            double later = 0;
            for (std::size_t s = 0; s < slots; ++s) later += plan_W_[car * slots + s];
            if (later <= 0) most_W = settings_.charger_W;   // the plan is over (an outage took its time): at once
        }
        wish_W_[car] = std::min(most_W, need_J_[car] / seconds);
        by_building_W[home_[car]] += wish_W_[car];
    }
    if (!plan_W_.empty()) {
        for (std::size_t car = 0; car < cars(); ++car) plan_W_[car * slots + slot] = from % period + from_seconds(seconds) >= period ? 0.0 : plan_W_[car * slots + slot];
    }
}

double CarChargers::deliver(double seconds, const std::vector<double>& share) {
    double sum = 0;
    for (std::size_t car = 0; car < cars(); ++car) {
        const double energy_J = std::min(need_J_[car], wish_W_[car] * share[home_[car]] * seconds);
        need_J_[car] -= energy_J;
        given_J_[car] += energy_J;
        sum += energy_J;
    }
    delivered_J_ += sum;
    return sum;
}

void CarChargers::write_charged(Write& charged_J) const {
    for (std::size_t row = 0; row < cars(); ++row) charged_J[car_of_row_[row]] = given_J_[row];
}

double CarChargers::owed_J() const {
    double sum = 0;
    for (const double need : need_J_) sum += need;
    return sum;
}

void CarChargers::save(StateWriter& out) const {
    out.column("cars.rows", car_of_row_);
    out.column("cars.need", need_J_);
    out.column("cars.given", given_J_);
    out.column("cars.at_home", at_home_);
    out.column("cars.plan", plan_W_);
    out.value("cars.wanted", wanted_J_);
    out.value("cars.delivered", delivered_J_);
    out.value("cars.unmet", unmet_J_);
}

void CarChargers::load(StateReader& in) {
    std::vector<Index> rows;
    in.column("cars.rows", rows);
    for (const Index car : rows) row_of(car);
    in.column("cars.need", need_J_);
    in.column("cars.given", given_J_);
    in.column("cars.at_home", at_home_);
    in.column("cars.plan", plan_W_);
    in.value("cars.wanted", wanted_J_);
    in.value("cars.delivered", delivered_J_);
    in.value("cars.unmet", unmet_J_);
}

}  // namespace citytwin::buildings
