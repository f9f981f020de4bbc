#pragma once
// A water network as numbers: what the file says, in SI, nothing that changes during a run. Junctions are the nodes [0, junctions),
// reservoirs and tanks follow; links are pipes, then pumps, then valves, each in the order of the file.
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin::water {

enum class LinkKind : std::uint8_t { check_valve_pipe, pipe, pump, pressure_reducing, pressure_sustaining, pressure_breaker, flow_control, throttle, general_purpose, positional };

/// All up to `closed` pass no water. The order is used in comparisons.
enum class LinkStatus : std::uint8_t { no_head, temporarily_closed, closed, open, active, cannot_deliver_flow, cannot_hold_pressure };
inline bool is_closed(LinkStatus status) { return status <= LinkStatus::closed; }

enum class HeadLoss : std::uint8_t { hazen_williams, darcy_weisbach, chezy_manning };
enum class DemandModel : std::uint8_t { demand_driven, pressure_driven };
inline constexpr double no_setting = -1e10;   ///< a valve fixed open or closed

struct Curve {
    std::string id;
    std::vector<double> x, y;
    /// Linear between points, constant beyond the ends.
    [[nodiscard]] double value(double at) const;
    /// The same from y to x (volume to level).
    [[nodiscard]] double inverse(double at) const;
    /// Intercept and slope of the segment around `at`; end segments go on.
    void segment(double at, double& intercept, double& slope) const;
};

struct Tank {
    Index node = no_index;
    double area_m2 = 0;   ///< 0: a reservoir
    double head_initial_m = 0, head_min_m = 0, head_max_m = 0;
    double volume_initial_m3 = 0, volume_min_m3 = 0, volume_max_m3 = 0;
    Index volume_curve = no_index, head_pattern = no_index;
    bool can_overflow = false;
    [[nodiscard]] bool is_reservoir() const { return area_m2 == 0; }
};

enum class PumpKind : std::uint8_t { power_function, piecewise, constant_power };
struct Pump {
    Index link = no_index;
    PumpKind kind = PumpKind::power_function;
    double shutoff_head_m = 0, coefficient = 0, exponent = 1;   ///< gain = w^2 shutoff - coefficient w^(2-n) q^n
    double flow_initial_m3ps = 0, flow_max_m3ps = 0, head_max_m = 0;
    Index head_curve = no_index, efficiency_curve = no_index, speed_pattern = no_index, price_pattern = no_index;
    double price_per_kwh = 0;
};

struct Valve {
    Index link = no_index;
    Index curve = no_index;   ///< loss of a general-purpose valve, opening of a positional one
};

/// Outflow through an orifice: loss = resistance q^(1/gamma), from the junction's elevation.
struct Emitter {
    Index node = no_index;
    double resistance = 0;
};

/// Leaks of the half pipes at a junction (FAVAD; May 1994): resistances of the fixed (q^2) and the growing (q^(2/3)) orifice.
struct Leak {
    Index node = no_index;
    double fixed_resistance = 0, growing_resistance = 0;
};

enum class ControlKind : std::uint8_t { below, above, time, clock_time };
struct Control {
    ControlKind kind = ControlKind::time;
    Index link = no_index, node = no_index;
    LinkStatus status = LinkStatus::open;
    double setting = no_setting, head_m = 0;
    std::int64_t time_s = 0;
    bool enabled = true;
};

enum class RuleObject : std::uint8_t { node, link, system };
enum class RuleVariable : std::uint8_t { demand, head, level, pressure, flow, status, setting, fill_time, drain_time, time, clock_time };
enum class Relation : std::uint8_t { equal, not_equal, less_equal, greater_equal, less, greater };
struct RulePremise {
    bool is_or = false;
    RuleObject object = RuleObject::system;
    Index index = no_index;
    RuleVariable variable = RuleVariable::time;
    Relation relation = Relation::equal;
    double value = 0;               ///< in file units, as the rule was written (its tolerance is too); times in seconds
    bool tests_status = false;
    LinkStatus status = LinkStatus::open;
};
struct RuleAction {
    Index link = no_index;
    double setting = no_setting;    ///< or, if none, the status
    LinkStatus status = LinkStatus::open;
};
struct Rule {
    std::string id;
    std::vector<RulePremise> premises;
    std::vector<RuleAction> then_actions, else_actions;
    double priority = 0;
    bool enabled = true;
};

/// One of a file's unit in SI.
struct FileUnits {
    double flow_m3ps = 1, length_m = 1, head_m = 1, pressure_m = 1, diameter_m = 1, volume_m3 = 1;
    bool us_customary = false;
    std::string flow_name = "CMS";
};

struct HydraulicOptions {
    HeadLoss head_loss = HeadLoss::hazen_williams;
    DemandModel demand_model = DemandModel::demand_driven;
    double viscosity_m2ps = 0, specific_gravity = 1;
    double accuracy = 0.001, head_error_m = 0, flow_change_m3ps = 0, damp_limit = 0;
    double head_tolerance_m = 0, flow_tolerance_m3ps = 0, gradient_tolerance = 0;
    std::int32_t trials = 200, extra_trials = -1, check_frequency = 2, max_check = 10;
    double pressure_min_m = 0, pressure_required_m = 0, pressure_exponent = 0.5;
    double emitter_exponent = 2;   ///< 1 / gamma
    bool emitter_backflow = true;
    double demand_multiplier = 1;
    double pump_efficiency_percent = 75, price_per_kwh = 0, demand_charge = 0;
    Index price_pattern = no_index;
    bool certify = false;          ///< goes on until the certificate holds, not only the file's ACCURACY
};

struct RunTimes {
    std::int64_t duration_s = 0, hydraulic_step_s = 3600, pattern_step_s = 3600, pattern_start_s = 0, report_step_s = 3600, report_start_s = 0, rule_step_s = 360, quality_step_s = 300, clock_start_s = 0;
};

struct Network {
    std::string title;
    FileUnits units;
    HydraulicOptions options;
    RunTimes times;

    Index junctions = 0;
    std::vector<std::string> node_id;
    std::vector<double> elevation_m;                       ///< a reservoir's: its head
    std::vector<double> x, y;                              ///< coordinates of the file, NaN where there are none
    std::vector<Index> first_demand;                       ///< junctions + 1
    std::vector<double> demand_m3ps;                       ///< of each category
    std::vector<Index> demand_pattern;                     ///< no_index: constant
    std::vector<std::vector<double>> patterns;
    std::vector<std::string> pattern_id;
    std::vector<Tank> tanks;                               ///< node = junctions + position
    std::vector<Emitter> emitters;
    std::vector<Leak> leaks;

    Index pipes = 0;
    std::vector<std::string> link_id;
    std::vector<LinkKind> link_kind;
    std::vector<Index> link_from, link_to;
    std::vector<double> length_m, diameter_m, roughness;   ///< C, metres (Darcy-Weisbach) or n
    std::vector<double> resistance;                        ///< of friction: h = r q^n; Darcy-Weisbach without the factor
    std::vector<double> minor_resistance;                  ///< h = m q^2
    std::vector<LinkStatus> initial_status;
    std::vector<double> initial_setting;
    std::vector<Pump> pumps;                               ///< link = pipes + position
    std::vector<Valve> valves;                             ///< link = pipes + pumps + position
    std::vector<Curve> curves;
    std::vector<Control> controls;
    std::vector<Rule> rules;

    [[nodiscard]] std::size_t nodes() const { return node_id.size(); }
    [[nodiscard]] std::size_t links() const { return link_id.size(); }
    [[nodiscard]] bool is_junction(Index node) const { return node < junctions; }
    [[nodiscard]] const Tank& tank_of(Index node) const { return tanks[node - junctions]; }
    [[nodiscard]] const Pump& pump_of(Index link) const { return pumps[link - pipes]; }
    [[nodiscard]] const Valve& valve_of(Index link) const { return valves[link - pipes - pumps.size()]; }
};

double tank_volume_m3(const Network& network, const Tank& tank, double head_m);
double tank_head_m(const Network& network, const Tank& tank, double volume_m3);
/// Loss coefficient (h = m q^2) of a positional control valve open to `percent`.
double positional_valve_loss(const Network& network, Index link, double percent);
/// Friction r of a pipe from its length, diameter and roughness (section 3 of the users' manual's appendix D).
double pipe_resistance(HeadLoss formula, double length_m, double diameter_m, double roughness);

}  // namespace citytwin::water
