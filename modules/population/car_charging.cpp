#include "modules/population/car_charging.hpp"

namespace citytwin::population {
namespace {

constexpr Microseconds settling_time = 3 * minute;   // a way's last passage has reached the emission module and come back by then
constexpr double nobody_tells = -1;

}  // namespace

bool CarCharging::is_possible(const City& city) {
    const EntitySet* cars = city.find("car");
    return cars != nullptr && cars->size() > 0 && cars->has("driver") && cars->has("emission_class");
}

CarCharging::CarCharging(Setup& setup, const Parameters& parameters, const PersonTrips& people)
    : people_(people), J_per_m_(parameters.car_consumption_J_per_m), battery_J_(parameters.car_battery_J), driver_(setup.city().at("car").get<std::uint32_t>("driver")),
      emission_class_(setup.text_attribute("car", "emission_class", "")), energy_(setup.reads_previous("car", "electric_energy", "J").last().otherwise(nobody_tells)),
      charged_(setup.reads_previous("car", "charged_energy", "J").last().otherwise(nobody_tells)),
      charge_(setup.writes("car", "state_of_charge", "1").described("Share of the battery that is full, below 0 where a car drove farther than it lasts; 1 for cars that aren't electric").initially(1.0)),
      sessions_(setup.sends(charging_session_schema())), ledger_(setup.ledger("energy of electric cars", "J")) {
    const City& city = setup.city();
    const EntitySet &persons = city.at("person"), &sites = city.at("site");
    car_of_person_.assign(persons.size(), no_index);
    connection_.assign(driver_.size(), no_index);
    const EntitySet* buildings = city.find("building");
    const Column* connection = buildings != nullptr ? buildings->find("power_connection") : nullptr;
    const auto &home = persons.get<std::uint32_t>("home"), &building = sites.get<std::uint32_t>("building");
    for (Index car = 0; car < driver_.size(); ++car) {
        car_of_person_[driver_[car]] = car;
        const Index house = building[home[driver_[car]]];
        if (connection != nullptr && connection->refers_to == "power_connection" && house != no_index) connection_[car] = buildings->get<std::uint32_t>("power_connection")[house];
    }
    driven_m_.assign(driver_.size(), 0.0);
    asked_J_.assign(driver_.size(), 0.0);
    electric_.assign(driver_.size(), 0);
    burning_.assign(driver_.size(), 0);
}

void CarCharging::refresh() {
    rows_.clear();
    for (Index car = 0; car < electric_.size(); ++car) {
        electric_[car] = emission_class_[car].find("electric") != std::string::npos;
        if (electric_[car] != 0 || driven_m_[car] > 0) rows_.push_back(car);
    }
}

void CarCharging::change() {
    const std::vector<std::uint8_t> before = electric_;
    refresh();
    for (Index car = 0; car < electric_.size(); ++car) {
        if (electric_[car] != 0 && before[car] == 0) burning_[car] = people_.travellers().is_under_way(driver_[car]);
    }
}

void CarCharging::follow(const TripEvent& event) {
    if (static_cast<std::size_t>(event.who) >= car_of_person_.size()) return;
    const Index car = car_of_person_[static_cast<std::size_t>(event.who)];
    if (car == no_index) return;
    const bool burning = burning_[car] != 0;
    burning_[car] = 0;
    if (event.mode != static_cast<std::int64_t>(TravelMode::car) || electric_[car] == 0 || burning) return;
    driven_m_[car] += event.distance_m;
    const TripName trip = TripName::of(event.request_id);
    if (people_.destination_site(trip) == people_.home_site(trip.person)) waiting_.push_back({event.when, car, 0});
}

double CarCharging::driven_J(Index car) const {
    const double told = energy_.size() > car ? energy_[car] : nobody_tells;
    return told >= 0 ? told : driven_m_[car] * J_per_m_;
}

void CarCharging::send_due(Microseconds now) {
    std::size_t kept = 0;
    for (const Homecoming& home : waiting_) {
        if (home.arrive + settling_time > now) {
            waiting_[kept++] = home;
            continue;
        }
        const Index person = driver_[home.car];
        ChargingSession session;
        session.energy_J = driven_J(home.car) - asked_J_[home.car];
        if (session.energy_J <= 0 || !people_.travellers().is_at_home(person)) continue;   // off again: it asks when it is back
        session.car = home.car;
        session.power_connection = connection_[home.car];
        session.arrive = home.arrive;
        session.leave = people_.travellers().next_departure(person);
        asked_J_[home.car] += session.energy_J;
        send(sessions_, now, home.car, session);
    }
    waiting_.resize(kept);
    count();
}

void CarCharging::write_charge() {
    for (const Index car : rows_) {
        const double told = charged_.size() > car ? charged_[car] : nobody_tells;
        const double charged = told >= 0 ? told : asked_J_[car];   // nobody tells: every charger gives what it is asked for
        charge_[car] = 1 - (driven_J(car) - charged) / battery_J_;
    }
}

void CarCharging::count() {
    ledger_.in = ledger_.out = 0;
    for (const Index car : rows_) {
        ledger_.in += driven_J(car);
        ledger_.out += asked_J_[car];
    }
    ledger_.stored = ledger_.in - ledger_.out;
}

void CarCharging::save(StateWriter& out) const {
    out.column("cars.driven", driven_m_);
    out.column("cars.asked", asked_J_);
    out.column("cars.waiting", waiting_);
    out.column("cars.burning", burning_);
}

void CarCharging::load(StateReader& in) {
    in.column("cars.driven", driven_m_);
    in.column("cars.asked", asked_J_);
    in.column("cars.waiting", waiting_);
    in.column("cars.burning", burning_);
    refresh();
}

}  // namespace citytwin::population
