#include "modules/buildings/feeder_groups.hpp"

#include <algorithm>
#include <numeric>

namespace citytwin::buildings {

namespace {

constexpr double power_factor = 0.97;   // of loads: a rating is apparent power

/// What each building is grouped by: rows of power_branch (`by_feeder`) or of power_bus; no_index where a building has none.
std::vector<Index> feeder_of_buildings(const City& city, std::size_t n, bool& by_feeder) {
    std::vector<Index> feeder(n, no_index);
    const EntitySet *connections = city.find("power_connection"), &buildings = city.at("building");
    const Column* to = buildings.find("power_connection");
    by_feeder = false;
    if (connections == nullptr || to == nullptr || !connections->has("power_bus")) return feeder;
    const auto& connection = buildings.get<std::uint32_t>("power_connection");
    if (connections->has("feeder")) {
        const auto& known = connections->get<std::uint32_t>("feeder");
        by_feeder = std::any_of(known.begin(), known.end(), [](Index row) { return row != no_index; });
    }
    const auto& of_connection = connections->get<std::uint32_t>(by_feeder ? "feeder" : "power_bus");
    for (std::size_t b = 0; b < n; ++b) {
        if (connection[b] != no_index) feeder[b] = of_connection[connection[b]];
    }
    return feeder;
}

/// Apparent power of each branch; empty without a grid.
std::vector<double> ratings(const City& city) {
    const EntitySet* branches = city.find("power_branch");
    return branches != nullptr && branches->has("rating") ? branches->get<double>("rating") : std::vector<double>{};
}

constexpr double refill_s = 2 * 3600;   ///< of a hot water tank, by direct heating

}  // namespace

FeederGroups::FeederGroups(const City& city, const BuildingDemand& demand, const BalancingSettings& settings, double step_s) : loads_(std::max<std::size_t>(1, settings.window)) {
    const std::size_t n = demand.size();
    bool by_feeder = false;
    const std::vector<Index> bus = feeder_of_buildings(city, n, by_feeder);
    rows_.resize(n);
    std::iota(rows_.begin(), rows_.end(), Index{0});
    std::stable_sort(rows_.begin(), rows_.end(), [&](Index a, Index b) { return bus[a] < bus[b]; });
    group_of_.assign(n, 0);
    first_ = {0};
    for (std::size_t k = 0; k < n; ++k) {
        if (k > 0 && bus[rows_[k]] != bus[rows_[k - 1]]) first_.push_back(k);
        group_of_[rows_[k]] = static_cast<Index>(first_.size() - 1);
        const double rated_W = demand.rated_heat_W(rows_[k]), fading = settings.fading_per_h * step_s / 3600;
        loads_.add(rated_W / 3 * settings.heating_buffer_s, rated_W, fading);   // a heat pump's electricity is about a third of its heat
        const double day_J = demand.hot_water_J_per_day(rows_[k]);
        loads_.add(settings.tank_share * day_J / 2.5, day_J / refill_s, fading);
    }
    first_.push_back(n);
    const std::vector<double> rating = ratings(city);
    for (std::size_t g = 0; g < size(); ++g) {
        const Index feeder = n > 0 ? bus[rows_[first_[g]]] : no_index;
        const bool rated = by_feeder && feeder != no_index && feeder < rating.size();
        limit_W_.push_back(settings.limit_W > 0 ? settings.limit_W : rated ? settings.limit_share * rating[feeder] * power_factor : 0.0);
    }
    wanted_W_.assign(2 * n, 0.0);
}

void FeederGroups::balance(const std::vector<double>& fixed_W, const std::vector<double>& charging_W, double seconds, BuildingDemand& demand, std::vector<double>& charge_share) {
    std::fill(charge_share.begin(), charge_share.end(), 1.0);
    for (std::size_t g = 0; g < size(); ++g) {
        const double limit_W = limit_W_[g];
        if (limit_W <= 0) continue;
        double fixed = 0, charging = 0, flexible = 0;
        for (std::size_t k = first_[g]; k < first_[g + 1]; ++k) {
            const Index b = rows_[k];
            fixed += fixed_W[b];
            charging += charging_W[b];
            wanted_W_[2 * k] = demand.heating_W[b];
            // Without power nothing is made up for: what waits goes on waiting.
            loads_.set_power_limit(2 * k, demand.powered(b) * demand.rated_heat_W(b));
            loads_.set_power_limit(2 * k + 1, demand.powered(b) * demand.hot_water_J_per_day(b) / refill_s);
            wanted_W_[2 * k + 1] = demand.hot_water_W[b];
            flexible += demand.heating_W[b] + demand.hot_water_W[b];
        }
        const double share = charging > 0 ? std::clamp((limit_W - fixed - flexible) / charging, 0.0, 1.0) : 1.0;
        loads_.balance(2 * first_[g], 2 * first_[g + 1], fixed + share * charging, limit_W, seconds, wanted_W_, totals_);
        for (std::size_t k = first_[g]; k < first_[g + 1]; ++k) {
            const Index b = rows_[k];
            charge_share[b] = share;
            demand.heating_W[b] = wanted_W_[2 * k];
            demand.hot_water_W[b] = wanted_W_[2 * k + 1];
        }
    }
}

void FeederGroups::remember(const std::vector<double>& load_W, std::size_t slot) {
    for (std::size_t g = 0; g < size() && !expected_W_.empty(); ++g) {
        double sum = 0;
        for (std::size_t k = first_[g]; k < first_[g + 1]; ++k) sum += load_W[rows_[k]];
        expected_W_[g][slot] = sum;
    }
}

void FeederGroups::save(StateWriter& out) const {
    loads_.for_each_column([&](const char* name, const auto& column) { out.column(name, column); });
    out.value("flexible_totals", totals_);
    for (std::size_t g = 0; g < expected_W_.size(); ++g) out.column("expected", expected_W_[g]);
}

void FeederGroups::load(StateReader& in) {
    loads_.for_each_column([&](const char* name, auto& column) { in.column(name, column); });
    in.value("flexible_totals", totals_);
    for (auto& expected : expected_W_) in.column("expected", expected);
}

}  // namespace citytwin::buildings
