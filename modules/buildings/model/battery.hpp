#pragma once
// Batteries behind the meter: E' = E (1 - s dt) + eta_c P_c dt - P_d dt / eta_d, within power, capacity and reserve, never charging and
// discharging at once. Rules: use one's own solar power, or keep the connection below a limit.
#include <algorithm>
#include <vector>

namespace citytwin::buildings {

enum class BatteryRule { self_consumption, peak_shaving };

struct BatterySettings {
    BatteryRule rule = BatteryRule::self_consumption;
    double charge_efficiency = 0.95, discharge_efficiency = 0.95;
    double self_discharge_per_s = 0;
    double reserve_share = 0;        ///< of the capacity, never used
    double rate_per_s = 1.0 / 7200;  ///< rated power per capacity: empty in two hours
};

/// What a battery does in a step: at most one of charge and discharge is above 0. Watts at its terminals; `loss_J` in the battery.
struct BatteryStep {
    double charge_W = 0, discharge_W = 0, loss_J = 0;
};

/// `net_W` = load less own generation at the connection, `limit_W` the peak that shaving holds (unused by self-consumption).
inline BatteryStep step_battery(double& energy_J, double capacity_J, double net_W, double limit_W, double seconds, const BatterySettings& settings) {
    BatteryStep result;
    if (capacity_J <= 0) return result;
    const double rated_W = capacity_J * settings.rate_per_s, kept_J = energy_J * (1 - settings.self_discharge_per_s * seconds);
    result.loss_J = energy_J - kept_J;
    const double wanted_W = settings.rule == BatteryRule::peak_shaving ? net_W - limit_W : net_W;   // above 0: discharge
    if (wanted_W > 0) {
        const double usable_J = std::max(0.0, kept_J - settings.reserve_share * capacity_J);
        result.discharge_W = std::min({wanted_W, rated_W, usable_J * settings.discharge_efficiency / seconds});
    } else if (wanted_W < 0) {
        result.charge_W = std::min({-wanted_W, rated_W, std::max(0.0, capacity_J - kept_J) / (settings.charge_efficiency * seconds)});
    }
    energy_J = kept_J + settings.charge_efficiency * result.charge_W * seconds - result.discharge_W * seconds / settings.discharge_efficiency;
    result.loss_J += ((1 - settings.charge_efficiency) * result.charge_W + (1 / settings.discharge_efficiency - 1) * result.discharge_W) * seconds;
    return result;
}

}  // namespace citytwin::buildings
