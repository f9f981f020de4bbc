// Buildings as a module: weather and people in, heat, electricity and fuel out, with solar power, batteries, charging of cars and loads
// that wait for their feeder. What it reads, writes and lets a user choose is declared here; the models are in model/.
#include <algorithm>
#include <memory>
#include <optional>

#include "core/module/citytwin/module.hpp"
#include "modules/buildings/building_demand.hpp"
#include "modules/buildings/car_chargers.hpp"
#include "modules/buildings/energy_books.hpp"
#include "modules/buildings/feeder_groups.hpp"
#include "modules/buildings/model/battery.hpp"
#include "modules/buildings/model/solar_panel.hpp"

namespace citytwin::buildings {

namespace {

constexpr std::size_t grain = 256;   // buildings a task takes

PlantShares read_shares(ParameterSource& source) {
    PlantShares shares;
    shares.heat_pump = source.quantity("heat_pump_share", "1", "0.2");
    shares.electric_heating = source.quantity("electric_heating_share", "1", "0.1");
    shares.solar = source.quantity("solar_share", "1", "0");
    shares.solar_W_per_m2 = source.quantity("solar_density", "W/m2", "80 W/m2");
    shares.battery_of_solar = source.quantity("battery_share", "1", "0");
    shares.battery_s = source.quantity("battery_hours", "s", "2 h");
    shares.homes_cooled = source.quantity("cooled_homes_share", "1", "0.1");
    return shares;
}

bool maps(const City& city, const char* column, const char* target) {
    const EntitySet* buildings = city.find("building");
    const Column* found = buildings != nullptr ? buildings->find(column) : nullptr;
    return city.find(target) != nullptr && found != nullptr && found->refers_to == target;
}

}  // namespace

class Buildings final : public Module {
public:
    static void build(CityBuilder& builder) {
        const EntitySet* set = builder.city.find("building");
        if (set == nullptr || set->size() == 0) {
            fail("CT-BUILDINGS-001", builder.parameters.place(""), "module 'buildings' finds no buildings in this city", "add buildings = { file = … } to city.toml, or leave the module out");
        }
        add_plant_columns(builder.city, read_shares(builder.parameters), builder.seed);
    }

    explicit Buildings(Setup& setup)
        : city_(setup.city()), arena_(setup.arena()), calendar_(setup.calendar()), occupants_(setup.reads("building", "occupants", "1").otherwise(-1)),
          powered_(setup.reads_previous("power_connection", "powered", "1").through("building.power_connection").last().otherwise(1)),
          heating_(setup.attribute("building", "heating", "1", 0.0)), cooled_(setup.attribute("building", "cooled", "1", 0.0)),
          solar_(setup.attribute("building", "pv_peak_power", "W", 0.0)), battery_(setup.attribute("building", "battery_capacity", "J", 0.0)),
          active_(setup.attribute("building", "active", "1", 1.0)),
          electric_(power(setup, "electric_power", "Electricity from the grid; negative = fed in")), fuel_(power(setup, "fuel_power", "Fuel burnt for heating and hot water")),
          solar_power_(power(setup, "solar_power", "Solar power")), heat_power_(power(setup, "heat_power", "Heat into rooms; negative = cooling")),
          temperature_(setup.writes("building", "indoor_temperature", "K").described("Air temperature of the zone").initially(293.15)), books_(setup),
          guessed_(setup.warning("CT-BUILDINGS-010", "buildings of unknown use were taken as residential")),
          sized_(setup.warning("CT-BUILDINGS-011", "buildings without floor area were taken as 100 m2")),
          overloaded_(setup.warning("CT-BUILDINGS-012", "steps in which flexible loads didn't suffice to keep a feeder below its limit")),
          ignored_(setup.warning("CT-BUILDINGS-013", "charging sessions of the population were ignored: electric_car_share draws cars of its own")) {
        period_ = setup.period("900 s");
        setup.wakes_on("building");
        if (maps(city_, "power_connection", "power_connection")) {
            load_ = setup.accumulates("power_connection", "electric_load", "W").from("building.power_connection").described("Electricity that consumers draw");
        }
        declare_weather(setup);
        declare_parameters(setup);
        charging_.share = setup.parameter("electric_car_share", "0", "Share of cars that are electric where the population doesn't tell (its ev_share), drawn by person", 0, 1);
        charging_.energy_J_per_m = setup.parameter("car_consumption", "648 J/m", "Electricity per way driven (0.18 kWh/km)", 0, 5000);
        charging_.charger_W = setup.parameter("charger_power", "11 kW", "Power of a charger", 0.1, 350) * 1000;
        charging_.fill_valleys = setup.parameter_text("charging", "immediate", "immediate: as soon as plugged; valley: when the feeder's load is low", {"immediate", "valley"}) == "valley";
        charging_.leave_at = from_seconds(setup.parameter("charged_by", "7 h", "Local time of day by which a valley-filled car is full", 0, 24) * 3600);
        trips_ = setup.receives(trip_event_schema());
        sessions_ = setup.receives(charging_session_schema());
        cars_ = std::make_unique<CarChargers>(setup, charging_);
        if (const EntitySet* cars = city_.find("car"); cars != nullptr && cars->size() > 0) charged_ = setup.writes("car", "charged_energy", "J").described("Energy that chargers gave the car since the start");
    }

