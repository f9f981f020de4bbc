#pragma once
// Buildings by feeder, and the balancing of their flexible loads under its limit: charging waits first, then hot water, then heating.
#include <vector>

#include "core/module/setup.hpp"
#include "modules/buildings/building_demand.hpp"
#include "modules/buildings/model/flexible_load.hpp"

namespace citytwin::buildings {

struct BalancingSettings {
    double limit_W = 0;              ///< of each feeder; 0 = no limit, nothing waits
    double limit_share = 0;          ///< of the rating of each feeder's transformer, where limit_W is 0 and the grid says it
    double heating_buffer_s = 1200;  ///< what a heat pump's buffer lasts at rated power
    double tank_share = 0.5;         ///< of a day's hot water that the tank holds
    double fading_per_h = 0.01;      ///< of a debt: a cooler tank loses less
    std::size_t window = 16;         ///< steps that a load may wait
};

class FeederGroups {
public:
    /// By the station transformer that feeds them (power_connection.feeder), else by power_connection.power_bus; without a grid the whole
    /// city is one.
    FeederGroups(const City& city, const BuildingDemand& demand, const BalancingSettings& settings, double step_s);

    /// Puts off what doesn't fit: hot_water_W and heating_W become what is served; `charge_share` what of the charging wish is met.
    void balance(const std::vector<double>& fixed_W, const std::vector<double>& charging_W, double seconds, BuildingDemand& demand, std::vector<double>& charge_share);
    /// Remembers the load of this slot of the day, as a forecast for valley filling.
    void remember(const std::vector<double>& load_W, std::size_t slot);

    [[nodiscard]] std::size_t size() const { return first_.size() - 1; }
    [[nodiscard]] const std::vector<Index>& group_of() const { return group_of_; }
    [[nodiscard]] std::vector<std::vector<double>>& expected_W() { return expected_W_; }
    [[nodiscard]] const FlexibleTotals& totals() const { return totals_; }
    [[nodiscard]] double owed_J() const { return loads_.owed_J(); }
    void prepare_forecast(std::size_t slots) { expected_W_.assign(size(), std::vector<double>(slots, 0.0)); }
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    std::vector<Index> group_of_, rows_;      // rows_ by group, then row
    std::vector<std::size_t> first_;          // group -> rows_
    std::vector<double> limit_W_;             // by group; 0 = none
    FlexibleLoads loads_;                     // two a building of rows_: heating, hot water
    FlexibleTotals totals_;
    std::vector<std::vector<double>> expected_W_;
    std::vector<double> wanted_W_;
};

}  // namespace citytwin::buildings
