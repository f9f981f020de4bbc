#pragma once
// The balance of each fraction and the figures of a run.
#include "core/module/person_time.hpp"
#include "modules/waste/truck_fleet.hpp"

namespace citytwin::waste {

class WasteBooks {
public:
    explicit WasteBooks(Setup& setup);
    void begin(const Bins& bins);
    void step(double seconds) { persons_.add(seconds); }
    void balance(const Bins& bins, const TruckFleet& trucks, const Plants& plants);
    void close(const Bins& bins, const TruckFleet& trucks, const Plants& plants, bool by_traffic);
    void save(StateWriter& out) const { persons_.save(out); }
    void load(StateReader& in) { persons_.load(in); }

private:
    std::array<Ledger*, fraction_count> ledgers_{};
    PersonTime persons_;
    Kpi &per_capita_, &diverted_, &truck_km_, &overflow_;
};

}  // namespace citytwin::waste
