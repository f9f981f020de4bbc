// Power and cost of pumps: efficiency by curve, corrected for speed (Sarbu & Borza 1998).
#include <algorithm>
#include <cmath>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {

void Hydraulics::measure_pumps() {
    const Network& n = *network_;
    for (std::size_t p = 0; p < n.pumps.size(); ++p) {
        const Pump& pump = n.pumps[p];
        PumpEnergy& energy = state_.pumps[p];
        energy.power_kw = energy.efficiency = 0;
        if (!passes(pump.link)) continue;
        const double q = std::abs(state_.flow_m3ps[pump.link]), gain = std::abs(state_.head_m[row_from_[pump.link]] - state_.head_m[row_to_[pump.link]]);
        double percent = n.options.pump_efficiency_percent;
        if (pump.efficiency_curve != no_index) {
            const double speed = state_.setting[pump.link];
            percent = n.curves[pump.efficiency_curve].value(q / speed);
            percent = 100 - (100 - percent) * power_of(1 / speed, 0.1);
        }
        energy.efficiency = std::clamp(percent, 1.0, 100.0) / 100;
        energy.power_kw = gain / metre_per_foot * (q / cubic_metre_per_cubic_foot) * n.options.specific_gravity / 8.814 / energy.efficiency * kilowatt_per_horsepower;
    }
}

void Hydraulics::add_energy(std::int64_t seconds) {
    const Network& n = *network_;
    const double hours = static_cast<double>(seconds) / 3600;
    const auto period = static_cast<std::size_t>((state_.time_s + n.times.pattern_start_s) / n.times.pattern_step_s);
    const auto factor = [&](Index pattern) { return pattern == no_index ? 1.0 : n.patterns[pattern][period % n.patterns[pattern].size()]; };
    double total_kw = 0;
    for (std::size_t p = 0; p < n.pumps.size(); ++p) {
        const Pump& pump = n.pumps[p];
        PumpEnergy& energy = state_.pumps[p];
        if (energy.efficiency == 0) continue;
        const double price = (pump.price_per_kwh > 0 ? pump.price_per_kwh : n.options.price_per_kwh) * factor(pump.price_pattern != no_index ? pump.price_pattern : n.options.price_pattern);
        const double q = std::max(zero_flow_m3ps, std::abs(state_.flow_m3ps[pump.link]));
        total_kw += energy.power_kw;
        energy.hours_on += hours;
        energy.efficiency_hours += energy.efficiency * hours;
        energy.energy_kwh += energy.power_kw * hours;
        energy.kwh_per_flow += energy.power_kw / q * hours;
        energy.power_max_kw = std::max(energy.power_max_kw, energy.power_kw);
        energy.cost += price * energy.power_kw * hours;
    }
    state_.peak_power_kw = std::max(state_.peak_power_kw, total_kw);
}

}  // namespace citytwin::water
