// Zone-hours per second of the 5R1C zones with their sun: one thread on a block of offices, and a city of 100,000 buildings for a year
// on one and two threads. bench_buildings_zones [EPW]: without a weather file a made-up year.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/portable_math.hpp"
#include "core/random/philox.hpp"
#include "modules/buildings/model/archetypes.hpp"
#include "modules/buildings/model/zone_year.hpp"
#include "modules/weather/weather_source.hpp"

using namespace citytwin;
using namespace citytwin::buildings;

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }

/// The year's hours with sun and faces: part of what is timed.
std::vector<ZoneWeather> weather_of(const std::string& epw) {
    std::unique_ptr<weather::WeatherSource> source;
    DiagnosticList found;
    weather::RepeatedDay stated;
    stated.amplitude_K = 5;
    stated.clear_sky = true;
    stated.site = {48, 10, 400};
    if (epw.empty()) source = std::make_unique<weather::RepeatedDaySource>(stated);
    else source = std::make_unique<weather::EpwSource>(weather::read_epw(epw, found));
    weather::WeatherHours hours(std::move(source), weather::Plane(30, 180), 0.2);
    const UtcMicroseconds start = hours.begin_of_hour(days_from_civil(2015, 1, 1) * day);
    std::vector<ZoneWeather> result(8760);
    for (std::size_t h = 0; h < result.size(); ++h) {
        const auto& now = hours.containing(start + static_cast<Microseconds>(h) * hour);
        result[h].outdoor = now.record.temperature_K;
        for (std::size_t f = 0; f < zone_faces; ++f) result[h].irradiance_W_per_m2[f] = now.face_W_per_m2[f];
    }
    return result;
}

struct Stock {
    ZoneColumns zones;
    ZoneSchedule schedule;
    ZoneYear year;
};

Stock stock_of(std::size_t n, bool offices) {
    Stock stock;
    const Random random(1, "bench buildings");
    stock.schedule.classes = use_count;
    stock.schedule.presence.resize(8760 * use_count);
    for (std::size_t h = 0; h < 8760; ++h) {
        for (std::size_t u = 0; u < use_count; ++u) {
            stock.schedule.presence[h * use_count + u] = standard_presence(row_of(static_cast<Use>(u)), static_cast<int>(h % 24), static_cast<int>(h / 24 % 7));
        }
    }
    for (std::size_t b = 0; b < n; ++b) {
        const Use use = offices ? Use::office : static_cast<Use>(b % 9);
        const UseRow& row = row_of(use);
        const double area = 200 + 4800 * random.uniform(b, 0), footprint = area / 4;
        const int year = 1900 + static_cast<int>(120 * random.uniform(b, 1));
        stock.zones.add(zone_of(use, year, {area, footprint, 12, square_walls(footprint, 12)}), row.heat_W_per_m2 * area, row.cool_W_per_m2 * area, 293.15);
        stock.schedule.class_of.push_back(static_cast<std::uint32_t>(use));
        stock.schedule.gain_base_W.push_back(row.standby_W_per_m2 * area);
        stock.schedule.gain_present_W.push_back(row.active_W_per_m2 * area);
        stock.schedule.heat_setpoint.push_back(row.heat_C + 273.15);
        stock.schedule.cool_setpoint.push_back(row.cool_C + 273.15);
        stock.schedule.setback.push_back(row.setback_K);
    }
    stock.zones.set_step(3600);
    return stock;
}

double run(const std::string& epw, std::size_t n, bool offices, int threads, double& check) {
    Stock stock = stock_of(n, offices);
    Arena arena(threads);
    const auto begin = std::chrono::steady_clock::now();
    const auto weather = weather_of(epw);
    run_hours(stock.zones, stock.schedule, weather, arena, stock.year);
    const double seconds = seconds_since(begin);
    check = 0;
    for (const double heat : stock.year.heat_J) check += heat;
    return seconds;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string epw = argc > 1 ? argv[1] : "";
    const std::size_t city = argc > 2 ? std::stoul(argv[2]) : 100'000;
    double one_check = 0, two_check = 0, check = 0;
    double block = 1e9;
    for (int repeat = 0; repeat < 3; ++repeat) block = std::min(block, run(epw, 4096, true, 1, check));
    const double one = run(epw, city, false, 1, one_check), two = run(epw, city, false, 2, two_check);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"zone_hours_per_s\": %.6g, \"city_buildings\": %zu, \"city_s_1\": %.3f, \"city_s_2\": %.3f, \"two_threads\": %.3f, \"same_digits\": %s, \"peak_MB\": %.0f}\n", 4096.0 * 8760 / block,
                city, one, two, one / two, one_check == two_check ? "true" : "false", static_cast<double>(usage.ru_maxrss) / 1024);
}
