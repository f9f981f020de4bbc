#include "modules/weather/weather_source.hpp"

#include <algorithm>

#include "core/base/portable_math.hpp"

namespace citytwin::weather {

namespace {

using portable::degree;

/// Days before each month of a year without 29 February.
constexpr std::size_t days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

Microseconds floor_to(Microseconds value, Microseconds unit) {
    const Microseconds rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

}  // namespace

int day_of_year_utc(UtcMicroseconds utc) {
    const CivilTime date = civil_of_utc(utc);
    return static_cast<int>(days_from_civil(date.year, date.month, date.day) - days_from_civil(date.year, 1, 1)) + 1;
}

CivilTime EpwSource::local(UtcMicroseconds utc) const { return civil_of_utc(utc + from_seconds(year_.time_zone_h * 3600)); }

Microseconds EpwSource::hour_shift() const {
    const Microseconds zone = from_seconds(year_.time_zone_h * 3600);
    return floor_to(zone, hour) - zone + hour;
}

bool EpwSource::is_substitute(UtcMicroseconds utc) const {
    const CivilTime date = local(utc);
    return !year_.leap && date.month == 2 && date.day == 29;
}

std::size_t EpwSource::row_at(UtcMicroseconds utc) const {
    const CivilTime date = local(utc);
    const auto month = static_cast<std::size_t>(date.month - 1);
    auto day_row = days_before[month] + static_cast<std::size_t>(date.day - 1);
    if (year_.leap) day_row += month > 1 ? 1 : 0;
    else if (is_substitute(utc)) day_row -= 1;   // 28 February stands for the 29th
    return day_row * 24 + static_cast<std::size_t>(date.hour);
}

HourRecord EpwSource::at(UtcMicroseconds utc, const SunPosition& /*sun*/) const {
    const std::size_t row = row_at(utc);
    return {year_.temperature_C[row] + 273.15, year_.wind_speed_mps[row], year_.wind_from_deg[row] * degree, year_.rain_mm[row] * 1e-3 / 3600, year_.radiation(row)};
}

HourRecord RepeatedDaySource::at(UtcMicroseconds utc, const SunPosition& sun) const {
    const double solar_h = to_seconds((utc + 30 * minute) % day) / 3600 + day_.site.longitude_deg / 15;
    HourRecord record{day_.temperature_K + day_.amplitude_K * portable::cos((solar_h - 15) * 15 * degree), day_.wind_speed_mps, day_.wind_from_rad, day_.rain_rate_mps, {}};
    if (!day_.clear_sky) {
        record.radiation = {day_.global_W_per_m2, 0, day_.global_W_per_m2};
        return record;
    }
    const double global = day_.clearness * clear_sky_global(sun.apparent_elevation_deg), cosine = portable::sin(sun.apparent_elevation_deg * degree);
    if (global <= 0) return record;
    const double diffuse = global * diffuse_share(global / (extraterrestrial_W_per_m2(day_of_year_utc(utc)) * cosine));
    record.radiation = {global, (global - diffuse) / cosine, diffuse};
    return record;
}

WeatherHours::WeatherHours(std::unique_ptr<WeatherSource> source, const Plane& panel, double albedo)
    : source_(std::move(source)), planes_{Plane(90, 0), Plane(90, 90), Plane(90, 180), Plane(90, 270), Plane(0, 180), panel}, albedo_(albedo) {}

UtcMicroseconds WeatherHours::begin_of_hour(UtcMicroseconds utc) const { return floor_to(utc - source_->hour_shift(), hour) + source_->hour_shift(); }

const WeatherHour& WeatherHours::containing(UtcMicroseconds utc) {
    const UtcMicroseconds begin = begin_of_hour(utc);
    if (known_ && begin == begin_) return hour_;
    const UtcMicroseconds middle = begin + 30 * minute;
    hour_.sun = sun_position(middle, source_->site());
    hour_.record = source_->at(begin, hour_.sun);
    const Sky sky(hour_.record.radiation, hour_.sun, day_of_year_utc(middle), albedo_);
    for (int face = 0; face < face_count; ++face) hour_.face_W_per_m2[face] = sky.on(planes_[static_cast<std::size_t>(face)]).total();
    begin_ = begin;
    known_ = true;
    return hour_;
}

}  // namespace citytwin::weather
