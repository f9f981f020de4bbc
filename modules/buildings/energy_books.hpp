#pragma once
// Balances and KPIs of the buildings' energy.
#include <string>
#include <vector>

#include "core/module/person_time.hpp"
#include "core/module/setup.hpp"
#include "modules/buildings/building_stock.hpp"

namespace citytwin::buildings {

/// One step of one building, W; battery losses and stores in J are added apart.
struct EnergyColumns {
    std::vector<double> use_W;       ///< electricity used inside, charging of cars included
    std::vector<double> charging_W, solar_W, charge_W, discharge_W, net_W, battery_loss_J;
    explicit EnergyColumns(std::size_t n = 0)
        : use_W(n), charging_W(n), solar_W(n), charge_W(n), discharge_W(n), net_W(n), battery_loss_J(n) {}
};

class EnergyBooks {
public:
    EnergyBooks(Setup& setup);
    void prepare(const BuildingStock& stock, double battery_J);

    void electricity(const EnergyColumns& columns, double seconds, double battery_J, Arena& arena);
    void people(double seconds) { persons_.add(seconds); }
    void fuel(const std::vector<double>& fuel_W, double seconds, Arena& arena);
    void heat(double gain_J, double stored_J, double lost_J);
    void charging(double wanted_J, double delivered_J, double owed_J, double unmet_J);
    void flexible(double shifted_J, double returned_J, double lost_J, double owed_J, double overload_J);
    void close(const City& city, Microseconds length);

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void public_buildings(const City& city, double years_or_days);

    Ledger &electricity_, &fuel_, &heat_, &charging_, &flexible_;
    Kpi &per_capita_, &public_, &renewable_, *peak_ = nullptr, *load_factor_ = nullptr;
    PersonTime persons_;
    bool annual_ = false;
    std::vector<double> floor_area_m2_;
    std::vector<std::uint8_t> is_public_;
    std::vector<double> used_J_, fuel_J_;   // by building since the start
    double solar_J_ = 0, peak_W_ = 0, mean_J_ = 0, unmet_J_ = 0, overload_J_ = 0;
};

}  // namespace citytwin::buildings
