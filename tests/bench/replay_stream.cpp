// A sensor stream read, laid out and permuted: bench_replay_stream STREAM.csv PERMUTATIONS. One thread. Prints JSON.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "core/replay/observation_rows.hpp"
#include "core/replay/observation_table.hpp"

using namespace citytwin;

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }

/// Median seconds of reading and laying out.
double median_seconds(const std::string& path, const ObservationSettings& settings, UtcMicroseconds begin, UtcMicroseconds end) {
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
        const auto start = std::chrono::steady_clock::now();
        ObservationRows rows;
        read_observations(path, settings, rows);
        const std::vector<SensorRhythm> rhythms(rows.sensors.size(), {5 * minute, 0, SlotCombination::mean, false});
        if (tabulate(std::move(rows.rows), rhythms, 1812 * second, begin, end).series.empty()) return 0;
        times.push_back(seconds_since(start));
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 2;
    ObservationSettings settings;
    settings.origin = 0;
    settings.columns.time = "event_s";
    settings.columns.received = "recv_s";
    ObservationRows rows;
    read_observations(words[1], settings, rows);
    UtcMicroseconds begin = rows.rows.front().event, end = begin;
    Microseconds lateness = 0;
    UtcMicroseconds newest = begin;
    for (const auto& row : rows.rows) {
        begin = std::min(begin, row.event);
        newest = std::max(newest, row.event);
        lateness = std::max(lateness, newest - row.event);
    }
    end = newest + 5 * minute;
    const std::vector<SensorRhythm> rhythms(rows.sensors.size(), {5 * minute, 0, SlotCombination::mean, false});
    const std::string expected = tabulate(rows.rows, rhythms, 1812 * second, begin, end).bytes();
    std::mt19937_64 generator(1);
    std::uniform_int_distribution<Microseconds> delay(0, 1812 * second);
    int equal = 0;
    const int permutations = std::stoi(words[2]);
    std::vector<std::pair<UtcMicroseconds, std::size_t>> order(rows.rows.size());
    std::vector<Observation> permuted(rows.rows.size());
    for (int p = 0; p < permutations; ++p) {
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = {rows.rows[i].event + delay(generator), i};
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i < order.size(); ++i) permuted[i] = rows.rows[order[i].second];
        equal += tabulate_live(permuted, rhythms, 1812 * second, begin, end).bytes() == expected;
    }
    const bool live_is_sorted = tabulate_live(rows.rows, rhythms, 1812 * second, begin, end).bytes() == expected;
    const double seconds = median_seconds(words[1], settings, begin, end);
    fmt::print("{{\"rows\": {}, \"most_late_s\": {}, \"permutations\": {}, \"equal\": {}, \"live_equals_sorted\": {}, \"seconds\": {}, \"rows_per_s\": {}}}\n", rows.rows.size(),
               to_seconds(lateness), permutations, equal, live_is_sorted, seconds, static_cast<double>(rows.rows.size()) / seconds);
    return 0;
}
