#include "core/replay/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace citytwin {

Replay::Replay(const std::vector<ObservationSettings>& settings, const Calendar& calendar, Microseconds end) : calendar_(calendar), end_(end) {
    for (const auto& one : settings) sources_.emplace_back(one, calendar, end);
}

void Replay::bind(const City& city, const FindField& find, const std::vector<std::string>& known_fields) {
    for (auto& source : sources_) source.bind(city, find, known_fields);
    for (const auto& source : sources_) {
        auto& by_channel = model_.emplace_back();
        for (const auto& series : source.table().series) by_channel.emplace_back(series.size(), std::numeric_limits<double>::quiet_NaN());
    }
    find_probes();
    find_forcings();
}

void Replay::find_probes() {
    std::map<std::pair<Microseconds, Microseconds>, std::size_t> by_rhythm;   // period, phase
    for (std::size_t s = 0; s < sources_.size(); ++s) {
        if (sources_[s].settings().use == ObservationUse::force) continue;
        for (std::size_t c = 0; c < sources_[s].channels().size(); ++c) {
            const Channel& channel = sources_[s].channels()[c];
            const SensorRhythm& rhythm = sources_[s].table().series[c].rhythm;
            const Microseconds phase = ((rhythm.origin - calendar_.start_utc()) % rhythm.period + rhythm.period) % rhythm.period;
            const auto [found, is_new] = by_rhythm.try_emplace({rhythm.period, phase}, probes_.size());
            if (is_new) {
                probes_.push_back({rhythm.period, phase == 0 ? rhythm.period : phase, {}});
                members_.emplace_back();
            }
            auto& fields = probes_[found->second].fields;
            const std::pair name(channel.place.set, channel.place.field);
            const auto at = std::find(fields.begin(), fields.end(), name);
            members_[found->second].push_back({{s, c}, static_cast<std::size_t>(at - fields.begin())});
            if (at == fields.end()) fields.push_back(name);
        }
    }
}

void Replay::find_forcings() {
    std::map<std::pair<std::string, std::string>, std::size_t> by_field;
    std::map<std::pair<std::size_t, Index>, const Channel*> drivers;
    DiagnosticList errors;
    for (std::size_t s = 0; s < sources_.size(); ++s) {
        const ObservationSource& source = sources_[s];
        if (source.settings().use != ObservationUse::force) continue;
        for (std::size_t c = 0; c < source.channels().size(); ++c) {
            const Channel& channel = source.channels()[c];
            const auto [found, is_new] = by_field.try_emplace({channel.place.set, channel.place.field}, forcings_.size());
            if (is_new) {
                forcings_.push_back({channel.place.set, channel.place.field, channel.field, channel.place.period, ""});
                drivers_.emplace_back();
            }
            ReplayForcing& forcing = forcings_[found->second];
            forcing.period = std::min(forcing.period, channel.place.period);
            if (forcing.detail.find(source.settings().name) == std::string::npos) forcing.detail += (forcing.detail.empty() ? "" : ", ") + source.settings().name;
            drivers_[found->second].push_back({s, c});
            const auto [other, is_first] = drivers.try_emplace({found->second, channel.row}, &channel);
            if (is_first || channel.place.sensor == other->second->place.sensor) continue;
            errors.error("CT-REPLAY-042", channel.place.place, fmt::format("sensors '{}' and '{}' both drive {}", other->second->place.sensor, channel.place.sensor, channel.place.target()), "keep one of them in the map");
        }
    }
    errors.throw_if_errors();
}

void Replay::observe(std::size_t probe, Microseconds end, const std::vector<std::span<const double>>& values) {
    const UtcMicroseconds end_utc = calendar_.utc(end);
    for (const Member& member : members_[probe]) {
        const auto [s, c] = member.place;
        const SensorSeries& series = sources_[s].table().series[c];
        const std::int64_t row = (end_utc - series.rhythm.origin) / series.rhythm.period - 1 - series.first;
        if (row < 0 || row >= static_cast<std::int64_t>(series.size()) || !is_in_run(series, static_cast<std::size_t>(row))) continue;
        const Channel& channel = sources_[s].channels()[c];
        model_[s][c][static_cast<std::size_t>(row)] = channel.to_sensor(values[member.field][channel.row]);
    }
}

namespace {

void sort_by_row(ReplayCorrection& correction) {
    std::vector<std::size_t> order(correction.rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return correction.rows[a] < correction.rows[b]; });
    ReplayCorrection sorted{correction.set, correction.field, correction.share, {}, {}, {}};
    for (const std::size_t i : order) {
        if (!sorted.rows.empty() && sorted.rows.back() == correction.rows[i]) continue;   // two sensors at one entity: the first of the map
        sorted.rows.push_back(correction.rows[i]);
        if (correction.observed.empty()) continue;
        sorted.observed.push_back(correction.observed[i]);
        sorted.modelled.push_back(correction.modelled[i]);
    }
    correction = std::move(sorted);
}

}  // namespace

