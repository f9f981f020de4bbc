#pragma once
// The balance and the figures of a city's water: what was put in, drawn, lost; who went without; what pumping took.
#include "core/module/person_time.hpp"
#include "core/module/setup.hpp"
#include "modules/water/city/city_hydraulics.hpp"

namespace citytwin::water {

/// Customers without water, as integrals over time.
struct Interruptions {
    double customer_hours = 0, most_customers = 0;
};

/// A customer by name and the hours it was without water.
using NamedHours = std::pair<std::string, double>;

class WaterBooks {
public:
    explicit WaterBooks(Setup& setup);

    void begin(double stored_m3) { volume_.stored_at_start = stored_m3; }
    void balance(const WaterVolumes& volumes, double stored_m3);
    void people(double seconds) { persons_.add(seconds); }
    /// At the run's end. `without`: who had no water, the longest first. `supplied_share` of the residents live where the network supplies; 0: nobody is known to.
    void close(const WaterVolumes& volumes, const Interruptions& interruptions, const std::vector<NamedHours>& without, double supplied_share);
    void save(StateWriter& out) const { persons_.save(out); }
    void load(StateReader& in) { persons_.load(in); }

private:
    Ledger& volume_;
    PersonTime persons_;
    Kpi &use_, &unbilled_, &interruption_, &leakage_, &energy_, &degraded_;
};

}  // namespace citytwin::water
