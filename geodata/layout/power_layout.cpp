#include "geodata/layout/power_layout.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/diagnostic.hpp"
#include "geodata/layout/check_input.hpp"
#include "geodata/layout/power_feeders.hpp"

namespace citytwin::geodata {

namespace {

constexpr int most_halvings = 6;   ///< of a chosen substation's share

class PowerBuilder {
public:
    PowerBuilder(const UtilityInput& input, const PowerLayoutOptions& options, Arena& arena) : input_(input), options_(options), arena_(arena) {}

    PowerLayout build() {
        check_layout_input(input_);
        streets_ = utility_streets(input_.roads, input_.node_z);
        const auto& consumers = input_.consumers;
        points_ = snap_to_streets(streets_, consumers.x, consumers.y, consumers.road_link, consumers.road_offset_m, arena_);
        graph_ = cut_streets(streets_, points_, options_.joint_spacing_m);
        grow();
        plan_medium_voltage();
        add_substations_and_stations();
        for (const Ring& ring : rings_) add_ring(ring);
        for (std::size_t d = 0; d < districts_.size(); ++d) add_district(d);
        connect();
        out_.bus_synthetic.assign(out_.buses(), 1);
        out_.branch_synthetic.assign(out_.branches(), 1);
        check();
        return std::move(out_);
    }

private:
    void grow() {
        const auto& consumers = input_.consumers;
        demand_.resize(graph_.nodes());
        has_consumer_.assign(graph_.nodes(), 0);
        double x = 0, y = 0, weight = 0;
        for (std::size_t c = 0; c < consumers.size(); ++c) {
            const PowerDemand own{consumers.dwellings[c], consumers.other_peak_w[c]};
            demand_[graph_.node_of_point[c]] += own;
            has_consumer_[graph_.node_of_point[c]] = 1;
            const double w = own.peak_w(options_.dwelling_peak_w) + 1;
            x += points_[c].x * w;
            y += points_[c].y * w;
            weight += w;
        }
        const auto& terminals = graph_.node_of_point;
        Index root = terminals[0];
        double nearest = INFINITY;
        for (const Index t : terminals) {
            const double dx = graph_.x[t] - x / weight, dy = graph_.y[t] - y / weight, away = dx * dx + dy * dy;
            if (away < nearest) {
                nearest = away;
                root = t;
            }
        }
        const auto edges = steiner_tree(graph_, terminals);
        districts_ = grow_districts(graph_, hang_up(graph_, edges, std::span(&root, 1)), demand_, options_);
        feeders_.resize(districts_.size());
        arena_.each(districts_.size(), [&](std::size_t d) { feeders_[d] = lay_feeders(graph_, districts_[d], demand_, has_consumer_, options_); }, 16);
    }

    void plan_medium_voltage() {
        for (const District& d : districts_) ring_stations_.push_back({graph_.place[d.station], d.demand, no_index});
        const auto& named = input_.substations;
        auto places = named.size() == 0 ? choose_substations(ring_stations_, options_) : snap_to_streets(streets_, named.x, named.y, {}, {}, arena_);
        rings_ = plan_rings(streets_, ring_stations_, places, options_, arena_);
        for (int tries = 0; named.size() == 0 && tries < most_halvings; ++tries) {
            const auto overfull = overfull_substations(places.size());
            if (std::count(overfull.begin(), overfull.end(), 1) == 0) break;
            places = halve_substations(ring_stations_, std::move(places), overfull, options_);
            rings_ = plan_rings(streets_, ring_stations_, places, options_, arena_);
        }
        for (std::size_t k = 0; k < places.size(); ++k) {
            PowerLayout::Substation s;
            if (named.size() != 0) s.place = named.place[k];
            s.x = places[k].x;
            s.y = places[k].y;
            s.rating_va = named.size() != 0 && named.capacity[k] > 0 ? named.capacity[k] * 1e6 : options_.substation_va;
            out_.substations.push_back(s);
        }
    }

    /// By substation: 1 where its rings are more than its half rings allow.
    [[nodiscard]] std::vector<std::uint8_t> overfull_substations(std::size_t count) const {
        std::vector<std::size_t> rings(count, 0);
        for (const Ring& ring : rings_) ++rings[ring.substation];
        std::vector<std::uint8_t> overfull(count, 0);
        for (std::size_t k = 0; k < count; ++k) overfull[k] = 2 * rings[k] > options_.half_rings;
        return overfull;
    }

