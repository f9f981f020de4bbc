#pragma once
// Where a run's weather comes from: the hours of an EPW file by date, or a stated day that repeats itself.
#include <memory>
#include <vector>

#include "core/time/calendar.hpp"
#include "modules/weather/model/tilted_irradiance.hpp"
#include "modules/weather/read/epw.hpp"

namespace citytwin::weather {

struct HourRecord {
    double temperature_K = 0, wind_speed_mps = 0, wind_from_rad = 0, rain_rate_mps = 0;
    Radiation radiation;
};

class WeatherSource {
public:
    virtual ~WeatherSource() = default;
    [[nodiscard]] virtual const Site& site() const = 0;
    /// Hours of a source begin at this much past a full hour of UTC (zones of half hours).
    [[nodiscard]] virtual Microseconds hour_shift() const = 0;
    /// The hour that begins at `utc`; `sun` is that of its middle.
    [[nodiscard]] virtual HourRecord at(UtcMicroseconds utc, const SunPosition& sun) const = 0;
    /// True where the file has no such day (29 February) and another stands for it.
    [[nodiscard]] virtual bool is_substitute(UtcMicroseconds /*utc*/) const { return false; }
};

class EpwSource final : public WeatherSource {
public:
    explicit EpwSource(EpwYear year) : year_(std::move(year)) {}
    [[nodiscard]] const Site& site() const override { return year_.site; }
    [[nodiscard]] Microseconds hour_shift() const override;
    [[nodiscard]] HourRecord at(UtcMicroseconds utc, const SunPosition& sun) const override;
    [[nodiscard]] bool is_substitute(UtcMicroseconds utc) const override;
    /// Row of the hour that begins at `utc`, by its local standard date.
    [[nodiscard]] std::size_t row_at(UtcMicroseconds utc) const;
    [[nodiscard]] const EpwYear& year() const { return year_; }

private:
    [[nodiscard]] CivilTime local(UtcMicroseconds utc) const;
    EpwYear year_;
};

/// A day that repeats itself: temperature swings about its mean (warmest at 15:00 solar time), the sky is evenly grey day and night
/// or clear by the sun's height.
struct RepeatedDay {
    double temperature_K = 283.15, amplitude_K = 0, wind_speed_mps = 3, wind_from_rad = 0, rain_rate_mps = 0;
    bool clear_sky = false;
    double global_W_per_m2 = 150;   ///< of the even sky, all of it diffuse
    double clearness = 1;           ///< share of the clear sky's global irradiance
    Site site;
};

class RepeatedDaySource final : public WeatherSource {
public:
    explicit RepeatedDaySource(const RepeatedDay& day) : day_(day) {}
    [[nodiscard]] const Site& site() const override { return day_.site; }
    [[nodiscard]] Microseconds hour_shift() const override { return 0; }
    [[nodiscard]] HourRecord at(UtcMicroseconds utc, const SunPosition& sun) const override;

private:
    RepeatedDay day_;
};

/// The faces on which irradiance is published.
enum class Face : int { north, east, south, west, horizontal, panel };
inline constexpr int face_count = 6;

struct WeatherHour {
    HourRecord record;
    SunPosition sun;
    double face_W_per_m2[face_count] = {};
};

/// Hours with their sun and faces; remembers the last one, as modules ask several times within it.
class WeatherHours {
public:
    WeatherHours(std::unique_ptr<WeatherSource> source, const Plane& panel, double albedo);
    [[nodiscard]] const WeatherHour& containing(UtcMicroseconds utc);
    [[nodiscard]] UtcMicroseconds begin_of_hour(UtcMicroseconds utc) const;
    [[nodiscard]] const WeatherSource& source() const { return *source_; }

private:
    std::unique_ptr<WeatherSource> source_;
    std::vector<Plane> planes_;
    double albedo_;
    WeatherHour hour_;
    UtcMicroseconds begin_ = -1;
    bool known_ = false;
};

/// Days since 1 January of the date in UTC, from 1.
int day_of_year_utc(UtcMicroseconds utc);

}  // namespace citytwin::weather
