#pragma once
// The hydraulics of a city's network over one interval of the run: what is shut, leaks and pumps are set, the equations solved at each event,
// and what went in, out, was lost and stored is measured, as integrals over the interval.
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/water/model/hydraulics.hpp"

namespace citytwin::water {

/// All over the run so far.
struct WaterVolumes {
    double in_m3 = 0, supplied_m3 = 0, returned_m3 = 0, leaked_m3 = 0, unserved_m3 = 0;   ///< returned: into reservoirs
    double adjusted_m3 = 0;          ///< tanks that snap to full or empty within a second's flow
    double pump_energy_J = 0;
    std::uint64_t solves = 0, trials = 0;
    std::uint64_t degraded = 0;      ///< by anything but what follows
    std::uint64_t cut = 0;           ///< with junctions whose demand no source can reach: a shut main, a dry tank; the rest is solved as well as ever
    std::uint64_t reasons[reason_count]{};
};

class CityHydraulics {
public:
    /// Time 0 is at `seconds_of_day` of the local day, so that patterns and clock times are right.
    CityHydraulics(Network network, double seconds_of_day);

    [[nodiscard]] const Network& network() const { return *network_; }
    [[nodiscard]] const Hydraulics& solver() const { return hydraulics_; }

    /// Demand from outside at a junction; it replaces what the file says there.
    void set_demand(Index junction, double m3ps) { hydraulics_.set_outside_demand(junction, m3ps); }
    void leave_demand(Index junction);
    /// What the file says of a junction now: its categories by their patterns.
    [[nodiscard]] double file_demand_m3ps(Index junction) const;
    /// Shut by a change, or a pump without power.
    void set_shut(Index link, bool shut) { hydraulics_.set_blocked(link, shut); }
    /// A pump's speed or a valve's pressure [m], held against controls; NaN gives it back to them.
    void hold_setting(Index link, double value);
    /// Factor on the leaks (emitters) of a node.
    void set_leakage(Index junction, double factor);

    /// Solves at the time reached (for first values).
    void solve();
    /// To `until_s`, solving at each event; `each(seconds)` is called once a solve with how long it holds.
    template <class Each>
    void run(std::int64_t until_s, Each&& each) {
        while (hydraulics_.time_s() < until_s) {
            solve();
            const std::int64_t seconds = advance(until_s);
            if (seconds <= 0) break;
            each(static_cast<double>(seconds));
        }
    }

    /// Of the last solve; served only where there is an open way to a source.
    [[nodiscard]] double wanted_m3ps(Index junction) const { return hydraulics_.full_demand_m3ps(junction); }
    [[nodiscard]] double served_m3ps(Index junction) const { return is_supplied_[junction] ? hydraulics_.demand_m3ps(junction) : 0; }
    [[nodiscard]] double supply_ratio(Index junction) const;
    [[nodiscard]] double head_m(Index node) const { return head_m_[node]; }   ///< as solved: tanks before they filled
    [[nodiscard]] bool has_source(Index node) const { return is_supplied_[node] != 0; }
    [[nodiscard]] double leak_m3ps(Index node) const { return leak_m3ps_[node]; }
    [[nodiscard]] double pump_power_W(std::size_t pump) const { return pump_W_[pump]; }

    [[nodiscard]] double stored_m3() const;
    [[nodiscard]] const WaterVolumes& volumes() const { return volumes_; }
    [[nodiscard]] WaterVolumes& volumes() { return volumes_; }
    // State: the solver's bytes, the volumes, and these two.
    [[nodiscard]] std::string save() const { return hydraulics_.save(); }
    void load(std::string_view bytes) { hydraulics_.load(bytes); }
    [[nodiscard]] const std::vector<double>& held_settings() const { return held_setting_; }
    [[nodiscard]] std::vector<double>& held_settings() { return held_setting_; }
    [[nodiscard]] const std::vector<double>& leak_factors() const { return emitter_factor_; }
    [[nodiscard]] std::vector<double>& leak_factors() { return emitter_factor_; }

private:
    std::int64_t advance(std::int64_t until_s);
    void measure_heads();

    std::shared_ptr<const Network> network_;
    Hydraulics hydraulics_;
    std::vector<Index> emitter_of_node_;
    std::vector<double> held_setting_;          ///< by link, NaN: as controls say
    std::vector<double> emitter_factor_;
    std::vector<double> head_m_, leak_m3ps_, pump_W_;
    std::vector<std::uint8_t> is_supplied_;
    WaterVolumes volumes_;
};

}  // namespace citytwin::water
