#include "modules/water/city/street_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

#include "modules/water/city/daily_profile.hpp"

namespace citytwin::water {
namespace {

using geodata::WaterLayout;
using geodata::WaterLinkKind;
using geodata::WaterNodeKind;

constexpr double litres = 1000, millimetres = 1000;
constexpr double least_pressure_m = 5;   ///< of an estimate that leakage is shared by

std::string node_id(const WaterLayout& layout, Index n) {
    const char letter = layout.node_kind[n] == WaterNodeKind::source ? 'R' : layout.node_kind[n] == WaterNodeKind::tank ? 'T' : 'J';
    return fmt::format("{}{}", letter, n);
}
std::string link_id(const WaterLayout& layout, Index l) {
    const char letter = layout.link_kind[l] == WaterLinkKind::pipe ? 'P' : layout.link_kind[l] == WaterLinkKind::pump ? 'U' : 'V';
    return fmt::format("{}{}", letter, l);
}

class InpText {
public:
    InpText(const WaterLayout& layout, const geodata::WaterLayoutOptions& laid, const StreetNetworkOptions& options) : layout_(layout), laid_(laid), options_(options) {}

    std::string text() {
        add("[TITLE]\nSynthetic network laid along streets by citytwin: a stand-in, nothing about the real network can be read from it\n");
        add_nodes();
        add_links();
        add_leaks();
        add_pattern();
        add_controls();
        add("\n[TIMES]\n Duration 24:00\n Hydraulic Timestep 1:00\n Pattern Timestep 1:00\n Report Timestep 1:00\n");
        add("\n[OPTIONS]\n Units LPS\n Headloss H-W\n Accuracy 0.000001\n HeadError 0.0001\n Trials 200\n Unbalanced Continue 10\n Demand Model PDA\n Minimum Pressure 0\n Required Pressure {:.17g}\n"
            " Pressure Exponent 0.5\n Emitter Exponent 0.5\n Backflow Allowed NO\n",
            options_.pressure_required_m);
        add_coordinates();
        add("\n[END]\n");
        return std::move(out_);
    }

private:
    template <class... Words>
    void add(fmt::format_string<Words...> words, Words&&... values) {
        fmt::format_to(std::back_inserter(out_), words, std::forward<Words>(values)...);
    }
    [[nodiscard]] std::string node(Index n) const { return node_id(layout_, n); }
    [[nodiscard]] std::string link(Index l) const { return link_id(layout_, l); }

    void add_nodes() {
        add("\n[JUNCTIONS]\n");
        for (Index n = 0; n < layout_.nodes(); ++n)
            if (layout_.node_kind[n] == WaterNodeKind::junction) add(" {} {:.17g} {:.17g} Day\n", node(n), layout_.node_z[n], layout_.node_demand_m3_per_s[n] * litres);
        add("\n[RESERVOIRS]\n");
        for (Index n = 0; n < layout_.nodes(); ++n)
            if (layout_.node_kind[n] == WaterNodeKind::source) add(" {} {:.17g}\n", node(n), layout_.node_z[n]);
        add("\n[TANKS]\n");
        for (const auto& tank : layout_.tanks) {
            const double volume_m3 = tank.volume_m3 * options_.tank_hours / (24 * laid_.tank_day_share);
            const double diameter_m = std::sqrt(4 * volume_m3 / (tank.depth_m * std::numbers::pi));
            add(" {} {:.17g} {:.17g} 0 {:.17g} {:.17g} 0\n", node(tank.node), tank.bottom_z_m, tank.start_level_m, tank.depth_m, diameter_m);
        }
    }

