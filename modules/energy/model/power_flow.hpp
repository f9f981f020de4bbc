#pragma once
// The balanced AC power flow of one network as an object that lives as long as a run: switches, taps, units and demand change
// between solves, the ordering stays while the unknowns do, the last voltages are the next start. Results are a function of
// switches, injections and start alone (never of what was solved before), so saving `for_each_column` is enough to go on.
#include <string_view>
#include <vector>

#include "modules/energy/model/newton.hpp"

namespace citytwin::energy {

enum class Start : std::uint8_t { given, last };
enum class StartUsed : std::uint8_t { last, given, dc, flat, none };
std::string_view name_of(StartUsed start);

struct PowerFlowOptions {
    NewtonLimits newton;
    IslandPolicy islands;
    double voltage_low = 0.5, voltage_high = 1.5;   ///< outside is not believed: a small mismatch alone proves nothing
};

struct PowerFlowReport {
    bool converged = false;
    int iterations = 0;               ///< of the attempt that ended it
    StartUsed start = StartUsed::none;
    bool step_control = false;
    double mismatch = 0;
    Index worst_bus = no_index;       ///< of the largest mismatch
    int diverged_at = 0;              ///< iterations of the first attempt, if none converged
    std::vector<Index> implausible_buses;   ///< |V| outside the believed range
};

class PowerFlow {
public:
    /// The network must outlive this.
    explicit PowerFlow(const PowerNetwork& network, const PowerFlowOptions& options = {});

    // --- what may change between two solves
    void set_branch_closed(std::size_t branch, bool closed) { change(switches_.branch_closed[branch], static_cast<std::uint8_t>(closed)); }
    void set_unit_on(std::size_t unit, bool on) { change(switches_.unit_on[unit], static_cast<std::uint8_t>(on)); }
    void set_bus_dead(std::size_t bus, bool dead) { change(switches_.bus_dead[bus], static_cast<std::uint8_t>(dead)); }
    void set_tap(std::size_t branch, double ratio, double shift_rad) {
        change(switches_.ratio[branch], ratio);
        change(switches_.shift_rad[branch], shift_rad);
    }
    void set_setpoint(std::size_t unit, double magnitude) { change(switches_.setpoint[unit], magnitude); }
    /// Switches, taps and setpoints as in another solver of the same network.
    void take_switches(const PowerFlow& other) {
        switches_ = other.switches_;
        stale_ = true;
    }
    std::vector<Complex> demand;       ///< by bus, per unit, P + jQ drawn
    std::vector<Complex> unit_power;   ///< by unit, per unit; of units that control voltage only P counts, of slack units nothing

    /// Starts in turn: the last voltages (if asked for and there), the network's own, DC angles, flat; then the same with step control.
    /// A solution with voltages that can't be believed is taken only if no start leads to another one.
    PowerFlowReport solve(Start start = Start::last);

    // --- results of the last solve; buses without voltage (dead, isolated, or nothing converged) have NaN
    std::vector<double> voltage, angle_rad;   ///< by bus
    [[nodiscard]] Complex node_voltage(Index node) const { return {voltages_.re[node], voltages_.im[node]}; }
    [[nodiscard]] const Topology& topology();
    [[nodiscard]] const SwitchState& switches() const { return switches_; }
    [[nodiscard]] const PowerNetwork& network() const { return *network_; }
    [[nodiscard]] const NodeAdmittance& admittance() const { return admittance_; }
    [[nodiscard]] const Newton& newton() const { return newton_; }
    [[nodiscard]] const NodeVoltages& node_voltages() const { return voltages_; }
    /// Power wanted into each node: units minus demand.
    void injections(std::vector<Complex>& target) const;

    // --- state
    template <class Visit>
    void for_each_column(Visit&& visit) {
        visit("branch_closed", switches_.branch_closed);
        visit("unit_on", switches_.unit_on);
        visit("bus_dead", switches_.bus_dead);
        visit("ratio", switches_.ratio);
        visit("shift_rad", switches_.shift_rad);
        visit("setpoint", switches_.setpoint);
        visit("demand", demand);
        visit("unit_power", unit_power);
        visit("voltage", voltage);
        visit("angle_rad", angle_rad);
    }
    /// After the columns were replaced.
    void loaded();

private:
    template <class T>
    void change(T& value, T wanted) {
        if (value == wanted) return;
        value = wanted;
        stale_ = true;
    }
    void prepare();
    NodeVoltages last_start() const;
    bool attempt(StartUsed start, bool step_control, PowerFlowReport& report);
    [[nodiscard]] bool is_plausible() const;
    void publish(const PowerFlowReport& report);

    const PowerNetwork* network_;
    PowerFlowOptions options_;
    SwitchState switches_;
    Topology topology_;
    NodeAdmittance admittance_;
    Newton newton_;
    NodeVoltages voltages_, given_;
    std::vector<Complex> target_;
    bool stale_ = false;
};

}  // namespace citytwin::energy
