#include "modules/energy/city/lay_grid.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::energy {
namespace {

using geodata::PowerLayout;

constexpr double base_VA = 1e6;
// A 40 MVA 110/20 kV transformer (pandapower 3.5's standard type "40 MVA 110/20 kV"), scaled to the substation's rating.
constexpr double substation_short_circuit = 0.162, substation_resistive = 0.0034, substation_iron_W_per_VA = 18e3 / 40e6, substation_no_load = 0.0005;
constexpr double substation_tap = 0.985;   // where the tap changer stands without load
constexpr double upstream_V = 110e3, shortest_m = 1, planned_loading = 0.8, planned_power_factor = 0.97;

/// Magnetising branch as an admittance to ground, per unit: iron loss and no-load current.
Complex magnetising(double rating_VA, double iron_W, double no_load_current) {
    const double s = no_load_current * rating_VA;
    return {iron_W / base_VA, -std::sqrt(std::max(0.0, s * s - iron_W * iron_W)) / base_VA};
}

class Conversion {
public:
    Conversion(const PowerLayout& layout, double dwelling_peak) : in_(layout), dwelling_peak_W_(dwelling_peak) {}

    LaidGrid run() {
        out_.grid.network.base_VA = base_VA;
        add_buses();
        add_substation_transformers();
        for (std::size_t k = 0; k < in_.branches(); ++k) add_branch(k);
        add_supply();
        for (std::size_t bus = 0; bus < in_.buses(); ++bus) {
            if (in_.bus_station[bus] == no_index || in_.bus_kind[bus] == geodata::BusKind::station_medium) continue;
            out_.feeder_of_bus[first_ + bus] = static_cast<Index>(in_.substations.size()) + in_.stations[in_.bus_station[bus]].transformer;
        }
        for (const Index bus : in_.connection_bus) out_.bus_of_consumer.push_back(first_ + bus);
        return std::move(out_);
    }

private:
    static constexpr Index first_ = 1;   // bus 0 is upstream; the layout's follow in their order

    void add_bus(std::string id, const char* kind, double x, double y, double nominal_V) {
        CityGrid& g = out_.grid;
        g.bus_id.push_back(std::move(id));
        g.bus_kind.emplace_back(kind);
        g.bus_x.push_back(x);
        g.bus_y.push_back(y);
        g.bus_synthetic.push_back(1);
        Buses& b = g.network.buses;
        b.resize(b.size() + 1);
        b.nominal_V.back() = nominal_V;
        out_.feeder_of_bus.push_back(no_index);
    }

    void add_buses() {
        add_bus("upstream", "grid", in_.substations.front().x, in_.substations.front().y, upstream_V);
        out_.grid.network.buses.kind[0] = BusKind::slack;
        for (std::size_t b = 0; b < in_.buses(); ++b) {
            const std::string station = in_.bus_station[b] == no_index ? "" : "station-" + std::to_string(in_.bus_station[b] + 1);
            switch (in_.bus_kind[b]) {
                case geodata::BusKind::substation: add_bus("substation-" + std::to_string(in_.bus_substation[b] + 1), "substation", in_.bus_x[b],
                    in_.bus_y[b], in_.bus_nominal_v[b]); break;
                case geodata::BusKind::station_medium: add_bus(station + "-medium", "station_medium", in_.bus_x[b], in_.bus_y[b], in_.bus_nominal_v[b]); break;
                case geodata::BusKind::station_low: add_bus(station + "-low", "station_low", in_.bus_x[b], in_.bus_y[b], in_.bus_nominal_v[b]); break;
                case geodata::BusKind::joint: add_bus("joint-" + std::to_string(b), "joint", in_.bus_x[b], in_.bus_y[b], in_.bus_nominal_v[b]); break;
            }
        }
    }

    Branches& new_branch(std::string id, const char* kind, double length_m, std::int32_t parallel, std::span<const double> shape) {
        CityGrid& g = out_.grid;
        g.branch_id.push_back(std::move(id));
        g.branch_kind.emplace_back(kind);
        g.branch_length_m.push_back(length_m);
        g.branch_parallel.push_back(parallel);
        g.branch_tie.push_back(0);
        g.branch_regulated.push_back(0);
        g.branch_synthetic.push_back(1);
        g.branch_shape.push_row(shape);
        Branches& b = g.network.branches;
        b.resize(b.size() + 1);
        return b;
    }

