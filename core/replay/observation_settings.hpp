#pragma once
// One [[observations]] table of a scenario: which history, whose, and what it is for (docs/observations.md).
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

enum class ObservationUse { score, force, assimilate };
/// What drives a forced entity while its sensor is silent.
enum class GapPolicy {
    refuse,    ///< the run isn't started
    hold,      ///< the last value, up to `max_age`; a longer gap is refused
    profile,   ///< the sensor's median of that time of day, from its history
    model      ///< what the module computes
};

struct ObservationColumns {
    std::string time = "time", received = "received", sensor = "sensor", value = "value", sequence = "sequence";
};

/// The rules that flag cells; a rule without its figure is off. Values are in the file's unit. Source of the rules: sensors.md section 4.
struct QualitySettings {
    bool on = false;
    std::vector<std::string> history;        ///< clean weeks before the run: wide or long CSV in the same form
    std::optional<double> above, below;      ///< plausible values lie strictly between
    int stuck_repeats = 0;                   ///< this many repeats of the last value, 0 = off
    std::optional<double> spike, drift;      ///< least deviation that counts; the sensor's own spread raises it
    std::optional<double> unit_factor;       ///< a unit mixed up multiplies by this: 1.609344 for mph sent as km/h
    double unit_floor = 0;                   ///< values below it are never taken for another unit
    bool repair = false;
};

struct ObservationSettings {
    std::string name;
    std::vector<std::string> files;
    std::string map;
    ObservationUse use = ObservationUse::score;
    std::string zone;                             ///< of times without an offset; "" = they are refused
    std::optional<UtcMicroseconds> origin;        ///< numbers are seconds since it; else seconds, ms or us since 1970
    ObservationColumns columns;
    bool decimal_comma = false;
    Microseconds period = 15 * minute;            ///< of sensors whose row of the map doesn't say
    std::optional<Microseconds> lateness;         ///< 30 min + 1 period where it isn't given
    bool stamped_at_end = false;
    GapPolicy gap = GapPolicy::refuse;
    Microseconds max_age = 0;
    double gain = 1;                              ///< of assimilation: share of the difference taken back per relaxation time
    Microseconds relaxation = hour;
    double withhold = 0;                          ///< share of the sensors that are scored and not used, chosen by id hash
    QualitySettings quality;
    SourcePlace place;

    [[nodiscard]] Microseconds allowed_lateness() const { return lateness.value_or(30 * minute + period); }
};

}  // namespace citytwin
