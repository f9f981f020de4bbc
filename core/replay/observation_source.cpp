#include "core/replay/observation_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/evaluation/samples.hpp"
#include "core/replay/quality.hpp"

namespace citytwin {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t named_in_message = 5;

/// Local midnight before the run's start: slots of any period that divides a day begin there.
UtcMicroseconds slot_origin(const Calendar& calendar) { return calendar.start_utc() - calendar.time_of_day(0); }

template <class Names>
std::string some_of(const Names& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(named_in_message, names.size()); ++i) text += (i == 0 ? "'" : ", '") + names[i] + "'";
    return names.size() > named_in_message ? text + fmt::format(" and {} more", names.size() - named_in_message) : text;
}

std::size_t rows_per_day(Microseconds period) { return static_cast<std::size_t>(std::max<Microseconds>(1, day / period)); }

/// Which of a day's slots a row is; slots begin at local midnight.
std::size_t place_of_day(const SensorSeries& series, std::size_t row) {
    const auto per_day = static_cast<std::int64_t>(rows_per_day(series.rhythm.period));
    const std::int64_t place = (series.first + static_cast<std::int64_t>(row)) % per_day;
    return static_cast<std::size_t>(place < 0 ? place + per_day : place);
}

}  // namespace

ObservationSource::ObservationSource(ObservationSettings settings, const Calendar& calendar, Microseconds end)
    : settings_(std::move(settings)), calendar_(calendar), end_(end) {
    if (settings_.zone.empty()) settings_.zone = calendar.zone();
    for (auto& place : read_sensor_map(settings_, warnings_)) channels_.push_back({std::move(place), no_index, 1, 0, false, false, {}});
    for (const auto& file : settings_.files) read_observations(file, settings_, rows_);
    warnings_.insert(warnings_.end(), rows_.warnings.begin(), rows_.warnings.end());
    name_channels();
}

void ObservationSource::warn(const char* code, std::string message, std::string hint) {
    warnings_.push_back({Severity::warning, code, settings_.place, fmt::format("observations '{}': {}", settings_.name, message), std::move(hint)});
}

/// Rows get the number of the place that their sensor had at their time; rows of sensors that the map doesn't know are listed.
void ObservationSource::name_channels() {
    std::multimap<std::string, std::uint32_t, std::less<>> by_name;
    for (std::uint32_t c = 0; c < channels_.size(); ++c) by_name.emplace(channels_[c].place.sensor, c);
    std::vector<std::vector<std::uint32_t>> places(rows_.sensors.size());
    for (std::size_t s = 0; s < places.size(); ++s) {
        for (auto [one, end] = by_name.equal_range(rows_.sensors[s]); one != end; ++one) places[s].push_back(one->second);
        if (places[s].empty()) unknown_.push_back(rows_.sensors[s]);
    }
    std::vector<Observation> placed;
    placed.reserve(rows_.rows.size());
    std::size_t nowhere = 0;
    std::vector<std::uint8_t> has_rows(channels_.size(), 0);
    for (Observation row : rows_.rows) {
        const auto& candidates = places[row.sensor];
        const auto found = std::find_if(candidates.begin(), candidates.end(), [&](std::uint32_t c) { return channels_[c].place.is_valid_at(row.event); });
        if (found == candidates.end()) {
            nowhere += !candidates.empty();
            continue;
        }
        row.sensor = *found;
        has_rows[*found] = 1;
        placed.push_back(row);
    }
    rows_.rows = std::move(placed);
    std::vector<std::string> silent;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        if (has_rows[c] == 0) silent.push_back(channels_[c].place.sensor);
    }
    if (!unknown_.empty()) warn("CT-REPLAY-030", fmt::format("{} sensors of the file aren't in the map and are left out: {}", unknown_.size(), some_of(unknown_)), "all of them stand in sensor_fit.json; add them to the map");
    if (!silent.empty()) warn("CT-REPLAY-031", fmt::format("{} sensors of the map have no row in the file: {}", silent.size(), some_of(silent)), "renamed? the map's ids must be those of the file");
    if (nowhere != 0) warn("CT-REPLAY-033", fmt::format("{} rows lie outside their sensor's valid_from and valid_until", nowhere));
}