    void prepare() override {
        BuildingStock stock = read_stock(city_);
        const std::size_t n = stock.size();
        guessed_.add("", 0, static_cast<std::uint64_t>(stock.unknown_use));
        sized_.add("", 0, static_cast<std::uint64_t>(stock.without_area));
        demand_ = std::make_unique<BuildingDemand>(std::move(stock), demand_settings_, first_temperature_K_);
        groups_ = std::make_unique<FeederGroups>(city_, *demand_, balancing_, to_seconds(period_));
        if (charging_.fill_valleys) groups_->prepare_forecast(static_cast<std::size_t>(day / period_));
        columns_ = EnergyColumns(n);
        battery_J_.assign(n, 0);
        fixed_W_.assign(n, 0);
        charge_share_.assign(n, 1);
        cell_of_.assign(n, 0);
        if (maps(city_, "weather_cell", "weather_cell")) {
            const auto& cells = city_.at("building").get<std::uint32_t>("weather_cell");
            for (std::size_t b = 0; b < n; ++b) cell_of_[b] = cells[b] == no_index ? 0 : cells[b];
        }
        apply_plant();
        books_.prepare(demand_->stock(), 0);
    }

    void start(const Step&) override { temperature_write(); }

    void step(const Step& now) override {
        const double seconds = now.seconds();
        demand_->zones().set_step(seconds);
        take_weather();
        cars_->follow(trips_.records(), now.from, groups_->group_of(), groups_->expected_W(), period_);
        ignored_.add("", now.from, cars_->plug_in(sessions_.records(), now.from, groups_->group_of(), groups_->expected_W(), period_));
        wish(now, seconds);
        const double overload_before = groups_->totals().overload_J;
        groups_->balance(fixed_W_, columns_.charging_W, seconds, *demand_, charge_share_);
        if (groups_->totals().overload_J > overload_before) overloaded_.add("", now.from);
        cars_->deliver(seconds, charge_share_);
        if (charged_) cars_->write_charged(*charged_);
        supply(seconds);
        book(now, seconds);
    }

    void changed(std::string_view set, std::span<const Index> /*rows*/) override {
        if (set == "building") apply_plant();
    }

    void close(const Step& now) override { books_.close(city_, now.to); }

    void save(StateWriter& out) const override {
        out.column("mass_temperature", demand_->zones().mass_temperature);
        out.column("battery", battery_J_);
        groups_->save(out);
        cars_->save(out);
        books_.save(out);
    }

    void load(StateReader& in) override {
        in.column("mass_temperature", demand_->zones().mass_temperature);
        in.column("battery", battery_J_);
        groups_->load(in);
        cars_->load(in);
        books_.load(in);
        apply_plant();   // changes that were in force
    }

private:
    static Write power(Setup& setup, const char* name, const char* sentence) { return setup.writes("building", name, "W").described(sentence).recorded_as(Aggregation::mean); }

    /// Cells are read as such, not building by building; the defaults are an evenly grey sky of 150 W/m2 at 10 degrees Celsius.
    void declare_weather(Setup& setup) {
        const auto cell = [&](const char* field, const char* unit, double otherwise) -> Read { return setup.reads("weather_cell", field, unit).otherwise(otherwise); };
        outdoor_ = cell("air_temperature", "K", 283.15);
        wind_ = cell("wind_speed", "m/s", 3);
        constexpr const char* names[] = {"irradiance_north", "irradiance_east", "irradiance_south", "irradiance_west", "irradiance_horizontal"};
        for (std::size_t f = 0; f < zone_faces; ++f) irradiance_[f] = cell(names[f], "W/m2", default_face(f));
        panel_ = cell("irradiance_panel", "W/m2", default_panel_W_per_m2);
    }

