#pragma once
// Flows and heads of a network over time: the global gradient method (Todini & Pilati 1988) with the order of trials, statuses and events of
// EPANET 2.3, so that its answers are met where it has them; a run always reaches its end, and each solve certifies itself.
// The caller solves, looks, and steps:  start(); do { solve(); … } while (step() > 0);
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "modules/water/model/certificate.hpp"
#include "modules/water/model/elimination.hpp"
#include "modules/water/model/network.hpp"

namespace citytwin::water {

struct PumpEnergy {
    double power_kw = 0, efficiency = 0;      ///< now; efficiency 0: not running
    double hours_on = 0, energy_kwh = 0, cost = 0, power_max_kw = 0, efficiency_hours = 0, kwh_per_flow = 0;
};

/// All that a run carries from step to step.
struct HydraulicState {
    std::int64_t time_s = 0, next_report_s = 0;
    EventCause cause = EventCause::start;
    std::vector<double> head_m;                           ///< by row (Elimination), fixed heads behind
    std::vector<double> flow_m3ps, setting;               ///< by link
    std::vector<LinkStatus> status;
    std::vector<std::uint8_t> blocked;                    ///< closed from outside: no power, broken, shut
    std::vector<double> demand_m3ps, full_demand_m3ps;    ///< by row: served and wanted
    std::vector<double> outside_demand_m3ps;              ///< by row, NaN: as the patterns say
    std::vector<double> emitter_flow_m3ps;                ///< by emitter
    std::vector<double> leak_fixed_m3ps, leak_growing_m3ps;   ///< by leak
    std::vector<double> tank_volume_m3, tank_inflow_m3ps; ///< by tank
    std::vector<PumpEnergy> pumps;
    double peak_power_kw = 0, system_demand_m3ps = 0;
};

class Hydraulics {
public:
    explicit Hydraulics(std::shared_ptr<const Network> network);
    Hydraulics(std::shared_ptr<const Network> network, std::shared_ptr<const Elimination> elimination);

    /// Time 0, as the file begins.
    void start();
    /// Demands, controls and the hydraulic equations at `time_s`.
    const Certificate& solve();
    /// Moves the clock to the next event, but not beyond `until_s` (or the file's duration if that is sooner and `until_s` isn't given);
    /// tanks and energy follow. Returns the seconds gone; 0 at the end.
    std::int64_t step(std::int64_t until_s = -1);

    [[nodiscard]] const Network& network() const { return *network_; }
    [[nodiscard]] const std::shared_ptr<const Elimination>& elimination() const { return elimination_; }
    [[nodiscard]] std::int64_t time_s() const { return state_.time_s; }
    [[nodiscard]] const Certificate& certificate() const { return certificate_; }
    [[nodiscard]] double head_m(Index node) const { return state_.head_m[elimination_->row_of_node(node)]; }
    /// Outflow of a junction (demand, emitter, leak), inflow of a tank or reservoir.
    [[nodiscard]] double outflow_m3ps(Index node) const;
    [[nodiscard]] double demand_m3ps(Index junction) const { return state_.demand_m3ps[elimination_->row_of_node(junction)]; }
    [[nodiscard]] double full_demand_m3ps(Index junction) const { return state_.full_demand_m3ps[elimination_->row_of_node(junction)]; }
    /// 0 for a closed link.
    [[nodiscard]] double flow_m3ps(Index link) const { return passes(link) ? state_.flow_m3ps[link] : 0; }
    [[nodiscard]] LinkStatus status(Index link) const { return state_.blocked[link] ? LinkStatus::closed : state_.status[link]; }
    [[nodiscard]] double setting(Index link) const { return state_.setting[link]; }
    [[nodiscard]] double tank_level_m(std::size_t tank) const { return head_m(network_->tanks[tank].node) - network_->elevation_m[network_->tanks[tank].node]; }
    [[nodiscard]] std::span<const PumpEnergy> pump_energy() const { return state_.pumps; }
    [[nodiscard]] const HydraulicState& state() const { return state_; }
    /// Junctions that no open link joins to a reservoir or tank.
    [[nodiscard]] std::span<const Index> cut_junctions() const { return cut_junctions_; }
    /// Has the node an open way to a source? Its head is no figure otherwise.
    [[nodiscard]] bool is_supplied(Index node) const { return supplied_[elimination_->row_of_node(node)] != 0; }
    /// Links whose status kept changing in the last solve that says status_cycle.
    [[nodiscard]] std::span<const Index> cycling_links() const { return cycling_links_; }

    // From outside, between solves; they hold until set again.
    void set_outside_demand(Index junction, double m3ps);
    void clear_outside_demand(Index junction);
    /// Closes a link whatever controls say (no power at a pump, a broken pipe) and gives it back.
    void set_blocked(Index link, bool blocked);
    void set_status(Index link, bool open);
    void set_setting(Index link, double value_si);
    void set_tank_level(std::size_t tank, double level_m);
    /// A pipe's roughness and diameter (a replacement); the topology stays.
    void set_pipe(Index pipe, double diameter_m, double roughness);
    /// An emitter's resistance (0: none); only where the network has one.
    void set_emitter(std::size_t emitter, double resistance);

    /// The state as bytes, and back into a run of the same network: the same digits follow.
    [[nodiscard]] std::string save() const;
    void load(std::string_view bytes);

private:
    struct FixedEnd {
        Index link, row, fixed_row;
        double sign;   ///< +1: the fixed head is the link's first node
    };
    struct ValveNode {
        Index row, node;
        std::vector<std::pair<Index, double>> links;   ///< link, +1 into the node
        std::vector<Index> emitters, leaks;
    };
    struct OutflowLaw {
        double loss_m = 0, gradient = 0;
    };
    struct Balance {
        double change = 0, total = 0, greatest_change = 0;
    };