void ObservationSource::bind(const City& city, const FindField& find, const std::vector<std::string>& known_fields) {
    DiagnosticList errors;
    for (auto& channel : channels_) {
        try {
            bind_channel(channel, city, find, known_fields);
        } catch (const InputError& error) {
            for (const auto& diagnostic : error.diagnostics()) errors.add(diagnostic);
        }
    }
    errors.throw_if_errors();
    lay_out();
    if (settings_.quality.on) judge();
    driving_.resize(channels_.size());
    if (settings_.use != ObservationUse::score) drive(errors);
    errors.throw_if_errors();
    rows_ = {};
}

void ObservationSource::bind_channel(Channel& channel, const City& city, const FindField& find, const std::vector<std::string>& known_fields) {
    SensorPlace& place = channel.place;
    double away_m = 0;
    channel.row = row_of_sensor(city, place, away_m);
    if (place.id.empty()) {
        place.id = city.at(place.set).id_of(channel.row);
        if (away_m > 50) warn("CT-REPLAY-028", fmt::format("sensor '{}' was given to the nearest entity, {}, {:.0f} m away", place.sensor, place.target(), away_m));
    }
    const auto field = find(place.set, place.field);
    const std::string name = place.set + "." + place.field;
    if (!field) {
        fail("CT-REPLAY-040", place.place, fmt::format("sensor '{}' measures '{}', which no loaded module writes or reads", place.sensor, name), suggestion(name, known_fields));
    }
    if (settings_.use != ObservationUse::force && field->kind != ObservedField::Kind::written) {
        fail("CT-REPLAY-040", place.place, fmt::format("sensor '{}' measures '{}', which no loaded module computes: there is nothing to compare it with", place.sensor, name), "use = \"force\" makes it drive the modules that read it; " + suggestion(name, known_fields));
    }
    if (settings_.use == ObservationUse::assimilate && !field->can_be_nudged) {
        fail("CT-REPLAY-045", place.place, fmt::format("sensor '{}' is to correct '{}', but the module that writes it takes no corrections", place.sensor, name), "use = \"score\" compares; use = \"force\" overwrites the field");
    }
    channel.field = *field;
    channel.is_flow = is_same_unit(field->unit, "1/s");
    const double seconds = to_seconds(place.period);
    if (channel.is_flow && is_same_unit(place.unit, "1")) {
        channel.factor = 1 / seconds;   // a count per slot
        if (!place.combination) place.combination = SlotCombination::sum;
    } else if (are_convertible(place.unit, field->unit)) {
        channel.offset = convert(0, place.unit, field->unit);
        channel.factor = convert(1, place.unit, field->unit) - channel.offset;
    } else {
        fail("CT-REPLAY-041", place.place, fmt::format("sensor '{}' measures in '{}', but '{}' is in '{}'", place.sensor, place.unit, name, field->unit), "correct the unit or the field in the map");
    }
    channel.withheld = settings_.use == ObservationUse::assimilate && static_cast<double>(hash_text(place.sensor) >> 11) * 0x1p-53 < settings_.withhold;
}