    void declare_parameters(Setup& setup) {
        const auto share = [&](const char* name, const char* otherwise, const char* sentence) { (void)setup.parameter(name, otherwise, sentence, 0, 1); };
        share("heat_pump_share", "0.2", "Share of buildings with a heat pump, drawn by id where the city's column heating doesn't say it");
        share("electric_heating_share", "0.1", "Share with direct electric heating; the others burn fuel");
        share("solar_share", "0", "Share of buildings with solar panels, where the city's column pv_peak_power doesn't say it");
        (void)setup.parameter("solar_density", "80 W/m2", "Peak power of their panels per footprint", 0, 250);
        share("battery_share", "0", "Share of those with a battery");
        (void)setup.parameter("battery_hours", "2 h", "Its capacity: hours of the panels' peak power", 0, 24);
        share("cooled_homes_share", "0.1", "Share of homes with air conditioning; other uses have it");
        first_temperature_K_ = setup.parameter("first_temperature", "293.15 K", "Temperature of the buildings' mass at the start", 250, 320);
        demand_settings_.cooling_cop = setup.parameter("cooling_cop", "3", "Cold per electricity", 0.5, 10);
        demand_settings_.hot_water_cop = setup.parameter("hot_water_cop", "2.5", "Hot water per electricity of heat pumps", 0.5, 10);
        demand_settings_.boiler_efficiency = setup.parameter("boiler_efficiency", "0.92", "Heat per fuel", 0.3, 1.1);
        battery_settings_.rule = setup.parameter_text("battery_rule", "self_consumption", "What batteries do", {"self_consumption", "peak_shaving"}) == "peak_shaving" ? BatteryRule::peak_shaving : BatteryRule::self_consumption;
        battery_settings_.charge_efficiency = setup.parameter("battery_charge_efficiency", "0.95", "Stored per taken", 0.1, 1);
        battery_settings_.discharge_efficiency = setup.parameter("battery_discharge_efficiency", "0.95", "Given per stored", 0.1, 1);
        battery_settings_.reserve_share = setup.parameter("battery_reserve", "0", "Share of the capacity that is never used", 0, 1);
        shave_to_W_per_m2_ = setup.parameter("peak_limit", "10 W/m2", "Peak shaving holds a connection below this, per floor area", 0, 1000);
        balancing_.limit_W = setup.parameter("feeder_limit", "0 W", "Load of a feeder (the buildings of a station transformer, else of a power_bus) above which flexible loads wait; 0 = never", 0);
        balancing_.limit_share = setup.parameter("feeder_limit_share", "0", "The same as a share of the rating of each feeder's station transformer, where the grid has them; 0 = never", 0, 2);
        const double window_s = setup.parameter("shift_window", "4 h", "Longest time that a load may wait", 0.25, 48) * 3600;
        balancing_.window = std::max<std::size_t>(1, static_cast<std::size_t>(from_seconds(window_s) / period_));
        balancing_.heating_buffer_s = setup.parameter("heating_buffer", "20 min", "How long the buffer of an electric heating lasts at rated power", 0, 600) * 60;
        balancing_.tank_share = setup.parameter("hot_water_tank", "0.5", "Share of a day's hot water in the tank", 0, 2);
    }

    static constexpr double default_panel_W_per_m2 = 142;
    static constexpr double default_face(std::size_t face) { return face == 4 ? 150 : 90; }

    void apply_plant() {
        for (std::size_t b = 0; b < demand_->size(); ++b) {
            const double kind = std::clamp(heating_[b], 0.0, 2.0);
            demand_->set_plant(b, static_cast<Heating>(static_cast<int>(kind)), cooled_[b] != 0, active_[b] != 0);
        }
    }

    void take_weather() {
        cells_.resize(std::max<std::size_t>(1, outdoor_.size()));
        for (std::size_t c = 0; c < cells_.size(); ++c) {
            const auto value = [c](const Read& field, double otherwise) { return c < field.size() ? field[c] : otherwise; };
            CellWeather& cell = cells_[c];
            cell.zone.outdoor = value(outdoor_, 283.15);
            for (std::size_t f = 0; f < zone_faces; ++f) cell.zone.irradiance_W_per_m2[f] = value(irradiance_[f], default_face(f));
            cell.wind_mps = value(wind_, 3);
            cell.panel_W_per_m2 = value(panel_, default_panel_W_per_m2);
        }
    }

    /// What every building would use.
    void wish(const Step& now, double seconds) {
        const Microseconds middle = now.from + (now.to - now.from) / 2;
        const StepClock clock{static_cast<int>(calendar_.time_of_day(middle) / hour), calendar_.day_of_week(middle), seconds};
        now.arena->ranges(demand_->size(), [&](std::size_t first, std::size_t last) { demand_->step(first, last, clock, cells_, cell_of_, occupants_, powered_); }, grain);
        std::fill(columns_.charging_W.begin(), columns_.charging_W.end(), 0.0);
        cars_->wishes(now.from, seconds, period_, powered_, columns_.charging_W);
        panel_yield_.resize(cells_.size());
        for (std::size_t c = 0; c < cells_.size(); ++c) panel_yield_[c] = panel_yield(cells_[c].panel_W_per_m2, cells_[c].zone.outdoor - 273.15, cells_[c].wind_mps);
        for (std::size_t b = 0; b < demand_->size(); ++b) {
            columns_.solar_W[b] = solar_[b] > 0 && active_[b] != 0 ? solar_[b] * panel_yield_[cell_of_[b]] * powered_[b] : 0.0;
            fixed_W_[b] = demand_->appliances_W[b] + demand_->cooling_W[b] - columns_.solar_W[b];
        }
        if (charging_.fill_valleys && now.from % period_ == 0) groups_->remember(fixed_with_heat(), static_cast<std::size_t>(now.from / period_) % static_cast<std::size_t>(day / period_));
    }