    // hydraulics.cpp
    void prepare_links();
    void prepare_valve_nodes();
    [[nodiscard]] bool passes(Index link) const { return !is_closed(state_.status[link]) && !state_.blocked[link]; }
    void change_status(Index link, LinkStatus status);
    void open_or_close(Index link, bool open);
    void change_setting(Index link, double setting);
    void reset_pump_flow(Index link);
    double initial_flow(Index link) const;
    // pipe_laws.cpp
    void evaluate_pipes();
    // link_laws.cpp
    void evaluate_pumps();
    void evaluate_pump(std::size_t pump);
    void evaluate_valves();
    void evaluate_valve(Index link);
    void evaluate_plain_valve(Index link, double minor, bool closed);
    // outflow_laws.cpp
    void add_outflows();
    void update_outflows(Balance& balance, double relax);
    bool leaks_agree() const;
    bool pressure_demands_agree() const;
    // matrix.cpp
    void assemble();
    void assemble_valves();
    double excess_at(const ValveNode& node) const;
    void update_flows(Balance& balance, double relax);
    void update_tank_inflows();
    double head_residual(Index* link) const;
    // trials.cpp
    bool trial_loop();
    bool linear_solve();
    bool release_valve_at(Index row);
    bool has_converged(double error);
    bool rescue();
    void note_cycle();
    // balance_flows.cpp
    void balance_flows();
    // statuses.cpp
    bool check_valve_statuses();
    bool check_link_statuses();
    bool check_pressure_controls();
    LinkStatus reducing_valve_status(Index link, double setting_head, double h1, double h2) const;
    LinkStatus sustaining_valve_status(Index link, double setting_head, double h1, double h2) const;
    LinkStatus flow_valve_status(Index link, LinkStatus before, double h1, double h2) const;
    LinkStatus pump_status(Index link, double gain) const;
    void check_tank_end(Index link, std::size_t tank, double outflow);
    // time_steps.cpp
    void set_demands();
    void apply_controls();
    std::int64_t step_length(std::int64_t until_s);
    void limit_by_tanks(std::int64_t& step);
    void limit_by_controls(std::int64_t& step);
    void fill_tanks(std::int64_t seconds);
    std::int64_t step_through_rules(std::int64_t step);
    // rules.cpp
    bool fire_rules(std::int64_t interval_s);
    bool holds(const Rule& rule, std::int64_t interval_begin_s) const;
    bool holds(const RulePremise& premise, std::int64_t interval_begin_s) const;
    bool value_holds(const RulePremise& premise) const;
    bool act(const RuleAction& action);
    // energy.cpp
    void measure_pumps();
    void add_energy(std::int64_t seconds);
    // certify.cpp
    void certify();
    void find_supplied();
    void measure_mass(bool through_closed);
    double cut_behind_flow_control();
    void stop_seepage();
    /// By row: the least row of its part, and (by that row) whether a tank or reservoir is in it.
    struct Parts {
        std::vector<Index> root;
        std::vector<std::uint8_t> has_source;
    };
    template <class Leads>
    [[nodiscard]] Parts parts_between(const Leads& leads) const;

    std::shared_ptr<const Network> network_;
    std::shared_ptr<const Elimination> elimination_;
    HydraulicState state_;
    Certificate certificate_;

    // Links as the solver wants them.
    std::vector<Index> row_from_, row_to_, place_;
    std::vector<double> resistance_, minor_, relative_roughness_, viscous_;
    std::vector<double> positional_loss_;                 ///< by valve
    std::vector<double> emitter_resistance_;
    std::vector<std::int64_t> closed_mask_;               ///< by pipe: all bits set when it passes nothing
    std::vector<double> loss_, conductance_;              ///< by link: h and 1 / (dh/dq); control valves: see step_
    std::vector<double> valve_step_;                      ///< by valve that holds a head or flow: its flow change at equal heads
    std::vector<FixedEnd> fixed_ends_;
    std::vector<Index> watched_;                          ///< links that change status by themselves, ascending
    std::vector<Index> control_valves_;                   ///< PRV, PSV, FCV
    std::vector<ValveNode> valve_nodes_;
    std::vector<Index> valve_node_from_, valve_node_to_;  ///< by control valve
    std::vector<double> row_elevation_m_;
    std::vector<double> positive_demand_;                 ///< scratch
    // Workspace of a trial.
    std::vector<double> diagonal_, lower_, right_side_, ground_;
    std::vector<OutflowLaw> emitter_law_, leak_fixed_law_, leak_growing_law_, demand_law_;
    std::vector<double> fcv_excess_;                      ///< by valve node: what active flow valves before it add
    double hazen_exponent_ = 1.852;
    bool pipes_current_ = false, supply_current_ = false;
    std::int64_t demand_period_ = -1;
    bool demands_current_ = false, held_statuses_ = false, valve_released_ = false, grounded_ = false;
    std::vector<std::uint8_t> supplied_;
    std::vector<Index> cut_junctions_, cycling_links_;
    std::uint32_t zones_ = 1;
    std::vector<std::uint16_t> status_changes_;           ///< by link, in this solve
    std::vector<double> mass_;                            ///< scratch by row
};

}  // namespace citytwin::water
