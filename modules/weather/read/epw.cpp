#include "modules/weather/read/epw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "modules/weather/read/epw_gaps.hpp"

namespace citytwin::weather {

namespace {

constexpr int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
constexpr std::size_t header_lines = 8, least_columns = 22;

/// Places are often named in Latin-1: its bytes become UTF-8; text that is UTF-8 already stays.
std::string as_utf8(std::string_view text) {
    bool valid = true;
    for (std::size_t i = 0; i < text.size() && valid; ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const int following = c < 0x80 ? 0 : (c >> 5) == 6 ? 1 : (c >> 4) == 14 ? 2 : (c >> 3) == 30 ? 3 : -1;
        valid = following >= 0 && i + static_cast<std::size_t>(following) < text.size();
        for (int k = 0; k < following && valid; ++k) valid = (static_cast<unsigned char>(text[++i]) >> 6) == 2;
    }
    if (valid) return std::string(text);
    std::string result;
    for (const char character : text) {
        const auto c = static_cast<unsigned char>(character);
        if (c < 0x80) result += character;
        else result.append({static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3f))});
    }
    return result;
}

class EpwParser {
public:
    EpwParser(const std::string& text, const std::string& name, DiagnosticList& warnings) : name_(name), warnings_(warnings) {
        std::string_view rest = text;
        if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            if (line.ends_with('\r')) line.remove_suffix(1);
            lines_.push_back(line);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
        while (!lines_.empty() && trimmed(lines_.back()).empty()) lines_.pop_back();
    }

    EpwYear parse() {
        read_location();
        check_data_period();
        count_rows();
        for (std::size_t row = 0; row < year_.hours(); ++row) read_row(row);
        errors_.throw_if_errors();
        fill_gaps(year_, name_, header_lines, errors_, warnings_);
        errors_.throw_if_errors();
        return std::move(year_);
    }

private:
    [[nodiscard]] SourcePlace at(std::size_t line) const { return {name_, line + 1, 0}; }

    void read_location() {
        if (lines_.size() < header_lines || !lines_[0].starts_with("LOCATION,")) {
            fail("CT-WEATHER-001", {name_, 1, 0}, "this isn't an EPW file: it doesn't begin with LOCATION and seven more header lines", "expected an EnergyPlus weather file (.epw)");
        }
        const auto fields = split(lines_[0], ',');
        if (fields.size() < 10) fail("CT-WEATHER-002", at(0), fmt::format("LOCATION has {} fields, expected 10", fields.size()), "city, state, country, source, WMO number, latitude, longitude, time zone, elevation");
        year_.place = as_utf8(trimmed(fields[1]));
        year_.site.latitude_deg = header_number(fields[6], "latitude", -90, 90);
        year_.site.longitude_deg = header_number(fields[7], "longitude", -180, 180);
        year_.time_zone_h = header_number(fields[8], "time zone", -12, 14);
        year_.site.elevation_m = header_number(fields[9], "elevation", -1000, 9999.9);
        check_meridian();
    }

    double header_number(std::string_view field, const char* what, double lowest, double highest) const {
        const auto value = parse_number(trimmed(field));
        if (!value || *value < lowest || *value > highest) {
            fail("CT-WEATHER-002", at(0), fmt::format("LOCATION's {} is '{}', expected a number from {} to {}", what, as_utf8(field), lowest, highest));
        }
        return *value;
    }

    /// A zone may lie up to three hours off its meridian (western China); more is a sign or a unit gone wrong.
    void check_meridian() {
        double off_h = year_.time_zone_h - year_.site.longitude_deg / 15;
        off_h -= 24 * std::round(off_h / 24);
        const std::string found = fmt::format("time zone {} h lies {:.1f} h off the meridian of longitude {}", year_.time_zone_h, off_h, year_.site.longitude_deg);
        if (std::abs(off_h) > 3.5) fail("CT-WEATHER-003", at(0), found, "east is positive; check the longitude's sign and the time zone");
        if (std::abs(off_h) > 1.25) warnings_.warning("CT-WEATHER-004", at(0), found, "legal, but check the longitude's sign");
    }

    void check_data_period() const {
        const auto fields = split(lines_[7], ',');
        if (fields.empty() || !lines_[7].starts_with("DATA PERIODS")) fail("CT-WEATHER-001", at(7), "the eighth header line isn't DATA PERIODS", "the file's head is damaged");
        if (fields.size() < 3) fail("CT-WEATHER-005", at(7), "DATA PERIODS is incomplete", "expected: DATA PERIODS,1,1,Data,Sunday,1/1,12/31");
        if (parse_integer(trimmed(fields[1])) != 1) fail("CT-WEATHER-005", at(7), fmt::format("{} data periods; one whole year is read", as_utf8(trimmed(fields[1]))), "split the file");
        if (parse_integer(trimmed(fields[2])) != 1) fail("CT-WEATHER-005", at(7), fmt::format("{} records per hour; hourly files are read", as_utf8(trimmed(fields[2]))), "average the records to hours");
    }