    void add_substation_transformers() {
        for (std::size_t k = 0; k < in_.substations.size(); ++k) {
            const auto& s = in_.substations[k];
            const double where[4] = {s.x, s.y, s.x, s.y};
            // As many transformers of its rating as its estimated peak asks for: the place says where it stands, the load how large it is.
            const double peak_VA = s.demand.peak_w(dwelling_peak_W_) / planned_power_factor;
            const auto parallel = static_cast<std::int32_t>(std::max(1.0, std::ceil(peak_VA / (planned_loading * s.rating_va))));
            const double rating_VA = s.rating_va * parallel, to_base = base_VA / rating_VA;
            Branches& b = new_branch("substation-" + std::to_string(k + 1) + "-transformer", "substation_transformer", 0, parallel, where);
            b.from.back() = 0;
            b.to.back() = first_ + s.bus;
            b.impedance.back() = {substation_resistive * to_base,
                std::sqrt(substation_short_circuit * substation_short_circuit - substation_resistive * substation_resistive) * to_base};
            b.ratio.back() = substation_tap;
            b.rating.back() = rating_VA / base_VA;
            out_.grid.branch_regulated.back() = 1;
            out_.grid.network.buses.shunt[first_ + s.bus] = magnetising(rating_VA, substation_iron_W_per_VA * rating_VA, substation_no_load);
        }
    }

    /// A cable of no length (two joints at one place) counts as a metre: every branch has an impedance.
    [[nodiscard]] Complex impedance_ohm(std::size_t k) const {
        if (in_.branch_kind[k] == geodata::BranchKind::transformer || in_.branch_length_m[k] >= shortest_m) return {in_.branch_r_ohm[k], in_.branch_x_ohm[k]};
        const auto& types = in_.branch_kind[k] == geodata::BranchKind::low_cable ? geodata::low_voltage_cables : geodata::medium_voltage_cables;
        const double km = shortest_m / 1000 / in_.branch_parallel[k];
        return {types[in_.branch_type[k]].r_ohm_per_km * km, types[in_.branch_type[k]].x_ohm_per_km * km};
    }

    void add_branch(std::size_t k) {
        const bool transformer = in_.branch_kind[k] == geodata::BranchKind::transformer, low = in_.branch_kind[k] == geodata::BranchKind::low_cable;
        const Index from = in_.branch_from[k], to = in_.branch_to[k];
        const std::string id = transformer ? "station-" + std::to_string(in_.bus_station[to] + 1) + "-transformer" : (low ? "cable-" : "ring-cable-") + std::to_string(k);
        Branches& b = new_branch(id, transformer ? "transformer" : low ? "low_cable" : "medium_cable", in_.branch_length_m[k],
            in_.branch_parallel[k], in_.branch_shape[k]);
        const double volts = in_.bus_nominal_v[from], to_per_unit = base_VA / (volts * volts);
        b.from.back() = first_ + from;
        b.to.back() = first_ + to;
        b.impedance.back() = to_per_unit * impedance_ohm(k);
        b.ratio.back() = in_.branch_tap[k];
        b.rating.back() = in_.branch_rating_va[k] / base_VA;
        b.closed.back() = in_.branch_closed[k];
        out_.grid.branch_tie.back() = in_.branch_closed[k] == 0 ? 1 : 0;
        if (!transformer) return;
        const auto& type = geodata::station_transformers[in_.branch_type[k]];
        const double n = in_.branch_parallel[k];
        // At the low side, so that a transformer that is switched off doesn't draw: of nearly the same voltage, per unit.
        out_.grid.network.buses.shunt[first_ + to] = magnetising(type.rating_va * n, type.iron_loss_w * n, type.no_load_current);
    }

    void add_supply() {
        CityGrid& g = out_.grid;
        g.unit_id.emplace_back("supply");
        g.unit_kind.emplace_back("grid_supply");
        g.unit_synthetic.push_back(1);
        Units& u = g.network.units;
        u.resize(1);
        u.bus[0] = 0;
        u.q_min[0] = -1e9;
        u.q_max[0] = 1e9;
    }

    const PowerLayout& in_;
    double dwelling_peak_W_;
    LaidGrid out_;
};

}  // namespace

std::string id_of_breach(const LaidGrid& laid, const PowerLayout& layout, const geodata::LayoutBreach& breach) {
    if (breach.set == "bus") return laid.grid.bus_id[1 + breach.row];
    if (breach.set == "branch") return laid.grid.branch_id[layout.substations.size() + breach.row];
    return breach.set + "-" + std::to_string(breach.row + 1);
}

LaidGrid lay_grid(const PowerLayout& layout, double dwelling_peak_W) { return Conversion(layout, dwelling_peak_W).run(); }

}  // namespace citytwin::energy
