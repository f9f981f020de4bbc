#pragma once
// The weather of an interval: vector mean of the wind's direction, scalar mean of its speed, mean irradiance; from the weather module
// or from the city's constant one.
#include <limits>

#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"
#include "modules/emissions/emission_choices.hpp"
#include "modules/emissions/model/portable_exp.hpp"

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
        sums_[2] += speed * plain_sin(from) * seconds;
        sums_[3] += speed * plain_cos(from) * seconds;
        sums_[4] += value(irradiance_, choices_.irradiance_Wpm2) * seconds;
    }

    /// The mean since the last call; the direction is found to half a degree, finer than a sector.
    Weather take(Terrain terrain) {
        Weather weather;
        const double seconds = sums_[0] > 0 ? sums_[0] : 1;
        const double wind_10m = sums_[1] / seconds;
        weather.stability = stability_of(wind_10m, sums_[4] / seconds);
        weather.wind_mps = wind_at_release(wind_10m, weather.stability);
        weather.terrain = terrain;
        weather.lid_m = choices_.lid_m > 0 ? choices_.lid_m : std::numeric_limits<double>::infinity();
        double best = -1e300;
        for (int step = 0; step < 720; ++step) {   // no arctangent of the C library: the direction with the largest projection
            const double angle = step * 0.0087266462599716477, along = sums_[2] * plain_sin(angle) + sums_[3] * plain_cos(angle);
            if (along > best) {
                best = along;
                weather.wind_from_rad = angle;
            }
        }
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
