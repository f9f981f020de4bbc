#include "modules/energy/city/connections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"

namespace citytwin::energy {
namespace {

/// Kinds of places that draw power and have no building of their own, with the power their connection is sized for: assumptions.
struct PlaceKind {
    const char* kind;
    double rated_W;
};
constexpr std::array<PlaceKind, 12> place_kinds{{{"depot", 200e3}, {"hospital", 800e3}, {"school", 60e3}, {"university", 600e3}, {"fire_station",
    40e3}, {"ambulance_station", 30e3}, {"police_station", 40e3},
                                                 {"landfill", 2e6}, {"incinerator", 5e6}, {"sorting", 400e3}, {"transfer", 100e3},
                                                     {"wastewater_plant", 600e3}}};
constexpr double signal_W = 1500;   // a signalled junction with controller and lamps: assumption

struct Connections {
    std::vector<std::string> consumer;
    std::vector<double> x, y, rated_W, customers, battery_s, generator_start_s, fuel_s;
    std::vector<Index> bus, feeder;
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

class Connecting {
public:
    Connecting(CityBuilder& builder, const std::vector<Index>& feeder_of_bus, const ConnectionDefaults& defaults)
        : city_(builder.city), feeder_of_bus_(feeder_of_bus), defaults_(defaults) {
        const EntitySet& buses = city_.at("power_bus");
        const auto& kind = buses.get<std::string>("kind");
        const auto& volts = buses.get<double>("nominal_voltage");
        for (Index b = 0; b < buses.size(); ++b) {
            const bool low = kind[b] == "joint" || kind[b] == "station_low" || (kind[b] == "bus" && volts[b] <= 1000);
            const bool medium = kind[b] == "station_medium" || (kind[b] == "bus" && volts[b] > 1000);
            if (low) low_.push_back(b);
            if (medium) medium_.push_back(b);
        }
        if (low_.empty()) low_ = medium_;
        if (medium_.empty()) medium_ = low_;
        low_index_ = index_of(low_);
        medium_index_ = index_of(medium_);
    }

    void add_buildings(const std::vector<Index>& bus_of_building) {
        const EntitySet* set = city_.find("building");
        if (set == nullptr) return;
        const auto x = numbers_of(*set, "x"), y = numbers_of(*set, "y"), dwellings = numbers_of(*set, "dwellings");
        std::vector<Index> connection(set->size(), no_index);
        for (Index b = 0; b < set->size(); ++b) {
            if (b >= bus_of_building.size() || bus_of_building[b] == no_index) continue;
            connection[b] = add("building:" + set->id_of(b), x[b], y[b], bus_of_building[b], 0, std::max(1.0, dwellings[b]));
        }
        map("building", std::move(connection));
    }

    void add_signals() {
        const EntitySet* set = city_.find("signal");
        if (set == nullptr) return;
        const auto x = numbers_of(*set, "x"), y = numbers_of(*set, "y");
        std::vector<Index> connection;
        for (Index s = 0; s < set->size(); ++s) connection.push_back(add_near("signal:" + set->id_of(s), x[s], y[s], signal_W));
        map("signal", std::move(connection));
    }

    /// A place in a building is served through that building's connection.
    void add_places() {
        const EntitySet* set = city_.find("place");
        if (set == nullptr || !set->has("kind")) return;
        const auto& kind = set->get<std::string>("kind");
        const auto x = numbers_of(*set, "x"), y = numbers_of(*set, "y");
        const Column* within = set->find("building");
        const auto* of_building = within != nullptr ? std::get_if<std::vector<Index>>(&within->data) : nullptr;
        const EntitySet* buildings = city_.find("building");
        const auto* through = buildings != nullptr && buildings->has("power_connection") ? &buildings->get<Index>("power_connection") : nullptr;
        std::vector<Index> connection(set->size(), no_index);
        for (Index p = 0; p < set->size(); ++p) {
            const Index building = of_building != nullptr && through != nullptr ? (*of_building)[p] : no_index;
            if (building != no_index) connection[p] = (*through)[building];
            const auto known = std::find_if(place_kinds.begin(), place_kinds.end(), [&](const PlaceKind& k) { return kind[p] == k.kind; });
            if (connection[p] == no_index && known != place_kinds.end()) connection[p] = add_near("place:" + set->id_of(p), x[p], y[p], known->rated_W);
            if (kind[p] == "hospital" && connection[p] != no_index) back_up(connection[p]);
        }
        map("place", std::move(connection));
    }

    /// What the water module laid: rows of kind "pump" with x, y and rated_power.
    void add_pumps() {
        const EntitySet* set = city_.find("water_link");
        if (set == nullptr || !set->has("kind")) return;
        const auto& kind = set->get<std::string>("kind");
        const auto x = numbers_of(*set, "x"), y = numbers_of(*set, "y"), rated = numbers_of(*set, "rated_power");
        std::vector<Index> connection(set->size(), no_index);
        for (Index w = 0; w < set->size(); ++w) {
            if (kind[w] == "pump") connection[w] = add_near("water_link:" + set->id_of(w), x[w], y[w], rated[w]);
        }
        map("water_link", std::move(connection));
    }