std::vector<ReplayCorrection> Replay::corrections(std::size_t probe, Microseconds end) const {
    const UtcMicroseconds end_utc = calendar_.utc(end);
    std::map<std::tuple<std::string, std::string, double>, ReplayCorrection> by_field;
    for (const Member& member : members_[probe]) {
        const auto [s, c] = member.place;
        const ObservationSource& source = sources_[s];
        const ObservationSettings& settings = source.settings();
        const Channel& channel = source.channels()[c];
        if (settings.use != ObservationUse::assimilate || channel.withheld) continue;
        const SensorSeries& series = source.table().series[c];
        const std::int64_t row = (end_utc - series.rhythm.origin) / series.rhythm.period - 1 - series.first;
        if (row < 0 || row >= static_cast<std::int64_t>(series.size())) continue;
        const auto at = static_cast<std::size_t>(row);
        if (std::isnan(model_[s][c][at]) || std::isnan(source.driving(c)[at])) continue;
        const double share = std::min(1.0, settings.gain * to_seconds(series.rhythm.period) / to_seconds(settings.relaxation));
        ReplayCorrection& correction = by_field[{channel.place.set, channel.place.field, share}];
        correction.rows.push_back(channel.row);
        correction.observed.push_back(source.driving(c)[at]);
        correction.modelled.push_back(channel.to_field(model_[s][c][at]));
    }
    std::vector<ReplayCorrection> result;
    for (auto& [key, correction] : by_field) {
        std::tie(correction.set, correction.field, correction.share) = key;
        sort_by_row(correction);
        result.push_back(std::move(correction));
    }
    return result;
}

std::vector<ReplayCorrection> Replay::corrected_rows() const {
    std::map<std::pair<std::string, std::string>, ReplayCorrection> by_field;
    for (const auto& source : sources_) {
        if (source.settings().use != ObservationUse::assimilate) continue;
        for (const auto& channel : source.channels()) {
            if (!channel.withheld) by_field[{channel.place.set, channel.place.field}].rows.push_back(channel.row);
        }
    }
    std::vector<ReplayCorrection> result;
    for (auto& [key, correction] : by_field) {
        std::tie(correction.set, correction.field) = key;
        sort_by_row(correction);
        result.push_back(std::move(correction));
    }
    return result;
}

bool Replay::is_in_run(const SensorSeries& series, std::size_t row) const {
    return series.begin_of(row) >= calendar_.start_utc() && series.end_of(row) <= calendar_.start_utc() + end_;
}

void Replay::force(std::size_t forcing, Microseconds from, Microseconds to, std::span<double> values) const {
    const UtcMicroseconds begin = calendar_.utc(from), end = std::max(calendar_.utc(to), begin + 1);
    for (const Place& place : drivers_[forcing]) {
        const SensorSeries& series = sources_[place.source].table().series[place.channel];
        const Channel& channel = sources_[place.source].channels()[place.channel];
        if (!channel.place.is_valid_at(begin)) continue;
        const std::vector<double>& driving = sources_[place.source].driving(place.channel);
        const SensorRhythm& rhythm = series.rhythm;
        const std::int64_t first = (begin - rhythm.origin) / rhythm.period - series.first;   // the origin lies before the run
        const std::int64_t last = (end - 1 - rhythm.origin) / rhythm.period - series.first;
        double sum = 0, seconds = 0;
        for (std::int64_t row = std::max<std::int64_t>(0, first); row <= std::min(last, static_cast<std::int64_t>(driving.size()) - 1); ++row) {
            const auto at = static_cast<std::size_t>(row);
            if (std::isnan(driving[at])) continue;
            const double share = to_seconds(std::min(end, series.end_of(at)) - std::max(begin, series.begin_of(at)));
            if (first == last) sum = driving[at], seconds = 1;
            else sum += driving[at] * share, seconds += share;
        }
        if (seconds > 0) values[channel.row] = first == last ? sum : sum / seconds;
    }
}

std::vector<Index> Replay::rows_of(std::size_t forcing) const {
    std::set<Index> rows;
    for (const Place& place : drivers_[forcing]) rows.insert(sources_[place.source].channels()[place.channel].row);
    return {rows.begin(), rows.end()};
}

Microseconds Replay::next_slot(Microseconds now) const {
    Microseconds next = never;
    for (std::size_t f = 0; f < forcings_.size(); ++f) {
        if (forcings_[f].declared.kind == ObservedField::Kind::written) continue;
        for (const Place& place : drivers_[f]) {
            const SensorRhythm& rhythm = sources_[place.source].table().series[place.channel].rhythm;
            const UtcMicroseconds begin = rhythm.end_of(rhythm.slot_of(calendar_.utc(now) + (rhythm.stamped_at_end ? 1 : 0)));
            next = std::min(next, calendar_.engine_time(begin));
        }
    }
    return next;
}

std::vector<Diagnostic> Replay::warnings() const {
    std::vector<Diagnostic> all;
    for (const auto& source : sources_) all.insert(all.end(), source.warnings().begin(), source.warnings().end());
    return all;
}

std::vector<std::string> Replay::files() const {
    std::vector<std::string> files;
    for (const auto& source : sources_) {
        const ObservationSettings& settings = source.settings();
        files.insert(files.end(), settings.files.begin(), settings.files.end());
        files.push_back(settings.map);
        files.insert(files.end(), settings.quality.history.begin(), settings.quality.history.end());
    }
    return files;
}

void Replay::save(StateWriter& out) const {
    for (std::size_t s = 0; s < model_.size(); ++s) {
        for (std::size_t c = 0; c < model_[s].size(); ++c) out.column("observed." + sources_[s].settings().name + "." + std::to_string(c), model_[s][c]);
    }
}

void Replay::load(StateReader& in) {
    for (std::size_t s = 0; s < model_.size(); ++s) {
        for (std::size_t c = 0; c < model_[s].size(); ++c) in.column("observed." + sources_[s].settings().name + "." + std::to_string(c), model_[s][c]);
    }
}

}  // namespace citytwin
