#include "core/replay/observation_stream.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace citytwin {
namespace {

constexpr UtcMicroseconds earliest = std::numeric_limits<UtcMicroseconds>::min() / 2;
constexpr UtcMicroseconds latest = std::numeric_limits<UtcMicroseconds>::max() / 2;

bool is_same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b)); }

/// A total order: "no value" below everything.
bool is_larger(double a, double b) {
    if (std::isnan(a)) return false;
    return std::isnan(b) || a > b;
}

}  // namespace

ObservationStream::ObservationStream(std::vector<SensorRhythm> sensors, Microseconds lateness, Give give)
    : sensors_(std::move(sensors)), open_(sensors_.size()), lateness_(lateness), give_(std::move(give)), newest_(earliest), watermark_(earliest), next_end_(latest) {}

void ObservationStream::push(const Observation& row) {
    ++counts_.rows;
    const SensorRhythm& rhythm = sensors_[row.sensor];
    const UtcMicroseconds end = rhythm.end_of(rhythm.slot_of(row.event));
    const bool is_skewed = row.event > row.received;
    counts_.skewed += is_skewed;
    if (end <= watermark_) {
        ++counts_.late;
        const auto flags = static_cast<std::uint16_t>(flag::late | (is_skewed ? flag::skew : 0) | (std::isnan(row.value) ? flag::missing : 0));
        give_({row.sensor, rhythm.slot_of(row.event), row.value, flags, 1});
        return;
    }
    auto& open = open_[row.sensor];
    auto at = open.end();
    while (at != open.begin() && std::prev(at)->event >= row.event) --at;   // rows come nearly in order: a few steps at most
    if (at != open.end() && at->event == row.event) {
        merge(*at, row);
    } else {
        open.insert(at, Candidate{row.event, row.received, row.sequence, row.value, 1, is_skewed ? flag::skew : std::uint16_t{0}});
    }
    next_end_ = std::min(next_end_, end);
    if (is_skewed || row.event <= newest_) return;   // a clock that runs ahead doesn't make the others late
    newest_ = row.event;
    watermark_ = std::max(watermark_, newest_ - lateness_);
    if (watermark_ >= next_end_) give_until(watermark_);
}

void ObservationStream::merge(Candidate& held, const Observation& row) {
    ++counts_.duplicates;
    ++held.deliveries;
    if (row.event > row.received) held.flags |= flag::skew;
    const bool differs = !is_same(held.value, row.value);
    if (differs && (held.flags & flag::corrected) == 0) {
        held.flags |= flag::corrected;
        ++counts_.corrected;
    }
    const auto key = [](const auto& one) { return std::pair(one.received, one.sequence); };
    if (key(row) < key(held)) return;
    const bool is_tie = key(row) == key(held);
    if (is_tie && differs && (held.flags & flag::tie) == 0) {
        held.flags |= flag::tie;
        ++counts_.ties;
    }
    if (!is_tie && (held.flags & flag::tie) != 0) {   // a later delivery settles it
        held.flags &= static_cast<std::uint16_t>(~flag::tie);
        --counts_.ties;
    }
    if (!is_tie || is_larger(row.value, held.value)) held.value = row.value;
    held.received = row.received;
    held.sequence = row.sequence;
}

void ObservationStream::give_until(UtcMicroseconds time) {
    // The ends of complete slots first, so that cells leave in one order whatever the order of arrival.
    due_.clear();
    next_end_ = latest;
    for (std::uint32_t s = 0; s < open_.size(); ++s) {
        std::int64_t before = std::numeric_limits<std::int64_t>::min();
        for (const Candidate& candidate : open_[s]) {
            const std::int64_t slot = sensors_[s].slot_of(candidate.event);
            if (slot == before) continue;
            before = slot;
            const UtcMicroseconds end = sensors_[s].end_of(slot);
            if (end > time) {
                next_end_ = std::min(next_end_, end);
                break;
            }
            due_.emplace_back(end, s);
        }
    }
    std::sort(due_.begin(), due_.end());
    std::vector<std::size_t> given(open_.size(), 0);
    for (const auto& [end, s] : due_) {
        const auto& open = open_[s];
        const std::size_t first = given[s];
        const std::int64_t slot = sensors_[s].slot_of(open[first].event);
        std::size_t last = first;
        while (last < open.size() && sensors_[s].slot_of(open[last].event) == slot) ++last;
        give_slot(s, slot, first, last);
        given[s] = last;
    }
    for (std::size_t s = 0; s < open_.size(); ++s) open_[s].erase(open_[s].begin(), open_[s].begin() + static_cast<std::ptrdiff_t>(given[s]));
}

void ObservationStream::give_slot(std::uint32_t sensor, std::int64_t slot, std::size_t first, std::size_t last) {
    ObservedCell cell{sensor, slot, 0, 0, 0};
    double sum = 0;
    std::size_t values = 0;
    for (std::size_t i = first; i < last; ++i) {
        const Candidate& one = open_[sensor][i];
        cell.flags |= one.flags;
        cell.deliveries += one.deliveries;
        if (std::isnan(one.value)) continue;
        sum += one.value;
        ++values;
    }
    if (values == 0) {
        cell.flags |= flag::missing;
        cell.value = std::numeric_limits<double>::quiet_NaN();
    } else {
        cell.value = sensors_[sensor].combination == SlotCombination::sum || values == 1 ? sum : sum / static_cast<double>(values);
    }
    give_(cell);
}

void ObservationStream::finish() { give_until(latest); }

void ObservationStream::save(StateWriter& out) const {
    out.value("newest", newest_);
    out.value("watermark", watermark_);
    out.value("next_end", next_end_);
    out.value("counts", counts_);
    std::vector<std::uint64_t> sizes;
    std::vector<Candidate> all;
    for (const auto& open : open_) {
        sizes.push_back(open.size());
        all.insert(all.end(), open.begin(), open.end());
    }
    out.column("open.sizes", sizes);
    out.column("open", all);
}

void ObservationStream::load(StateReader& in) {
    in.value("newest", newest_);
    in.value("watermark", watermark_);
    in.value("next_end", next_end_);
    in.value("counts", counts_);
    std::vector<std::uint64_t> sizes;
    std::vector<Candidate> all;
    in.column("open.sizes", sizes);
    in.column("open", all);
    auto next = all.begin();
    for (std::size_t s = 0; s < open_.size(); ++s) {
        const auto size = static_cast<std::ptrdiff_t>(sizes.at(s));
        open_[s].assign(next, next + size);
        next += size;
    }
}

}  // namespace citytwin
