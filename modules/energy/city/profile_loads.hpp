#pragma once
// Loads of the user's SimBench folder at buses where no building of the city hangs: each a power connection of its own that draws what
// the folder's profiles say at that moment of the year. Loads at buses with buildings are replaced by what the city's consumers draw.
#include <span>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/time/calendar.hpp"
#include "modules/energy/read/simbench_grid.hpp"

namespace citytwin::energy {

/// One such load, with the numbers of its profiles (no_index: constant).
struct ProfileLoad {
    std::string id;
    Index bus = no_index;
    double active_W = 0, reactive_W = 0;   ///< times the profile's value
    Index active_profile = no_index, reactive_profile = no_index;
};

/// The loads of buses that no building hangs on.
std::vector<ProfileLoad> loads_without_buildings(const SimbenchGrid& grid, const std::vector<Index>& bus_of_building);
/// Sets `grid_load` and `load_profile`; `connections` by load. Nothing where there are none. Throws InputError CT-ENERGY-033 for times it can't read.
void store_profile_loads(City& city, const std::vector<ProfileLoad>& loads, const std::vector<Index>& connections, const std::vector<std::vector<double>>& profiles,
                         const std::vector<std::string>& times, const std::string& folder);

class ProfileLoads {
public:
    void prepare(const City& city);
    [[nodiscard]] bool any() const { return !connection_.empty(); }
    /// Takes the profiles' rows of this local time: same date and hour of the profiles' own year (29 February: the 28th where that has none).
    void set_time(const Calendar& calendar, Microseconds now);
    /// What each of them draws now: `take(connection, active W, reactive W)`.
    template <class Take>
    void each(Take&& take) const {
        for (std::size_t k = 0; k < connection_.size(); ++k) take(connection_[k], active_W_[k] * value(active_profile_[k]), reactive_W_[k] * value(reactive_profile_[k]));
    }

private:
    [[nodiscard]] double value(Index profile) const { return profile == no_index ? 1.0 : profile_[profile][row_ % profile_[profile].size()]; }

    std::vector<Index> connection_, active_profile_, reactive_profile_;
    std::vector<double> active_W_, reactive_W_;
    std::vector<std::span<const double>> profile_;
    double first_s_ = 0, step_s_ = 900;   ///< local time of the first row, since 1970
    std::size_t row_ = 0;
};

}  // namespace citytwin::energy
