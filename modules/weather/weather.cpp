// The weather as a module: air, wind, rain, sun, and the irradiance on the faces of buildings and on solar panels, one row a weather cell.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/portable_math.hpp"
#include "core/module/citytwin/module.hpp"
#include "geodata/crs/crs.hpp"
#include "modules/weather/read/epw_gaps.hpp"
#include "modules/weather/weather_source.hpp"

namespace citytwin::weather {

namespace {

double mean_of(const EntitySet& set, const char* column) {
    double sum = 0;
    for (const double value : set.get<double>(column)) sum += value;
    return set.size() > 0 ? sum / static_cast<double>(set.size()) : 0;
}

/// The city's centre in its local frame: the mean of its buildings, else of its crossings.
std::array<double, 2> centre_of(const City& city) {
    for (const char* name : {"building", "road_node"}) {
        const EntitySet* set = city.find(name);
        if (set != nullptr && set->size() > 0 && set->has("x") && set->has("y")) return {mean_of(*set, "x"), mean_of(*set, "y")};
    }
    return {0, 0};
}

}  // namespace

class Weather final : public Module {
public:
    /// One weather cell for the whole city, and the mapping of the buildings to it.
    static void build(CityBuilder& builder) {
        const auto centre = centre_of(builder.city);
        EntitySet& cell = builder.city.add_set("weather_cell", 1);
        cell.ids = {"weather"};
        cell.add("x", "m", std::vector<double>{centre[0]}, {}, "Centre of the city, local frame");
        cell.add("y", "m", std::vector<double>{centre[1]}, {}, "Centre of the city, local frame");
        EntitySet* buildings = builder.city.find("building");
        if (buildings != nullptr && !buildings->has("weather_cell")) {
            buildings->add("weather_cell", "1", std::vector<std::uint32_t>(buildings->size(), 0), "weather_cell", "Whose weather it has");
        }
    }

    explicit Weather(Setup& setup)
        : calendar_(setup.calendar()), temperature_(field(setup, "air_temperature", "K", "Air temperature")), wind_speed_(field(setup, "wind_speed", "m/s", "Wind speed at 10 m")),
          wind_from_(field(setup, "wind_from", "rad", "Where the wind comes from, clockwise from north")),
          global_(field(setup, "global_irradiance", "W/m2", "Global irradiance on the horizontal")), direct_(field(setup, "direct_irradiance", "W/m2", "Direct normal irradiance")),
          diffuse_(field(setup, "diffuse_irradiance", "W/m2", "Diffuse irradiance on the horizontal")), rain_(field(setup, "rain_rate", "m/s", "Rain")),
          elevation_(field(setup, "sun_elevation", "rad", "Apparent elevation of the sun at mid-hour")), azimuth_(field(setup, "sun_azimuth", "rad", "Azimuth of the sun, clockwise from north")),
          temperature_offset_(setup.attribute("weather_cell", "temperature_offset", "K", 0.0)), irradiance_factor_(setup.attribute("weather_cell", "irradiance_factor", "1", 1.0)),
          substituted_(setup.warning("CT-WEATHER-030", "hours of 29 February, which the weather file doesn't have, were those of the 28th")),
          repaired_(setup.warning("CT-WEATHER-031", "the weather file was repaired or looks odd; see the message of the first")) {
        constexpr const char* names[face_count] = {"irradiance_north", "irradiance_east", "irradiance_south", "irradiance_west", "irradiance_horizontal", "irradiance_panel"};
        constexpr const char* sentences[face_count] = {"Irradiance on a north wall", "Irradiance on an east wall", "Irradiance on a south wall", "Irradiance on a west wall",
                                                       "Irradiance on a flat roof, beam and sky", "Irradiance on a solar panel (panel_tilt, panel_azimuth)"};
        for (int face = 0; face < face_count; ++face) faces_[face] = field(setup, names[face], "W/m2", sentences[face]);
        setup.period("3600 s");
        setup.wakes_on("weather_cell");
        declare_source(setup);
    }

