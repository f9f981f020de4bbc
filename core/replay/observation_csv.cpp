#include "core/replay/observation_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/replay/observation_time.hpp"

namespace citytwin {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// A last line that was being written when the file was copied has fewer fields than the header: taken off, with a warning.
void take_off_torn_line(std::string& text, const std::string& name, ObservationRows& rows) {
    if (text.empty() || text.back() == '\n' || text.back() == '\r') return;
    const auto last_begin = text.find_last_of("\r\n");
    const auto first_end = text.find_first_of("\r\n");
    if (last_begin == std::string::npos || first_end >= last_begin) return;
    const std::string_view header = std::string_view(text).substr(0, first_end), last = std::string_view(text).substr(last_begin + 1);
    std::ptrdiff_t expected = 0, found = 0;
    for (const char separator : {',', ';', '\t'}) {
        const auto count = std::count(header.begin(), header.end(), separator);
        if (count <= expected) continue;
        expected = count;
        found = std::count(last.begin(), last.end(), separator);
    }
    if (found >= expected || last.find('"') != std::string_view::npos) return;
    const auto line = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    rows.warn("CT-REPLAY-014", SourcePlace{name, line, 0}, fmt::format("the last line is half written ('{}') and was left out", last.substr(0, 60)), "copy the file again once it is complete");
    text.resize(last_begin + 1);
}

class CsvObservations {
public:
    CsvObservations(CsvReader& csv, const ObservationSettings& settings, ObservationRows& rows)
        : csv_(csv), settings_(settings), rows_(rows), clock_(settings.zone, settings.origin) {}

    void read() {
        time_ = csv_.find(settings_.columns.time);
        received_ = csv_.find(settings_.columns.received);
        sequence_ = csv_.find(settings_.columns.sequence);
        const auto sensor = csv_.find(settings_.columns.sensor), value = csv_.find(settings_.columns.value);
        if (sensor && value) {
            if (!time_) (void)csv_.column(settings_.columns.time);
            read_long(*sensor, *value);
        } else if (time_ || settings_.origin) {
            read_wide();
        } else {
            fail("CT-REPLAY-015", {csv_.name(), 1}, fmt::format("no column '{}' in the header", settings_.columns.time),
                 fmt::format("name it with columns = {{ time = \"…\" }}; a table without times needs `origin` and `period`; {}", suggestion(settings_.columns.time, csv_.header())));
        }
        if (clock_.ambiguous() == 0) return;
        rows_.warn("CT-REPLAY-016", SourcePlace{csv_.name(), 0, 0}, fmt::format("{} rows stand in the hour that comes twice and have no second row: taken for the first pass", clock_.ambiguous()), "write times with their offset");
    }

private:
    [[nodiscard]] UtcMicroseconds time(std::size_t column, std::string_view sensor) {
        try {
            return clock_.read(csv_.text(column), sensor);
        } catch (const InputError& error) {
            Diagnostic first = error.diagnostics().front();
            first.place = csv_.place(column);
            throw InputError(first);
        }
    }

    [[nodiscard]] double value(std::size_t column) const {
        const std::string_view text = csv_.text(column);
        if (settings_.decimal_comma && text.find(',') != std::string_view::npos) {
            std::string with_dot(text);
            std::replace(with_dot.begin(), with_dot.end(), ',', '.');
            if (const auto number = parse_number(with_dot)) return *number;
        }
        if (const auto number = parse_number(text)) return *number;
        if (is_no_value(text)) return no_value;
        const bool has_comma = text.find(',') != std::string_view::npos;
        fail("CT-REPLAY-013", csv_.place(column), fmt::format("'{}' isn't a number", text),
             has_comma ? "a decimal comma is declared with decimal_comma = true; thousands marks are never read" : "leave the field blank where there is no value");
    }

    void read_long(std::size_t sensor, std::size_t value_column) {
        std::string last_name;
        std::uint32_t last_number = 0;
        while (csv_.next()) {
            const std::string_view name = csv_.text(sensor);
            if (name.empty()) fail("CT-REPLAY-017", csv_.place(sensor), "the row names no sensor", "write its id");
            if (last_name != name || rows_.sensors.empty()) {
                last_number = rows_.number_of(name);
                last_name = name;
            }
            Observation row;
            row.sensor = last_number;
            row.event = time(*time_, name);
            row.received = received_ && !csv_.is_blank(*received_) ? time(*received_, name) : row.event;
            row.value = value(value_column);
            if (sequence_ && !csv_.is_blank(*sequence_)) row.sequence = static_cast<std::uint64_t>(csv_.integer(*sequence_));
            rows_.rows.push_back(row);
        }
    }

    void read_wide() {
        std::vector<std::pair<std::size_t, std::uint32_t>> columns;
        for (std::size_t c = 0; c < csv_.header().size(); ++c) {
            if ((time_ && c == *time_) || (received_ && c == *received_)) continue;
            columns.emplace_back(c, rows_.number_of(csv_.header()[c]));
        }
        for (std::int64_t line = 0; csv_.next(); ++line) {
            const UtcMicroseconds event = time_ ? time(*time_, "") : *settings_.origin + line * settings_.period;
            const UtcMicroseconds received = received_ && !csv_.is_blank(*received_) ? time(*received_, "") : event;
            for (const auto& [column, sensor] : columns) rows_.rows.push_back({sensor, event, received, value(column), 0});
        }
    }

    CsvReader& csv_;
    const ObservationSettings& settings_;
    ObservationRows& rows_;
    ObservationClock clock_;
    std::optional<std::size_t> time_, received_, sequence_;
};

}  // namespace

void read_observation_csv(std::string text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows) {
    take_off_torn_line(text, name, rows);
    CsvReader csv = CsvReader::from_text(std::move(text), name);
    CsvObservations(csv, settings, rows).read();
}

}  // namespace citytwin
