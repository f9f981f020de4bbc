#pragma once
// The six synthetic buildings of the shared folder (buildings.json) as zones with their schedules.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "modules/buildings/model/zone.hpp"

namespace citytwin::testing {

struct ReferenceBuilding {
    std::string id;
    buildings::ZoneDescription zone;
    double heat_limit_W = 0, cool_limit_W = 0;
    int from_h = 0, to_h = 24;
    bool weekdays_only = false;
    double gain_base_W = 0, gain_occupied_W = 0, heat_C = 20, cool_C = 26, setback_K = 0;

    /// Hour of a year whose first day is a Sunday.
    [[nodiscard]] bool occupied(std::size_t hour) const {
        const auto of_day = static_cast<int>(hour % 24), weekday = static_cast<int>(hour / 24 % 7);
        return of_day >= from_h && of_day < to_h && (!weekdays_only || (weekday >= 1 && weekday <= 5));
    }
    [[nodiscard]] double gain_W(std::size_t hour) const { return gain_base_W + (occupied(hour) ? gain_occupied_W : 0); }
    [[nodiscard]] double heat_K(std::size_t hour) const { return heat_C + 273.15 - (occupied(hour) ? 0 : setback_K); }
    [[nodiscard]] double cool_K(std::size_t hour) const { return cool_C + 273.15 + (occupied(hour) ? 0 : setback_K); }
};

inline std::vector<ReferenceBuilding> reference_buildings(const std::string& path) {
    static const std::map<std::string, int> faces{{"N", 0}, {"E", 1}, {"S", 2}, {"W", 3}, {"H", 4}, {"G", -1}};
    std::vector<ReferenceBuilding> result;
    for (const auto& json : nlohmann::json::parse(std::ifstream(path))) {
        ReferenceBuilding b;
        const double area = json.at("floor_area");
        b.id = json.at("id");
        b.zone.floor_area_m2 = area;
        b.zone.volume_m3 = json.at("volume");
        b.zone.air_changes_per_h = json.at("ach");
        b.zone.mass_area_ratio = json.at("mass") == "heavy" ? 3.0 : 2.5;
        b.zone.heat_capacity_J_per_m2K = json.at("mass") == "heavy" ? 260e3 : json.at("mass") == "medium" ? 165e3 : 110e3;
        for (const auto& part : json.at("opaque")) b.zone.add_opaque(faces.at(part.at("face")), part.at("A"), part.at("U"));
        for (const auto& part : json.at("windows")) b.zone.add_window(faces.at(part.at("face")), part.at("A"), part.at("U"), part.at("g"));
        b.heat_limit_W = area * json.at("phmax").get<double>();
        b.cool_limit_W = area * json.at("pcmax").get<double>();
        b.from_h = json.at("occ")[0];
        b.to_h = json.at("occ")[1];
        b.weekdays_only = json.at("weekdays_only");
        b.gain_base_W = area * json.at("gain_base").get<double>();
        b.gain_occupied_W = area * json.at("gain_occ").get<double>();
        b.heat_C = json.at("tset")[0];
        b.cool_C = json.at("tset")[1];
        b.setback_K = json.at("setback");
        result.push_back(std::move(b));
    }
    return result;
}

}  // namespace citytwin::testing
