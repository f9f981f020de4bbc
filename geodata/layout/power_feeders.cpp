#include "geodata/layout/power_feeders.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata {

namespace {

constexpr std::int32_t most_parallel = 12;

double reactive_share(const PowerLayoutOptions& options) { return std::sqrt(1 / (options.power_factor * options.power_factor) - 1); }

/// (R P + X Q) / U^2 of one section, P = real power through it.
double voltage_drop(const CableType& cable, std::int32_t parallel, double length_m, double power_w, double voltage_v, double reactive_per_real) {
    const double km = length_m / 1000 / parallel;
    return (cable.r_ohm_per_km * km * power_w + cable.x_ohm_per_km * km * power_w * reactive_per_real) / (voltage_v * voltage_v);
}

double rating_va(const CableType& cable, std::int32_t parallel, double voltage_v) { return std::sqrt(3.0) * voltage_v * cable.ampacity_a * parallel; }

class FeederSizer {
public:
    FeederSizer(std::vector<FeederSegment>& segments, const PowerLayoutOptions& options)
        : segments_(segments), options_(options), reactive_(reactive_share(options)) {}

    void size() {
        for (auto& s : segments_) {
            while (loading(s) > 1 && step_up(s)) {}
            s.loading = loading(s);
        }
        update_drops();
        for (std::size_t tries = 0; tries < 20 * segments_.size() + 20; ++tries) {
            const auto worst = std::max_element(segments_.begin(), segments_.end(), [](const auto& a, const auto& b) { return a.drop < b.drop; });
            if (worst == segments_.end() || worst->drop <= options_.low_voltage_drop) break;
            if (!relieve(static_cast<std::size_t>(worst - segments_.begin()))) break;
            update_drops();
        }
    }

private:
    [[nodiscard]] double power_w(const FeederSegment& s) const { return s.demand.peak_w(options_.dwelling_peak_w); }
    [[nodiscard]] double own_drop(const FeederSegment& s) const {
        return voltage_drop(low_voltage_cables[s.type], s.parallel, s.length_m, power_w(s), options_.low_voltage_v, reactive_);
    }
    [[nodiscard]] double loading(const FeederSegment& s) const {
        // the current grows as the voltage falls: against the lowest voltage that is allowed
        return power_w(s) / options_.power_factor / (rating_va(low_voltage_cables[s.type], s.parallel, options_.low_voltage_v) * options_.voltage_low);
    }
    static bool step_up(FeederSegment& s) {
        if (s.type + 1 < low_voltage_cables.size()) ++s.type;
        else if (s.parallel < most_parallel) ++s.parallel;
        else return false;
        return true;
    }
    void update_drops() {
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            auto& s = segments_[i];
            s.drop = own_drop(s) + (s.parent == i ? 0 : segments_[s.parent].drop);
        }
    }
    /// The next larger cable where the path to segment i loses most.
    bool relieve(std::size_t i) {
        std::size_t most = i;
        for (std::size_t at = i;; at = segments_[at].parent) {
            const bool stuck = segments_[most].parallel >= most_parallel;
            if (segments_[at].parallel < most_parallel && (stuck || own_drop(segments_[at]) > own_drop(segments_[most]))) most = at;
            if (segments_[at].parent == at) break;
        }
        if (!step_up(segments_[most])) return false;
        segments_[most].loading = loading(segments_[most]);
        return true;
    }

    std::vector<FeederSegment>& segments_;
    const PowerLayoutOptions& options_;
    double reactive_;
};

}  // namespace

std::vector<FeederSegment> lay_feeders(const StreetGraph& graph, const District& district, const std::vector<PowerDemand>& demand,
                                       const std::vector<std::uint8_t>& has_consumer, const PowerLayoutOptions& options) {
    const std::size_t n = district.nodes.size();
    std::vector<PowerDemand> behind(n);
    std::vector<std::uint32_t> children(n, 0);
    for (std::size_t i = n; i-- > 0;) {
        behind[i] += demand[district.nodes[i]];
        if (i == 0) continue;
        behind[district.parent[i]] += behind[i];
        ++children[district.parent[i]];
    }
    std::vector<FeederSegment> segments;
    std::vector<std::size_t> fed_by(n, 0);  // segment that ends at, or passes, a node
    std::vector<std::uint8_t> ends(n, 0);
    ends[0] = 1;
    for (std::size_t i = 1; i < n; ++i) {
        const std::size_t p = district.parent[i];
        if (ends[p]) {
            const std::size_t own = segments.size();
            segments.push_back({district.nodes[p], district.nodes[i], p == 0 ? own : fed_by[p], {}, 0, behind[i], 0, 1, 0, 0});
            fed_by[i] = own;
        } else {
            fed_by[i] = fed_by[p];
            segments[fed_by[i]].to = district.nodes[i];
        }
        segments[fed_by[i]].edges.push_back(district.parent_edge[i]);
        segments[fed_by[i]].length_m += graph.length_m[district.parent_edge[i]];
        ends[i] = children[i] != 1 || has_consumer[district.nodes[i]];
    }
    FeederSizer(segments, options).size();
    return segments;
}

