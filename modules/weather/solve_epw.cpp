// citytwin solve X.epw: the sun and the irradiance on walls, roof and a solar panel for each hour of a weather file.
// Writes irradiance.csv and summary.json.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/weather/read/epw_gaps.hpp"
#include "modules/weather/weather_source.hpp"

namespace citytwin::weather {
namespace {

struct Options {
    int year = 2015;
    double tilt_deg = 30, azimuth_deg = 180, albedo = 0.2;
};

Options options_of(const std::map<std::string, std::string>& words) {
    Options options;
    for (const auto& [key, value] : words) {
        if (key == "year") options.year = static_cast<int>(parse_quantity(value, "1"));
        else if (key == "panel_tilt") options.tilt_deg = parse_quantity(value, "degree");
        else if (key == "panel_azimuth") options.azimuth_deg = parse_quantity(value, "degree");
        else if (key == "albedo") options.albedo = parse_quantity(value, "1");
        else fail("CT-WEATHER-021", {}, "unknown option '" + key + "'", "known: year, panel_tilt, panel_azimuth, albedo");
    }
    if (options.year < 1900 || options.year > 2200) fail("CT-WEATHER-021", {}, "year=" + std::to_string(options.year) + " is not from 1900 to 2200", "use e.g. year=2015");
    return options;
}

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena& /*arena*/, DiagnosticList& diagnostics) {
    const Options options = options_of(words);
    const EpwYear year = read_epw(path, diagnostics);
    constexpr const char* faces[] = {"north", "east", "south", "west", "horizontal", "panel"};
    const Plane planes[] = {Plane(90, 0), Plane(90, 90), Plane(90, 180), Plane(90, 270), Plane(0, 180), Plane(options.tilt_deg, options.azimuth_deg)};
    std::vector<std::string> header{"hour", "air_temperature_K", "sun_elevation_deg", "sun_azimuth_deg"};
    for (const char* face : faces) {
        for (const char* part : {"_beam_W_per_m2", "_sky_W_per_m2", "_ground_W_per_m2"}) header.push_back(face + std::string(part));
    }
    std::filesystem::create_directories(folder);
    CsvWriter rows(folder + "/irradiance.csv", header);
    double annual[std::size(planes)] = {};
    const UtcMicroseconds start = days_from_civil(options.year, 1, 1) * day - from_seconds(year.time_zone_h * 3600) + 30 * minute;
    for (std::size_t h = 0; h < year.hours(); ++h) {
        const UtcMicroseconds middle = start + static_cast<Microseconds>(h) * hour;
        const SunPosition sun = sun_position(middle, year.site);
        const Sky sky(year.radiation(h), sun, day_of_year_utc(middle), options.albedo);
        rows.integer(static_cast<std::int64_t>(h)).number(year.temperature_C[h] + 273.15).number(sun.apparent_elevation_deg).number(sun.azimuth_deg);
        for (std::size_t f = 0; f < std::size(planes); ++f) {
            const FaceIrradiance on = sky.on(planes[f]);
            rows.number(on.beam).number(on.sky).number(on.ground);
            annual[f] += on.total() * 1e-3;
        }
        rows.end_row();
    }
    rows.commit();
    nlohmann::ordered_json json{{"solver", "NREL solar position, Perez 1990 sky"}, {"place", year.place}, {"latitude_deg", year.site.latitude_deg}, {"longitude_deg", year.site.longitude_deg},
                                {"time_zone_h", year.time_zone_h}, {"hours", year.hours()}, {"sunshine_at_night_share", night_share(year)}};
    for (std::size_t f = 0; f < std::size(planes); ++f) json["annual_kWh_per_m2"][faces[f]] = annual[f];
    write_file(folder + "/summary.json", json.dump(1) + "\n");
}

const Registration registration{Solver{"EPW weather file: sun and irradiance",
                                       {".epw"},
                                       {ParameterInfo{"year", "integer", "1", "2015", "Year whose sun is taken"}, ParameterInfo{"panel_tilt", "quantity", "degree", "30 degree", "Tilt of the panel"},
                                        ParameterInfo{"panel_azimuth", "quantity", "degree", "180 degree", "Azimuth of the panel"}, ParameterInfo{"albedo", "quantity", "1", "0.2", "Reflection of the ground"}},
                                       solve}};

}  // namespace
}  // namespace citytwin::weather