void ObservationSource::lay_out() {
    const UtcMicroseconds start = calendar_.start_utc();
    UtcMicroseconds begin = start;
    if (settings_.gap == GapPolicy::hold) begin -= settings_.max_age;
    if (settings_.quality.on) begin -= 4 * hour;   // so that centred windows are whole at the start
    if (settings_.gap == GapPolicy::profile) {
        for (const auto& row : rows_.rows) begin = std::min(begin, std::max(row.event, start - 400 * day));
    }
    std::vector<SensorRhythm> rhythms;
    for (const auto& channel : channels_) {
        const SensorPlace& place = channel.place;
        rhythms.push_back({place.period, slot_origin(calendar_), place.combination.value_or(SlotCombination::mean), settings_.stamped_at_end});
    }
    table_ = tabulate(rows_.rows, rhythms, settings_.allowed_lateness(), begin, start + end_);
    if (table_.counts.late != 0) warn("CT-REPLAY-034", fmt::format("{} rows came more than {:.0f} s after newer ones: they count in scores, no step uses them", table_.counts.late, to_seconds(settings_.allowed_lateness())), "`lateness` says how long to wait");
    if (table_.counts.skewed != 0) warn("CT-REPLAY-035", fmt::format("{} rows were measured after they were received: a clock is wrong", table_.counts.skewed));
    if (table_.counts.ties != 0) warn("CT-REPLAY-036", fmt::format("{} cells have different values received at the same time: the larger one is used", table_.counts.ties), "give `sequence` or finer receive times");
}

void ObservationSource::judge() {
    ObservationRows history;
    for (const auto& file : settings_.quality.history) read_observations(file, settings_, history);
    std::map<Microseconds, std::vector<std::uint32_t>> by_period;
    for (std::uint32_t c = 0; c < channels_.size(); ++c) by_period[channels_[c].place.period].push_back(c);
    for (const auto& [period, members] : by_period) judge_period(period, members, history);
    const auto counts = count_flags(table_);
    for (std::size_t f = 0; f < counts.size(); ++f) {
        if ((flag::all[f] & flag::doubtful) != 0 && counts[f] != 0) warn("CT-REPLAY-037", fmt::format("{} cells are flagged '{}'", counts[f], name_of_flag(flag::all[f])), "they are left out of scores; sensor_cells.csv lists them");
    }
}

void ObservationSource::judge_period(Microseconds period, const std::vector<std::uint32_t>& members, const ObservationRows& history) {
    const auto grid_of = [&](const ObservationTable& table, const std::vector<std::uint32_t>& series_of) {
        SensorGrid grid;
        grid.sensors = series_of.size();
        grid.rows_per_day = rows_per_day(period);
        const SensorSeries& first = table.series[series_of.front()];
        grid.rows = first.size();
        grid.first_of_day = place_of_day(first, 0);
        grid.values.assign(grid.rows * grid.sensors, no_value);
        for (std::size_t s = 0; s < series_of.size(); ++s) {
            for (std::size_t row = 0; row < grid.rows; ++row) grid.at(row, s) = table.series[series_of[s]].values[row];
        }
        return grid;
    };
    Habits habits;
    if (!history.rows.empty()) {
        std::map<std::string, std::uint32_t, std::less<>> number;
        std::vector<SensorRhythm> rhythms;
        std::vector<std::uint32_t> all;
        for (const auto member : members) {
            number.emplace(channels_[member].place.sensor, static_cast<std::uint32_t>(all.size()));
            rhythms.push_back(table_.series[member].rhythm);
            all.push_back(static_cast<std::uint32_t>(all.size()));
        }
        std::vector<Observation> rows;
        UtcMicroseconds begin = std::numeric_limits<UtcMicroseconds>::max(), end = std::numeric_limits<UtcMicroseconds>::min();
        for (Observation row : history.rows) {
            const auto found = number.find(history.sensors[row.sensor]);
            if (found == number.end()) continue;
            row.sensor = found->second;
            begin = std::min(begin, row.event);
            end = std::max(end, row.event + 1);
            rows.push_back(row);
        }
        if (!rows.empty()) habits = learn_habits(grid_of(tabulate(std::move(rows), rhythms, settings_.allowed_lateness(), begin, end), all));
    }
    const SensorGrid grid = grid_of(table_, members);
    const auto flags = flag_doubtful(grid, habits, settings_.quality);
    std::vector<double> repaired;
    if (settings_.quality.repair && habits.sensors != 0) repaired = repair(grid, flags, habits, settings_.quality);
    for (std::size_t s = 0; s < members.size(); ++s) {
        SensorSeries& series = table_.series[members[s]];
        if (!repaired.empty()) series.repaired.resize(series.size());
        for (std::size_t row = 0; row < series.size(); ++row) {
            const std::size_t cell = row * grid.sensors + s;
            series.flags[row] |= flags[cell];
            if (repaired.empty()) continue;
            series.repaired[row] = repaired[cell];
            if (flags[cell] != 0 && !std::isnan(repaired[cell])) series.flags[row] |= flag::repaired;
        }
    }
}

