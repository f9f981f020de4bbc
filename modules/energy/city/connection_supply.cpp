#include "modules/energy/city/connection_supply.hpp"

#include <algorithm>
#include <cmath>

#include "core/city/numbers.hpp"
#include "modules/energy/city/grid_sets.hpp"

namespace citytwin::energy {

ConnectionSupply::ConnectionSupply(Setup& setup, const SupplySettings& settings)
    : settings_(settings), battery_s_(setup.attribute("power_connection", "backup_s", "s", 0.0)),
        generator_start_s_(setup.attribute("power_connection", "generator_start_s", "s", 0.0)),
      fuel_s_(setup.attribute("power_connection", "fuel_s", "s", 0.0)), active_(setup.attribute("power_connection", "active", "1", 1.0)),
      reactive_share_(std::sqrt(1 / (settings.power_factor * settings.power_factor) - 1)) {}

void ConnectionSupply::prepare(const City& city) {
    const EntitySet& set = city.at("power_connection");
    bus_ = set.get<Index>("power_bus");
    customers_ = numbers_of(set, "customers", 1);
    customers_total_ = 0;
    for (const double customers : customers_) customers_total_ += customers;
    const std::size_t n = bus_.size();
    dark_since_.assign(n, -1);
    light_since_.assign(n, 0);
    cause_.assign(n, 0);
    load_before_W_.assign(n, 0);
    reactive_W_.assign(n, std::nan(""));
    full_.assign(n, {});
    backup_.assign(n, {});
    attributes_changed();
}

void ConnectionSupply::attributes_changed() {
    for (std::size_t c = 0; c < full_.size(); ++c) {
        const Backup wanted{from_seconds(battery_s_[c]), from_seconds(generator_start_s_[c]), from_seconds(fuel_s_[c])};
        Backup& left = backup_[c];
        left.battery = std::clamp<Microseconds>(left.battery + wanted.battery - full_[c].battery, 0, wanted.battery);
        left.fuel = std::clamp<Microseconds>(left.fuel + wanted.fuel - full_[c].fuel, 0, wanted.fuel);
        left.generator_start = wanted.generator_start;
        full_[c] = wanted;
    }
}

void ConnectionSupply::demand(std::span<const double> load_W, double base_VA, const GridSolver& solver, std::vector<Complex>& by_bus) const {
    std::fill(by_bus.begin(), by_bus.end(), Complex{});
    for (std::size_t c = 0; c < bus_.size(); ++c) {
        if (active_[c] == 0 || !solver.is_live(bus_[c])) continue;
        const double p = load_W[c] / base_VA;
        const double by_factor = p > 0 ? p * reactive_share_ : 0.0;   // what feeds in does so at a power factor of 1
        by_bus[bus_[c]] += Complex{p, std::isnan(reactive_W_[c]) ? by_factor : reactive_W_[c] / base_VA};
    }
}

SuppliedEnergy ConnectionSupply::step(Microseconds from, Microseconds to, std::span<const double> load_W, std::span<double> powered) {
    SuppliedEnergy energy;
    const double seconds = to_seconds(to - from);
    for (std::size_t c = 0; c < bus_.size(); ++c) {
        const bool grid = has_grid(c), carried = !grid && backup_[c].carries(from - dark_since_[c]);
        powered[c] = grid || carried ? 1 : 0;
        if (active_[c] == 0) continue;
        if (grid) {
            (load_W[c] >= 0 ? energy.served : energy.fed_in) += std::abs(load_W[c]) * seconds;
            load_before_W_[c] = load_W[c];
            continue;
        }
        const double wanted_J = std::max(0.0, wanted_W(c, load_W[c])) * seconds;
        (carried ? energy.backup : energy.unserved[cause_[c]]) += wanted_J;
    }
    return energy;
}

double ConnectionSupply::grid_changed(Microseconds now, const GridSolver& solver, OutageCause cause) {
    double went_dark = 0;
    for (std::size_t c = 0; c < bus_.size(); ++c) {
        const bool live = solver.is_live(bus_[c]);
        if (live == has_grid(c)) continue;
        Backup& left = backup_[c];
        if (live) {
            const Microseconds since = now - dark_since_[c];
            end_interruption(c, now, totals_);
            const Microseconds battery = left.battery_used(since), fuel = left.fuel_used(since);
            left.battery -= battery;
            left.fuel -= fuel;
            dark_since_[c] = -1;
            light_since_[c] = now;
        } else {
            const auto charged = static_cast<Microseconds>(static_cast<double>(now - light_since_[c]) * settings_.recharge);
            left.battery = std::min(full_[c].battery, left.battery + charged);
            dark_since_[c] = now;
            cause_[c] = static_cast<std::uint8_t>(cause);
            went_dark += customers_[c];
        }
    }
    return went_dark;
}

void ConnectionSupply::end_interruption(std::size_t c, Microseconds now, InterruptionTotals& totals) const {
    const Microseconds lasted = now - dark_since_[c];
    if (lasted <= 0) return;
    if (lasted <= settings_.sustained) {
        totals.momentary_customers += customers_[c];
        return;
    }
    const double customer_hours = customers_[c] * to_seconds(lasted) / 3600;
    totals.sustained_customers += customers_[c];
    totals.customer_hours += customer_hours;
    totals.customer_hours_by_cause[cause_[c]] += customer_hours;
}

InterruptionTotals ConnectionSupply::totals_at(Microseconds now) const {
    InterruptionTotals totals = totals_;
    for (std::size_t c = 0; c < bus_.size(); ++c) {
        if (!has_grid(c)) end_interruption(c, now, totals);
    }
    return totals;
}

Microseconds ConnectionSupply::next_event(Microseconds now) const {
    Microseconds next = never;
    for (std::size_t c = 0; c < bus_.size(); ++c) {
        if (has_grid(c)) continue;
        const Microseconds change = backup_[c].next_change(now - dark_since_[c]);
        if (change != never) next = std::min(next, dark_since_[c] + change);
    }
    return next;
}

bool ConnectionSupply::any_dark() const {
    return std::any_of(dark_since_.begin(), dark_since_.end(), [](Microseconds since) { return since >= 0; });
}

}  // namespace citytwin::energy
