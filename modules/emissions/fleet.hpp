#pragma once
// Which class a vehicle belongs to: what the city says of the car or truck, else drawn from the fleet mix by who it is,
// so that the same person's car is the same class on every trip, in every run and whatever else happens.
#include <optional>
#include <string>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/emissions/emission_data.hpp"

namespace citytwin::emissions {

class Fleet {
public:
    Fleet(Setup& setup, const ClassTable& classes, FleetMix mix);

    /// After changes and at the start: reads `car.emission_class`, `truck.emission_class`. Throws InputError CT-EMISSIONS-012 for an unknown class.
    void refresh();
    [[nodiscard]] Index class_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const;
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
};

}  // namespace citytwin::emissions
