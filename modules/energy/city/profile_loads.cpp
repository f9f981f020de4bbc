#include "modules/energy/city/profile_loads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace citytwin::energy {
namespace {

/// "31.12.2016 23:45", as SimBench writes local times.
CivilTime time_of(const std::string& text, const std::string& folder) {
    CivilTime time;
    if (std::sscanf(text.c_str(), "%d.%d.%d %d:%d", &time.day, &time.month, &time.year, &time.hour, &time.minute) != 5) {
        fail("CT-ENERGY-033", {folder}, "the profiles' time '" + text + "' can't be read", "as 01.01.2016 00:15");
    }
    return time;
}

double seconds_since_1970(const CivilTime& t) { return static_cast<double>(days_from_civil(t.year, t.month, t.day)) * 86'400 + t.hour * 3600.0 + t.minute * 60.0; }

}  // namespace

std::vector<ProfileLoad> loads_without_buildings(const SimbenchGrid& grid, const std::vector<Index>& bus_of_building) {
    std::vector<std::uint8_t> built(grid.bus_id.size(), 0);
    for (const Index bus : bus_of_building) {
        if (bus != no_index) built[bus] = 1;
    }
    std::vector<ProfileLoad> loads;
    for (const auto& injection : grid.injections) {
        if (!injection.is_load || built[injection.bus] != 0) continue;
        loads.push_back({injection.id, injection.bus, injection.p * grid.network.base_VA, injection.q * grid.network.base_VA, injection.p_profile, injection.q_profile});
    }
    return loads;
}

void store_profile_loads(City& city, const std::vector<ProfileLoad>& loads, const std::vector<Index>& connections, const std::vector<std::vector<double>>& profiles,
                         const std::vector<std::string>& times, const std::string& folder) {
    if (loads.empty()) return;
    if (times.size() < 2) fail("CT-ENERGY-033", {folder}, "the profiles have less than two rows", "a row for each step, as in SimBench");
    EntitySet& set = city.add_set("grid_load", loads.size());
    std::vector<Index> active_profile, reactive_profile;
    std::vector<double> active_W, reactive_W;
    for (const ProfileLoad& load : loads) {
        set.ids.push_back(load.id);
        active_profile.push_back(load.active_profile);
        reactive_profile.push_back(load.reactive_profile);
        active_W.push_back(load.active_W);
        reactive_W.push_back(load.reactive_W);
    }
    set.add("power_connection", "1", connections, "power_connection", "Through which it draws");
    set.add("active_power", "W", std::move(active_W), {}, "Times its profile");
    set.add("reactive_power", "W", std::move(reactive_W), {}, "Times its profile");
    set.add("active_profile", "1", std::move(active_profile), "load_profile", "Missing: constant");
    set.add("reactive_profile", "1", std::move(reactive_profile), "load_profile", "Missing: constant");
    const CivilTime first = time_of(times[0], folder);
    const double step_s = seconds_since_1970(time_of(times[1], folder)) - seconds_since_1970(first);
    if (!(step_s > 0)) fail("CT-ENERGY-033", {folder}, "the profiles' times don't ascend", "a row for each step, as in SimBench");
    EntitySet& table = city.add_set("load_profile", profiles.size());
    Ragged<double> values;
    for (const auto& profile : profiles) values.push_row(profile);
    table.add("values", "1", std::move(values), {}, "By step from the first on");
    table.add("first_time", "s", std::vector<double>(profiles.size(), seconds_since_1970(first)), {}, "Local time of the first value, since 1970");
    table.add("step", "s", std::vector<double>(profiles.size(), step_s), {}, "Between values");
}

void ProfileLoads::prepare(const City& city) {
    const EntitySet* set = city.find("grid_load");
    if (set == nullptr) return;
    connection_ = set->get<Index>("power_connection");
    active_profile_ = set->get<Index>("active_profile");
    reactive_profile_ = set->get<Index>("reactive_profile");
    active_W_ = set->get<double>("active_power");
    reactive_W_ = set->get<double>("reactive_power");
    const EntitySet& table = city.at("load_profile");
    const auto& values = table.ragged<double>("values");
    for (std::size_t p = 0; p < values.size(); ++p) profile_.push_back(values[p]);
    first_s_ = table.get<double>("first_time").front();
    step_s_ = table.get<double>("step").front();
}

void ProfileLoads::set_time(const Calendar& calendar, Microseconds now) {
    if (connection_.empty()) return;
    const CivilTime local = calendar.local(now);
    const auto first_day = static_cast<std::int64_t>(std::floor(first_s_ / 86'400));
    const int year = civil_of_utc(first_day * 86'400 * std::int64_t{1'000'000}).year;
    const bool leap = days_from_civil(year, 3, 1) - days_from_civil(year, 2, 28) == 2;
    const int day_of_month = local.month == 2 && local.day == 29 && !leap ? 28 : local.day;
    const double there_s = static_cast<double>(days_from_civil(year, local.month, day_of_month)) * 86'400 + calendar.seconds_of_day(now) - first_s_;
    const double rows = static_cast<double>(profile_.front().size()), row = std::floor(there_s / step_s_);
    row_ = static_cast<std::size_t>(row - std::floor(row / rows) * rows);   // profiles shorter than a year begin again
}

}  // namespace citytwin::energy
