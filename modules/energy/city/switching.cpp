#include "modules/energy/city/switching.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/hash.hpp"
#include "core/city/numbers.hpp"
#include "core/random/distributions.hpp"
#include "modules/energy/city/grid_sets.hpp"

namespace citytwin::energy {
namespace {

constexpr double year_s = 365 * 86'400.0;
constexpr std::uint8_t in_service = 0, open_tie = 255;   // other values: OutageCause

}  // namespace

Switching::Switching(Setup& setup, const SwitchingSettings& settings)
    : settings_(settings), fault_times_(setup.random("power fault")), repair_times_(setup.random("power repair")),
        closed_(setup.attribute("power_branch", "closed", "1", 1.0)),
      active_(setup.attribute("power_branch", "active", "1", 1.0)), fault_(setup.attribute("power_branch", "fault", "1", 0.0)),
          planned_(setup.attribute("power_branch", "planned_outage", "1", 0.0)),
      tap_(setup.attribute("power_branch", "tap", "1", 1.0)), bus_active_(setup.attribute("power_bus", "active", "1", 1.0)),
          unit_on_(setup.attribute("power_device", "on", "1", 1.0)) {}

void Switching::prepare(const City& city, const PowerNetwork& network) {
    const EntitySet& set = city.at("power_branch");
    set_ = &set;
    const std::size_t n = set.size();
    tie_ = set.get<std::uint8_t>("tie");
    regulated_ = set.get<std::uint8_t>("regulated");
    const auto& length_m = set.get<double>("length");
    const auto& kind = set.get<std::string>("kind");
    const auto parallel = numbers_of(set, "parallel", 1);
    faults_per_s_.assign(n, 0);
    for (Index k = 0; k < n; ++k) {
        key_.push_back(hash_text(set.id_of(k)));
        const bool transformer = kind[k].ends_with("transformer");
        const double yearly = transformer ? settings_.transformer_faults_per_year * parallel[k] : settings_.cable_faults_per_km_year * length_m[k] / 1000 * parallel[k];
        faults_per_s_[k] = yearly / year_s;
    }
    open_until_.assign(n, 0);
    trips_at_.assign(n, never);
    next_fault_.assign(n, never);
    open_cause_.assign(n, 0);
    tie_closed_.assign(n, 0);
    cause_now_.assign(n, in_service);
    for (Index k = 0; k < n; ++k) {   // what stands open from the beginning is nobody's outage
        if (network.branches.closed[k] == 0 || active_[k] == 0) cause_now_[k] = tie_[k] != 0 ? open_tie : static_cast<std::uint8_t>(OutageCause::switching);
    }
    relay_.assign(n, 0);
    tap_position_.assign(n, 0);
    fault_number_.assign(n, 0);
}

void Switching::start() {
    for (Index k = 0; k < faults_per_s_.size(); ++k) schedule_fault(k, 0);
}

/// Faults of a branch are a Poisson process: exponential times between the end of a repair and the next fault.
void Switching::schedule_fault(Index branch, Microseconds from) {
    if (faults_per_s_[branch] <= 0) return;
    const double wait_s = exponential(fault_times_, key_[branch], fault_number_[branch], faults_per_s_[branch]);
    next_fault_[branch] = wait_s > 1e11 ? never : from + std::max<Microseconds>(1, from_seconds(wait_s));
}

OutageCause Switching::cause_of(Index k, Microseconds now) const {
    if (fault_[k] != 0) return OutageCause::fault;
    if (planned_[k] != 0) return OutageCause::planned;
    if (open_until_[k] > now) return static_cast<OutageCause>(open_cause_[k]);
    if (active_[k] == 0 || (closed_[k] == 0 && tie_closed_[k] == 0)) return OutageCause::switching;
    return OutageCause::none;
}

bool Switching::apply(Microseconds now, GridSolver& solver, const PowerNetwork& network, std::vector<SwitchEvent>& events) {
    bool any_back = false;
    for (Index k = 0; k < cause_now_.size(); ++k) {
        const OutageCause cause = cause_of(k, now);
        std::uint8_t value = static_cast<std::uint8_t>(cause);
        if (cause == OutageCause::switching && tie_[k] != 0 && active_[k] != 0) value = open_tie;   // its normal state
        if (value == cause_now_[k]) continue;
        const bool was_out = cause_now_[k] != in_service && cause_now_[k] != open_tie, is_out = value != in_service && value != open_tie;
        any_back = any_back || was_out;
        if (was_out) events.push_back({k, static_cast<OutageCause>(cause_now_[k]), false, now, now});
        if (is_out) events.push_back({k, cause, true, now, open_until_[k] > now ? open_until_[k] : never});
        cause_now_[k] = value;
    }
    const SwitchState before = solver.switches;
    set_switches(solver);
    const SwitchState& after = solver.switches;
    if (before.branch_closed == after.branch_closed && before.unit_on == after.unit_on && before.bus_dead == after.bus_dead
        && before.ratio == after.ratio) return false;
    solver.switched();
    if (any_back) open_spare_ties(solver, network);
    return true;
}

/// Ties that restoration has closed open again where both their ends have voltage without them.
void Switching::open_spare_ties(GridSolver& solver, const PowerNetwork& network) {
    for (Index k = 0; k < tie_closed_.size(); ++k) {
        if (tie_closed_[k] == 0) continue;
        solver.switches.branch_closed[k] = 0;
        solver.switched();
        const bool spare = solver.is_live(network.branches.from[k]) && solver.is_live(network.branches.to[k]);
        tie_closed_[k] = spare ? 0 : 1;
        if (spare) cause_now_[k] = open_tie;
        solver.switches.branch_closed[k] = spare ? 0 : 1;
        if (!spare) solver.switched();
    }
}

void Switching::set_switches(GridSolver& solver) const {
    SwitchState& s = solver.switches;
    for (std::size_t k = 0; k < cause_now_.size(); ++k) {
        s.branch_closed[k] = cause_now_[k] == in_service ? 1 : 0;
        s.ratio[k] = tap_[k] - settings_.tap_step * tap_position_[k];
    }
    for (std::size_t b = 0; b < s.bus_dead.size(); ++b) s.bus_dead[b] = bus_active_[b] != 0 ? 0 : 1;
    for (std::size_t u = 0; u < s.unit_on.size(); ++u) s.unit_on[u] = unit_on_[u] != 0 ? 1 : 0;
}

void Switching::loaded(GridSolver& solver) {
    set_switches(solver);
    solver.switched();
}

void Switching::open(Index branch, OutageCause cause, Microseconds until) {
    open_until_[branch] = until;
    open_cause_[branch] = static_cast<std::uint8_t>(cause);
    relay_[branch] = 0;
    trips_at_[branch] = never;
}

bool Switching::after_step(Microseconds from, Microseconds to, GridSolver& solver, const PowerNetwork& network, std::span<const double> loading, bool solved) {
    bool changed = false;
    for (Index k = 0; k < relay_.size(); ++k) {
        if (open_until_[k] != 0 && open_until_[k] <= to) {   // repaired, reclosed
            open_until_[k] = 0;
            changed = true;
        }
        if (next_fault_[k] <= to) {
            ++faults_;
            const double mean_s = to_seconds(settings_.repair_time);
            const Microseconds until = to + std::max<Microseconds>(second, from_seconds(exponential(repair_times_, key_[k], fault_number_[k], 1 / mean_s)));
            open(k, OutageCause::random, until);
            ++fault_number_[k];
            schedule_fault(k, until);
            changed = true;
        }
        if (!settings_.overload_trip) continue;
        relay_[k] = settings_.curve.advance(relay_[k], loading[k], to_seconds(to - from));
        if (relay_[k] >= 1 - 1e-6 && to > from) {
            ++trips_;
            open(k, OutageCause::overload, to + settings_.reclose_after);
            changed = true;
        } else {
            trips_at_[k] = settings_.curve.trips_at(relay_[k], loading[k], to);
        }
    }
    return (solved && move_taps(solver, network)) || changed;
}

/// Minutes are enough for several positions.
bool Switching::move_taps(const GridSolver& solver, const PowerNetwork& network) {
    bool moved = false;
    for (std::size_t k = 0; k < regulated_.size(); ++k) {
        if (regulated_[k] == 0 || !solver.is_live(network.branches.to[k]) || cause_now_[k] != in_service) continue;
        const double off = settings_.regulated_voltage - solver.voltage[network.branches.to[k]];
        if (std::abs(off) <= settings_.tap_band) continue;
        const auto moves = static_cast<std::int32_t>(std::lround(off / settings_.tap_step));
        const std::int32_t wanted = std::clamp(tap_position_[k] + moves, -settings_.tap_steps, settings_.tap_steps);
        if (wanted == tap_position_[k]) continue;
        tap_position_[k] = wanted;
        moved = true;
    }
    return moved;
}

bool Switching::restore(Microseconds now, GridSolver& solver, const PowerNetwork& network, const std::function<bool()>& allows, Warning& refused) {
    if (!settings_.restore || restore_at_ > now) return false;
    restore_at_ = never;
    bool changed = false;
    const SwitchState before = solver.switches;
    for (Index k = 0; k < tie_.size(); ++k) {
        if (tie_[k] == 0 || cause_now_[k] != open_tie) continue;
        const Index from = network.branches.from[k], to = network.branches.to[k];
        if (solver.is_live(from) == solver.is_live(to)) continue;
        if (solver.topology().node_of_bus[solver.is_live(from) ? to : from] == no_index) continue;   // a bus that is out itself
        solver.switches.branch_closed[k] = 1;   // what it feeds is live for the next tie, so that no loop is closed
        solver.switched();
        if (allows()) {
            tie_closed_[k] = 1;
            ++ties_closed_;
            changed = true;
        } else {
            refused.add(set_->id_of(k), now);
            solver.switches.branch_closed[k] = 0;
            solver.switched();
        }
    }
    solver.switches = before;   // `apply` closes them
    solver.switched();
    return changed;
}

void Switching::darkness(Microseconds now, bool any_dark) {
    if (!settings_.restore) return;
    restore_at_ = any_dark ? now + settings_.switching_time : never;
}

Microseconds Switching::next_event(Microseconds now) const {
    Microseconds next = restore_at_ > now ? restore_at_ : never;
    for (std::size_t k = 0; k < relay_.size(); ++k) {
        if (open_until_[k] > now) next = std::min(next, open_until_[k]);
        if (next_fault_[k] > now) next = std::min(next, next_fault_[k]);
        if (trips_at_[k] > now) next = std::min(next, trips_at_[k]);
    }
    return next;
}

}  // namespace citytwin::energy
