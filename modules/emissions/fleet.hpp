#pragma once
// Which class a vehicle belongs to: what the city says of the car or truck, else drawn from the fleet mix by who it is,
// so that the same person's car is the same class on every trip, in every run and whatever else happens. Where the population says
// which cars are electric (`car.emission_class`), the mix only says what the others burn. A change of a car's class holds from its next
// trip on: a way under way ends as it began.
#include <optional>
#include <string>
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/emissions/emission_data.hpp"

namespace citytwin::emissions {

class Fleet {
public:
    Fleet(Setup& setup, const ClassTable& classes, FleetMix mix);

    /// At the start: reads `car.emission_class`, `truck.emission_class`. Throws InputError CT-EMISSIONS-012 for an unknown class.
    void refresh();
    /// The same after changes at `now`; cars that are on their way keep their class until they arrive.
    void change(Microseconds now);
    [[nodiscard]] Index class_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const;
    /// The car that a person drives, no_index for all else.
    [[nodiscard]] Index car_of(std::int64_t who_set, std::int64_t who, std::int64_t mode) const;
    [[nodiscard]] std::size_t cars() const { return class_of_car_.size(); }

    /// Classes that may not enter a low-emission zone, and what their owners buy instead.
    void set_zone_rule(std::vector<std::uint8_t> excluded, Index replacement);
    /// Classes of a step's passages, row by row. Cars of excluded classes that come into the zone (`zone` by link) are replaced there and then,
    /// until a change gives them a class that may come in.
    void follow(const StreamTable& traversals, std::span<const double> zone);
    [[nodiscard]] Index class_of_passage(std::size_t row) const { return passage_class_[row]; }
    [[nodiscard]] std::size_t replaced() const;

    void save(StateWriter& out) const;
    void load(StateReader& in);
    /// Shares of classes among the cars: of the city's active cars, else of the mix.
    [[nodiscard]] const std::vector<FleetMix::Share>& car_shares() const { return car_shares_; }

private:
    /// A car that was on its way when a change gave it another class.
    struct TripOfBefore {
        Microseconds changed_at = 0;
        std::int64_t request = -1;        ///< -1: no passage of it was told yet
        Index car = no_index, emission_class = no_index;
    };
    [[nodiscard]] Index named(const TextAttribute& names, std::size_t row, const char* set) const;
    [[nodiscard]] bool is_excluded(Index emission_class) const { return !excluded_.empty() && excluded_[emission_class] != 0; }
    [[nodiscard]] Index& class_on_the_way(Index car, const LinkTraversal& passage);

    const ClassTable& classes_;
    FleetMix mix_;
    Random draw_;
    std::optional<TextAttribute> car_class_, truck_class_;
    std::optional<Attribute> car_active_;
    std::vector<Index> car_of_person_;       ///< by person; no_index = has none
    std::vector<Index> class_of_car_, class_of_truck_;
    std::vector<FleetMix::Share> car_shares_;
    std::vector<std::uint8_t> excluded_, replaced_;   ///< by class; by car
    std::vector<TripOfBefore> before_;               ///< by car, ascending
    std::vector<Index> passage_class_;               ///< of one step
    Index replacement_ = no_index;
    bool population_says_electric_ = false;
};

}  // namespace citytwin::emissions
