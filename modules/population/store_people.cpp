#include "modules/population/store_people.hpp"

#include "core/random/philox.hpp"

namespace citytwin::population {

namespace {

template <class Enum>
std::vector<std::uint8_t> bytes_of(const std::vector<Enum>& values) {
    std::vector<std::uint8_t> bytes(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) bytes[i] = static_cast<std::uint8_t>(values[i]);
    return bytes;
}

std::vector<double> doubles_of(const std::vector<float>& values) { return {values.begin(), values.end()}; }

void store_sites(City& city, Sites& sites) {
    EntitySet& set = fresh_set(city, "site", sites.size());
    set.add("x", "m", doubles_of(sites.x_m), {}, "Easting in the local frame");
    set.add("y", "m", doubles_of(sites.y_m), {}, "Northing in the local frame");
    set.add("zone", "1", std::move(sites.zone), "zone", "Zone it lies in");
    set.add("road_link", "1", std::move(sites.road_link), "road_link", "Link on which trips begin and end");
    set.add("road_offset", "m", doubles_of(sites.offset_m), {}, "Metres from the link's start");
    set.add("building", "1", std::move(sites.building), "building", "Its building, if the city has buildings");
    set.add("residents", "1", std::move(sites.residents), {}, "Residents");
    set.add("jobs", "1", std::move(sites.jobs), {}, "Jobs");
}

void store_households(City& city, const EntitySet& sites, Households& households) {
    const std::size_t n = households.size();
    EntitySet& set = fresh_set(city, "household", n);
    std::vector<std::int32_t> persons(n), cars(n);
    std::vector<std::uint8_t> active(n, 0);
    std::vector<std::uint32_t> building(n, no_index);
    const auto& building_of_site = sites.get<std::uint32_t>("building");
    for (std::size_t h = 0; h < n; ++h) {
        persons[h] = static_cast<std::int32_t>(households.first_person[h + 1] - households.first_person[h]);
        cars[h] = households.cars[h];
        active[h] = h < households.residents;
        building[h] = building_of_site[households.home_site[h]];
    }
    set.add("site", "1", std::move(households.home_site), "site", "Where it lives");
    set.add("building", "1", std::move(building), "building", "Where it lives");
    set.add("persons", "1", std::move(persons), {}, "Members");
    set.add("cars", "1", std::move(cars), {}, "Cars");
    set.add("income_group", "1", std::move(households.income_group), {}, "Fifth of the households by income, 0 lowest to 4 highest: by the same draw that gives cars");
    set.add("active", "1", std::move(active), {}, "0 = of the reserve");
}

// Who drives an electric car hangs on the driver: a larger share adds cars and takes none away. What the others burn is drawn from the
// emission module's fleet mix: their class is "" here.
void store_cars(City& city, const Persons& persons, const Parameters& parameters) {
    const Random electric(parameters.seed, "electric car");
    std::vector<std::string> emission_class;
    std::vector<std::uint32_t> driver, household;
    std::vector<std::uint8_t> active;
    for (Index i = 0; i < persons.size(); ++i) {
        if (!persons.has_car[i]) continue;
        driver.push_back(i);
        household.push_back(persons.household[i]);
        active.push_back(i < persons.residents);
        emission_class.emplace_back(parameters.ev_share > 0 && electric.uniform(persons.key[i], 0) < parameters.ev_share ? "car_electric" : "");
    }
    EntitySet& set = fresh_set(city, "car", driver.size());
    set.add("household", "1", std::move(household), "household", "Whose car it is");
    set.add("driver", "1", std::move(driver), "person", "Who has it for the day");
    set.add("emission_class", "", std::move(emission_class), {}, "car_electric, or empty: drawn from the fleet mix");
    set.add("active", "1", std::move(active), {}, "0 = of the reserve");
}

/// Trips of all persons as rows: the first_of_person offsets serve every column.
void store_trips(EntitySet& set, Trips& trips) {
    const std::vector<std::uint64_t> offsets(trips.first_of_person.begin(), trips.first_of_person.end());
    const auto ragged = [&](std::vector<std::uint32_t> values) {
        Ragged<std::uint32_t> rows;
        rows.offsets = offsets;
        rows.values = std::move(values);
        return rows;
    };
    std::vector<std::uint32_t> kind(trips.size());
    for (std::size_t t = 0; t < trips.size(); ++t) kind[t] = static_cast<std::uint32_t>(trips.mode[t]) << 8 | static_cast<std::uint32_t>(trips.purpose[t]);
    set.add("trip_depart", "ms", ragged({trips.depart_ms.begin(), trips.depart_ms.end()}), {}, "Planned departures after local midnight");
    set.add("trip_site", "1", ragged(std::move(trips.destination_site)), "site", "Where each trip leads; the first starts at home");
    set.add("trip_kind", "1", ragged(std::move(kind)), {}, "256 x mode (walk, bike, transit, car) + purpose (home, work, school, shop, leisure, business, accompany)");
}

void store_persons(City& city, Persons& persons, Trips& trips) {
    const std::size_t n = persons.size();
    EntitySet& set = fresh_set(city, "person", n);
    const auto& zone_of_site = city.at("site").get<std::uint32_t>("zone");
    std::vector<std::int64_t> key(n);
    std::vector<std::uint32_t> zone(n);
    std::vector<std::uint8_t> active(n, 0), reserve(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        key[i] = static_cast<std::int64_t>(persons.key[i]);
        zone[i] = zone_of_site[persons.home_site[i]];
        active[i] = i < persons.residents;
        reserve[i] = i >= persons.residents;
    }
    set.add("key", "1", std::move(key), {}, "Stable id: random draws hang on it, not on the row");
    set.add("household", "1", std::move(persons.household), "household", "Household");
    set.add("home", "1", std::move(persons.home_site), "site", "Home");
    set.add("main_place", "1", std::move(persons.main_site), "site", "Workplace, school or university; missing for others");
    set.add("zone", "1", std::move(zone), "zone", "Zone of the home");
    set.add("age_group", "1", bytes_of(persons.age), {}, "0: up to 5 years, 1: 6 to 17, 2: 18 to 24, 3: 25 to 64, 4: 65 and more");
    set.add("role", "1", bytes_of(persons.role), {}, "0 child, 1 pupil, 2 student, 3 worker, 4 other adult, 5 retired");
    set.add("has_car", "1", std::move(persons.has_car), {}, "1 = a car of the household is this person's for the day");
    set.add("active", "1", std::move(active), {}, "0 = makes no trips: the reserve; changes may set it");
    set.add("reserve", "1", std::move(reserve), {}, "1 = of the reserve that more demand activates");
    store_trips(set, trips);
}

}  // namespace

EntitySet& fresh_set(City& city, std::string_view name, std::size_t size) {
    EntitySet& set = city.add_set(name, size);
    set.resize(size);
    set.ids.clear();
    set.columns().clear();
    return set;
}

void store_people(City& city, Places&& places, Demand&& demand, const Parameters& parameters) {
    store_sites(city, places.sites);
    store_households(city, city.at("site"), demand.people.households);
    store_cars(city, demand.people.persons, parameters);
    store_persons(city, demand.people.persons, demand.trips);
}

}  // namespace citytwin::population
