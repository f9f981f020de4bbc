#include "modules/energy/city/grid_books.hpp"

#include <algorithm>

namespace citytwin::energy {
namespace {

constexpr double joules_per_MWh = 3.6e9;
constexpr Microseconds peak_window = 15 * minute;   // peak demand is a mean of a quarter of an hour

/// A run shorter than a year isn't expanded: its figures are per simulated day.
std::string per(bool annual, const char* unit) { return std::string(unit) + (annual ? "/yr" : "/d"); }

}  // namespace

GridBooks::GridBooks(Setup& setup, const VoltageBand& band)
    : band_(band), electricity_(setup.ledger("electricity", "J")),
      saidi_(setup.kpi("saidi", per(setup.end() >= 365 * day, "h/customer"), Kpi::Better::less,
          "sum(duration x customers out) / customers, interruptions of the grid longer than `sustained`, own backup not counted",
          "Power interruption (SAIDI)")),
      saifi_(setup.kpi("saifi", per(setup.end() >= 365 * day, "1/customer"), Kpi::Better::less,
          "sum(customers interrupted) / customers, the same interruptions", "Power interruptions (SAIFI)")),
      peak_(setup.kpi("peak_demand", "MW", Kpi::Better::less, "highest power from upstream and generators, mean of 15 min, losses included", "Peak demand")),
      load_factor_(setup.kpi("load_factor", "1", Kpi::Better::more, "mean / peak of that", "Load factor")),
      unserved_(setup.kpi("unserved_energy", "MWh", Kpi::Better::less,
          "integral of what consumers without power drew before it went; details by cause", "Unserved energy")),
      losses_(setup.kpi("grid_losses", "%", Kpi::Better::less, "losses in branches and transformers / energy fed in", "Grid losses")),
      low_(setup.warning("CT-ENERGY-050", "times that a bus's voltage was below the planning band (0.95)")), high_(setup.warning("CT-ENERGY-051",
          "times that a bus's voltage was above the planning band (1.05)")),
      overloaded_(setup.warning("CT-ENERGY-052", "times that a branch carried more than its rating")), unsolved_(setup.warning("CT-ENERGY-053",
          "steps without a solution of the power flow; their voltages are the last known ones")),
      annual_(setup.end() >= 365 * day) {}

void GridBooks::prepare(const City& city) {
    city_ = &city;
    breached_bus_.assign(city.at("power_bus").size(), 0);
    breached_branch_.assign(city.at("power_branch").size(), 0);
}

void GridBooks::step(Microseconds from, Microseconds to, const SuppliedEnergy& energy, const GridSolver& solver, double base_VA,
    std::span<const double> loading, double carbon_kg_per_J) {
    const double seconds = to_seconds(to - from), supply_J = solver.supply.re * base_VA * seconds,
        generation_J = solver.generation.re * base_VA * seconds, losses_J = solver.losses.re * base_VA * seconds;
    electricity_.in += std::max(0.0, supply_J) + generation_J + energy.fed_in;
    electricity_.out += energy.served + std::max(0.0, -supply_J);
    electricity_.lost += losses_J;
    Figures& f = figures_;
    f.energy_J += supply_J + generation_J;
    f.losses_J += losses_J;
    f.backup_J += energy.backup;
    f.carbon_kg += std::max(0.0, supply_J) * carbon_kg_per_J;
    for (std::size_t cause = 0; cause < outage_causes; ++cause) f.unserved_J[cause] += energy.unserved[cause];
    const std::int64_t window = (to - 1) / peak_window;
    if (window != f.window) {
        if (f.window_s > 0) f.peak_W = std::max(f.peak_W, f.window_J / f.window_s);
        f.window = window;
        f.window_J = f.window_s = 0;
    }
    f.window_J += supply_J + generation_J;
    f.window_s += seconds;
    if (to % peak_window == 0 || f.window_s >= to_seconds(peak_window)) f.peak_W = std::max(f.peak_W, f.window_J / std::max(f.window_s, 1e-9));
    check(from, solver, loading);
}

void GridBooks::not_solved(Microseconds at, const SuppliedEnergy& energy) {
    unsolved_.add("", at);
    figures_.backup_J += energy.backup;
    for (std::size_t cause = 0; cause < outage_causes; ++cause) figures_.unserved_J[cause] += energy.unserved[cause];
}

void GridBooks::check(Microseconds at, const GridSolver& solver, std::span<const double> loading) {
    const EntitySet &buses = city_->at("power_bus"), &branches = city_->at("power_branch");
    for (Index b = 0; b < breached_bus_.size(); ++b) {
        const double v = solver.voltage[b];
        if (!solver.is_live(b)) continue;
        figures_.voltage_min = std::min(figures_.voltage_min, v);
        figures_.voltage_max = std::max(figures_.voltage_max, v);
        if (v >= band_.low && v <= band_.high) continue;
        (v < band_.low ? low_ : high_).add(buses.id_of(b), at);
        breached_bus_[b] = 1;
    }
    for (Index k = 0; k < breached_branch_.size(); ++k) {
        figures_.loading_max = std::max(figures_.loading_max, loading[k]);
        if (loading[k] <= 1) continue;
        overloaded_.add(branches.id_of(k), at);
        breached_branch_[k] = 1;
    }
}

void GridBooks::close(Microseconds now, const InterruptionTotals& totals, double customers, std::uint64_t trips, std::uint64_t random_faults) {
    const Figures& f = figures_;
    const double periods = static_cast<double>(now) / static_cast<double>(annual_ ? 365 * day : day);
    if (customers > 0 && periods > 0) {
        saidi_.set(totals.customer_hours / customers / periods);
        saifi_.set(totals.sustained_customers / customers / periods);
    } else {
        saidi_.reason = saifi_.reason = "nobody hangs on the grid";
    }
    saidi_.details = {{"customers", customers}};
    for (std::size_t cause = 1; cause < outage_causes; ++cause) {
        if (totals.customer_hours_by_cause[cause] > 0) saidi_.details.emplace_back(std::string(outage_cause_names[cause]) + "_customer_hours",
            totals.customer_hours_by_cause[cause]);
    }
    saifi_.details = {{"momentary_customers", totals.momentary_customers}, {"sustained_customers", totals.sustained_customers}, {"overload_trips",
        static_cast<double>(trips)}, {"random_faults", static_cast<double>(random_faults)}};
    // A window that has only begun proves nothing, unless it is all there is.
    const double peak_W = f.peak_W > 0 || f.window_s <= 0 ? f.peak_W : f.window_J / f.window_s;
    peak_.set(peak_W * 1e-6);
    const double mean_W = now > 0 ? f.energy_J / to_seconds(now) : 0;
    if (peak_W > 0) load_factor_.set(mean_W / peak_W);
    else load_factor_.reason = "nothing was drawn";
    double unserved_J = 0;
    for (const double part : f.unserved_J) unserved_J += part;
    unserved_.set(unserved_J / joules_per_MWh);
    unserved_.details = {{"carried_by_own_backup_MWh", f.backup_J / joules_per_MWh}};
    for (std::size_t cause = 1; cause < outage_causes; ++cause) {
        if (f.unserved_J[cause] > 0) unserved_.details.emplace_back(std::string(outage_cause_names[cause]) + "_MWh", f.unserved_J[cause] / joules_per_MWh);
    }
    if (f.energy_J > 0) losses_.set(100 * f.losses_J / f.energy_J);
    else losses_.reason = "nothing was fed in";
    const auto share = [](const std::vector<std::uint8_t>& breached) {
        return breached.empty() ? 0.0 : static_cast<double>(std::count(breached.begin(), breached.end(),
            std::uint8_t{1})) / static_cast<double>(breached.size());
    };
    losses_.details = {{"fed_in_MWh", f.energy_J / joules_per_MWh}, {"losses_MWh", f.losses_J / joules_per_MWh}, {"upstream_carbon_t",
        f.carbon_kg * 1e-3}, {"voltage_min", f.voltage_min}, {"voltage_max", f.voltage_max},
                       {"loading_max", f.loading_max}, {"share_of_buses_outside_band", share(breached_bus_)}, {"share_of_branches_overloaded",
                           share(breached_branch_)}};
}

}  // namespace citytwin::energy
