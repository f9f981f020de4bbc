// The power grid as a module: loads of consumers in; voltages, loadings, who is energised and who has power out. What it reads, writes and
// lets a user choose is declared here; the models are in model/, what they mean in a city in city/.
#include <array>
#include <memory>
#include <optional>

#include "core/module/citytwin/module.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/energy/city/build_grid.hpp"
#include "modules/energy/city/carbon_mix.hpp"
#include "modules/energy/city/connection_supply.hpp"
#include "modules/energy/city/grid_books.hpp"
#include "modules/energy/city/grid_sets.hpp"
#include "modules/energy/city/profile_loads.hpp"
#include "modules/energy/city/switching.hpp"

namespace citytwin::energy {

namespace {

SwitchingSettings switching_settings(Setup& setup) {
    SwitchingSettings s;
    s.overload_trip = setup.parameter_flag("overload_trip", true, "Branches trip by the inverse-time curve when they carry too much");
    s.curve.pickup = setup.parameter("trip_pickup", "1.2", "Loading (share of the rating) above which the relay's time runs", 1, 10);
    s.curve.multiplier_s = setup.parameter("trip_multiplier", "1 s",
        "k of the curve t = k 80 / ((I/pickup)^2 - 1) (IEC 60255-151, extremely inverse)", 0.01, 1000);
    s.reclose_after = setup.duration("reclose_after", "1 h", "How long a tripped branch stays open", 1);
    s.restore = setup.parameter_flag("restore", false, "Normally open ties are closed for parts that are dark");
    s.switching_time = setup.duration("switching_time", "15 min", "From the interruption to the closing of a tie", 0);
    s.cable_faults_per_km_year = setup.parameter("cable_fault_rate", "0", "Random faults of cables per km and year", 0, 100);
    s.transformer_faults_per_year = setup.parameter("transformer_fault_rate", "0", "Random faults of transformers per year", 0, 100);
    s.repair_time = setup.duration("repair_time", "2 h", "Mean duration of a random fault (exponential)", 1);
    s.regulated_voltage = setup.parameter("substation_voltage", "1.015", "What the substations' tap changers hold, per unit", 0.9, 1.1);
    return s;
}

SupplySettings supply_settings(Setup& setup) {
    SupplySettings s;
    s.sustained = setup.duration("sustained", "5 min", "Interruptions that last longer count in SAIFI and SAIDI (IEEE 1366)", 0);
    s.recharge = setup.parameter("battery_recharge", "0.25", "Seconds of own battery that a second of grid gives back", 0, 10);
    s.power_factor = setup.parameter("power_factor", "0.97", "Of all loads; what feeds in has 1", 0.5, 1);
    return s;
}

struct Saving {
    StateWriter& out;
    template <class T>
    void column(const char* name, const std::vector<T>& values) { out.column(name, values); }
    template <class T>
    void value(const char* name, const T& v) { out.value(name, v); }
};
struct Loading {
    StateReader& in;
    template <class T>
    void column(const char* name, std::vector<T>& values) { in.column(name, values); }
    template <class T>
    void value(const char* name, T& v) { in.value(name, v); }
};

}  // namespace

class Energy final : public Module {
public:
    static constexpr std::array<std::string_view, 3> grows{"power_branch", "power_bus", "power_device"};
    static constexpr std::array<std::string_view, 3> builds_after{"buildings", "waste", "water"};
    static void build(CityBuilder& builder) { build_grid(builder); }

    explicit Energy(Setup& setup)
        : city_(setup.city()), calendar_(setup.calendar()), load_(setup.reads("power_connection", "electric_load", "W").otherwise(0)),
          outages_(setup.sends(outage_schema())), switching_(setup, switching_settings(setup)), supply_(setup, supply_settings(setup)), books_(setup, {}),
          no_ties_(setup.warning("CT-ENERGY-054", "ties stayed open: what restoration would feed through them is too much for voltage (0.9) or loading")) {
        declare_results(setup);
        setup.period("15 min");
        for (const char* set : {"power_branch", "power_bus", "power_device", "power_connection"}) setup.wakes_on(set);
        reaction_ = setup.duration("reaction", "1 s", "How soon after a switching event the grid is solved again, so that others see it", 1e-6);
        const std::string table = setup.parameter_path("carbon_table", "CSV with hour and kg_per_kWh");
        mix_ = std::make_unique<CarbonMix>(table, setup.parameter("carbon_intensity", "0.25 kg/kWh",
            "Mean of the built-in hourly shape (an assumption)", 0, 3));
        declare_build_parameters(setup);
    }

    void prepare() override {
        network_ = network_of(city_);
        solver_ = std::make_unique<GridSolver>(network_);
        switching_.prepare(city_, network_);
        supply_.prepare(city_);
        profiles_.prepare(city_);
        books_.prepare(city_);
        demand_.assign(network_.buses.size(), {});
        branch_loading_.assign(network_.branches.size(), 0);
    }

