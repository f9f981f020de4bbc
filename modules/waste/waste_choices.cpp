#include "modules/waste/waste_choices.hpp"

namespace citytwin::waste {

WasteChoices::WasteChoices(Setup& setup) {
    (void)setup.parameter_path("bins", "Bins as CSV: id, x, y, capacity_l, fraction[, fill_l]; else laid out along the streets");
    (void)setup.parameter_path("sites", "Depots and plants as CSV: id, kind, x, y[, opens, closes, unloading_s, rate_kg_per_s]; else the city's places");
    (void)setup.parameter_integer("trucks", 0, "Refuse trucks; 0 = by what the people make", 0, 10'000);
    const std::string policy = setup.parameter_text("policy", "calendar", "Which bins are collected: calendar (each once a week), threshold, forecast", {"calendar", "threshold", "forecast"});
    rule.policy = policy == "calendar" ? CollectionPolicy::calendar : policy == "threshold" ? CollectionPolicy::threshold : CollectionPolicy::forecast;
    rule.threshold = setup.parameter("threshold", "0.8", "Policy threshold: forecast fill at the next visit above which a bin is collected", 0.01, 1);
    rule.chance = setup.parameter("overflow_chance", "0.05", "Policy forecast: chance of overflow before the next visit above which a bin is collected", 0, 1);
    has_sensors = setup.parameter_flag("sensors", true, "Bins report their fill; else the planner forecasts from the last visit");
    starts_empty = setup.parameter_text("first_fill", "calendar", "What laid bins hold at the start: \"calendar\" = what came since their weekday of the calendar, \"empty\" = nothing",
                                        {"calendar", "empty"}) == "empty";
    capacity_kg = setup.parameter("truck_capacity", "9000 kg", "Payload of a truck", 1);
    begin_s = setup.parameter("collection_start", "21600 s", "Local time of day at which the trucks leave", 0, 86399);
    shift_s = setup.parameter("shift", "28800 s", "Time by which a truck is back", 60);
    stop_s = setup.parameter("stop_time", "40 s", "Of a stop, without lifting", 0);
    lift_s_per_kg = setup.parameter("lift_time", "0.2 s/kg", "Lifting and compacting a kilogram", 0);
    iterations = static_cast<std::size_t>(setup.parameter_integer("plan_iterations", 2, "Rounds of the route search for each plan", 0, 100'000));
    generation = setup.parameter("generation", "1", "Factor on what people make (1 = 1.38 kg a resident and day)", 0);
    incinerator_efficiency = setup.parameter("incinerator_efficiency", "0.22", "Electric efficiency of burning waste", 0, 1);
    deposit.mean_kg = setup.parameter("deposit", "2 kg", "Mean mass of what is brought at once", 0.01);
    deposit.deviation_kg = setup.parameter("deposit_deviation", "1 kg", "Its standard deviation", 0);
    by_traffic = setup.parameter_text("travel", "traffic", "Who moves trucks: the traffic module, or the plan itself", {"traffic", "planned"}) == "traffic";
}

}  // namespace citytwin::waste