    Index add_bus(BusKind kind, double x, double y, double nominal_v, double voltage, Index substation, Index station) {
        out_.bus_kind.push_back(kind);
        out_.bus_x.push_back(x);
        out_.bus_y.push_back(y);
        out_.bus_nominal_v.push_back(nominal_v);
        out_.bus_voltage.push_back(voltage);
        out_.bus_substation.push_back(substation);
        out_.bus_station.push_back(station);
        return static_cast<Index>(out_.buses() - 1);
    }

    struct NewBranch {
        BranchKind kind;
        Index from, to, type;
        std::int32_t parallel;
        double length_m, r_ohm, x_ohm, rating_va, tap;
        bool closed;
        PowerDemand demand;
        double loading;
    };
    Index add_branch(const NewBranch& b, std::span<const double> shape) {
        out_.branch_kind.push_back(b.kind);
        out_.branch_from.push_back(b.from);
        out_.branch_to.push_back(b.to);
        out_.branch_type.push_back(b.type);
        out_.branch_parallel.push_back(b.parallel);
        out_.branch_length_m.push_back(b.length_m);
        out_.branch_r_ohm.push_back(b.r_ohm);
        out_.branch_x_ohm.push_back(b.x_ohm);
        out_.branch_rating_va.push_back(b.rating_va);
        out_.branch_tap.push_back(b.tap);
        out_.branch_closed.push_back(b.closed);
        out_.branch_demand.push_back(b.demand);
        out_.branch_loading.push_back(b.loading);
        out_.branch_shape.push_row(shape);
        return static_cast<Index>(out_.branches() - 1);
    }
    Index add_cable(BranchKind kind, Index from, Index to, const CableType& type, Index row, std::int32_t parallel, double length_m, bool closed,
                    const PowerDemand& demand, double loading, std::span<const double> shape) {
        const double km = length_m / 1000 / parallel;
        const double volts = kind == BranchKind::low_cable ? options_.low_voltage_v : options_.medium_voltage_v;
        (kind == BranchKind::low_cable ? out_.low_voltage_m : out_.medium_voltage_m) += length_m;
        return add_branch({kind, from, to, row, parallel, length_m, type.r_ohm_per_km * km, type.x_ohm_per_km * km,
                           std::sqrt(3.0) * volts * type.ampacity_a * parallel, 1, closed, demand, loading}, shape);
    }

    void add_substations_and_stations() {
        for (std::size_t k = 0; k < out_.substations.size(); ++k) {
            auto& s = out_.substations[k];
            s.bus = add_bus(BusKind::substation, s.x, s.y, options_.medium_voltage_v, options_.substation_voltage, static_cast<Index>(k), no_index);
        }
        for (std::size_t d = 0; d < districts_.size(); ++d) {
            const auto row = static_cast<Index>(d);
            PowerLayout::Station s;
            s.x = ring_stations_[d].place.x;
            s.y = ring_stations_[d].place.y;
            s.substation = ring_stations_[d].substation;
            s.demand = districts_[d].demand;
            s.medium_bus = add_bus(BusKind::station_medium, s.x, s.y, options_.medium_voltage_v, 0, s.substation, row);
            s.low_bus = add_bus(BusKind::station_low, s.x, s.y, options_.low_voltage_v, 0, s.substation, row);
            out_.substations[s.substation].demand += s.demand;
            out_.stations.push_back(s);
        }
    }

    void add_ring(const Ring& ring) {
        const RingCables cables = size_ring(ring, ring_stations_, options_);
        const auto number = static_cast<Index>(&ring - rings_.data());
        auto& substation = out_.substations[ring.substation];
        ++substation.rings;
        const std::size_t n = ring.stations.size();
        for (std::size_t k = 0; k < n; ++k) {
            auto& station = out_.stations[ring.stations[k]];
            station.ring = number;
            out_.bus_voltage[station.medium_bus] = options_.substation_voltage - cables.drop[k];
        }
        const auto bus = [&](std::size_t k) { return k == 0 || k == n + 1 ? substation.bus : out_.stations[ring.stations[k - 1]].medium_bus; };
        for (std::size_t k = 0; k <= n; ++k) {
            const bool backward = k > cables.open_section;
            std::vector<double> shape = ring.shape[k];
            if (backward) {
                for (std::size_t i = 0, j = shape.size(); i + 2 < j; i += 2, j -= 2) {
                    std::swap(shape[i], shape[j - 2]);
                    std::swap(shape[i + 1], shape[j - 1]);
                }
            }
            add_cable(BranchKind::medium_cable, backward ? bus(k + 1) : bus(k), backward ? bus(k) : bus(k + 1), medium_voltage_cables[cables.type],
                      cables.type, cables.parallel, ring.section_m[k], k != cables.open_section, cables.demand[k], cables.loading[k], shape);
        }
        if (ring.length_m > 2 * options_.half_ring_m) out_.breaches.push_back({"half_ring_length", "substation", ring.substation, ring.length_m / 2, options_.half_ring_m});
    }

