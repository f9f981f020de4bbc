// The day of a motorway's speed sensors with injected faults, against its labels and the rule baseline (ref/sensors/faults.py).
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/replay/observation_rows.hpp"
#include "core/replay/quality.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

constexpr std::size_t first_row = 1440, rows_of_day = 288;

struct Day {
    ObservationRows stream, history;
    ObservationTable table;
    SensorGrid grid, past;
    std::vector<double> clean;       // 288 x sensors of `stream.sensors`
    nlohmann::json labels, baseline;
    std::map<std::string, std::size_t> column;
};

std::vector<double> grid_values(const ObservationTable& table) {
    std::vector<double> values;
    for (std::size_t row = 0; row < table.series.front().size(); ++row) {
        for (const auto& series : table.series) values.push_back(series.values[row]);
    }
    return values;
}

Day read_day(const std::string& folder, const std::string& history) {
    Day day;
    ObservationSettings settings;
    settings.origin = 0;
    settings.period = 5 * minute;
    settings.columns.time = "event_s";
    settings.columns.received = "recv_s";
    CsvReader clean(folder + "/clean.csv");
    for (const auto& sensor : clean.header()) day.column[sensor] = day.stream.number_of(sensor);
    while (clean.next()) {
        for (std::size_t c = 0; c < clean.header().size(); ++c) day.clean.push_back(clean.number(c));
    }
    read_observations(folder + "/stream.csv", settings, day.stream);
    for (const auto& sensor : day.stream.sensors) day.history.number_of(sensor);
    read_observations(history, settings, day.history);
    const std::vector<SensorRhythm> rhythms(day.stream.sensors.size(), {5 * minute, 0, SlotCombination::mean, false});
    const auto at = [](std::size_t row) { return static_cast<UtcMicroseconds>(row) * 5 * minute; };
    day.table = tabulate(day.stream.rows, rhythms, 1812 * second, at(first_row), at(first_row + rows_of_day));
    const auto past = tabulate(day.history.rows, rhythms, hour, 0, at(first_row));
    day.grid = {rows_of_day, day.stream.sensors.size(), 288, 0, grid_values(day.table)};
    day.past = {first_row, day.stream.sensors.size(), 288, 0, grid_values(past)};
    std::ifstream(folder + "/labels.json") >> day.labels;
    std::ifstream(folder + "/baseline.json") >> day.baseline;
    return day;
}

/// Fault of each cell by the labels; "" = none.
std::vector<std::string> kinds(const Day& day) {
    std::vector<std::string> kind(day.clean.size());
    for (const auto& label : day.labels) {
        for (std::size_t row = label["from_row"]; row < label["to_row"].get<std::size_t>() && row < first_row + rows_of_day; ++row) {
            kind[(row - first_row) * day.grid.sensors + day.column.at(label["sensor"])] = label["fault"];
        }
    }
    return kind;
}

QualitySettings baseline_rules() {
    QualitySettings rules;
    rules.on = rules.repair = true;
    rules.above = 0;
    rules.below = 120;
    rules.stuck_repeats = 6;
    rules.spike = 20;
    rules.drift = 8;
    rules.unit_factor = 1.609344;
    rules.unit_floor = 75;
    return rules;
}

}  // namespace

