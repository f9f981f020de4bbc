#pragma once
// Which class a vehicle belongs to: what the city says of the car or truck, else drawn from the fleet mix by who it is,
// so that the same person's car is the same class on every trip, in every run and whatever else happens. Where the population says
// which cars are electric (`car.emission_class`), the mix only says what the others burn.
#include <optional>
#include <string>
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "modules/emissions/emission_data.hpp"

namespace citytwin::emissions {

class Fleet {
public:
    Fleet(Setup& setup, const ClassTable& classes, FleetMix mix);

    /// After changes and at the start: reads `car.emission_class`, `truck.emission_class`. Throws InputError CT-EMISSIONS-012 for an unknown class.
    void refresh();
    [[nodiscard]] Index class_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const;
    /// The car that a person drives, no_index for all else.
    [[nodiscard]] Index car_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const;
    [[nodiscard]] std::size_t cars() const { return class_of_car_.size(); }

    /// Classes that may not enter a low-emission zone, and what their owners buy instead.
    void set_zone_rule(std::vector<std::uint8_t> excluded, Index replacement);
    /// Cars of excluded classes that come into the zone (`zone` by link) are replaced there and then, for good.
    void enter_zone(const StreamTable& traversals, std::span<const double> zone);
    [[nodiscard]] std::size_t replaced() const;

    void save(StateWriter& out) const { out.column("cars_replaced", replaced_); }
    void load(StateReader& in) { in.column("cars_replaced", replaced_); }
    /// Shares of classes among the cars: of the city's active cars, else of the mix.
    [[nodiscard]] const std::vector<FleetMix::Share>& car_shares() const { return car_shares_; }

private:
    [[nodiscard]] Index named(const TextAttribute& names, std::size_t row, const char* set) const;

    const ClassTable& classes_;
    FleetMix mix_;
    Random draw_;
    std::optional<TextAttribute> car_class_, truck_class_;
    std::optional<Attribute> car_active_;
    std::vector<Index> car_of_person_;       ///< by person; no_index = has none
    std::vector<Index> class_of_car_, class_of_truck_;
    std::vector<FleetMix::Share> car_shares_;
    std::vector<std::uint8_t> excluded_, replaced_;   ///< by class; by car
    Index replacement_ = no_index;
    bool population_says_electric_ = false;
};

}  // namespace citytwin::emissions
