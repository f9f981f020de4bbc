#pragma once
// What electric cars drove with since they last asked, asked for when the driver is home again: the stream charging_session. The energy
// of a way is the emission module's word (`car.electric_energy`, its electric model along each passage), else kilometres times a factor.
#include <string>
#include <vector>

#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/population/person_trips.hpp"

namespace citytwin::population {

class CarCharging {
public:
    CarCharging(Setup& setup, const Parameters& parameters, const PersonTrips& people);
    static bool is_possible(const City& city);

    /// Which cars are electric now: at the start.
    void refresh();
    /// The same after changes: a way under way is still driven with fuel, the car is electric from its next trip on.
    void change();
    /// A person's way has ended.
    void follow(const TripEvent& event);
    /// Sends what is due; `settled`: the passages of ways that ended before are known to all.
    void send_due(Microseconds now);
    /// State of charge of the electric cars: full at the start, less what they drove with, plus what chargers gave.
    void write_charge();

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Homecoming {
        Microseconds arrive = 0;
        Index car = no_index;
        std::uint32_t unused = 0;   ///< no padding: the bytes are state
    };
    [[nodiscard]] double driven_J(Index car) const;
    void count();

    const PersonTrips& people_;
    double J_per_m_, battery_J_;
    std::vector<Index> driver_, car_of_person_, connection_;   ///< by car; by person; by car
    TextAttribute emission_class_;
    Read energy_, charged_;
    Write charge_;
    StreamSender sessions_;
    Ledger& ledger_;
    std::vector<std::uint8_t> electric_, burning_;   ///< now; on the way since before a change
    std::vector<Index> rows_;           ///< cars that are electric, or were
    std::vector<double> driven_m_, asked_J_;
    std::vector<Homecoming> waiting_;   ///< in the order of the events
};

}  // namespace citytwin::population