    void add_district(std::size_t d) {
        auto& station = out_.stations[d];
        const auto transformer = size_transformer(districts_[d].peak_va, options_);
        double worst = 0;
        for (const auto& s : feeders_[d]) worst = std::max(worst, s.drop);
        const double supply = out_.bus_voltage[station.medium_bus] - transformer.drop;
        const double tap = supply - worst < options_.voltage_low + 0.02 ? options_.station_tap : 1.0;  // 2 % kept for what the estimate leaves out
        const TransformerType& type = station_transformers[transformer.type];
        const double base = options_.medium_voltage_v * options_.medium_voltage_v / (type.rating_va * transformer.parallel);
        const double reactive = std::sqrt(type.short_circuit * type.short_circuit - type.short_circuit_resistive * type.short_circuit_resistive);
        const double where[4] = {station.x, station.y, station.x, station.y};
        station.transformer = add_branch({BranchKind::transformer, station.medium_bus, station.low_bus, transformer.type, transformer.parallel, 0,
                                          type.short_circuit_resistive * base, reactive * base, type.rating_va * transformer.parallel, tap, true,
                                          station.demand, transformer.loading}, where);
        const double low = out_.bus_voltage[station.medium_bus] / tap - transformer.drop;
        out_.bus_voltage[station.low_bus] = low;
        if (bus_of_node_.empty()) bus_of_node_.assign(graph_.nodes(), no_index);
        bus_of_node_[districts_[d].station] = station.low_bus;
        for (const auto& s : feeders_[d]) {
            const Index bus = add_bus(BusKind::joint, graph_.x[s.to], graph_.y[s.to], options_.low_voltage_v, low - s.drop, station.substation, static_cast<Index>(d));
            bus_of_node_[s.to] = bus;
            add_cable(BranchKind::low_cable, bus_of_node_[s.from], bus, low_voltage_cables[s.type], s.type, s.parallel, s.length_m, true, s.demand,
                      s.loading, shape_along(streets_, graph_, s.from, s.edges));
        }
    }

    void connect() {
        for (std::size_t c = 0; c < points_.size(); ++c) {
            out_.connection_bus.push_back(bus_of_node_[graph_.node_of_point[c]]);
            out_.connection_service_m.push_back(points_[c].away_m);
            out_.residents += input_.consumers.residents.empty() ? 0 : input_.consumers.residents[c];
        }
    }

    void check() {
        const auto breach = [&](const char* kind, const char* set, std::size_t row, double value, double limit) {
            out_.breaches.push_back({kind, set, static_cast<Index>(row), value, limit});
        };
        for (std::size_t b = 0; b < out_.buses(); ++b) {
            if (out_.bus_voltage[b] < options_.voltage_low) breach("voltage_low", "bus", b, out_.bus_voltage[b], options_.voltage_low);
            if (out_.bus_voltage[b] > options_.voltage_high) breach("voltage_high", "bus", b, out_.bus_voltage[b], options_.voltage_high);
        }
        for (std::size_t b = 0; b < out_.branches(); ++b) {
            const double limit = out_.branch_kind[b] == BranchKind::medium_cable ? options_.ring_loading_normal : 1.0;
            if (out_.branch_loading[b] > limit) breach("loading", "branch", b, out_.branch_loading[b], limit);
        }
        for (std::size_t k = 0; k < out_.substations.size(); ++k) {
            const auto& s = out_.substations[k];
            const double va = s.demand.peak_w(options_.dwelling_peak_w) / options_.power_factor;
            if (va > s.rating_va) breach("loading", "substation", k, va / s.rating_va, 1);
            if (2 * static_cast<std::size_t>(s.rings) > options_.half_rings) breach("half_rings", "substation", k, 2.0 * s.rings, static_cast<double>(options_.half_rings));
        }
    }

    const UtilityInput& input_;
    const PowerLayoutOptions& options_;
    Arena& arena_;
    Streets streets_;
    std::vector<StreetPoint> points_;
    StreetGraph graph_;
    std::vector<PowerDemand> demand_;
    std::vector<std::uint8_t> has_consumer_;
    std::vector<District> districts_;
    std::vector<std::vector<FeederSegment>> feeders_;
    std::vector<RingStation> ring_stations_;
    std::vector<Ring> rings_;
    std::vector<Index> bus_of_node_;
    PowerLayout out_;
};

}  // namespace

PowerLayout lay_power(const UtilityInput& input, const PowerLayoutOptions& options, Arena& arena) {
    return PowerBuilder(input, options, arena).build();
}

}  // namespace citytwin::geodata
