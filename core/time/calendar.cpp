#include "core/time/calendar.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"

namespace citytwin {
namespace {

using SysMicroseconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;
using LocalMicroseconds = date::local_time<std::chrono::microseconds>;

/// The library reads the system's compiled zone files, whose list of switches ends with 2037; it doesn't read the rule
/// behind the list, so later local times of zones that switch would be an hour off in summer.
constexpr int last_year_of_rules = 2037;

SysMicroseconds sys(UtcMicroseconds utc) { return SysMicroseconds(std::chrono::microseconds(utc)); }

const date::time_zone* find_zone(std::string_view zone) {
    const auto& zones = date::get_tzdb().zones;
    const auto found = std::lower_bound(zones.begin(), zones.end(), zone,
                                        [](const date::time_zone& a, std::string_view name) { return a.name() < name; });
    return found != zones.end() && found->name() == zone ? &*found : nullptr;
}

const date::time_zone& zone_of(std::string_view zone) {
    if (const auto* found = find_zone(zone)) return *found;
    std::vector<std::string> names;
    for (const auto& known : date::get_tzdb().zones) names.push_back(known.name());
    const auto near = nearest(zone, names);
    fail("CT-TIME-003", {}, fmt::format("unknown time zone '{}'{}", zone, near ? "; nearest: '" + *near + "'" : ""),
         "write a name of the IANA list such as \"Europe/Berlin\" or \"Etc/UTC\"");
}

/// Reads `digits` digits at `position` and moves behind them.
int digits_at(std::string_view text, std::size_t& position, int digits) {
    int value = 0;
    for (int i = 0; i < digits; ++i, ++position) {
        if (position >= text.size() || text[position] < '0' || text[position] > '9') {
            fail("CT-TIME-001", {}, fmt::format("'{}' is not a date and time", text),
                 "write it like 2025-06-03T07:00:00, with 'Z' or an offset such as +02:00 if it isn't local");
        }
        value = value * 10 + (text[position] - '0');
    }
    return value;
}

void expect(std::string_view text, std::size_t& position, std::string_view any_of) {
    if (position >= text.size() || any_of.find(text[position]) == std::string_view::npos) {
        fail("CT-TIME-001", {}, fmt::format("'{}' is not a date and time", text),
             "write it like 2025-06-03T07:00:00, with 'Z' or an offset such as +02:00 if it isn't local");
    }
    ++position;
}

int fraction_at(std::string_view text, std::size_t& position) {
    if (position >= text.size() || text[position] != '.') return 0;
    ++position;
    int value = 0, count = 0;
    while (position < text.size() && text[position] >= '0' && text[position] <= '9' && count < 6) {
        value = value * 10 + (text[position++] - '0');
        ++count;
    }
    if (count == 0) expect(text, position, "0123456789");
    for (; count < 6; ++count) value *= 10;
    return value;
}

std::optional<int> offset_at(std::string_view text, std::size_t& position) {
    if (position >= text.size()) return std::nullopt;
    const char sign = text[position];
    expect(text, position, "Zz+-");
    if (sign == 'Z' || sign == 'z') return 0;
    const int hours = digits_at(text, position, 2);
    expect(text, position, ":");
    const int minutes = digits_at(text, position, 2);
    if (hours > 18 || minutes > 59) fail("CT-TIME-002", {}, fmt::format("'{}' has no possible offset from UTC", text), {});
    return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

void check_civil(std::string_view text, const CivilTime& c) {
    const date::year_month_day day{date::year(c.year), date::month(static_cast<unsigned>(c.month)),
                                   date::day(static_cast<unsigned>(c.day))};
    if (!day.ok()) fail("CT-TIME-002", {}, fmt::format("there is no day {:04}-{:02}-{:02}", c.year, c.month, c.day), {});
    if (c.hour > 23 || c.minute > 59 || c.second > 59) {
        fail("CT-TIME-002", {}, fmt::format("'{}' has no time of day between 00:00:00 and 23:59:59", text),
             "midnight at the end of a day is 00:00:00 of the next");
    }
}

std::int64_t microseconds_of(const CivilTime& c) {
    return days_from_civil(c.year, c.month, c.day) * day + c.hour * hour + c.minute * minute + c.second * second + c.microsecond;
}

/// Rounds towards minus infinity.
std::int64_t floor_days(std::int64_t microseconds) {
    return microseconds >= 0 ? microseconds / day : -((-microseconds + day - 1) / day);
}

CivilTime civil_of(std::int64_t microseconds) {
    const std::int64_t days = floor_days(microseconds);
    const date::year_month_day ymd{date::sys_days{date::days{days}}};
    const std::int64_t rest = microseconds - days * day;
    CivilTime c{static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
                static_cast<int>(static_cast<unsigned>(ymd.day()))};
    c.hour = static_cast<int>(rest / hour);
    c.minute = static_cast<int>(rest % hour / minute);
    c.second = static_cast<int>(rest % minute / second);
    c.microsecond = static_cast<int>(rest % second);
    return c;
}

std::string civil_text(const CivilTime& c) {
    auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (c.microsecond != 0) text += fmt::format(".{:06}", c.microsecond);
    return text;
}

std::string text_with_offset(UtcMicroseconds utc, Microseconds offset) {
    const Microseconds size = offset < 0 ? -offset : offset;
    return fmt::format("{}{}{:02}:{:02}", civil_text(civil_of(utc + offset)), offset < 0 ? '-' : '+', size / hour,
                       size % hour / minute);
}

/// A zone that still switched its clocks in the last year of the rules will go on doing so.
void check_rules_reach(const date::time_zone& zone, int year) {
    if (year <= last_year_of_rules) return;
    const auto in = [&](int month) { return zone.get_info(date::sys_days{date::year(last_year_of_rules) / month / 1}).offset; };
    if (in(1) == in(4) && in(1) == in(7) && in(1) == in(10)) return;
    fail("CT-TIME-007", {}, fmt::format("the system's time zone data for '{}' has no rules after {}", zone.name(), last_year_of_rules),
         "choose an earlier year, or a zone without clock changes such as \"Etc/UTC\"");
}

}  // namespace

std::int64_t days_from_civil(int year, int month, int day_of_month) {
    return date::sys_days{date::year(year) / date::month(static_cast<unsigned>(month)) / date::day(static_cast<unsigned>(day_of_month))}
        .time_since_epoch().count();
}

ParsedTime parse_civil_time(std::string_view text) {
    text = trimmed(text);
    ParsedTime parsed;
    CivilTime& c = parsed.civil;
    std::size_t position = 0;
    c.year = digits_at(text, position, 4);
    expect(text, position, "-");
    c.month = digits_at(text, position, 2);
    expect(text, position, "-");
    c.day = digits_at(text, position, 2);
    if (position < text.size()) {
        expect(text, position, "Tt ");
        c.hour = digits_at(text, position, 2);
        expect(text, position, ":");
        c.minute = digits_at(text, position, 2);
        if (position < text.size() && text[position] == ':') {
            ++position;
            c.second = digits_at(text, position, 2);
            c.microsecond = fraction_at(text, position);
        }
        parsed.offset_s = offset_at(text, position);
    }
    if (position != text.size()) expect(text, position, "");
    check_civil(text, c);
    return parsed;
}

UtcMicroseconds to_utc(const ParsedTime& time, std::string_view zone) {
    const std::int64_t civil = microseconds_of(time.civil);
    if (time.offset_s) return civil - *time.offset_s * second;
    const std::string text = civil_text(time.civil);
    if (zone.empty()) {
        fail("CT-TIME-006", {}, fmt::format("{} is a local time, but no zone is named", text),
             "add zone = \"Europe/Berlin\" (yours), or write the offset: " + text + "Z");
    }
    const auto& found = zone_of(zone);
    check_rules_reach(found, time.civil.year);
    const auto info = found.get_info(LocalMicroseconds(std::chrono::microseconds(civil)));
    const auto first = std::chrono::duration_cast<std::chrono::microseconds>(info.first.offset).count();
    const auto later = std::chrono::duration_cast<std::chrono::microseconds>(info.second.offset).count();
    if (info.result == date::local_info::nonexistent) {
        fail("CT-TIME-004", {}, fmt::format("{} doesn't exist in {}: the clocks go forward over it", text, zone),
             fmt::format("write the time with its offset: {} or {}", text_with_offset(civil - first, first), text_with_offset(civil - later, later)));
    }
    if (info.result == date::local_info::ambiguous) {
        fail("CT-TIME-005", {}, fmt::format("{} comes twice in {}: the clocks go back over it", text, zone),
             fmt::format("write the time with its offset: {} or {}", text_with_offset(civil - first, first), text_with_offset(civil - later, later)));
    }
    return civil - first;
}

UtcMicroseconds parse_time(std::string_view text, std::string_view zone) { return to_utc(parse_civil_time(text), zone); }

bool is_zone(std::string_view zone) { return find_zone(zone) != nullptr; }

void require_zone(std::string_view zone) { (void)zone_of(zone); }

std::string format_utc(UtcMicroseconds utc) { return civil_text(civil_of(utc)) + "Z"; }

std::string format_local(UtcMicroseconds utc, std::string_view zone) {
    const auto offset = zone_of(zone).get_info(sys(utc)).offset;
    return text_with_offset(utc, std::chrono::duration_cast<std::chrono::microseconds>(offset).count());
}

CivilTime civil_of_utc(UtcMicroseconds utc) { return civil_of(utc); }

Calendar::Calendar(UtcMicroseconds start_utc, std::string zone) : start_utc_(start_utc), zone_(std::move(zone)) {
    const auto& found = zone_of(zone_);
    check_rules_reach(found, civil_of(start_utc).year);
    auto info = found.get_info(sys(start_utc - day));
    const auto end = date::sys_days{date::year(last_year_of_rules + 1) / 1 / 1};
    for (UtcMicroseconds from = INT64_MIN;;) {
        switches_.push_back({from, std::chrono::duration_cast<std::chrono::microseconds>(info.offset).count()});
        if (info.end >= end) break;
        from = std::chrono::duration_cast<std::chrono::microseconds>(info.end.time_since_epoch()).count();
        info = found.get_info(info.end);
    }
}

Microseconds Calendar::utc_offset(Microseconds t) const {
    const UtcMicroseconds at = utc(t);
    std::size_t i = switches_.size() > 1 && at >= switches_[1].from
                        ? static_cast<std::size_t>(std::upper_bound(switches_.begin(), switches_.end(), at,
                                                                    [](UtcMicroseconds value, const Switch& s) { return value < s.from; }) -
                                                   switches_.begin()) - 1
                        : 0;
    return switches_[i].offset;
}

Microseconds Calendar::time_of_day(Microseconds t) const {
    const std::int64_t local = utc(t) + utc_offset(t);
    return local - floor_days(local) * day;
}

std::int64_t Calendar::local_day(Microseconds t) const { return floor_days(utc(t) + utc_offset(t)); }

int Calendar::day_of_week(Microseconds t) const {
    const std::int64_t monday_based = (local_day(t) + 3) % 7;  // 1970-01-01 was a Thursday
    return static_cast<int>(monday_based < 0 ? monday_based + 7 : monday_based);
}

int Calendar::day_of_year(Microseconds t) const {
    const std::int64_t today = local_day(t);
    return static_cast<int>(today - days_from_civil(civil_of(today * day).year, 1, 1)) + 1;
}

CivilTime Calendar::local(Microseconds t) const { return civil_of(utc(t) + utc_offset(t)); }

Microseconds Calendar::next_midnight(Microseconds t) const {
    const std::int64_t target = (local_day(t) + 1) * day;  // as a local reading
    Microseconds guess = engine_time(target - utc_offset(t));
    guess = engine_time(target - utc_offset(guess));  // a clock change in between moves it
    while (local_day(guess) * day < target) {         // midnight itself is skipped: the first instant after the gap
        guess += minute;
    }
    return guess;
}

std::string Calendar::local_text(Microseconds t) const { return text_with_offset(utc(t), utc_offset(t)); }

}  // namespace citytwin
