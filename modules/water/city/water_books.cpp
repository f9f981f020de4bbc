#include "modules/water/city/water_books.hpp"

#include <algorithm>
#include <string>

#include "core/city/numbers.hpp"

namespace citytwin::water {

namespace {
constexpr std::size_t most_named = 1000;   // customers in the details of a figure; the field building.water_supply knows them all
}

WaterBooks::WaterBooks(Setup& setup)
    : volume_(setup.ledger("volume", "m3")), persons_(setup, residents_of(setup.city())),
      use_(setup.kpi("water_use", "l/person/d", Kpi::Better::less, "water drawn / days that residents supplied by the network spent in the city", "Water use")),
      unbilled_(setup.kpi("non_revenue_water", "%", Kpi::Better::less, "(input - drawn) / input, input = from sources less what tanks gained", "Non-revenue water")),
      interruption_(setup.kpi("water_interruption_hours", "h", Kpi::Better::less, "sum over customers of the time with less than `interruption_below` of their demand", "Water interruption, customers x hours")),
      leakage_(setup.kpi("water_leakage", "m3", Kpi::Better::less, "integral of leaks and emitters", "Leaked water")),
      energy_(setup.kpi("water_pumping_energy", "kWh/m3", Kpi::Better::less, "electric energy of pumps / water drawn", "Pumping energy")),
      degraded_(setup.kpi("water_degraded_solves", "%", Kpi::Better::less, "solves whose certificate is DEGRADED by more than parts cut off from any source / solves", "Degraded solves")) {}

void WaterBooks::balance(const WaterVolumes& v, double stored_m3) {
    volume_.in = v.in_m3;
    volume_.out = v.supplied_m3 + v.returned_m3;
    volume_.lost = v.leaked_m3;
    volume_.stored = stored_m3;
    volume_.adjusted = v.adjusted_m3;
}

void WaterBooks::close(const WaterVolumes& v, const Interruptions& interruptions, const std::vector<NamedHours>& without, double supplied_share) {
    const double input_m3 = v.supplied_m3 + v.leaked_m3, person_days = supplied_share * persons_.person_seconds() / 86'400;
    if (person_days > 0) use_.set(v.supplied_m3 * 1000 / person_days);
    else use_.reason = "nobody is known to live in the network's area";
    use_.details = {{"drawn_m3", v.supplied_m3}, {"share of residents supplied by the network", supplied_share}};
    persons_.tell(use_);
    if (input_m3 > 0) unbilled_.set(100 * v.leaked_m3 / input_m3);
    else unbilled_.reason = "no water was put in";
    interruption_.set(interruptions.customer_hours);
    interruption_.details = {{"most_customers_at_once", interruptions.most_customers}, {"unserved_m3", v.unserved_m3}, {"customers_without_water", static_cast<double>(without.size())}};
    for (std::size_t i = 0; i < std::min(without.size(), most_named); ++i) interruption_.details.emplace_back("without_water " + without[i].first, without[i].second);
    leakage_.set(v.leaked_m3);
    if (v.supplied_m3 > 0) energy_.set(v.pump_energy_J / 3.6e6 / v.supplied_m3);
    else energy_.reason = "no water was drawn";
    energy_.details = {{"pump_energy_kWh", v.pump_energy_J / 3.6e6}};
    if (v.solves > 0) degraded_.set(100 * static_cast<double>(v.degraded) / static_cast<double>(v.solves));
    else degraded_.reason = "nothing was solved";
    degraded_.details = {{"solves", static_cast<double>(v.solves)}, {"converged", static_cast<double>(v.solves - v.degraded)}, {"degraded", static_cast<double>(v.degraded)}, {"trials", static_cast<double>(v.trials)},
                         {"with parts cut off from any source", static_cast<double>(v.cut)}};
    for (int r = 0; r < reason_count; ++r)
        if (v.reasons[r] > 0 && static_cast<Reason>(1 << r) != Reason::demand_cut) degraded_.details.emplace_back(name_of(static_cast<Reason>(1 << r)), static_cast<double>(v.reasons[r]));
}

}  // namespace citytwin::water
