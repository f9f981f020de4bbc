#include "modules/buildings/building_stock.hpp"

#include <algorithm>
#include <variant>

#include "core/base/hash.hpp"
#include "core/city/numbers.hpp"
#include "core/random/philox.hpp"

namespace citytwin::buildings {

namespace {

BuildingShape shape_of(const Ragged<double>* outlines, std::size_t row, double footprint_m2, double floor_area_m2, double height_m) {
    BuildingShape shape{floor_area_m2, footprint_m2, height_m, square_walls(footprint_m2, height_m)};
    if (outlines != nullptr && (*outlines)[row].size() >= 6) shape.wall_m2 = walls_of((*outlines)[row].data(), (*outlines)[row].size() / 2, height_m);
    return shape;
}

}  // namespace

BuildingStock read_stock(const City& city) {
    const EntitySet& set = city.at("building");
    BuildingStock stock;
    const Column* use = set.find("use");
    const auto* words = use != nullptr ? std::get_if<std::vector<std::string>>(&use->data) : nullptr;
    const Column* outline = set.find("shape");
    const auto* outlines = outline != nullptr ? std::get_if<Ragged<double>>(&outline->data) : nullptr;
    const auto footprint = numbers_of(set, "footprint_area", 0), floor_area = numbers_of(set, "floor_area", 0), height = numbers_of(set, "height", 3), year = numbers_of(set, "year", 0),
               residents = numbers_of(set, "residents", -1), jobs = numbers_of(set, "jobs", 0);
    for (std::size_t b = 0; b < set.size(); ++b) {
        bool known = words != nullptr;
        stock.use.push_back(words != nullptr ? use_of((*words)[b], known) : Use::residential);
        stock.unknown_use += known ? 0 : 1;
        double area = floor_area[b] > 0 ? floor_area[b] : footprint[b];
        if (!(area > 0)) {
            area = 100;
            stock.without_area += 1;
        }
        stock.shape.push_back(shape_of(outlines, b, footprint[b] > 0 ? footprint[b] : area, area, std::max(2.5, height[b])));
        stock.year.push_back(static_cast<int>(year[b]));
        const UseRow& row = row_of(stock.use.back());
        const double by_area = area / row.area_per_person_m2, people = residents[b] >= 0 ? residents[b] : row.presence == Presence::home ? by_area : 0;
        stock.residents.push_back(people);
        stock.capacity.push_back(row.presence == Presence::home ? std::max(1.0, people + jobs[b]) : std::max({1.0, by_area, jobs[b] + people}));
    }
    return stock;
}

void add_plant_columns(City& city, const PlantShares& shares, std::uint64_t seed) {
    EntitySet& set = *city.find("building");
    const BuildingStock stock = read_stock(city);
    const Random heating_draw(seed, "building heating"), cooling_draw(seed, "building cooling"), solar_draw(seed, "building solar"), battery_draw(seed, "building battery");
    std::vector<double> heating(set.size()), cooled(set.size()), solar(set.size()), battery(set.size());
    for (Index b = 0; b < set.size(); ++b) {
        const std::uint64_t id = hash_text(set.id_of(b));
        const double u = heating_draw.uniform(id, 0);
        heating[b] = static_cast<double>(u < shares.heat_pump ? Heating::heat_pump : u < shares.heat_pump + shares.electric_heating ? Heating::electric : Heating::fuel);
        cooled[b] = row_of(stock.use[b]).presence != Presence::home || cooling_draw.uniform(id, 0) < shares.homes_cooled ? 1 : 0;
        solar[b] = solar_draw.uniform(id, 0) < shares.solar ? stock.shape[b].footprint_m2 * shares.solar_W_per_m2 : 0;
        battery[b] = battery_draw.uniform(id, 0) < shares.battery_of_solar ? solar[b] * shares.battery_s : 0;
    }
    const auto add = [&](const char* name, const char* unit, std::vector<double> values, const char* sentence) {
        if (!set.has(name)) set.add(name, unit, std::move(values), {}, sentence);
    };
    add("heating", "1", std::move(heating), "0 fuel boiler, 1 electric, 2 heat pump");
    add("cooled", "1", std::move(cooled), "1 = has air conditioning");
    add("pv_peak_power", "W", std::move(solar), "Peak power of its solar panels");
    add("battery_capacity", "J", std::move(battery), "Capacity of its battery");
}

}  // namespace citytwin::buildings
