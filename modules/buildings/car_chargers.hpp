#pragma once
// Electric cars at home. The population tells which cars come home and what they want (stream charging_session); or, where it tells
// nothing and `electric_car_share` is given, cars are drawn here and the kilometres that traffic drove become energy to charge.
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
    /// Cars that came home and want energy. Ignored, and counted, where cars are drawn here.
    std::size_t plug_in(const StreamTable& sessions, Microseconds now, const std::vector<Index>& group_of_building, std::vector<std::vector<double>>& expected_W, Microseconds period);
    /// Power that the cars of each building want in the step, added into `by_building`; nothing where the building has no power.
    void wishes(Microseconds from, double seconds, Microseconds period, const Read& powered, std::vector<double>& by_building_W);
    /// What they got: `share` of each building's wish. Returns the energy delivered.
    double deliver(double seconds, const std::vector<double>& share);

    /// Energy given to each car of the city since the start, into a field of the set car.
    void write_charged(Write& charged_J) const;
    [[nodiscard]] std::size_t cars() const { return home_.size(); }
    [[nodiscard]] double wanted_J() const { return wanted_J_; }
    [[nodiscard]] double delivered_J() const { return delivered_J_; }
    [[nodiscard]] double unmet_J() const { return unmet_J_; }
    [[nodiscard]] double owed_J() const;
    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void draw_cars(const City& city, Random electric);
    /// The charger's row of a car of the city, made when it first comes home; no_index = its home has no building.
    Index row_of(Index car);
    void plan(std::size_t car, Microseconds now, std::vector<double>& expected_W, Microseconds period);

    ChargingSettings settings_;
    Calendar calendar_;
    std::vector<Index> home_, home_link_;      // by electric car: building and its street
    std::vector<Index> car_of_person_;         // row here of the car that a person drives
    bool drawn_here_ = false;
    std::vector<Index> driver_, home_of_driver_;   // by car of the city: its driver and the building where he lives
    std::vector<Microseconds> left_at_;            // by person: the last departure told; decides within a step only, so it isn't saved
    std::vector<Index> row_of_car_, car_of_row_;   // told by the population
    std::vector<double> need_J_, wish_W_, given_J_;
    std::vector<std::uint8_t> at_home_;
    std::vector<double> plan_W_;               // valley filling: slots of a day by car, by absolute slot modulo the day's slots
    double wanted_J_ = 0, delivered_J_ = 0, unmet_J_ = 0;
};

}  // namespace citytwin::buildings