    void start(const Step& now) override {
        switching_.start();
        if (!ready_) switch_now(0);   // else changes of time 0 came first
        (void)supply_.grid_changed(0, *solver_, OutageCause::switching);   // who has no way to a source from the beginning
        carbon_[0] = mix_->kg_per_J(calendar_, 0);
        take_loads(0);
        solve();
        write();
        for (std::size_t c = 0; c < powered_.size(); ++c) powered_[c] = supply_.has_grid(c) ? 1 : 0;
        plan_wake(now.to);
    }

    void step(const Step& now) override {
        carbon_[0] = mix_->kg_per_J(calendar_, now.from + (now.to - now.from) / 2);
        take_loads(now.from + (now.to - now.from) / 2);
        const bool solved = solve();
        const SuppliedEnergy energy = supply_.step(now.from, now.to, load_W_, powered_.values());
        write();
        if (solved) books_.step(now.from, now.to, energy, *solver_, network_.base_VA, branch_loading_, carbon_[0]);
        else books_.not_solved(now.from, energy);
        last_ = now.to;
        bool due = switching_.after_step(now.from, now.to, *solver_, network_, branch_loading_, solved);
        due = switching_.restore(now.to, *solver_, network_, [this] { return carries_all(); }, no_ties_) || due;
        if (due) switch_now(now.to);
        plan_wake(now.to);
    }

    void changed(std::string_view set, std::span<const Index> /*rows*/) override {
        if (set == "power_connection") supply_.attributes_changed();
        else if (set == "power_branch" || set == "power_bus" || set == "power_device") switch_now(last_);
        else return;
        plan_wake(last_);
    }

    [[nodiscard]] Microseconds wakes_at() const override { return wake_; }

    void close(const Step& now) override {
        books_.close(now.to, supply_.totals_at(now.to), supply_.customers(), switching_.trips(), switching_.random_faults());
    }

    void save(StateWriter& out) const override {
        Saving saving{out};
        Switching::visit(switching_, saving);
        ConnectionSupply::visit(supply_, saving);
        GridBooks::visit(books_, saving);
        const Microseconds times[] = {last_, wake_, react_at_};
        out.column("times", std::vector<Microseconds>(std::begin(times), std::end(times)));
        out.column("voltage_known", known_voltage_);
        out.column("loading_known", branch_loading_);
    }

    void load(StateReader& in) override {
        Loading loading{in};
        Switching::visit(switching_, loading);
        ConnectionSupply::visit(supply_, loading);
        GridBooks::visit(books_, loading);
        std::vector<Microseconds> times;
        in.column("times", times);
        last_ = times.at(0);
        wake_ = times.at(1);
        react_at_ = times.at(2);
        in.column("voltage_known", known_voltage_);
        in.column("loading_known", branch_loading_);
        ready_ = true;
        switching_.loaded(*solver_);
    }

private:
    void declare_results(Setup& setup) {
        const auto flag = [&](const char* set, const char* name, const char* sentence) -> Write {   // recorded as the share of the time
            return setup.writes(set, name, "1").initially(1).described(sentence).recorded_as(Aggregation::mean);
        };
        powered_ = flag("power_connection", "powered", "1 = has power, from the grid or its own backup");
        energised_ = flag("power_bus", "energised", "1 = has voltage");
        voltage_ = setup.writes("power_bus", "voltage", "1").initially(1).described("Voltage magnitude, per unit; 0 where there is none");
        bus_load_ = setup.writes("power_bus", "load_power", "W").described("Active power drawn here, feed-in taken off");
        bus_reactive_ = setup.writes("power_bus", "load_reactive_power", "W").described("Reactive power drawn here");
        loading_ = setup.writes("power_branch", "loading", "1").described("Apparent power over rating");
        in_service_ = setup.writes("power_branch", "in_service", "1").initially(1).described("1 = closed and not out");
        ratio_ = setup.writes("power_branch", "tap_ratio", "1").initially(1).described("Ratio of its ideal transformer now");
        unit_power_ = setup.writes("power_device", "power", "W").described("Active power fed in by the upstream grid and generators");
        if (city_.find("grid_load") != nullptr) {
            profile_load_ = setup.writes("power_connection", "profile_load", "W").described("Drawn by the file's own loads, by their profiles").recorded_as(Aggregation::mean);
        }
        carbon_ = setup.writes("city", "carbon_intensity", "kg/J").described("Of what comes from upstream").recorded_as(Aggregation::mean);
    }

    static void declare_build_parameters(Setup& setup) {
        (void)setup.parameter_text("network", "synthesise", "synthesise: laid along the streets; file: network_file", {"synthesise", "file"});
        (void)setup.parameter_path("network_file", "MATPOWER case (.m) or SimBench folder");
        (void)setup.parameter_path("bus_places", "CSV with bus, x and y [m, local frame]: buildings go to the nearest bus instead of by load share");
        (void)setup.parameter("dwelling_peak", "10 kW", "Peak of one dwelling that the laid grid is sized for", 0.1, 100);
        (void)setup.duration("hospital_battery", "10 min", "How long a hospital's battery lasts", 0);
        (void)setup.duration("hospital_generator_start", "15 s", "How long its generator takes to start", 0);
        (void)setup.duration("hospital_fuel", "24 h", "How long the generator's fuel lasts", 0);
    }

