#pragma once
// Once a day: which bins are due, which trucks take which fraction, and their tours over the streets as they are at that hour.
#include <array>
#include <memory>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/waste/truck_fleet.hpp"

namespace citytwin::waste {

class Dispatch {
public:
    Dispatch(Setup& setup, const WasteChoices& choices);
    void prepare();

    /// Remembers the streets' travel times of this hour of the day.
    void watch(const Step& now);
    /// Sends the trucks out if their time has come.
    void step(const Step& now, Bins& bins, TruckFleet& trucks, const Plants& plants);
    [[nodiscard]] const CityRows& rows() const { return rows_; }
    [[nodiscard]] const CollectionCalendar& calendar() const { return collection_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    using Inputs = std::array<DayInput, fraction_count>;
    [[nodiscard]] std::array<double, fraction_count> choose_bins(const Step& now, Bins& bins, Inputs& inputs) const;
    void plan(const Step& now, DayInput& input, std::size_t fraction, Bins& bins, TruckFleet& trucks);

    const WasteChoices& choices_;
    const City& city_;
    Arena& arena_;
    Calendar calendar_;
    CollectionCalendar collection_;
    std::uint64_t seed_;
    Warning& left_out_;
    Read travel_time_;
    Attribute closed_;
    std::unique_ptr<TruckRoads> roads_;
    CityRows rows_{};
    std::vector<float> hourly_s_;   ///< by hour of the day and link; 0 = not seen yet
    Microseconds next_ = 0;
    std::int64_t collections_ = 0;
};

}  // namespace citytwin::waste