    void count_rows() {
        const std::size_t rows = lines_.size() - header_lines;
        if (rows != 8760 && rows != 8784) {
            errors_.error("CT-WEATHER-006", at(lines_.size() - 1), fmt::format("{} hours, expected 8760 (or 8784 in a leap year)", rows), rows < 8760 ? "the file was cut short" : "more than a year, or lines were repeated");
        }
        if (rows == 0) errors_.throw_if_errors();
        year_.leap = rows == 8784;
        for (auto* column : {&year_.temperature_C, &year_.wind_speed_mps, &year_.wind_from_deg, &year_.global_W_per_m2, &year_.direct_W_per_m2, &year_.diffuse_W_per_m2, &year_.rain_mm}) {
            column->assign(rows, 0.0);
        }
    }

    void read_row(std::size_t row) {
        const std::size_t line = header_lines + row;
        fields_ = split(lines_[line], ',');
        if (fields_.size() < least_columns) {
            errors_.error("CT-WEATHER-007", at(line), fmt::format("{} columns, expected 35", fields_.size()), "the row is damaged");
            return;
        }
        check_date(row, line);
        year_.temperature_C[row] = number(7, line, -90, 99.9, 99.9);
        year_.global_W_per_m2[row] = number(14, line, 0, 9999, 9999);
        year_.direct_W_per_m2[row] = number(15, line, 0, 9999, 9999);
        year_.diffuse_W_per_m2[row] = number(16, line, 0, 9999, 9999);
        year_.wind_from_deg[row] = number(21, line, 0, 999, 999);
        year_.wind_speed_mps[row] = number(22, line, 0, 999, 999);
        // Few files have rain; 99 and 999 stand for "not known", which counts as dry.
        const auto rain = fields_.size() > 33 ? parse_number(trimmed(fields_[33])) : std::nullopt;
        year_.rain_mm[row] = rain && *rain > 0 && *rain < 99 ? *rain : 0.0;
    }

    /// 1-based column as the format counts; not a number = missing by the format's word for it.
    double number(std::size_t column, std::size_t line, double lowest, double highest, double missing) {
        const std::string_view field = trimmed(fields_[column - 1]);
        const auto value = parse_number(field);
        if (!value || *value < lowest || *value > std::max(highest, missing)) {
            errors_.error("CT-WEATHER-008", {name_, line + 1, column}, fmt::format("column {} is '{}', expected a number from {} to {}", column, as_utf8(field), lowest, highest));
            return 0;
        }
        return *value >= missing ? std::nan("") : *value;
    }

    void check_date(std::size_t row, std::size_t line) {
        const auto year = parse_integer(trimmed(fields_[0])), month = parse_integer(trimmed(fields_[1])), day = parse_integer(trimmed(fields_[2])), hour = parse_integer(trimmed(fields_[3]));
        if (!year || !month || !day || !hour) {
            errors_.error("CT-WEATHER-008", at(line), "the row doesn't begin with year, month, day and hour");
            return;
        }
        if (date_refused_) return;   // one wrong start would repeat itself in every row
        const std::string found = fmt::format("month {}, day {}, hour {}", *month, *day, *hour);
        if (row == 0 && *hour == 0) {
            refuse_date("CT-WEATHER-009", line, "hours count from 0 to 23", "an EPW row holds the hour that ends at 1 … 24: shift the rows");
        } else if (row == 0 && (*month != 1 || *day != 1 || *hour != 1)) {
            refuse_date("CT-WEATHER-010", line, "the file begins at " + found, "a year from 1 January, hour 1, is read: turn the rows around");
        } else if (*month != month_ || *day != day_ || *hour != hour_) {
            refuse_date("CT-WEATHER-011", line, fmt::format("{} where month {}, day {}, hour {} was expected", found, month_, day_, hour_), "rows are missing, repeated or out of order");
        }
        // Typical years are put together from months of several years: legal at the turn of a month only.
        if (row > 0 && *year != last_year_ && !(*day == 1 && *hour == 1) && !mixed_) {
            mixed_ = true;
            warnings_.warning("CT-WEATHER-012", at(line), fmt::format("the year changes from {} to {} inside a month", last_year_, *year), "years may be mixed month by month; check how the file was made");
        }
        last_year_ = *year;
        next_hour();
    }

    void refuse_date(const char* code, std::size_t line, std::string message, std::string hint) {
        errors_.error(code, at(line), std::move(message), std::move(hint));
        date_refused_ = true;
    }

    void next_hour() {
        if (++hour_ <= 24) return;
        hour_ = 1;
        const int days = month_days[month_ - 1] + (month_ == 2 && year_.leap ? 1 : 0);
        if (++day_ <= days) return;
        day_ = 1;
        month_ = month_ % 12 + 1;
    }

    std::string name_;
    DiagnosticList& warnings_;
    DiagnosticList errors_;
    std::vector<std::string_view> lines_, fields_;
    EpwYear year_;
    int month_ = 1, day_ = 1, hour_ = 1;
    long long last_year_ = 0;
    bool date_refused_ = false, mixed_ = false;
};

}  // namespace

EpwYear parse_epw(const std::string& text, const std::string& name, DiagnosticList& diagnostics) { return EpwParser(text, name, diagnostics).parse(); }

EpwYear read_epw(const std::string& path, DiagnosticList& diagnostics) { return parse_epw(read_file(path, 64ULL << 20), path, diagnostics); }

}  // namespace citytwin::weather