    const std::vector<double>& fixed_with_heat() {
        scratch_ = fixed_W_;
        for (std::size_t b = 0; b < scratch_.size(); ++b) scratch_[b] += demand_->heating_W[b] + demand_->hot_water_W[b];
        return scratch_;
    }

    /// What is served, from roof, battery and grid.
    void supply(double seconds) {
        for (std::size_t b = 0; b < demand_->size(); ++b) {
            columns_.charging_W[b] *= charge_share_[b];
            columns_.use_W[b] = demand_->appliances_W[b] + demand_->cooling_W[b] + demand_->heating_W[b] + demand_->hot_water_W[b] + columns_.charging_W[b];
            double net = columns_.use_W[b] - columns_.solar_W[b];
            BatteryStep step;
            if (battery_[b] > 0 && powered_[b] == 1) {
                battery_J_[b] = std::min(battery_J_[b], battery_[b]);
                step = step_battery(battery_J_[b], battery_[b], net, shave_to_W_per_m2_ * demand_->stock().shape[b].floor_area_m2, seconds, battery_settings_);
            }
            net += step.charge_W - step.discharge_W;
            columns_.charge_W[b] = step.charge_W;
            columns_.discharge_W[b] = step.discharge_W;
            columns_.battery_loss_J[b] = step.loss_J;
            columns_.net_W[b] = net;
            electric_[b] = net;
            fuel_[b] = demand_->fuel_W[b];
            solar_power_[b] = columns_.solar_W[b];
            heat_power_[b] = demand_->zones().heat_W[b];
            if (load_) (*load_)[b] = net;
        }
        temperature_write();
    }

    void temperature_write() {
        for (std::size_t b = 0; b < demand_->size(); ++b) temperature_[b] = demand_->zones().air_temperature[b];
    }

    void book(const Step& now, double seconds) {
        const std::size_t n = demand_->size();
        books_.people(seconds);
        books_.electricity(columns_, seconds, now.sum(n, [this](std::size_t b) { return battery_J_[b]; }), *now.arena);
        books_.fuel(demand_->fuel_W, seconds, *now.arena);
        const auto sum_J = [&](double ZoneColumns::Balance::*part) { return now.sum(n, [&](std::size_t b) { return demand_->balance(b, cells_[cell_of_[b]]).*part; }) * seconds; };
        books_.heat(sum_J(&ZoneColumns::Balance::gain_W), sum_J(&ZoneColumns::Balance::stored_W), sum_J(&ZoneColumns::Balance::lost_W));
        books_.charging(cars_->wanted_J(), cars_->delivered_J(), cars_->owed_J(), cars_->unmet_J());
        const FlexibleTotals& totals = groups_->totals();
        books_.flexible(totals.shifted_J, totals.returned_J, totals.lost_J, groups_->owed_J(), totals.overload_J);
    }

    const City& city_;
    Arena& arena_;
    Calendar calendar_;
    Read occupants_, powered_, outdoor_, wind_, panel_;
    std::array<Read, zone_faces> irradiance_;
    Attribute heating_, cooled_, solar_, battery_, active_;
    Write electric_, fuel_, solar_power_, heat_power_, temperature_;
    std::optional<Accumulate> load_;
    std::optional<Write> charged_;
    EnergyBooks books_;
    Warning &guessed_, &sized_, &overloaded_, &ignored_;
    StreamReceiver trips_, sessions_;
    Microseconds period_ = 15 * minute;
    double first_temperature_K_ = 293.15, shave_to_W_per_m2_ = 10;
    DemandSettings demand_settings_;
    BatterySettings battery_settings_;
    BalancingSettings balancing_;
    ChargingSettings charging_;

    std::unique_ptr<BuildingDemand> demand_;
    std::unique_ptr<FeederGroups> groups_;
    std::unique_ptr<CarChargers> cars_;
    EnergyColumns columns_;
    std::vector<CellWeather> cells_;
    std::vector<Index> cell_of_;
    std::vector<double> battery_J_, fixed_W_, charge_share_, panel_yield_, scratch_;
};

CITYTWIN_MODULE(Buildings, "buildings", "0.1.0")

}  // namespace citytwin::buildings
