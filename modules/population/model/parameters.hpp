#pragma once
// Every figure of the population model that isn't in a city's data. All are defaults to be replaced by a local survey; they are
// rounded to the usual range of national travel surveys (Mobilitaet in Deutschland 2017: 3.1 trips a person and day, 85 % mobile;
// National Household Travel Survey 2017, USA: 3.4; National Travel Survey, England 2019: 2.6) and lean to the low end.
#include <cstdint>

namespace citytwin::population {

struct Parameters {
    std::uint64_t seed = 1;

    // --- persons and households
    double residents_per_household = 2.5;             ///< where the dwellings aren't known
    double share_age_0_5 = 0.07, share_age_6_17 = 0.15, share_age_18_24 = 0.10, share_age_65 = 0.14;  ///< the rest is 25 to 64
    double cars_per_resident = 0.36;
    double reserve = 0.25;                            ///< further persons loaded inactive, share of the residents

    // --- where to
    double work_decay_m = 5'000;                      ///< deterrence e^(-distance / decay), crow-fly
    double mean_commute_m = 0;                        ///< > 0: the decay is fitted to this mean crow-fly distance instead
    double shop_decay_m = 1'500, leisure_decay_m = 3'000, school_decay_m = 800, business_decay_m = 3'500, stop_decay_m = 1'000;

    // --- how often (probabilities of a working day)
    double mobility = 1.0;                            ///< scales the chances of tours beyond work and school
    double work_attendance = 0.90, school_attendance = 0.95;
    double stop_before_work = 0.10, stop_after_work = 0.22, midday_outing = 0.08, evening_tour = 0.23;
    double first_tour_adult = 0.75, second_tour_adult = 0.29, first_tour_retired = 0.62, second_tour_retired = 0.20;
    double second_tour_pupil = 0.26, first_tour_child = 0.36, stop_on_tour = 0.20;

    // --- cars
    double ev_share = 0;                              ///< of the cars that are electric, drawn by the driver's key
    double car_battery_J = 50 * 3.6e6;                ///< of an electric car
    double car_consumption_J_per_m = 648;             ///< electricity by way, 0.18 kWh/km, where no module tells an electric car's energy

    // --- how
    double car_share = 0.19;                          ///< of all trips, as driver; 0 … 1, reached as far as cars and drivers allow
    double detour = 1.3;                              ///< way / crow-fly distance of the modes that aren't simulated on links
    double walk_speed_mps = 1.3, bike_speed_mps = 4.0, transit_speed_mps = 5.0;
    double planned_car_speed_mps = 7.0;               ///< only to plan departures; the traffic model decides the arrival
};

}  // namespace citytwin::population
