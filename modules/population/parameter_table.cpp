#include "modules/population/parameter_table.hpp"

#include <fmt/format.h>

#include <limits>

namespace citytwin::population {

namespace {

struct Row {
    const char* name;
    const char* unit;
    double Parameters::*member;
    double lowest, highest;
    const char* sentence;
};

constexpr double many = 1e9;

constexpr Row rows[] = {
    {"residents_per_household", "1", &Parameters::residents_per_household, 1.01, 10, "Mean household size where the dwellings aren't known"},
    {"share_age_0_5", "1", &Parameters::share_age_0_5, 0, 0.3, "Share of residents up to 5 years"},
    {"share_age_6_17", "1", &Parameters::share_age_6_17, 0, 0.4, "Share of residents from 6 to 17 years"},
    {"share_age_18_24", "1", &Parameters::share_age_18_24, 0, 0.4, "Share of residents from 18 to 24 years"},
    {"share_age_65", "1", &Parameters::share_age_65, 0, 0.5, "Share of residents of 65 years and more"},
    {"cars_per_resident", "1", &Parameters::cars_per_resident, 0, 2, "Cars per resident"},
    {"reserve", "1", &Parameters::reserve, 0, 4, "Further persons loaded inactive, share of the residents: the most that demand can grow"},
    {"work_decay", "m", &Parameters::work_decay_m, 10, many, "Deterrence of commuting: e^(-distance / decay), crow-fly"},
    {"mean_commute", "m", &Parameters::mean_commute_m, 0, many, "Fits the decay to this mean crow-fly distance to work; 0 = don't"},
    {"shop_decay", "m", &Parameters::shop_decay_m, 10, many, "Deterrence of shopping trips"},
    {"leisure_decay", "m", &Parameters::leisure_decay_m, 10, many, "Deterrence of leisure trips"},
    {"school_decay", "m", &Parameters::school_decay_m, 10, many, "Deterrence of the way to school; four times that for universities"},
    {"business_decay", "m", &Parameters::business_decay_m, 10, many, "Deterrence of business trips and errands"},
    {"stop_decay", "m", &Parameters::stop_decay_m, 10, many, "Deterrence of stops on the way and near work"},
    {"mobility", "1", &Parameters::mobility, 0, 2, "Scales the chances of tours and stops beyond work and school"},
    {"work_attendance", "1", &Parameters::work_attendance, 0, 1, "Share of workers at their workplace on a day"},
    {"school_attendance", "1", &Parameters::school_attendance, 0, 1, "Share of pupils and students at school on a day"},
    {"stop_before_work", "1", &Parameters::stop_before_work, 0, 1, "Chance of a stop on the way to work"},
    {"stop_after_work", "1", &Parameters::stop_after_work, 0, 1, "Chance of a stop on the way home"},
    {"midday_outing", "1", &Parameters::midday_outing, 0, 1, "Chance of an outing from work"},
    {"evening_tour", "1", &Parameters::evening_tour, 0, 1, "Chance of a further tour of a worker"},
    {"first_tour_adult", "1", &Parameters::first_tour_adult, 0, 1, "Chance that an adult without work leaves home"},
    {"second_tour_adult", "1", &Parameters::second_tour_adult, 0, 1, "Chance of a second tour of an adult without work"},
    {"first_tour_retired", "1", &Parameters::first_tour_retired, 0, 1, "Chance that a retired person leaves home"},
    {"second_tour_retired", "1", &Parameters::second_tour_retired, 0, 1, "Chance of a second tour of a retired person"},
    {"second_tour_pupil", "1", &Parameters::second_tour_pupil, 0, 1, "Chance of a tour beside school"},
    {"first_tour_child", "1", &Parameters::first_tour_child, 0, 1, "Chance that a small child leaves home"},
    {"stop_on_tour", "1", &Parameters::stop_on_tour, 0, 1, "Chance of a stop on other tours"},
    {"ev_share", "1", &Parameters::ev_share, 0, 1, "Share of cars that are electric, drawn by their drivers; they charge at home"},
    {"car_consumption", "J/m", &Parameters::car_consumption_J_per_m, 0, 5000, "Electricity by way driven where the emission module doesn't tell it (0.18 kWh/km)"},
    {"car_battery", "J", &Parameters::car_battery_J, 3.6e6, 1e10, "Battery of an electric car (50 kWh); it is full at the start"},
    {"car_share", "1", &Parameters::car_share, 0, 1, "Share of all trips as driver of a car, reached as far as there are cars"},
    {"detour", "1", &Parameters::detour, 1, 3, "Way over crow-fly distance of modes that aren't simulated on links"},
    {"walk_speed", "m/s", &Parameters::walk_speed_mps, 0.1, 10, "Speed of walking"},
    {"bike_speed", "m/s", &Parameters::bike_speed_mps, 0.1, 20, "Speed of cycling"},
    {"transit_speed", "m/s", &Parameters::transit_speed_mps, 0.1, 50, "Door-to-door speed of public transport"},
    {"planned_car_speed", "m/s", &Parameters::planned_car_speed_mps, 0.1, 50, "Speed by which a driver plans a departure"},
};

std::string default_text(const Row& row) {
    const double value = Parameters{}.*row.member;
    return std::string(row.unit) == "1" ? fmt::format("{}", value) : fmt::format("{} {}", value, row.unit);
}

}  // namespace

Parameters read_parameters(ParameterSource& source, std::uint64_t seed) {
    Parameters parameters;
    parameters.seed = seed;
    for (const Row& row : rows) parameters.*row.member = source.quantity(row.name, row.unit, default_text(row));
    return parameters;
}

Parameters declare_parameters(Setup& setup) {
    Parameters parameters;
    parameters.seed = setup.seed();
    for (const Row& row : rows) parameters.*row.member = setup.parameter(row.name, default_text(row), row.sentence, row.lowest, row.highest);
    return parameters;
}

}  // namespace citytwin::population
