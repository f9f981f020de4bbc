#pragma once
// Which branches are closed now and why not: what changes say (closed, active, fault, planned_outage), random faults, overload trips,
// ties that restoration has closed, tap changers. Everything here is state of the run.
#include <functional>
#include <span>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/energy/model/grid_solver.hpp"
#include "modules/energy/model/overload.hpp"

namespace citytwin::energy {

/// Why a consumer is without the grid; also the labels of stream `outage`.
enum class OutageCause : std::uint8_t { none = 0, fault = 1, planned = 2, switching = 3, random = 4, overload = 5 };
inline constexpr std::size_t outage_causes = 6;
inline constexpr const char* outage_cause_names[outage_causes] = {"none", "fault", "planned", "switching", "random", "overload"};

struct SwitchingSettings {
    bool overload_trip = true, restore = false;
    OverloadCurve curve;
    Microseconds reclose_after = hour, switching_time = 15 * minute, repair_time = 2 * hour;
    double cable_faults_per_km_year = 0, transformer_faults_per_year = 0;
    double regulated_voltage = 1.015, tap_step = 0.00625, tap_band = 0.004;   ///< 33 positions over +-10 %
    std::int32_t tap_steps = 16;
};

/// A branch that went out of or came back into service by itself or by a change.
struct SwitchEvent {
    Index branch = no_index;
    OutageCause cause = OutageCause::none;
    bool begins = true;
    Microseconds from = 0, until = never;   ///< until: known for own outages
};

class Switching {
public:
    Switching(Setup& setup, const SwitchingSettings& settings);
    void prepare(const City& city, const PowerNetwork& network);
    /// Draws the first random faults; at time 0 of a fresh run.
    void start();

    /// Brings the switches to what holds from `now` on. True if a branch, bus or unit changed; `events` gets what did.
    bool apply(Microseconds now, GridSolver& solver, const PowerNetwork& network, std::vector<SwitchEvent>& events);
    /// After a solve over [from, to): heats relays, moves tap changers, opens what trips or fails at `to`, ends repairs. True if `apply` is due.
    bool after_step(Microseconds from, Microseconds to, GridSolver& solver, const PowerNetwork& network, std::span<const double> loading, bool solved);
    /// When the switching time is over: closes ties for parts that are dark, each only where `allows` says so of the network that it makes.
    /// True if `apply` is due.
    bool restore(Microseconds now, GridSolver& solver, const PowerNetwork& network, const std::function<bool()>& allows, Warning& refused);
    /// When anything here happens by itself after `now`.
    [[nodiscard]] Microseconds next_event(Microseconds now) const;
    /// Something went dark or came back: restoration's clock starts, or ends.
    void darkness(Microseconds now, bool any_dark);
    [[nodiscard]] std::uint64_t trips() const { return trips_; }
    [[nodiscard]] std::uint64_t random_faults() const { return faults_; }
    [[nodiscard]] std::uint64_t ties_closed() const { return ties_closed_; }

    /// Every member of the run's state, by name.
    template <class Self, class Archive>
    static void visit(Self& self, Archive& archive) {
        archive.column("own_open_until", self.open_until_);
        archive.column("own_open_cause", self.open_cause_);
        archive.column("relay", self.relay_);
        archive.column("trips_at", self.trips_at_);
        archive.column("tie_closed", self.tie_closed_);
        archive.column("tap_position", self.tap_position_);
        archive.column("next_fault", self.next_fault_);
        archive.column("fault_number", self.fault_number_);
        archive.column("open_by_now", self.cause_now_);
        archive.value("restore_at", self.restore_at_);
        archive.value("trips", self.trips_);
        archive.value("faults", self.faults_);
        archive.value("ties_closed", self.ties_closed_);
    }
    /// Loaded state into the solver's switches.
    void loaded(GridSolver& solver);

private:
    [[nodiscard]] OutageCause cause_of(Index branch, Microseconds now) const;
    void schedule_fault(Index branch, Microseconds from);
    void open(Index branch, OutageCause cause, Microseconds until);
    bool move_taps(const GridSolver& solver, const PowerNetwork& network);
    void open_spare_ties(GridSolver& solver, const PowerNetwork& network);
    void set_switches(GridSolver& solver) const;

    SwitchingSettings settings_;
    Random fault_times_, repair_times_;
    Attribute closed_, active_, fault_, planned_, tap_, bus_active_, unit_on_;
    const EntitySet* set_ = nullptr;
    std::vector<std::uint8_t> tie_, regulated_;
    std::vector<double> faults_per_s_;
    std::vector<std::uint64_t> key_;
    // --- state
    std::vector<Microseconds> open_until_, trips_at_, next_fault_;
    std::vector<std::uint8_t> open_cause_, tie_closed_, cause_now_;   ///< cause_now_: 0 = in service
    std::vector<double> relay_;
    std::vector<std::int32_t> tap_position_;
    std::vector<std::uint32_t> fault_number_;
    Microseconds restore_at_ = never;
    std::uint64_t trips_ = 0, faults_ = 0, ties_closed_ = 0;
};

}  // namespace citytwin::energy
