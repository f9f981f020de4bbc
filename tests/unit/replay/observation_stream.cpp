// Which delivery wins, when a slot is complete, and what is late.
#include <catch2/catch.hpp>

#include <cmath>

#include "core/replay/observation_table.hpp"

using namespace citytwin;

namespace {

constexpr UtcMicroseconds t0 = 1'748'926'800'000'000;   // 2025-06-03T05:00:00Z

Observation row(double event_s, double received_s, double value, std::uint64_t sequence = 0, std::uint32_t sensor = 0) {
    return {sensor, t0 + from_seconds(event_s), t0 + from_seconds(received_s), value, sequence};
}

struct Collected {
    std::vector<ObservedCell> cells;
    ArrivalCounts counts;
};

Collected stream(const std::vector<Observation>& rows, SensorRhythm rhythm = {5 * minute, t0, SlotCombination::mean, false}, Microseconds lateness = 30 * minute) {
    Collected result;
    ObservationStream stream({rhythm, rhythm}, lateness, [&](const ObservedCell& cell) { result.cells.push_back(cell); });
    for (const auto& one : rows) stream.push(one);
    stream.finish();
    result.counts = stream.counts();
    return result;
}

}  // namespace

TEST_CASE("the delivery received last wins, then the larger sequence, then the larger value", "[replay]") {
    CHECK(stream({row(0, 20, 5), row(0, 10, 9)}).cells.front().value == 5);
    CHECK(stream({row(0, 10, 5, 2), row(0, 10, 9, 1)}).cells.front().value == 5);
    const auto tie = stream({row(0, 10, 5), row(0, 10, 9)});
    CHECK(tie.cells.front().value == 9);
    CHECK((tie.cells.front().flags & flag::tie) != 0);
    CHECK(tie.counts.ties == 1);
    const auto settled = stream({row(0, 10, 5), row(0, 10, 9), row(0, 20, 7)});
    CHECK(settled.cells.front().value == 7);
    CHECK(settled.counts.ties == 0);
    CHECK(settled.counts.corrected == 1);
    CHECK(settled.counts.duplicates == 2);
    CHECK(stream({row(0, 10, 5), row(0, 12, 5)}).counts.corrected == 0);
}

TEST_CASE("several times in one slot add up for counts and are averaged for states", "[replay]") {
    const std::vector<Observation> rows = {row(0, 1, 2), row(60, 61, 4), row(290, 291, 6)};
    CHECK(stream(rows).cells.front().value == 4);
    CHECK(stream(rows, {5 * minute, t0, SlotCombination::sum, false}).cells.front().value == 12);
    CHECK(stream({row(300, 300, 8)}, {5 * minute, t0, SlotCombination::mean, true}).cells.front().slot == 0);
    CHECK(stream({row(300, 300, 8)}).cells.front().slot == 1);
    CHECK(stream({row(-1, 0, 8)}).cells.front().slot == -1);
}

TEST_CASE("a slot is given out once newer rows than the allowed lateness were seen, in one order", "[replay]") {
    std::vector<ObservedCell> given;
    const SensorRhythm rhythm{5 * minute, t0, SlotCombination::mean, false};
    ObservationStream stream({rhythm, rhythm}, 10 * minute, [&](const ObservedCell& cell) { given.push_back(cell); });
    stream.push(row(0, 0, 1, 0, 1));
    stream.push(row(0, 0, 1, 0, 0));
    stream.push(row(899, 900, 1));
    CHECK(given.empty());
    stream.push(row(900, 900, 1));
    REQUIRE(given.size() == 2);
    CHECK(given[0].sensor == 0);
    CHECK(given[1].sensor == 1);
    stream.push(row(10, 901, 3));
    REQUIRE(given.size() == 3);
    CHECK((given[2].flags & flag::late) != 0);
    CHECK(stream.counts().late == 1);
}

TEST_CASE("a clock that runs ahead is flagged and doesn't make the others late", "[replay]") {
    const auto result = stream({row(7200, 10, 1), row(0, 11, 2), row(300, 301, 3)}, {5 * minute, t0, SlotCombination::mean, false}, 10 * minute);
    CHECK(result.counts.late == 0);
    CHECK(result.counts.skewed == 1);
    CHECK(result.cells.size() == 3);
}

TEST_CASE("a late row counts in scores and changes no step", "[replay]") {
    const SensorRhythm rhythm{5 * minute, t0, SlotCombination::mean, false};
    std::vector<Observation> rows = {row(0, 1, 10), row(300, 301, 20), row(3600, 3601, 30), row(0, 4000, 11), row(310, 4000, 40)};
    const ObservationTable table = tabulate(rows, {rhythm}, 30 * minute, t0, t0 + hour);
    const SensorSeries& series = table.series.front();
    CHECK(table.counts.late == 2);
    CHECK(series.values[0] == 11);
    CHECK(series.on_time[0] == 10);
    CHECK(series.values[1] == 30);      // the mean of both times
    CHECK(series.on_time[1] == 20);
    CHECK((series.flags[0] & flag::late) != 0);
    CHECK((series.flags[2] & flag::missing) != 0);
    CHECK(std::isnan(series.values[2]));
    CHECK(tabulate(rows, {rhythm}, 2 * hour, t0, t0 + hour).series.front().on_time.empty());
}

TEST_CASE("a stream continued from saved state gives the same cells", "[replay]") {
    std::vector<Observation> rows;
    for (int i = 0; i < 200; ++i) rows.push_back(row(37.0 * ((i * 7) % 200), 37.0 * i + 2000, i, static_cast<std::uint64_t>(i % 3), static_cast<std::uint32_t>(i % 2)));
    const SensorRhythm rhythm{5 * minute, t0, SlotCombination::sum, false};
    const auto run = [&](std::size_t cut) {
        std::vector<ObservedCell> cells;
        const auto give = [&](const ObservedCell& cell) { cells.push_back(cell); };
        ObservationStream first({rhythm, rhythm}, 30 * minute, give);
        for (std::size_t i = 0; i < cut; ++i) first.push(rows[i]);
        StateWriter out;
        first.save(out);
        const std::string bytes = out.take();
        ObservationStream second({rhythm, rhythm}, 30 * minute, give);
        StateReader in(bytes, "test");
        second.load(in);
        for (std::size_t i = cut; i < rows.size(); ++i) second.push(rows[i]);
        second.finish();
        std::string text;
        for (const auto& cell : cells) text += std::to_string(cell.sensor) + " " + std::to_string(cell.slot) + " " + std::to_string(cell.value) + " " + std::to_string(cell.flags) + "\n";
        return text + std::to_string(second.counts().late) + " " + std::to_string(second.counts().rows);
    };
    CHECK(run(100) == run(0));
    CHECK(run(200) == run(0));
}