    void add_links() {
        add("\n[PIPES]\n");
        for (Index l = 0; l < layout_.links(); ++l)
            if (layout_.link_kind[l] == WaterLinkKind::pipe)
                add(" {} {} {} {:.17g} {:.17g} {:.17g} 0 {}\n", link(l), node(layout_.link_from[l]), node(layout_.link_to[l]), std::max(1.0, layout_.link_length_m[l]), layout_.link_diameter_m[l] * millimetres,
                    laid_.roughness, layout_.link_open[l] ? "Open" : "Closed");
        add("\n[PUMPS]\n");
        for (Index l = 0; l < layout_.links(); ++l)
            if (layout_.link_kind[l] == WaterLinkKind::pump) add(" {} {} {} HEAD {}\n", link(l), node(layout_.link_from[l]), node(layout_.link_to[l]), link(l));
        add("\n[VALVES]\n");
        for (Index l = 0; l < layout_.links(); ++l)
            if (layout_.link_kind[l] == WaterLinkKind::reducing_valve)
                add(" {} {} {} {:.17g} PRV {:.17g} 0\n", link(l), node(layout_.link_from[l]), node(layout_.link_to[l]), layout_.link_diameter_m[l] * millimetres, layout_.link_setting_m[l]);
        add("\n[CURVES]\n");
        for (Index l = 0; l < layout_.links(); ++l)
            if (layout_.link_kind[l] == WaterLinkKind::pump)
                // The design flow is reached against the full tank.
                add(" {} {:.17g} {:.17g}\n", link(l), std::max(1e-4, layout_.link_design_m3_per_s[l]) * litres, layout_.link_setting_m[l] + laid_.tank_depth_m / 2);
    }

    /// Leaks as orifices (emitter exponent 0.5) by the length of the pipes at each junction: together the stated share of the water put in.
    void add_leaks() {
        std::vector<double> length_m(layout_.nodes(), 0);
        for (Index l = 0; l < layout_.links(); ++l) {
            if (layout_.link_kind[l] != WaterLinkKind::pipe || !layout_.link_open[l]) continue;
            for (const Index end : {layout_.link_from[l], layout_.link_to[l]}) length_m[end] += layout_.link_length_m[l] / 2;
        }
        const auto leaks = [&](Index n) { return layout_.node_kind[n] == WaterNodeKind::junction && layout_.node_zone[n] != no_index && length_m[n] > 0; };
        double demand = 0, weight = 0;
        for (Index n = 0; n < layout_.nodes(); ++n) {
            demand += layout_.node_demand_m3_per_s[n];
            if (leaks(n)) weight += length_m[n] * std::sqrt(pressure_m(n));
        }
        const double wanted = options_.leakage_share / (1 - options_.leakage_share) * demand;
        add("\n[EMITTERS]\n");
        if (wanted <= 0 || weight <= 0) return;
        for (Index n = 0; n < layout_.nodes(); ++n)
            if (leaks(n)) add(" {} {:.17g}\n", node(n), wanted * litres * length_m[n] / weight);
    }
    [[nodiscard]] double pressure_m(Index n) const { return std::max(least_pressure_m, layout_.node_head_m[n] - layout_.node_z[n]); }

    void add_pattern() {
        add("\n[PATTERNS]\n");
        for (std::size_t h = 0; h < day_profile.size(); h += 6) {
            add(" Day");
            for (std::size_t k = h; k < h + 6; ++k) add(" {:.17g}", day_profile[k]);
            add("\n");
        }
    }

    void add_controls() {
        add("\n[CONTROLS]\n");
        for (const auto& tank : layout_.tanks) {
            const Index pump = layout_.zones[tank.zone].link;
            add(" LINK {} OPEN IF NODE {} BELOW {:.17g}\n", link(pump), node(tank.node), options_.pump_on_share * tank.depth_m);
            add(" LINK {} CLOSED IF NODE {} ABOVE {:.17g}\n", link(pump), node(tank.node), options_.pump_off_share * tank.depth_m);
        }
    }

    void add_coordinates() {
        add("\n[COORDINATES]\n");
        for (Index n = 0; n < layout_.nodes(); ++n) add(" {} {:.17g} {:.17g}\n", node(n), layout_.node_x[n], layout_.node_y[n]);
        add("\n[VERTICES]\n");
        for (Index l = 0; l < layout_.links(); ++l) {
            const auto shape = layout_.link_shape[l];
            for (std::size_t k = 2; k + 3 < shape.size(); k += 2) add(" {} {:.17g} {:.17g}\n", link(l), shape[k], shape[k + 1]);
        }
    }

    const WaterLayout& layout_;
    const geodata::WaterLayoutOptions& laid_;
    const StreetNetworkOptions& options_;
    std::string out_;
};

}  // namespace

std::string id_of_breach(const geodata::WaterLayout& layout, const geodata::LayoutBreach& breach) {
    return breach.set == "node" ? node_id(layout, breach.row) : breach.set == "link" ? link_id(layout, breach.row) : breach.set;
}

std::string street_network_inp(const geodata::WaterLayout& layout, const geodata::WaterLayoutOptions& laid, const StreetNetworkOptions& options) {
    return InpText(layout, laid, options).text();
}

}  // namespace citytwin::water