    void start(const Step& now) override { write(now.from, now.from + hour); }
    void step(const Step& now) override { write(now.from, now.to); }

private:
    static Write field(Setup& setup, const char* name, const char* unit, const char* sentence) {
        return setup.writes("weather_cell", name, unit).described(sentence).recorded_as(Aggregation::mean);
    }

    void declare_source(Setup& setup) {
        const std::string file = setup.parameter_path("file", "Weather file (EPW); without it a stated day repeats itself");
        RepeatedDay stated = declare_day(setup);
        const double albedo = setup.parameter("albedo", "0.2", "Reflection of the ground", 0, 1);
        std::unique_ptr<WeatherSource> source;
        if (file.empty()) {
            source = std::make_unique<RepeatedDaySource>(stated);
        } else {
            refuse_both(setup);
            source = read(setup, file);
        }
        const double tilt = setup.parameter("panel_tilt", "30 degree", "Tilt of solar panels", 0, 90);
        const std::string towards = source->site().latitude_deg < 0 ? "0 degree" : "180 degree";
        const double azimuth = setup.parameter("panel_azimuth", towards, "Azimuth of solar panels, clockwise from north; by default towards the equator", 0, 360);
        hours_ = std::make_unique<WeatherHours>(std::move(source), Plane(tilt, azimuth), albedo);
    }

    RepeatedDay declare_day(Setup& setup) {
        RepeatedDay day;
        day.temperature_K = setup.parameter("air_temperature", "283.15 K", "Mean air temperature of the stated day", 180, 340);
        day.amplitude_K = setup.parameter("temperature_amplitude", "0 K", "Half the daily swing, warmest at 15:00 solar time", 0, 30);
        day.wind_speed_mps = setup.parameter("wind_speed", "3 m/s", "Wind speed of the stated day", 0, 80);
        day.wind_from_rad = setup.parameter("wind_from", "270 degree", "Where its wind comes from, clockwise from north", 0, 360) * portable::degree;
        day.rain_rate_mps = setup.parameter("rain_rate", "0 m/s", "Its rain", 0, 1e-3);
        day.clear_sky = setup.parameter_text("sky", "even", "even: the same irradiance at all hours, without beam; clear: by the sun's height", {"even", "clear"}) == "clear";
        day.global_W_per_m2 = setup.parameter("global_irradiance", "150 W/m2", "Irradiance of the even sky", 0, 1400);
        day.clearness = setup.parameter("clearness", "1", "Share of the clear sky's irradiance", 0, 1.2);
        const auto place = place_of(setup.city());
        day.site.latitude_deg = setup.parameter("latitude", fmt::format("{} degree", place[1]), "Latitude, where no file says it; by default the city's", -90, 90);
        day.site.longitude_deg = setup.parameter("longitude", fmt::format("{} degree", place[0]), "Longitude, likewise", -180, 180);
        return day;
    }

    /// Longitude and latitude of the cell, from the city's coordinate system; 0, 0 where it has none.
    static std::array<double, 2> place_of(const City& city) {
        const EntitySet* cell = city.find("weather_cell");
        if (cell == nullptr || city.crs.empty() || !cell->has("x")) return {0, 0};
        std::array<double, 1> x{cell->get<double>("x")[0] + city.origin_x}, y{cell->get<double>("y")[0] + city.origin_y};
        geodata::CoordinateTransform::from_degrees(city.crs).inverse(x, y);
        // A hundredth of a degree (1 km): the same digits whatever the projection library's last ones are.
        return {std::round(x[0] * 100) / 100, std::round(y[0] * 100) / 100};
    }

    static void refuse_both(Setup& setup) {
        for (const char* key : {"air_temperature", "temperature_amplitude", "wind_speed", "wind_from", "rain_rate", "sky", "global_irradiance", "clearness", "latitude", "longitude"}) {
            if (setup.source().has(key)) {
                setup.source().refuse(key, "CT-WEATHER-020", fmt::format("'{}' and a weather file are both given", key), "remove one of them; a what-if shifts the file with temperature_offset on weather_cell");
            }
        }
    }

