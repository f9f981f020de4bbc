// The order in which rows arrive, within the allowed lateness, changes nothing.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "core/replay/observation_rows.hpp"
#include "core/replay/observation_table.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

/// Rows moved by less than the lateness: each gets a time within it after its event, and they arrive in that order.
std::vector<Observation> shuffled(std::vector<Observation> rows, Microseconds lateness, std::mt19937_64& generator) {
    std::uniform_int_distribution<Microseconds> delay(0, lateness);
    std::vector<std::pair<UtcMicroseconds, std::size_t>> order;
    for (std::size_t i = 0; i < rows.size(); ++i) order.emplace_back(rows[i].event + delay(generator), i);
    std::sort(order.begin(), order.end());
    std::vector<Observation> result;
    for (const auto& [when, i] : order) result.push_back(rows[i]);
    return result;
}

std::vector<Observation> dirty_rows(std::size_t sensors, std::size_t slots) {
    std::mt19937_64 generator(7);
    std::vector<Observation> rows;
    for (std::size_t slot = 0; slot < slots; ++slot) {
        for (std::uint32_t s = 0; s < sensors; ++s) {
            const UtcMicroseconds event = static_cast<UtcMicroseconds>(slot) * 5 * minute + static_cast<Microseconds>(generator() % 3) * minute;
            const auto value = static_cast<double>(generator() % 50);
            const Microseconds wait = static_cast<Microseconds>(generator() % 900) * second;
            rows.push_back({s, event, event + wait, value, 0});
            if (generator() % 10 == 0) rows.push_back({s, event, event + wait, value + static_cast<double>(generator() % 2), 0});       // twice at once, perhaps another value
            if (generator() % 10 == 0) rows.push_back({s, event, event + wait + second, value + 50, 0});                                 // corrected
        }
    }
    return rows;
}

}  // namespace

TEST_CASE("rows in any order within the lateness give the same cells, live and sorted first", "[replay]") {
    const auto rows = dirty_rows(20, 48);
    const std::vector<SensorRhythm> rhythms(20, {5 * minute, 0, SlotCombination::mean, false});
    const std::string expected = tabulate(rows, rhythms, 30 * minute, 0, 4 * hour).bytes();
    std::mt19937_64 generator(1);
    for (int i = 0; i < 200; ++i) {
        const auto order = shuffled(rows, 30 * minute, generator);
        REQUIRE(tabulate_live(order, rhythms, 30 * minute, 0, 4 * hour).bytes() == expected);
    }
    for (int i = 0; i < 20; ++i) {
        auto order = rows;
        std::shuffle(order.begin(), order.end(), generator);
        REQUIRE(tabulate(order, rhythms, 30 * minute, 0, 4 * hour).bytes() == expected);
    }
}

TEST_CASE("beyond the lateness rows are counted and steps already taken keep their values", "[replay]") {
    auto rows = dirty_rows(20, 48);
    const std::vector<SensorRhythm> rhythms(20, {5 * minute, 0, SlotCombination::mean, false});
    const ObservationTable on_time = tabulate(rows, rhythms, 30 * minute, 0, 4 * hour);
    std::vector<Observation> late;
    for (std::uint32_t s = 0; s < 20; ++s) late.push_back({s, 10 * minute, 4 * hour, 1000, 0});
    rows.insert(rows.end(), late.begin(), late.end());
    const ObservationTable with_late = tabulate_live(rows, rhythms, 30 * minute, 0, 4 * hour);
    CHECK(with_late.counts.late == late.size());
    for (std::size_t s = 0; s < 20; ++s) {
        SensorSeries taken = with_late.series[s];
        taken.values = taken.on_time;
        taken.on_time.clear();
        for (auto& flags : taken.flags) flags = static_cast<std::uint16_t>(flags & ~(flag::late | flag::corrected | flag::tie));
        SensorSeries before = on_time.series[s];
        for (auto& flags : before.flags) flags = static_cast<std::uint16_t>(flags & ~(flag::corrected | flag::tie));
        taken.deliveries = before.deliveries;
        CHECK(taken == before);
    }
}

TEST_CASE("the shared stream of a day: 20 orders within its lateness (1,000: scripts/bars study --row replay)", "[replay]") {
    SHARED_OR_SKIP(path, "data/sensors/replay_faults/stream.csv");
    ObservationSettings settings;
    settings.origin = 0;
    settings.columns.time = "event_s";
    settings.columns.received = "recv_s";
    ObservationRows rows;
    read_observations(path, settings, rows);
    const std::vector<SensorRhythm> rhythms(rows.sensors.size(), {5 * minute, 0, SlotCombination::mean, false});
    const UtcMicroseconds begin = 1440 * 5 * minute, end = 1728 * 5 * minute;
    const std::string expected = tabulate(rows.rows, rhythms, 1812 * second, begin, end).bytes();
    std::mt19937_64 generator(3);
    CHECK(tabulate_live(rows.rows, rhythms, 1812 * second, begin, end).bytes() == expected);
    for (int i = 0; i < 20; ++i) REQUIRE(tabulate_live(shuffled(rows.rows, 1812 * second, generator), rhythms, 1812 * second, begin, end).bytes() == expected);
}
