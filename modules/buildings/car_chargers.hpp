#pragma once
// Electric cars at home: the kilometres that traffic drove become energy to charge once the car is back at its building.
#include <vector>

#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"

namespace citytwin::buildings {

struct ChargingSettings {
    double share = 0;                  ///< of cars that are electric
    double energy_J_per_m = 648;       ///< 0.18 kWh/km
    double charger_W = 11000;
    bool fill_valleys = false;
    Microseconds leave_at = 7 * hour;  ///< local time by which a valley-filled car is full
};

class CarChargers {
public:
    CarChargers(Setup& setup, const ChargingSettings& settings);

    /// Trips of electric cars that ended or began. `group_of_building` and the groups' expected loads by slot of the day serve valley filling.
    void follow(const StreamTable& events, Microseconds now, const std::vector<Index>& group_of_building, std::vector<std::vector<double>>& expected_W, Microseconds period);
    /// Power that the cars of each building want in the step, added into `by_building`.
    void wishes(Microseconds from, double seconds, Microseconds period, std::vector<double>& by_building_W);
    /// What they got: `share` of each building's wish. Returns the energy delivered.
    double deliver(double seconds, const std::vector<double>& share);

    [[nodiscard]] std::size_t cars() const { return home_.size(); }
    [[nodiscard]] double wanted_J() const { return wanted_J_; }
    [[nodiscard]] double delivered_J() const { return delivered_J_; }
    [[nodiscard]] double unmet_J() const { return unmet_J_; }
    [[nodiscard]] double owed_J() const;
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void plan(std::size_t car, Microseconds now, std::vector<double>& expected_W, Microseconds period);

    ChargingSettings settings_;
    Calendar calendar_;
    std::vector<Index> home_, home_link_;      // by electric car: building and its street
    std::vector<Index> car_of_person_;
    std::vector<double> need_J_, wish_W_;
    std::vector<std::uint8_t> at_home_;
    std::vector<double> plan_W_;               // valley filling: slots of a day by car, by absolute slot modulo the day's slots
    double wanted_J_ = 0, delivered_J_ = 0, unmet_J_ = 0;
};

}  // namespace citytwin::buildings