    /// What the modules' consumers draw, and the folder's own loads by their profiles.
    void take_loads(Microseconds at) {
        load_W_.assign(load_.values().begin(), load_.values().end());
        profiles_.set_time(calendar_, at);
        profiles_.each([this](Index connection, double active_W, double reactive_W) {
            load_W_[connection] += active_W;
            supply_.set_reactive(connection, reactive_W);
            (*profile_load_)[connection] = active_W;
        });
    }

    bool solve() {
        supply_.demand(load_W_, network_.base_VA, *solver_, demand_);
        const bool solved = solver_->solve(demand_);
        for (std::size_t k = 0; k < branch_loading_.size(); ++k) {
            if (solved) branch_loading_[k] = loading(network_.branches, k, solver_->flows[k]);
            else if (solver_->switches.branch_closed[k] == 0) branch_loading_[k] = 0;   // else the last known: what can't be solved isn't unloaded
        }
        if (solved) known_voltage_ = solver_->voltage;
        else if (known_voltage_.size() == network_.buses.size()) solver_->voltage = known_voltage_;
        return solved;
    }

    /// Whether the switches as they stand now would carry what everybody drew before, within loadings of 100 % and voltages of 0.9.
    bool carries_all() {
        std::vector<double> wanted(load_W_.size());
        for (std::size_t c = 0; c < wanted.size(); ++c) wanted[c] = supply_.wanted_W(c, load_W_[c]);
        supply_.demand(wanted, network_.base_VA, *solver_, demand_);
        if (!solver_->solve(demand_)) return false;
        for (std::size_t k = 0; k < network_.branches.size(); ++k) {
            if (loading(network_.branches, k, solver_->flows[k]) > 1) return false;
        }
        for (Index b = 0; b < voltage_.size(); ++b) {
            if (solver_->is_live(b) && solver_->voltage[b] < 0.9) return false;
        }
        return true;
    }

    void write() {
        for (Index b = 0; b < voltage_.size(); ++b) {
            const bool live = solver_->is_live(b);
            energised_[b] = live ? 1 : 0;
            voltage_[b] = live ? solver_->voltage[b] : 0;
            bus_load_[b] = demand_[b].re * network_.base_VA;
            bus_reactive_[b] = demand_[b].im * network_.base_VA;
        }
        for (std::size_t k = 0; k < loading_.size(); ++k) {
            loading_[k] = branch_loading_[k];
            in_service_[k] = solver_->switches.branch_closed[k];
            ratio_[k] = solver_->switches.ratio[k];
        }
        double upstream_W = solver_->supply.re * network_.base_VA;   // all sources together, told at the first
        for (std::size_t u = 0; u < unit_power_.size(); ++u) {
            unit_power_[u] = 0;
            if (solver_->switches.unit_on[u] == 0) continue;
            const bool slack = network_.buses.kind[network_.units.bus[u]] == BusKind::slack;
            unit_power_[u] = slack ? upstream_W : network_.units.power[u].re * network_.base_VA;
            if (slack) upstream_W = 0;
        }
    }

    /// The switches as they are from `now` on, and who goes dark or comes back with them.
    void switch_now(Microseconds now) {
        ready_ = true;
        events_.clear();
        const bool switched = switching_.apply(now, *solver_, network_, events_);
        OutageCause cause = OutageCause::switching;
        for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
            if (event->begins) cause = event->cause;   // the first row's
        }
        double customers = 0;
        if (switched) {
            customers = supply_.grid_changed(now, *solver_, cause);
            const bool any_dark = supply_.any_dark();
            if (customers > 0 || !any_dark) switching_.darkness(now, any_dark);   // a tap that moves meanwhile doesn't start its clock anew
            react_at_ = now + reaction_;
        }
        for (const SwitchEvent& event : events_) send(outages_, now, event.branch, Outage{event.branch, no_index, event.from,
            event.begins ? event.until : now, static_cast<std::int64_t>(event.cause), event.begins, customers});
    }

    void plan_wake(Microseconds now) {
        wake_ = std::min(switching_.next_event(now), supply_.next_event(now));
        if (react_at_ > now) wake_ = std::min(wake_, react_at_);
    }

    const City& city_;
    Calendar calendar_;
    Read load_;
    StreamSender outages_;
    Write powered_, energised_, voltage_, bus_load_, bus_reactive_, loading_, in_service_, ratio_, unit_power_, carbon_;
    Switching switching_;
    ConnectionSupply supply_;
    ProfileLoads profiles_;
    std::optional<Write> profile_load_;
    GridBooks books_;
    Warning& no_ties_;
    Microseconds reaction_ = second;
    std::unique_ptr<CarbonMix> mix_;

    PowerNetwork network_;
    std::unique_ptr<GridSolver> solver_;
    std::vector<Complex> demand_;
    std::vector<double> branch_loading_, known_voltage_, load_W_;
    std::vector<SwitchEvent> events_;
    Microseconds last_ = 0, wake_ = never, react_at_ = 0;
    bool ready_ = false;
};

CITYTWIN_MODULE(Energy, "energy", "0.1.0")

}  // namespace citytwin::energy
