#include "modules/weather/read/epw_gaps.hpp"

#include <fmt/format.h>

#include <cmath>

namespace citytwin::weather {

namespace {

struct Gaps {
    std::size_t hours = 0, longest = 0, first = 0;
};

Gaps gaps_of(const std::vector<double>& values) {
    Gaps gaps;
    std::size_t length = 0;
    for (std::size_t h = 0; h < values.size(); ++h) {
        length = std::isnan(values[h]) ? length + 1 : 0;
        if (length > 0 && gaps.hours++ == 0) gaps.first = h;
        gaps.longest = std::max(gaps.longest, length);
    }
    return gaps;
}

/// The line between the gap's neighbours; the year's ends meet.
void bridge(std::vector<double>& values) {
    const std::size_t n = values.size();
    for (std::size_t h = 0; h < n; ++h) {
        if (!std::isnan(values[h])) continue;
        std::size_t before = 1, after = 1;
        while (std::isnan(values[(h + n - before) % n])) ++before;
        while (std::isnan(values[(h + after) % n])) ++after;
        const double low = values[(h + n - before) % n], high = values[(h + after) % n];
        values[h] = low + (high - low) * static_cast<double>(before) / static_cast<double>(before + after);
    }
}

struct Column {
    const char* name;
    std::vector<double> EpwYear::*values;
    bool may_be_bridged;
};
constexpr Column columns[] = {{"dry bulb temperature", &EpwYear::temperature_C, true},           {"wind speed", &EpwYear::wind_speed_mps, true},
                              {"wind direction", &EpwYear::wind_from_deg, true},                 {"global horizontal radiation", &EpwYear::global_W_per_m2, false},
                              {"direct normal radiation", &EpwYear::direct_W_per_m2, false},     {"diffuse horizontal radiation", &EpwYear::diffuse_W_per_m2, false}};

}  // namespace

void fill_gaps(EpwYear& year, const std::string& name, std::size_t first_line, DiagnosticList& errors, DiagnosticList& warnings) {
    for (const Column& column : columns) {
        std::vector<double>& values = year.*column.values;
        const Gaps gaps = gaps_of(values);
        if (gaps.hours == 0) continue;
        const SourcePlace place{name, first_line + gaps.first + 1, 0};
        const std::string found = fmt::format("{}: {} hours missing (9999), the longest gap {} h", column.name, gaps.hours, gaps.longest);
        if (!column.may_be_bridged) {
            errors.error("CT-WEATHER-013", place, found, "sunshine isn't made up: take a complete file");
        } else if (gaps.longest > longest_gap_h) {
            errors.error("CT-WEATHER-013", place, found, fmt::format("gaps of up to {} h are bridged: take a complete file", longest_gap_h));
        } else {
            warnings.warning("CT-WEATHER-014", place, found + ": bridged by lines", "harmless where it is few hours");
            bridge(values);
        }
    }
}

double night_share(const EpwYear& year) {
    // The date matters little: 2015 as in the references.
    const UtcMicroseconds start = days_from_civil(2015, 1, 1) * day - from_seconds(year.time_zone_h * 3600);
    double all = 0, dark = 0;
    for (std::size_t h = 0; h < year.hours(); ++h) {
        all += year.global_W_per_m2[h];
        if (year.global_W_per_m2[h] > 0 && sun_position(start + static_cast<Microseconds>(h) * hour + 30 * minute, year.site).elevation_deg < -0.833) dark += year.global_W_per_m2[h];
    }
    return all > 0 ? dark / all : 0;
}

}  // namespace citytwin::weather
