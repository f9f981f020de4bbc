#pragma once
// The refuse trucks: each drives its tour as a trip of the traffic module (or by the plan itself), takes what fits at a bin and unloads at a site.
#include <vector>

#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/waste/bins.hpp"
#include "modules/waste/collection_day.hpp"
#include "modules/waste/plants.hpp"

namespace citytwin::waste {

class TruckFleet {
public:
    TruckFleet(Setup& setup, const WasteChoices& choices);
    void prepare(const CityRows& rows);

    [[nodiscard]] std::vector<Index> idle() const;
    void depart(const Step& now, Tour tour, const Bins& bins);
    /// Goes on to the step's end: at each stop reached it takes or unloads.
    void follow(const Step& now, Bins& bins, Plants& plants);
    void write();

    [[nodiscard]] double aboard_kg(std::size_t fraction) const;
    [[nodiscard]] double distance_m() const;   ///< of all tours that ended

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Truck {
        MassByFraction load{};
        std::int64_t tour = 0;           ///< how many it has begun
        Microseconds departed = 0;
        double distance_m = 0;           ///< of all tours that ended
        std::uint64_t next_stop = 0;
        std::uint8_t busy = 0;
        std::uint8_t padding[7]{};
    };
    [[nodiscard]] TripRequest request(const Step& now, const Tour& tour, const Bins& bins) const;
    void reach(Index truck, Microseconds now, Bins& bins, Plants& plants);

    const WasteChoices& choices_;
    const City& city_;
    StreamSender requests_;
    StreamReceiver events_;
    Warning& removed_;
    Write payload_;
    CityRows rows_{};
    std::vector<Truck> trucks_;
    std::vector<Tour> tours_;   ///< by truck
};

}  // namespace citytwin::waste
