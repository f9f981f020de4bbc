#include "modules/water/city/city_hydraulics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace citytwin::water {
namespace {

constexpr std::int64_t long_time_s = std::int64_t{1} << 40;
constexpr double no_water_m3ps = 1e-12;

std::shared_ptr<const Network> for_a_run(Network network, double seconds_of_day) {
    const auto shift = static_cast<std::int64_t>(seconds_of_day);
    network.options.certify = true;                 // go on until mass and heads balance, not only until the file's ACCURACY
    network.times.pattern_start_s += shift - network.times.clock_start_s;   // patterns begin at the file's clock
    while (network.times.pattern_start_s < 0) network.times.pattern_start_s += 86'400;
    network.times.clock_start_s = shift;
    network.times.report_step_s = long_time_s;      // reports are the run's, not the file's
    network.times.report_start_s = 0;
    network.times.duration_s = long_time_s;
    return std::make_shared<const Network>(std::move(network));
}

}  // namespace

CityHydraulics::CityHydraulics(Network network, double seconds_of_day) : network_(for_a_run(std::move(network), seconds_of_day)), hydraulics_(network_) {
    const Network& n = *network_;
    emitter_of_node_.assign(n.nodes(), no_index);
    for (Index e = 0; e < n.emitters.size(); ++e) emitter_of_node_[n.emitters[e].node] = e;
    held_setting_.assign(n.links(), std::numeric_limits<double>::quiet_NaN());
    emitter_factor_.assign(n.emitters.size(), 1.0);
    head_m_.assign(n.nodes(), 0.0);
    leak_m3ps_.assign(n.nodes(), 0.0);
    pump_W_.assign(n.pumps.size(), 0.0);
    is_supplied_.assign(n.nodes(), 1);
    hydraulics_.start();
}

void CityHydraulics::leave_demand(Index junction) {
    const double outside = hydraulics_.state().outside_demand_m3ps[hydraulics_.elimination()->row_of_node(junction)];
    if (!std::isnan(outside)) hydraulics_.clear_outside_demand(junction);
}

double CityHydraulics::file_demand_m3ps(Index junction) const {
    const Network& n = *network_;
    const auto period = static_cast<std::size_t>((hydraulics_.time_s() + n.times.pattern_start_s) / n.times.pattern_step_s);
    double sum = 0;
    for (Index c = n.first_demand[junction]; c < n.first_demand[junction + 1]; ++c) {
        const Index pattern = n.demand_pattern[c];
        sum += n.demand_m3ps[c] * (pattern == no_index ? 1.0 : n.patterns[pattern][period % n.patterns[pattern].size()]);
    }
    return sum;
}

void CityHydraulics::hold_setting(Index link, double value) {
    if (std::isnan(value) && !std::isnan(held_setting_[link])) hydraulics_.set_setting(link, network_->initial_setting[link]);
    held_setting_[link] = value;
}

void CityHydraulics::set_leakage(Index junction, double factor) {
    const Index e = emitter_of_node_[junction];
    if (e == no_index || emitter_factor_[e] == factor) return;
    emitter_factor_[e] = factor;
    // q = C p^gamma with loss = R q^(1/gamma): R goes with C^(-1/gamma); no leak has R = 0.
    hydraulics_.set_emitter(e, factor <= 0 ? 0 : network_->emitters[e].resistance * std::pow(factor, -network_->options.emitter_exponent));
}

void CityHydraulics::solve() {
    for (Index k = 0; k < held_setting_.size(); ++k)
        if (!std::isnan(held_setting_[k]) && !is_closed(hydraulics_.status(k)) && hydraulics_.setting(k) != held_setting_[k]) hydraulics_.set_setting(k, held_setting_[k]);
    const Certificate& certificate = hydraulics_.solve();
    ++volumes_.solves;
    volumes_.trials += static_cast<std::uint64_t>(certificate.trials);
    const auto without_cut = static_cast<std::uint8_t>(certificate.reasons & ~static_cast<std::uint8_t>(Reason::demand_cut));
    volumes_.degraded += without_cut != 0 ? 1 : 0;
    volumes_.cut += certificate.has(Reason::demand_cut) ? 1 : 0;
    for (int r = 0; r < reason_count; ++r) volumes_.reasons[r] += certificate.has(static_cast<Reason>(1 << r)) ? 1 : 0;
    measure_heads();
}

void CityHydraulics::measure_heads() {
    const HydraulicState& state = hydraulics_.state();
    const Network& n = *network_;
    for (Index node = 0; node < n.nodes(); ++node) {
        is_supplied_[node] = hydraulics_.is_supplied(node) ? 1 : 0;
        head_m_[node] = hydraulics_.head_m(node);
        leak_m3ps_[node] = 0;
    }
    for (Index e = 0; e < n.emitters.size(); ++e) leak_m3ps_[n.emitters[e].node] += state.emitter_flow_m3ps[e];
    for (Index e = 0; e < n.leaks.size(); ++e) leak_m3ps_[n.leaks[e].node] += state.leak_fixed_m3ps[e] + state.leak_growing_m3ps[e];
    for (std::size_t p = 0; p < n.pumps.size(); ++p) pump_W_[p] = hydraulics_.pump_energy()[p].power_kw * 1e3;
}

double CityHydraulics::supply_ratio(Index junction) const {
    const double wanted = wanted_m3ps(junction);
    if (!is_supplied_[junction]) return 0;
    if (wanted <= no_water_m3ps) return 1;
    return std::clamp(hydraulics_.demand_m3ps(junction) / wanted, 0.0, 1.0);
}

std::int64_t CityHydraulics::advance(std::int64_t until_s) {
    const HydraulicState& state = hydraulics_.state();
    const Network& n = *network_;
    const double before_m3 = stored_m3();
    double in = 0, returned = 0, into_tanks = 0, supplied = 0, leaked = 0, unserved = 0, power = 0;
    for (std::size_t t = 0; t < n.tanks.size(); ++t) {
        const double inflow = state.tank_inflow_m3ps[t];
        if (!n.tanks[t].is_reservoir()) into_tanks += inflow;
        else (inflow < 0 ? in : returned) += std::abs(inflow);
    }
    for (Index j = 0; j < n.junctions; ++j) {
        const double served = served_m3ps(j);
        (served >= 0 ? supplied : in) += std::abs(served);
        unserved += std::max(0.0, wanted_m3ps(j) - std::max(0.0, served));
        leaked += leak_m3ps_[j];
    }
    for (const double watt : pump_W_) power += watt;
    const auto seconds = hydraulics_.step(until_s);
    const auto dt = static_cast<double>(seconds);
    volumes_.in_m3 += in * dt;
    volumes_.returned_m3 += returned * dt;
    volumes_.supplied_m3 += supplied * dt;
    volumes_.unserved_m3 += unserved * dt;
    volumes_.leaked_m3 += leaked * dt;
    volumes_.pump_energy_J += power * dt;
    volumes_.adjusted_m3 += stored_m3() - before_m3 - into_tanks * dt;
    return seconds;
}

double CityHydraulics::stored_m3() const {
    double sum = 0;
    for (std::size_t t = 0; t < network_->tanks.size(); ++t)
        if (!network_->tanks[t].is_reservoir()) sum += hydraulics_.state().tank_volume_m3[t];
    return sum;
}

}  // namespace citytwin::water
