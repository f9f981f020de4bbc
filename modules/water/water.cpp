// Water as a module: people draw from the network of their street, pumps lift it with the grid's power, tanks bridge, pipes leak and break.
// Fields, streams and parameters are declared here; the hydraulics are in model/, the city's side in city/.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include "core/city/numbers.hpp"
#include "core/module/citytwin/module.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/water/city/build_network.hpp"
#include "modules/water/city/building_demand.hpp"
#include "modules/water/city/city_hydraulics.hpp"
#include "modules/water/city/link_state.hpp"
#include "modules/water/city/water_books.hpp"

namespace citytwin::water {
namespace {

constexpr double gravity = 9.81, water_density = 1000;
constexpr std::int64_t fault_cause = 1;   ///< of Outage::cause

}  // namespace

class Water final : public Module {
public:
    static constexpr std::array<std::string_view, 2> builds_after{"buildings", "population"};   ///< who may make or fill the buildings
    static void build(CityBuilder& builder) { build_network(builder); }

    explicit Water(Setup& setup)
        : city_(setup.city()), arena_(setup.arena()), calendar_(setup.calendar()), outages_(setup.sends(outage_schema())), network_(network_of(city_)), books_(setup),
          degraded_(setup.warning("CT-WATER-060", "solves are DEGRADED; water_degraded_solves says why")),
          without_(setup.warning("CT-WATER-061", "customers are without water")) {
        setup.period("15 min");
        declare_parameters(setup);
        if (network_ != nullptr) declare_fields(setup);
    }

    void prepare() override {
        if (network_ == nullptr) return;
        hydraulics_.emplace(*network_, calendar_.seconds_of_day(0));
        const EntitySet* buildings = city_.find("building");
        if (buildings != nullptr && buildings->has("water_node")) {
            demand_.emplace(*buildings, network_->nodes());
            demand_->resident_l_day = resident_l_day_;
            demand_->job_l_day = job_l_day_;
        }
        node_m3ps_.assign(network_->nodes(), 0.0);
        pump_J_.assign(network_->pumps.size(), 0.0);
        without_s_.assign(network_->junctions, 0.0);
        shut_.assign(network_->links(), 0);
        const auto base = numbers_of(city_.at("water_link"), "setting");
        base_setting_ = base;
        books_.begin(hydraulics_->stored_m3());
    }

    void start(const Step& now) override {
        if (network_ == nullptr) return;
        set_demands(now);
        set_network();
        hydraulics_->solve();
        write_fields(0);
        books_.balance(hydraulics_->volumes(), hydraulics_->stored_m3());
    }

    void step(const Step& now) override {
        if (network_ == nullptr) return;
        set_demands(now);
        const std::vector<Index> switched = set_network();
        std::fill(pump_J_.begin(), pump_J_.end(), 0.0);
        double customers_out = -1;
        const std::uint64_t degraded = hydraulics_->volumes().degraded;
        hydraulics_->run(now.to / second, [&](double seconds) {
            const double out = count_interrupted(seconds, now.from);
            if (customers_out < 0) customers_out = out;
            for (std::size_t p = 0; p < pump_J_.size(); ++p) pump_J_[p] += hydraulics_->pump_power_W(p) * seconds;
        });
        degraded_.add({}, now.from, hydraulics_->volumes().degraded - degraded);
        for (const Index link : switched) report_outage(now, link, std::max(0.0, customers_out));
        write_fields(now.seconds());
        books_.balance(hydraulics_->volumes(), hydraulics_->stored_m3());
        books_.people(now.seconds());
    }

    void close(const Step&) override {
        if (network_ == nullptr) return;
        std::vector<NamedHours> without;
        if (demand_)
            for (const auto& [building, hours] : demand_->customers_without(without_s_)) without.emplace_back(city_.at("building").id_of(building), hours);
        books_.close(hydraulics_->volumes(), interruptions_, without, demand_ ? demand_->residents_share() : 0);
    }

    void save(StateWriter& out) const override {
        if (network_ == nullptr) return;
        out.text("hydraulics", hydraulics_->save());
        out.value("volumes", hydraulics_->volumes());
        out.value("interruptions", interruptions_);
        books_.save(out);
        out.column("without_s", without_s_);
        out.column("shut", shut_);
        out.column("held_settings", hydraulics_->held_settings());
        out.column("leak_factors", hydraulics_->leak_factors());
    }

