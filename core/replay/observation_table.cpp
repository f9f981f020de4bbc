#include "core/replay/observation_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

namespace citytwin {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr Microseconds forever = std::numeric_limits<Microseconds>::max() / 4;

ObservationTable empty_table(const std::vector<SensorRhythm>& rhythms, UtcMicroseconds begin, UtcMicroseconds end) {
    ObservationTable table;
    for (const auto& rhythm : rhythms) {
        SensorSeries series;
        series.rhythm = rhythm;
        const auto slot = [&](UtcMicroseconds time) {   // of an instant, whatever the sensors' stamps mean
            SensorRhythm plain = rhythm;
            plain.stamped_at_end = false;
            return plain.slot_of(time);
        };
        series.first = slot(begin);
        const auto rows = static_cast<std::size_t>(std::max<std::int64_t>(0, slot(end - 1) + 1 - series.first));
        series.values.assign(rows, no_value);
        series.flags.assign(rows, flag::missing);
        series.deliveries.assign(rows, 0);
        table.series.push_back(std::move(series));
    }
    return table;
}

/// All rows into `table`; late ones only leave their flag.
void fill(ObservationTable& table, const std::vector<Observation>& rows, const std::vector<SensorRhythm>& rhythms, Microseconds lateness) {
    ObservationStream stream(rhythms, lateness, [&](const ObservedCell& cell) {
        SensorSeries& series = table.series[cell.sensor];
        const std::int64_t row = cell.slot - series.first;
        if (row < 0 || row >= static_cast<std::int64_t>(series.size())) {
            ++table.outside;
            return;
        }
        const auto at = static_cast<std::size_t>(row);
        if ((cell.flags & flag::late) != 0) {
            series.flags[at] |= flag::late;
            return;
        }
        series.values[at] = cell.value;
        series.flags[at] = static_cast<std::uint16_t>(cell.flags | (series.flags[at] & flag::late));
        series.deliveries[at] = cell.deliveries;
    });
    for (const auto& row : rows) stream.push(row);
    stream.finish();
    table.counts = stream.counts();
}

template <class T>
void append(std::string& bytes, const std::vector<T>& values) {
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

bool is_same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

}  // namespace

bool SensorSeries::operator==(const SensorSeries& other) const {
    return first == other.first && is_same_bytes(values, other.values) && is_same_bytes(on_time, other.on_time) && is_same_bytes(repaired, other.repaired) &&
           flags == other.flags && deliveries == other.deliveries;
}

std::string ObservationTable::bytes() const {
    std::string bytes(reinterpret_cast<const char*>(&counts), sizeof counts);
    for (const auto& one : series) {
        append(bytes, one.values);
        append(bytes, one.on_time);
        append(bytes, one.repaired);
        append(bytes, one.flags);
        append(bytes, one.deliveries);
    }
    return bytes;
}

ObservationTable tabulate_live(const std::vector<Observation>& rows, const std::vector<SensorRhythm>& rhythms, Microseconds lateness, UtcMicroseconds begin, UtcMicroseconds end) {
    ObservationTable table = empty_table(rhythms, begin, end);
    fill(table, rows, rhythms, lateness);
    if (table.counts.late == 0) return table;
    ObservationTable all = empty_table(rhythms, begin, end);   // for scores, late rows count like the others
    fill(all, rows, rhythms, forever);
    for (std::size_t s = 0; s < table.series.size(); ++s) {
        SensorSeries& series = table.series[s];
        for (std::size_t row = 0; row < series.size(); ++row) series.flags[row] = static_cast<std::uint16_t>(all.series[s].flags[row] | (series.flags[row] & flag::late));
        series.on_time = std::move(series.values);
        series.values = std::move(all.series[s].values);
        series.deliveries = std::move(all.series[s].deliveries);
    }
    return table;
}

ObservationTable tabulate(std::vector<Observation> rows, const std::vector<SensorRhythm>& rhythms, Microseconds lateness, UtcMicroseconds begin, UtcMicroseconds end) {
    const auto key = [](const Observation& row) { return std::tie(row.received, row.sequence, row.event, row.sensor); };
    const auto is_before = [&](const Observation& a, const Observation& b) {
        if (key(a) != key(b)) return key(a) < key(b);
        return std::isnan(a.value) ? !std::isnan(b.value) : a.value < b.value;
    };
    if (!std::is_sorted(rows.begin(), rows.end(), is_before)) std::sort(rows.begin(), rows.end(), is_before);
    return tabulate_live(rows, rhythms, lateness, begin, end);
}

}  // namespace citytwin