StationTransformer size_transformer(double peak_va, const PowerLayoutOptions& options) {
    StationTransformer out;
    while (out.type + 1 < station_transformers.size() && peak_va > options.transformer_loading * station_transformers[out.type].rating_va) ++out.type;
    const TransformerType& type = station_transformers[out.type];
    out.parallel = std::max(1, static_cast<std::int32_t>(std::ceil(peak_va / (options.transformer_loading * type.rating_va))));
    out.loading = peak_va / (type.rating_va * out.parallel);
    const double reactive = std::sqrt(type.short_circuit * type.short_circuit - type.short_circuit_resistive * type.short_circuit_resistive);
    out.drop = out.loading * options.power_factor * (type.short_circuit_resistive + reactive * reactive_share(options));
    return out;
}

namespace {

/// Loads and drops of a ring that is fed from both ends up to the open section.
struct RingState {
    double worst_drop = 0, worst_va = 0;
};

RingState open_ring(const Ring& ring, const std::vector<RingStation>& stations, const PowerLayoutOptions& options, RingCables& cables) {
    const std::size_t n = ring.stations.size();
    const CableType& type = medium_voltage_cables[cables.type];
    cables.drop.assign(n, 0);
    cables.loading.assign(n + 1, 0);
    cables.demand.assign(n + 1, {});
    for (std::size_t k = cables.open_section; k-- > 0;) {  // sections 0 … open - 1 carry away from the first end
        if (k + 1 < cables.open_section) cables.demand[k] = cables.demand[k + 1];
        cables.demand[k] += stations[ring.stations[k]].demand;
    }
    for (std::size_t k = cables.open_section + 1; k <= n; ++k) {
        if (k > cables.open_section + 1) cables.demand[k] = cables.demand[k - 1];
        cables.demand[k] += stations[ring.stations[k - 1]].demand;
    }
    RingState state;
    const double reactive = reactive_share(options);
    const auto pass = [&](std::size_t k, double before) {
        const double watts = cables.demand[k].peak_w(options.dwelling_peak_w), va = watts / options.power_factor;
        cables.loading[k] = va / rating_va(type, cables.parallel, options.medium_voltage_v);
        const double drop = before + voltage_drop(type, cables.parallel, ring.section_m[k], watts, options.medium_voltage_v, reactive);
        state.worst_drop = std::max(state.worst_drop, drop);
        state.worst_va = std::max(state.worst_va, va);
        return drop;
    };
    double drop = 0;
    for (std::size_t k = 0; k < cables.open_section; ++k) cables.drop[k] = drop = pass(k, drop);
    drop = 0;
    for (std::size_t k = n; k > cables.open_section; --k) cables.drop[k - 1] = drop = pass(k, drop);
    return state;
}

}  // namespace

RingCables size_ring(const Ring& ring, const std::vector<RingStation>& stations, const PowerLayoutOptions& options) {
    RingCables cables;
    PowerDemand all;
    for (const Index s : ring.stations) all += stations[s].demand;
    const double all_va = all.peak_w(options.dwelling_peak_w) / options.power_factor;
    std::size_t best = 0;
    double best_drop = 0;
    for (std::size_t open = 0; open <= ring.stations.size(); ++open) {
        cables.open_section = open;
        const double drop = open_ring(ring, stations, options, cables).worst_drop;
        if (open == 0 || drop < best_drop) {
            best = open;
            best_drop = drop;
        }
    }
    cables.open_section = best;
    for (;;) {
        const RingState state = open_ring(ring, stations, options, cables);
        const double rating = rating_va(medium_voltage_cables[cables.type], cables.parallel, options.medium_voltage_v);
        const bool holds = state.worst_va <= options.ring_loading_normal * rating && all_va <= options.ring_loading_fault * rating &&
                           state.worst_drop <= options.medium_voltage_drop;
        if (holds || cables.parallel >= most_parallel) return cables;
        if (cables.type + 1 < medium_voltage_cables.size()) ++cables.type;
        else ++cables.parallel;
    }
}

}  // namespace citytwin::geodata
