#pragma once
// The weather of an interval: vector mean of the wind's direction, scalar mean of its speed, mean irradiance; from the weather module
// or from the city's constant one.
#include <limits>

#include "core/base/portable_math.hpp"
#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "modules/emissions/emission_choices.hpp"

namespace citytwin::emissions {

class WeatherMean {
public:
    WeatherMean(Setup& setup, const EmissionChoices& choices)
        : choices_(choices), speed_(setup.reads("weather_cell", "wind_speed", "m/s").mean().otherwise(choices.wind_speed_mps)),
          from_(setup.reads("weather_cell", "wind_from", "rad").last().otherwise(choices.wind_from_rad)),
          irradiance_(setup.reads("weather_cell", "global_irradiance", "W/m2").mean().otherwise(choices.irradiance_Wpm2)) {}

    void add(double seconds) {
        const double speed = value(speed_, choices_.wind_speed_mps), from = value(from_, choices_.wind_from_rad);
        sums_[0] += seconds;
        sums_[1] += speed * seconds;
        sums_[2] += speed * portable::sin(from) * seconds;
        sums_[3] += speed * portable::cos(from) * seconds;
        sums_[4] += value(irradiance_, choices_.irradiance_Wpm2) * seconds;
    }

    /// The mean since the last call.
    Weather take(Terrain terrain) {
        Weather weather;
        const double seconds = sums_[0] > 0 ? sums_[0] : 1;
        const double wind_10m = sums_[1] / seconds;
        weather.stability = stability_of(wind_10m, sums_[4] / seconds);
        weather.wind_mps = wind_at_release(wind_10m, weather.stability);
        weather.terrain = terrain;
        weather.lid_m = choices_.lid_m > 0 ? choices_.lid_m : std::numeric_limits<double>::infinity();
        const double from = portable::atan2(sums_[2], sums_[3]);   // east and north parts
        weather.wind_from_rad = from < 0 ? from + 2 * portable::pi : from;
        for (double& sum : sums_) sum = 0;
        return weather;
    }

    void save(StateWriter& out) const { out.value("weather_sums", sums_); }
    void load(StateReader& in) { in.value("weather_sums", sums_); }

private:
    static double value(const Read& read, double otherwise) { return read.size() > 0 ? read[0] : otherwise; }

    const EmissionChoices& choices_;
    Read speed_, from_, irradiance_;
    double sums_[5] = {};
};

}  // namespace citytwin::emissions