    void load(StateReader& in) override {
        if (network_ == nullptr) return;
        std::string bytes;
        in.text("hydraulics", bytes);
        hydraulics_->load(bytes);
        in.value("volumes", hydraulics_->volumes());
        in.value("interruptions", interruptions_);
        books_.load(in);
        in.column("without_s", without_s_);
        in.column("shut", shut_);
        in.column("held_settings", hydraulics_->held_settings());
        in.column("leak_factors", hydraulics_->leak_factors());
    }

private:
    void declare_parameters(Setup& setup) {
        const bool has_file = !setup.parameter_path("file", "Network as an EPANET .inp; its coordinates in the city's frame map buildings to junctions").empty();
        (void)setup.parameter_text("network", has_file ? "file" : "streets", "Laid along the streets, or the user's file", {"streets", "file"});
        (void)setup.parameter("reach", "500 m", "A building takes water from the nearest junction of the file within this", 0);
        (void)setup.parameter("leakage_share", "0.1", "Laid network: leaks as a share of the water put in at mean demand", 0, 0.95);
        (void)setup.parameter("tank_hours", "6 h", "Laid network: hours of a zone's mean demand that its tank holds", 0.1);
        (void)setup.parameter("pressure_required", "15 m", "Laid network: pressure from which demand is served in full", 0.1);
        resident_l_day_ = setup.parameter("resident_demand", "130", "Litres a resident and day", 0);
        job_l_day_ = setup.parameter("job_demand", "30", "Litres a job and day", 0);
        interruption_below_ = setup.parameter("interruption_below", "0.5", "A customer with less than this share of its demand is without water", 0, 1);
    }

    void declare_fields(Setup& setup) {
        if (city_.find("building") != nullptr) {
            occupants_ = setup.reads("building", "occupants", "1").mean().otherwise(-1);
            at_home_ = setup.reads("building", "at_home", "1").mean().otherwise(-1);
            if (city_.at("building").has("water_node")) building_supply_.emplace(setup.writes("building", "water_supply", "1").initially(1).described("Share of its water demand that is served"));
        }
        other_demand_ = setup.reads("water_node", "water_demand", "m3/s").mean().otherwise(0);
        const EntitySet& links = city_.at("water_link");
        if (city_.find("power_connection") != nullptr && links.has("power_connection")) {
            powered_.emplace(setup.reads_previous("power_connection", "powered", "1").through("water_link.power_connection").last().otherwise(1));
            electric_load_.emplace(setup.accumulates("power_connection", "electric_load", "W").from("water_link.power_connection").recorded_as(Aggregation::mean));
        }
        closed_ = setup.attribute("water_link", "closed", "1", 0.0);
        active_ = setup.attribute("water_link", "active", "1", 1.0);
        setting_ = setup.attribute("water_link", "setting", "1", 0.0);
        leakage_factor_ = setup.attribute("water_node", "leakage_factor", "1", 1.0);
        setup.wakes_on("water_link");
        setup.wakes_on("water_node");
        head_ = setup.writes("water_node", "head", "m").described("Of the last solve; the ground's height where has_source is 0");
        has_source_ = setup.writes("water_node", "has_source", "1").initially(1).described("1 = an open way leads to a source or tank");
        pressure_ = setup.writes("water_node", "pressure", "Pa").described("Of the last solve, above the ground");
        supply_ratio_ = setup.writes("water_node", "supply_ratio", "1").initially(1).described("Demand served over demand");
        demand_field_ = setup.writes("water_node", "demand", "m3/s").described("Demand that the last solve wanted to serve");
        leakage_ = setup.writes("water_node", "leakage", "m3/s").described("Leaks of the last solve");
        flow_ = setup.writes("water_link", "flow", "m3/s").described("Of the last solve, from its first node to its second");
        status_ = setup.writes("water_link", "status", "1").described("0 shut by a change, control or missing power; 1 closed by its own law; 2 open; 3 holding its pressure or flow");
        link_setting_ = setup.writes("water_link", "operated_setting", "1").described("Speed of pumps, setting of valves in the last solve; -1 = a valve fixed open or shut");
        pump_power_ = setup.writes("water_link", "pump_power", "W").recorded_as(Aggregation::mean).described("Electric power of pumps");
        if (city_.at("water_tank").size() > 0) level_.emplace(setup.writes("water_tank", "level", "m").described("Above its bottom, at the end of the step"));
    }

    void set_demands(const Step& now) {
        std::fill(node_m3ps_.begin(), node_m3ps_.end(), 0.0);
        const auto hour_of_day = static_cast<std::size_t>(calendar_.seconds_of_day(now.from) / 3600);
        if (demand_) demand_->measure(arena_, hour_of_day, calendar_.day_of_week(now.from) < 5, occupants_, at_home_, node_m3ps_);
        for (Index j = 0; j < network_->junctions; ++j) {
            const bool by_buildings = demand_ && demand_->supplies(j);
            const double other = other_demand_[j];
            if (by_buildings || other != 0) hydraulics_->set_demand(j, other + (by_buildings ? node_m3ps_[j] : hydraulics_->file_demand_m3ps(j)));
            else hydraulics_->leave_demand(j);
        }
    }

