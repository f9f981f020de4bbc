// [PIPES] [PUMPS] [VALVES] [STATUS] [LEAKAGE].
#include <fmt/format.h>

#include <charconv>

#include "modules/water/read/builder.hpp"

namespace citytwin::water {
namespace {

std::optional<LinkKind> valve_kind(RowReader& row) {
    static constexpr std::pair<const char*, LinkKind> kinds[] = {{"PRV", LinkKind::pressure_reducing}, {"PSV", LinkKind::pressure_sustaining}, {"PBV", LinkKind::pressure_breaker}, {"FCV", LinkKind::flow_control},
                                                                 {"TCV", LinkKind::throttle}, {"GPV", LinkKind::general_purpose}, {"PCV", LinkKind::positional}};
    for (const auto& [word, kind] : kinds)
        if (row.is(4, word)) return kind;
    row.error("CT-WATER-014", fmt::format("valve '{}' is of the kind '{}'", row[0], row[4]), "use PRV, PSV, PBV, FCV, TCV, GPV or PCV");
    return std::nullopt;
}

/// The whole number an id begins with, 0 if none (ranges of ids in [STATUS]).
long leading_number(std::string_view id) {
    long value = 0;
    std::from_chars(id.data(), id.data() + id.size(), value);
    return value;
}

}  // namespace

bool NetworkBuilder::add_link(RowReader& row, LinkKind kind) {
    const Index from = row.id(1, nodes, "node"), to = row.id(2, nodes, "node");
    if (from == no_index || to == no_index) return false;
    if (from == to) return row.error("CT-WATER-023", fmt::format("link '{}' begins and ends at node '{}'", row[0], row[1])), false;
    if (!links.add(row[0], static_cast<Index>(network.link_id.size()), row.line()))
        return row.error("CT-WATER-020", fmt::format("link '{}' is defined twice; first in line {}", row[0], links.line_of(row[0])), "pipes, pumps and valves share their ids"), false;
    network.link_id.emplace_back(row[0]);
    network.link_kind.push_back(kind);
    network.link_from.push_back(from);
    network.link_to.push_back(to);
    network.length_m.push_back(0);
    network.diameter_m.push_back(0);
    network.roughness.push_back(0);
    network.resistance.push_back(0);
    network.minor_resistance.push_back(0);   // the loss coefficient until finish_links
    network.initial_status.push_back(LinkStatus::open);
    network.initial_setting.push_back(0);
    link_line.push_back(row.line());
    return true;
}

void NetworkBuilder::read_pipes() {
    links.reserve(document.rows_of(Section::pipes) + document.rows_of(Section::pumps) + document.rows_of(Section::valves));
    each_row(Section::pipes, [&](RowReader& row) {
        if (!row.at_least(6, "expected: id, node, node, length, diameter, roughness[, minor loss][, status]")) return;
        const auto length = row.positive(3, "length"), diameter = row.positive(4, "diameter"), roughness = row.positive(5, "roughness");
        LinkKind kind = LinkKind::pipe;
        LinkStatus status = LinkStatus::open;
        double minor = 0;
        for (std::size_t i = 6; i < row.size() && i < 8; ++i) {   // a minor loss, a status or both
            if (row.is(i, "CV")) kind = LinkKind::check_valve_pipe;
            else if (row.is(i, "CLOSED")) status = LinkStatus::closed;
            else if (row.is(i, "OPEN")) status = LinkStatus::open;
            else if (i == 6) minor = row.not_negative(i, "minor loss").value_or(0);
            else row.error("CT-WATER-014", fmt::format("status of pipe '{}' is '{}'", row[0], row[i]), "use OPEN, CLOSED or CV");
        }
        if (!length || !diameter || !roughness || !add_link(row, kind)) return;
        network.length_m.back() = *length * network.units.length_m;
        network.diameter_m.back() = *diameter * network.units.diameter_m;
        network.roughness.back() = *roughness;
        network.minor_resistance.back() = minor;
        network.initial_status.back() = status;
        network.initial_setting.back() = *roughness;
    });
    network.pipes = static_cast<Index>(network.link_id.size());
    leak_area_mm2.assign(network.pipes, 0);
    leak_growth_mm2pm.assign(network.pipes, 0);
}

void NetworkBuilder::read_pumps() {
    each_row(Section::pumps, [&](RowReader& row) {
        if (!row.at_least(3, "expected: id, node, node, keyword value …") || !add_link(row, LinkKind::pump)) return;
        Pump pump;
        pump.link = static_cast<Index>(network.link_id.size() - 1);
        double power = 0, speed = 1;
        for (std::size_t i = 3; i + 1 < row.size(); i += 2) {
            if (row.is(i, "POWER")) power = row.positive(i + 1, "power").value_or(0);
            else if (row.is(i, "HEAD")) pump.head_curve = row.id(i + 1, curves, "curve");
            else if (row.is(i, "PATT")) pump.speed_pattern = pattern_of(row, i + 1);
            else if (row.is(i, "SPEE")) speed = row.not_negative(i + 1, "speed").value_or(1);
            else row.error("CT-WATER-014", fmt::format("pump '{}' has the unknown property '{}'", row[0], row[i]), "use HEAD, POWER, SPEED or PATTERN");
        }
        network.initial_setting.back() = speed;
        network.pumps.push_back(pump);
        pump_power_kw.push_back(power);
    });
}

void NetworkBuilder::read_valves() {
    each_row(Section::valves, [&](RowReader& row) {
        if (!row.at_least(5, "expected: id, node, node, diameter, kind, setting[, minor loss]")) return;
        const auto kind = valve_kind(row);
        const auto diameter = row.positive(3, "diameter");
        if (!kind || !diameter || !add_link(row, *kind)) return;
        Valve valve;
        valve.link = static_cast<Index>(network.link_id.size() - 1);
        network.diameter_m.back() = *diameter * network.units.diameter_m;
        network.initial_status.back() = LinkStatus::active;
        double setting = 0;
        if (*kind == LinkKind::general_purpose) {
            if (row.size() > 5) valve.curve = row.id(5, curves, "curve");
            network.initial_status.back() = LinkStatus::open;
        } else if (row.size() > 5) {
            setting = row.number(5, "setting").value_or(0);
        }
        if (row.size() > 6) network.minor_resistance.back() = row.not_negative(6, "minor loss").value_or(0);
        if (row.size() > 7 && *kind == LinkKind::positional) valve.curve = row.id(7, curves, "curve"), setting = std::min(setting, 100.0);
        network.initial_setting.back() = setting;
        network.valves.push_back(valve);
    });
}

void set_initial(NetworkBuilder& builder, Index link, std::optional<LinkStatus> status, double setting) {
    Network& network = builder.network;
    const LinkKind kind = network.link_kind[link];
    if (kind == LinkKind::pipe || kind == LinkKind::general_purpose) {
        if (status) network.initial_status[link] = *status;
    } else if (kind == LinkKind::pump) {
        if (!status) network.initial_setting[link] = setting, status = setting == 0 ? LinkStatus::closed : LinkStatus::open;
        else network.initial_setting[link] = *status == LinkStatus::open ? 1 : 0;
        network.initial_status[link] = *status;
    } else if (kind > LinkKind::pump) {
        if (!status) network.initial_setting[link] = setting;
        network.initial_status[link] = status.value_or(LinkStatus::active);
    }
}

void NetworkBuilder::read_status() {
    each_row(Section::status, [&](RowReader& row) {
        if (!row.at_least(2, "expected: link, status or setting")) return;
        const std::size_t n = row.size() - 1;
        std::optional<LinkStatus> status;
        double setting = 0;
        if (row.is(n, "OPEN")) status = LinkStatus::open;
        else if (row.is(n, "CLOSED")) status = LinkStatus::closed;
        else if (const auto value = row.not_negative(n, "setting")) setting = *value;
        else return;
        if (n == 1) {
            const Index link = row.id(0, links, "link");
            if (link == no_index) return;
            const LinkKind kind = network.link_kind[link];
            if (kind == LinkKind::check_valve_pipe || (kind == LinkKind::general_purpose && !status))
                return row.error("CT-WATER-024", fmt::format("the status of '{}' can't be set: it is a {}", row[0], kind == LinkKind::general_purpose ? "general-purpose valve" : "pipe with a check valve"));
            return set_initial(*this, link, status, setting);
        }
        const long from = leading_number(row[0]), to = leading_number(row[1]);
        for (Index k = 0; k < network.link_id.size(); ++k) {   // a range of ids
            const std::string_view id = network.link_id[k];
            const long number = leading_number(id);
            if (from > 0 && to > 0 ? number >= from && number <= to : id >= row[0] && id <= row[1]) set_initial(*this, k, status, setting);
        }
    });
}

void NetworkBuilder::read_leakage() {
    each_row(Section::leakage, [&](RowReader& row) {
        if (!row.at_least(3, "expected: pipe, area (mm2), growth (mm2 a metre)")) return;
        const Index link = row.id(0, links, "link");
        const auto area = row.not_negative(1, "leak area"), growth = row.not_negative(2, "leak growth");
        if (link == no_index || !area || !growth) return;
        if (link >= network.pipes) return row.warning("CT-WATER-021", fmt::format("a leak of '{}', which is no pipe, has no effect", row[0]));
        leak_area_mm2[link] = *area;
        leak_growth_mm2pm[link] = *growth;
    });
}

}  // namespace citytwin::water