bool ObservationSource::is_comparable(std::size_t channel, std::size_t row) const {
    const SensorSeries& series = table_.series[channel];
    return !std::isnan(series.values[row]) && (series.flags[row] & flag::doubtful) == 0;
}

std::vector<double> ObservationSource::usual_day(const SensorSeries& series) const {
    const std::vector<double>& known = series.on_time.empty() ? series.values : series.on_time;
    std::vector<std::vector<double>> places(rows_per_day(series.rhythm.period));
    for (std::size_t row = 0; row < series.size(); ++row) {
        const bool is_usable = !std::isnan(known[row]) && (series.flags[row] & flag::doubtful) == 0;
        if (is_usable && series.end_of(row) <= calendar_.start_utc()) places[place_of_day(series, row)].push_back(known[row]);
    }
    std::vector<double> usual;
    for (auto& values : places) usual.push_back(evaluation::quantile(std::move(values), 0.5));
    return usual;
}

void ObservationSource::drive(DiagnosticList& errors) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const Channel& channel = channels_[c];
        const SensorSeries& series = table_.series[c];
        const std::vector<double>& known = series.on_time.empty() ? series.values : series.on_time;
        const std::vector<double> usual = settings_.gap == GapPolicy::profile ? usual_day(series) : std::vector<double>{};
        driving_[c].assign(series.size(), no_value);
        double last = no_value;
        UtcMicroseconds last_begin = 0;
        for (std::size_t row = 0; row < series.size(); ++row) {
            const bool is_repaired = (series.flags[row] & flag::repaired) != 0;
            double value = is_repaired ? series.repaired[row] : (series.flags[row] & flag::doubtful) != 0 ? no_value : known[row];
            const UtcMicroseconds begin = series.begin_of(row);
            if (!std::isnan(value)) {
                last = value;
                last_begin = begin;
            } else if (settings_.gap == GapPolicy::hold && !std::isnan(last) && begin - last_begin <= settings_.max_age) {
                value = last;
            } else if (settings_.gap == GapPolicy::profile) {
                value = usual[place_of_day(series, row)];
            }
            driving_[c][row] = std::isnan(value) ? no_value : channel.to_field(value);
            const bool is_needed = settings_.use == ObservationUse::force && settings_.gap != GapPolicy::model;
            const bool is_in_run = series.end_of(row) > calendar_.start_utc() && begin < calendar_.start_utc() + end_;
            const bool is_placed = channel.place.is_valid_at(begin);
            if (!std::isnan(value) || !is_needed || !is_in_run || !is_placed) continue;
            const char* why = settings_.gap == GapPolicy::refuse ? "and gap = \"refuse\"" : settings_.gap == GapPolicy::hold ? "and the last one is older than max_age" : "and no earlier day has one at that time";
            errors.error("CT-REPLAY-043", channel.place.place, fmt::format("observations '{}': sensor '{}' has no value from {} on, {}", settings_.name, channel.place.sensor, format_local(begin, calendar_.zone()), why),
                         "gap = \"hold\" with max_age, \"profile\" or \"model\" bridge gaps; or take the sensor out of the map");
            break;
        }
        if (settings_.gap == GapPolicy::model && channel.field.kind != ObservedField::Kind::written && settings_.use == ObservationUse::force) {
            errors.error("CT-REPLAY-044", channel.place.place, fmt::format("gap = \"model\" needs a module that writes '{}.{}'; none does", channel.place.set, channel.place.field), "choose hold, profile or refuse");
            break;
        }
    }
}

}  // namespace citytwin