    std::vector<Index> add_profile_loads(const std::vector<ProfileLoad>& loads) {
        const auto &x = city_.at("power_bus").get<double>("x"), &y = city_.at("power_bus").get<double>("y");
        std::vector<Index> own;
        for (const ProfileLoad& load : loads) own.push_back(add("grid_load:" + load.id, x[load.bus], y[load.bus], load.bus, load.active_W, 1));
        return own;
    }

    void store() {
        const std::size_t count = out_.size();
        EntitySet& set = city_.add_set("power_connection", count);
        set.ids = out_.consumer;
        set.add("consumer", "", std::move(out_.consumer), {}, "Set and id of whom it serves");
        set.add("x", "m", std::move(out_.x), {}, "Local frame");
        set.add("y", "m", std::move(out_.y), {}, "Local frame");
        set.add("power_bus", "1", std::move(out_.bus), "power_bus", "Where it hangs on the grid");
        set.add("feeder", "1", std::move(out_.feeder), "power_branch", "Station transformer that feeds it");
        set.add("customers", "1", std::move(out_.customers), {}, "Dwellings of a building, 1 of others");
        set.add("rated_power", "W", std::move(out_.rated_W), {}, "What it is sized for; 0 = not known");
        set.add("backup_s", "s", std::move(out_.battery_s), {}, "How long its own battery lasts");
        set.add("generator_start_s", "s", std::move(out_.generator_start_s), {}, "How long its generator takes to start");
        set.add("fuel_s", "s", std::move(out_.fuel_s), {}, "How long the generator's fuel lasts");
        set.add("active", "1", std::vector<double>(count, 1.0), {}, "0 = not connected");
        set.add("synthetic", "1", std::vector<std::uint8_t>(count, 1), {}, "1 = found by the nearest bus, not by the utility's records");
    }

private:
    [[nodiscard]] SpatialIndex index_of(const std::vector<Index>& buses) const {
        const EntitySet& set = city_.at("power_bus");
        const auto &x = set.get<double>("x"), &y = set.get<double>("y");
        std::vector<double> px, py;
        for (const Index b : buses) {
            px.push_back(x[b]);
            py.push_back(y[b]);
        }
        return SpatialIndex(px, py);
    }

    Index add(std::string consumer, double x, double y, Index bus, double rated_W, double customers) {
        out_.consumer.push_back(std::move(consumer));
        out_.x.push_back(x);
        out_.y.push_back(y);
        out_.bus.push_back(bus);
        out_.feeder.push_back(bus < feeder_of_bus_.size() ? feeder_of_bus_[bus] : no_index);
        out_.rated_W.push_back(rated_W);
        out_.customers.push_back(customers);
        out_.battery_s.push_back(0);
        out_.generator_start_s.push_back(0);
        out_.fuel_s.push_back(0);
        return static_cast<Index>(out_.size() - 1);
    }

    Index add_near(std::string consumer, double x, double y, double rated_W) {
        const bool large = rated_W > defaults_.medium_voltage_W;
        const auto near = (large ? *medium_index_ : *low_index_).nearest(x, y);
        return add(std::move(consumer), x, y, near ? (large ? medium_ : low_)[near->item] : 0, rated_W, 1);
    }

    void back_up(Index connection) {
        out_.battery_s[connection] = defaults_.hospital_battery_s;
        out_.generator_start_s[connection] = defaults_.hospital_generator_start_s;
        out_.fuel_s[connection] = defaults_.hospital_fuel_s;
    }

    void map(const char* set, std::vector<Index> connection) {
        city_.find(set)->add("power_connection", "1", std::move(connection), "power_connection", "Its connection to the power grid; missing = none");
    }

    City& city_;
    const std::vector<Index>& feeder_of_bus_;
    const ConnectionDefaults& defaults_;
    std::vector<Index> low_, medium_;
    std::optional<SpatialIndex> low_index_, medium_index_;
    Connections out_;
};

}  // namespace

std::vector<Index> store_connections(CityBuilder& builder, const std::vector<Index>& bus_of_building, const std::vector<Index>& feeder_of_bus,
    const ConnectionDefaults& defaults, const std::vector<ProfileLoad>& profile_loads) {
    Connecting connecting(builder, feeder_of_bus, defaults);
    connecting.add_buildings(bus_of_building);
    connecting.add_signals();
    connecting.add_places();
    connecting.add_pumps();
    const std::vector<Index> own = connecting.add_profile_loads(profile_loads);
    connecting.store();
    return own;
}

}  // namespace citytwin::energy
