#pragma once
// The edge of time: RFC 3339 and local times of an IANA zone on one side, the engine's integer microseconds on the other.
// Inside everything is UTC; a zone matters only where a person reads or writes a time, and for the local time of day.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time/clock.hpp"

namespace citytwin {

/// Microseconds since 1970-01-01T00:00:00Z (without leap seconds, as POSIX counts).
using UtcMicroseconds = std::int64_t;

/// A wall clock's reading, without its zone.
struct CivilTime {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    int microsecond = 0;
    bool operator==(const CivilTime&) const = default;
};

/// What stands in a text such as "2025-06-03T07:00:00+02:00".
struct ParsedTime {
    CivilTime civil;
    std::optional<int> offset_s;  ///< seconds east of UTC; nothing = local, needs a zone
};

/// The text as date and time: RFC 3339, 'T' or a blank between, up to 6 digits of a second, a date alone = midnight.
/// Throws InputError CT-TIME-001 (not a time) or CT-TIME-002 (no such day or hour), without a place.
ParsedTime parse_civil_time(std::string_view text);

/// UTC of a parsed time; `zone` is used only where the time has no offset.
/// Throws InputError CT-TIME-003 unknown zone, -004 the clocks skip this time, -005 it comes twice, -006 a local time
/// without zone, -007 after the last year for which the system's zone data has rules. Without a place.
UtcMicroseconds to_utc(const ParsedTime& time, std::string_view zone);
UtcMicroseconds parse_time(std::string_view text, std::string_view zone);
/// True if the system's zone data knows the name ("Europe/Berlin"); "" isn't a zone.
bool is_zone(std::string_view zone);
/// Throws CT-TIME-003 with the nearest name where the zone isn't known.
void require_zone(std::string_view zone);

/// "2025-06-03T00:00:00Z", with ".250000" only where there are fractions.
std::string format_utc(UtcMicroseconds utc);
/// "2025-06-03T02:00:00+02:00"
std::string format_local(UtcMicroseconds utc, std::string_view zone);
CivilTime civil_of_utc(UtcMicroseconds utc);
/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
std::int64_t days_from_civil(int year, int month, int day);

/// One scenario's calendar: engine time to UTC and to the local wall clock. Cheap to call: the zone's switches from a
/// day before the start are kept as a sorted list. Immutable, safe to share.
class Calendar {
public:
    Calendar() : Calendar(0, "Etc/UTC") {}
    /// Throws InputError CT-TIME-003 for an unknown zone, -007 for a start after the zone data's last rules.
    Calendar(UtcMicroseconds start_utc, std::string zone);

    [[nodiscard]] UtcMicroseconds start_utc() const { return start_utc_; }
    [[nodiscard]] const std::string& zone() const { return zone_; }
    [[nodiscard]] UtcMicroseconds utc(Microseconds t) const { return start_utc_ + t; }
    [[nodiscard]] Microseconds engine_time(UtcMicroseconds utc) const { return utc - start_utc_; }
    /// Engine time of a text (offset, or local in this calendar's zone). Throws as `to_utc`.
    [[nodiscard]] Microseconds parse(std::string_view text) const { return engine_time(parse_time(text, zone_)); }

    [[nodiscard]] Microseconds utc_offset(Microseconds t) const;        ///< local = UTC + offset
    [[nodiscard]] Microseconds time_of_day(Microseconds t) const;       ///< local, [0, 24 h)
    [[nodiscard]] double seconds_of_day(Microseconds t) const { return to_seconds(time_of_day(t)); }
    [[nodiscard]] std::int64_t local_day(Microseconds t) const;         ///< days since 1970-01-01 of the local date
    [[nodiscard]] int day_of_week(Microseconds t) const;                ///< local, 0 = Monday … 6 = Sunday
    [[nodiscard]] int day_of_year(Microseconds t) const;                ///< local, 1 = 1 January
    [[nodiscard]] CivilTime local(Microseconds t) const;
    /// The first instant after `t` at which the local date changes (23 or 25 h away where clocks are switched).
    [[nodiscard]] Microseconds next_midnight(Microseconds t) const;
    [[nodiscard]] std::string utc_text(Microseconds t) const { return format_utc(utc(t)); }
    [[nodiscard]] std::string local_text(Microseconds t) const;

private:
    struct Switch {
        UtcMicroseconds from;
        Microseconds offset;
    };
    UtcMicroseconds start_utc_;
    std::string zone_;
    std::vector<Switch> switches_;  ///< ascending; the first holds from the beginning of time
};

}  // namespace citytwin