    /// What is shut, set and leaking from now on. Returns the links that a change has shut or opened.
    std::vector<Index> set_network() {
        std::vector<Index> switched;
        for (Index k = 0; k < network_->links(); ++k) {
            const std::uint8_t shut = closed_[k] != 0 || active_[k] == 0 ? 1 : 0;
            if (shut != shut_[k]) switched.push_back(k);
            shut_[k] = shut;
            const bool dark = network_->link_kind[k] == LinkKind::pump && powered_ && (*powered_)[k] < 0.5;
            hydraulics_->set_shut(k, shut != 0 || dark);
            hydraulics_->hold_setting(k, setting_[k] != base_setting_[k] ? setting_[k] : std::nan(""));
        }
        for (Index j = 0; j < network_->junctions; ++j) hydraulics_->set_leakage(j, leakage_factor_[j]);
        return switched;
    }

    double count_interrupted(double seconds, Microseconds from) {
        if (!demand_) return 0;
        double out = 0;
        const auto& customers = demand_->customers_of_node();
        for (Index j = 0; j < network_->junctions; ++j) {
            if (customers[j] == 0 || hydraulics_->supply_ratio(j) >= interruption_below_) continue;
            if (out == 0 && interruptions_.customer_hours == 0) without_.add(network_->node_id[j], from);
            out += customers[j];
            without_s_[j] += seconds;
        }
        interruptions_.customer_hours += out * seconds / 3600;
        interruptions_.most_customers = std::max(interruptions_.most_customers, out);
        return out;
    }

    void report_outage(const Step& now, Index link, double customers) {
        Outage outage;
        outage.water_link = link;
        outage.from = now.from;
        outage.begins = shut_[link] != 0;
        if (!outage.begins) outage.until = now.from;
        outage.cause = fault_cause;
        outage.customers = customers;
        send(outages_, now.to, static_cast<StableId>(link), outage);
    }

    void write_fields(double seconds) {
        const Network& n = *network_;
        for (Index i = 0; i < n.nodes(); ++i) {
            const bool junction = n.is_junction(i);
            // Without an open way to a source no head is defined; fields hold figures only: the pressure is zero there.
            has_source_[i] = hydraulics_->has_source(i) ? 1 : 0;
            head_[i] = hydraulics_->has_source(i) ? hydraulics_->head_m(i) : n.elevation_m[i];
            pressure_[i] = (head_[i] - n.elevation_m[i]) * gravity * water_density;
            supply_ratio_[i] = junction ? hydraulics_->supply_ratio(i) : 1;
            demand_field_[i] = junction ? hydraulics_->wanted_m3ps(i) : 0;
            leakage_[i] = hydraulics_->leak_m3ps(i);
        }
        for (Index k = 0; k < n.links(); ++k) {
            flow_[k] = hydraulics_->solver().flow_m3ps(k);
            status_[k] = static_cast<double>(link_state(hydraulics_->solver(), k));
            link_setting_[k] = hydraulics_->solver().setting(k) == no_setting ? -1 : hydraulics_->solver().setting(k);
            pump_power_[k] = 0;
        }
        for (std::size_t p = 0; p < n.pumps.size(); ++p) pump_power_[n.pumps[p].link] = seconds > 0 ? pump_J_[p] / seconds : hydraulics_->pump_power_W(p);
        if (electric_load_)
            for (Index k = 0; k < n.links(); ++k) (*electric_load_)[k] = pump_power_[k];
        std::size_t row = 0;
        for (std::size_t t = 0; t < n.tanks.size(); ++t)
            if (!n.tanks[t].is_reservoir()) (*level_)[row++] = hydraulics_->solver().tank_level_m(t);
        if (building_supply_)
            for (std::size_t b = 0; b < demand_->size(); ++b) (*building_supply_)[b] = demand_->node_of()[b] == no_index ? 0 : hydraulics_->supply_ratio(demand_->node_of()[b]);
    }

    const City& city_;
    Arena& arena_;
    Calendar calendar_;
    StreamSender outages_;
    std::shared_ptr<const Network> network_;
    WaterBooks books_;
    Warning &degraded_, &without_;
    double resident_l_day_ = 0, job_l_day_ = 0, interruption_below_ = 0;

    Read occupants_, at_home_, other_demand_;
    std::optional<Read> powered_;
    std::optional<Accumulate> electric_load_;
    std::optional<Write> level_, building_supply_;
    Write head_, has_source_, pressure_, supply_ratio_, demand_field_, leakage_, flow_, status_, link_setting_, pump_power_;
    Attribute closed_, active_, setting_, leakage_factor_;

    std::optional<CityHydraulics> hydraulics_;
    std::optional<BuildingDemand> demand_;
    std::vector<double> node_m3ps_, pump_J_, base_setting_;
    std::vector<std::uint8_t> shut_;
    Interruptions interruptions_;
    std::vector<double> without_s_;   ///< by junction with customers: time without water since the start
};

CITYTWIN_MODULE(Water, "water", "0.1.0")

}  // namespace citytwin::water