TEST_CASE("the stream with duplicates, corrections and late bursts becomes the table that was sent", "[replay]") {
    SHARED_OR_SKIP(folder, "data/sensors/replay_faults");
    SHARED_OR_SKIP(history, "data/sensors/los_speed/los_speed_days1-6.csv.gz");
    const Day day = read_day(folder, history);
    CHECK(day.table.counts.rows == 61'092);
    CHECK(day.table.counts.duplicates == 2'043);
    CHECK(day.table.counts.corrected == 278);
    CHECK(day.table.counts.late == 0);
    const auto kind = kinds(day);
    std::size_t compared = 0, missing = 0;
    for (std::size_t cell = 0; cell < kind.size(); ++cell) {   // faults that the labels describe to the last digit
        const double sent = day.grid.values[cell], truth = day.clean[cell];
        if (kind[cell] == "missing") {
            CHECK(std::isnan(sent));
            ++missing;
        } else if (kind[cell].empty()) {
            CHECK(sent == truth);
            ++compared;
        } else if (kind[cell] == "unit_kmh") {
            CHECK(sent == Approx(truth * 1.609344).margin(1.31e-3));   // both tables were rounded to 0.001
            ++compared;
        } else if (kind[cell] == "stuck") {
            const std::size_t row = cell / day.grid.sensors;
            if (row > 0 && kind[cell - day.grid.sensors] == "stuck") CHECK(sent == day.grid.values[cell - day.grid.sensors]);
            else CHECK(sent == truth);
            ++compared;
        }
    }
    CHECK(compared > 49'000);
    CHECK(missing == day.baseline["missing"]["cells"].get<std::size_t>());
    for (const auto& label : day.labels) {   // a clock off by k rows: the sensor sends what was true k rows before
        if (label["fault"] != "clock_skew") continue;
        const std::size_t s = day.column.at(label["sensor"]);
        const auto rows = label["rows"].get<std::int64_t>();
        for (std::int64_t row = 0; row < static_cast<std::int64_t>(rows_of_day); ++row) {
            const std::int64_t source = row - rows;
            if (source >= 0 && source < static_cast<std::int64_t>(rows_of_day)) CHECK(day.grid.at(static_cast<std::size_t>(row), s) == day.clean[static_cast<std::size_t>(source) * day.grid.sensors + s]);
            else if (source >= static_cast<std::int64_t>(rows_of_day)) CHECK(std::isnan(day.grid.at(static_cast<std::size_t>(row), s)));
        }
    }
}

TEST_CASE("faulty cells are flagged and repaired no worse than by the rule baseline", "[replay]") {
    SHARED_OR_SKIP(folder, "data/sensors/replay_faults");
    SHARED_OR_SKIP(history, "data/sensors/los_speed/los_speed_days1-6.csv.gz");
    const Day day = read_day(folder, history);
    const auto kind = kinds(day);
    const Habits habits = learn_habits(day.past);
    const auto flags = flag_doubtful(day.grid, habits, baseline_rules());
    const std::map<std::string, std::uint16_t> flag_of = {{"missing", flag::missing}, {"sentinel", flag::range}, {"stuck", flag::stuck}, {"spike", flag::spike}, {"drift", flag::drift}, {"unit_kmh", flag::unit}};
    constexpr double printed = 5.1e-4;   // the baseline's figures have three decimals
    for (const auto& [fault, wanted] : flag_of) {
        double cells = 0, found = 0, typed = 0, claimed = 0;
        for (std::size_t cell = 0; cell < kind.size(); ++cell) {
            const bool is_fault = kind[cell] == fault;
            cells += is_fault;
            found += is_fault && flags[cell] != 0;
            typed += is_fault && flags[cell] == wanted;
            claimed += flags[cell] == wanted && kind[cell] != "clock_skew";
        }
        INFO(fault);
        const auto& expected = day.baseline[fault];
        CHECK(cells == expected["cells"].get<double>());
        CHECK(found / cells >= expected["recall_any"].get<double>() - printed);
        CHECK(typed / cells >= expected["recall_right_type"].get<double>() - printed);
        CHECK(typed / claimed >= expected["precision_type"].get<double>() - printed);
    }
    const auto repaired = repair(day.grid, flags, habits, baseline_rules());
    double clean_cells = 0, flagged = 0, faulty = 0, error_after = 0, added = 0;
    for (std::size_t cell = 0; cell < kind.size(); ++cell) {
        const double error = std::abs(repaired[cell] - day.clean[cell]);
        if (kind[cell].empty()) {
            ++clean_cells;
            flagged += flags[cell] != 0;
            added += error;
        } else if (kind[cell] != "clock_skew") {
            ++faulty;
            error_after += error;
        }
    }
    CHECK(flagged / clean_cells <= day.baseline["false_alarm_rate_clean_cells"].get<double>() + 5.1e-5);
    CHECK(error_after / faulty <= day.baseline["MAE_on_faulty_cells_repaired"].get<double>() + printed);
    CHECK(added / clean_cells <= day.baseline["MAE_clean_cells_after_repair"].get<double>() + printed);
}
