// [CONTROLS] and [ENERGY].
#include <fmt/format.h>

#include "modules/water/read/builder.hpp"

namespace citytwin::water {

double setting_in_si(const Network& network, Index link, double setting) {
    switch (network.link_kind[link]) {
        case LinkKind::pressure_reducing:
        case LinkKind::pressure_sustaining:
        case LinkKind::pressure_breaker: return setting * network.units.pressure_m;
        case LinkKind::flow_control: return setting * network.units.flow_m3ps;
        default: return setting;
    }
}

namespace {

/// Status and setting of "LINK x OPEN|CLOSED|value".
bool read_target(NetworkBuilder& builder, RowReader& row, Control& control) {
    const LinkKind kind = builder.network.link_kind[control.link];
    control.status = LinkStatus::active;
    if (row.is(2, "OPEN") || row.is(2, "CLOSED")) {
        const bool open = row.is(2, "OPEN");
        control.status = open ? LinkStatus::open : LinkStatus::closed;
        if (kind == LinkKind::pump) control.setting = open ? 1 : 0;
        if (kind == LinkKind::general_purpose) control.setting = builder.network.initial_setting[control.link];
        return true;
    }
    if (kind == LinkKind::general_purpose) return row.error("CT-WATER-024", fmt::format("the setting of the general-purpose valve '{}' can't be controlled", row[1])), false;
    const auto setting = row.number(2, "setting");
    if (!setting) return false;
    if (kind == LinkKind::pump || kind == LinkKind::pipe) {
        if (*setting < 0) return row.error("CT-WATER-011", fmt::format("the setting of '{}' must not be negative", row[1])), false;
        control.status = *setting == 0 ? LinkStatus::closed : LinkStatus::open;
    }
    control.setting = setting_in_si(builder.network, control.link, *setting);
    return true;
}

bool read_condition(NetworkBuilder& builder, RowReader& row, std::size_t words, Control& control) {
    if (row.is(4, "TIME") || row.is(4, "CLOCKTIME")) {
        control.kind = row.is(4, "CLOCKTIME") ? ControlKind::clock_time : ControlKind::time;
        const auto hours = hours_of(row[5], words > 6 ? row[6] : std::string_view{});
        if (!hours || *hours < 0) return row.error("CT-WATER-016", fmt::format("'{}' is not a time", row[5]), "write hours, h:mm or h AM"), false;
        control.time_s = static_cast<std::int64_t>(3600 * *hours);
        if (control.kind == ControlKind::clock_time) control.time_s %= 86400;
        return true;
    }
    if (words < 8) return row.at_least(9, "expected: LINK id status IF NODE id BELOW|ABOVE value");
    control.node = row.id(5, builder.nodes, "node");
    if (control.node == no_index) return false;
    control.kind = row.is(6, "BELOW") ? ControlKind::below : ControlKind::above;
    if (!row.is(6, "BELOW") && !row.is(6, "ABOVE")) return row.error("CT-WATER-014", fmt::format("'{}' in a control", row[6]), "use BELOW or ABOVE"), false;
    const auto level = row.number(7, "level");
    if (!level) return false;
    const FileUnits& units = builder.network.units;
    control.head_m = builder.network.elevation_m[control.node] + *level * (builder.network.is_junction(control.node) ? units.pressure_m : units.length_m);
    return true;
}

}  // namespace

void NetworkBuilder::read_controls() {
    each_row(Section::controls, [&](RowReader& row) {
        if (!row.at_least(6, "expected: LINK id status AT TIME t, or LINK id status IF NODE id BELOW|ABOVE value")) return;
        Control control;
        std::size_t words = row.size();
        if (begins_with(row.last(), "DISABLED")) control.enabled = false, --words;
        control.link = row.id(1, links, "link");
        if (control.link == no_index) return;
        if (network.link_kind[control.link] == LinkKind::check_valve_pipe) return row.error("CT-WATER-024", fmt::format("the pipe '{}' has a check valve and can't be controlled", row[1]));
        if (read_target(*this, row, control) && read_condition(*this, row, words, control)) network.controls.push_back(control);
    });
}

void NetworkBuilder::read_energy() {
    each_row(Section::energy, [&](RowReader& row) {
        if (!row.at_least(3, "expected: GLOBAL|PUMP id PRICE|PATTERN|EFFIC value")) return;
        HydraulicOptions& options = network.options;
        const std::size_t n = row.size();
        if (row.is(0, "DEMAN")) {
            options.demand_charge = row.not_negative(2, "demand charge").value_or(0);
            return;
        }
        Pump* pump = nullptr;
        if (row.is(0, "PUMP")) {
            const Index link = row.id(1, links, "pump");
            if (link == no_index) return;
            if (network.link_kind[link] != LinkKind::pump) return row.error("CT-WATER-012", fmt::format("[ENERGY] names '{}', which is no pump", row[1]));
            pump = &network.pumps[link - network.pipes];
        } else if (!row.is(0, "GLOB")) {
            return row.error("CT-WATER-014", fmt::format("'{}' in [ENERGY]", row[0]), "use GLOBAL, PUMP or DEMAND CHARGE");
        }
        if (row.is(n - 2, "PRICE")) (pump ? pump->price_per_kwh : options.price_per_kwh) = row.not_negative(n - 1, "price").value_or(0);
        else if (row.is(n - 2, "PATT")) (pump ? pump->price_pattern : options.price_pattern) = pattern_of(row, n - 1);
        else if (row.is(n - 2, "EFFI") && pump) pump->efficiency_curve = row.id(n - 1, curves, "curve");
        else if (row.is(n - 2, "EFFI")) options.pump_efficiency_percent = row.positive(n - 1, "efficiency").value_or(75);
        else row.error("CT-WATER-014", fmt::format("'{}' in [ENERGY]", row[n - 2]), "use PRICE, PATTERN or EFFIC");
    });
}

}  // namespace citytwin::water