    std::unique_ptr<WeatherSource> read(Setup& setup, const std::string& file) {
        DiagnosticList found;
        EpwYear year = read_epw(file, found);
        if (const double share = night_share(year); share > 0.02) {
            found.warning("CT-WEATHER-015", {file}, fmt::format("{:.0f} % of the sunshine falls in hours with the sun below the horizon", share * 100), "the hours may be shifted: rows hold the hour ending at 1 … 24 in local standard time");
        }
        for (const Diagnostic& diagnostic : found.all()) repaired_.add(diagnostic.text(), 0);
        const auto city = place_of(setup.city());
        if ((city[0] != 0 || city[1] != 0) && (std::abs(city[1] - year.site.latitude_deg) > 3 || std::abs(city[0] - year.site.longitude_deg) > 3)) {
            repaired_.add(fmt::format("{}: the file's place ({}, {}) lies far from the city ({}, {})", year.place, year.site.latitude_deg, year.site.longitude_deg, city[1], city[0]), 0);
        }
        return std::make_unique<EpwSource>(std::move(year));
    }

    /// Time-weighted mean of the hours that [from, to) touches.
    void write(Microseconds from, Microseconds to) {
        const double all = to_seconds(to - from);
        std::array<double, 9 + face_count> mean{};
        for (UtcMicroseconds at = calendar_.utc(from), end = calendar_.utc(to); at < end;) {
            const UtcMicroseconds next = std::min(end, hours_->begin_of_hour(at) + hour);
            const WeatherHour& hour_now = hours_->containing(at);
            if (hours_->source().is_substitute(at)) substituted_.add(format_utc(at), from);
            const double share = to_seconds(next - at) / all;
            const HourRecord& r = hour_now.record;
            const double values[] = {r.temperature_K,  r.wind_speed_mps, r.wind_from_rad, r.radiation.global, r.radiation.direct, r.radiation.diffuse, r.rain_rate_mps,
                                     hour_now.sun.apparent_elevation_deg * portable::degree, hour_now.sun.azimuth_deg * portable::degree};
            for (std::size_t i = 0; i < std::size(values); ++i) mean[i] = share == 1 ? values[i] : mean[i] + share * values[i];
            for (std::size_t f = 0; f < face_count; ++f) mean[9 + f] = share == 1 ? hour_now.face_W_per_m2[f] : mean[9 + f] + share * hour_now.face_W_per_m2[f];
            if (next == end) {   // angles aren't averaged: the last hour's
                mean[2] = values[2];
                mean[7] = values[7];
                mean[8] = values[8];
            }
            at = next;
        }
        publish(mean);
    }

    void publish(const std::array<double, 9 + face_count>& mean) {
        for (std::size_t cell = 0; cell < temperature_.size(); ++cell) {
            const double factor = irradiance_factor_[static_cast<Index>(cell)];
            temperature_[cell] = mean[0] + temperature_offset_[static_cast<Index>(cell)];
            wind_speed_[cell] = mean[1];
            wind_from_[cell] = mean[2];
            global_[cell] = mean[3] * factor;
            direct_[cell] = mean[4] * factor;
            diffuse_[cell] = mean[5] * factor;
            rain_[cell] = mean[6];
            elevation_[cell] = mean[7];
            azimuth_[cell] = mean[8];
            for (std::size_t f = 0; f < face_count; ++f) faces_[f][cell] = mean[9 + f] * factor;
        }
    }

    Calendar calendar_;
    Write temperature_, wind_speed_, wind_from_, global_, direct_, diffuse_, rain_, elevation_, azimuth_;
    std::array<Write, face_count> faces_;
    Attribute temperature_offset_, irradiance_factor_;
    Warning &substituted_, &repaired_;
    std::unique_ptr<WeatherHours> hours_;
};

CITYTWIN_MODULE(Weather, "weather", "0.1.0")

}  // namespace citytwin::weather
