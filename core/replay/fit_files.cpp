#include "core/replay/fit_files.hpp"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/replay/fit.hpp"
#include "core/replay/quality.hpp"

namespace citytwin {
namespace {

using Json = nlohmann::ordered_json;

constexpr double good_geh = 5;   // FHWA Traffic Analysis Toolbox III: GEH < 5 on 85 % of links and hours

const char* name_of(ObservationUse use) {
    switch (use) {
        case ObservationUse::force: return "force";
        case ObservationUse::assimilate: return "assimilate";
        default: return "score";
    }
}

/// One hour of one sensor that counts a flow, complete on both sides.
struct FlowHour {
    std::int64_t hour;          ///< since 1970, local
    double observed_veh_h, model_veh_h;
};

struct SensorFit {
    Fit fit;
    std::map<std::int64_t, Fit> by_hour_of_day;
    std::vector<FlowHour> flows;
};

class FitReport {
public:
    FitReport(const Replay& replay, std::string folder) : replay_(replay), folder_(std::move(folder)) {}

    void write() {
        for (std::size_t s = 0; s < replay_.sources().size(); ++s) {
            auto& fits = fits_.emplace_back();
            for (std::size_t c = 0; c < replay_.sources()[s].channels().size(); ++c) fits.push_back(fit_of(s, c));
        }
        write_sensors();
        write_hours();
        write_flows();
        write_cells();
        write_summary();
    }

private:
    [[nodiscard]] bool is_scored(std::size_t source) const { return replay_.sources()[source].settings().use != ObservationUse::force; }
    [[nodiscard]] Microseconds local(UtcMicroseconds utc) const { return utc + replay_.calendar().utc_offset(replay_.calendar().engine_time(utc)); }

    SensorFit fit_of(std::size_t s, std::size_t c) const {
        SensorFit result;
        if (!is_scored(s)) return result;
        const ObservationSource& source = replay_.sources()[s];
        const SensorSeries& series = source.table().series[c];
        const Channel& channel = source.channels()[c];
        const auto& model = replay_.model(s, c);
        struct Sum {
            double observed = 0, model = 0;
            Microseconds covered = 0;
        };
        std::map<std::int64_t, Sum> hours;
        for (std::size_t row = 0; row < series.size(); ++row) {
            const UtcMicroseconds begin = series.begin_of(row);
            if (!replay_.is_in_run(series, row) || std::isnan(model[row]) || !channel.place.is_valid_at(begin)) continue;
            Fit& of_hour = result.by_hour_of_day[local(begin) / hour % 24];
            result.fit.expect();
            of_hour.expect();
            if (!source.is_comparable(c, row)) continue;
            result.fit.add(series.values[row], model[row]);
            of_hour.add(series.values[row], model[row]);
            if (!channel.is_flow) continue;
            Sum& sum = hours[local(begin) / hour];   // vehicles over the slot, both sides
            const double seconds = to_seconds(series.rhythm.period);
            sum.observed += channel.to_field(series.values[row]) * seconds;
            sum.model += channel.to_field(model[row]) * seconds;
            sum.covered += series.rhythm.period;
        }
        for (const auto& [at, sum] : hours) {
            if (sum.covered == hour) result.flows.push_back({at, sum.observed, sum.model});
        }
        return result;
    }

    static void figures(CsvWriter& csv, const Fit& fit) {
        const auto number = [&](const std::optional<double>& value) { csv.number(value.value_or(std::nan(""))); };
        csv.integer(static_cast<std::int64_t>(fit.n())).number(fit.coverage());
        number(fit.bias());
        number(fit.mae());
        number(fit.rmse());
        number(fit.wape());
    }

    static Json figures(const Fit& fit) {
        const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
        return {{"n", fit.n()}, {"coverage", fit.coverage()}, {"observed_sum", fit.observed_sum()}, {"model_sum", fit.model_sum()}, {"bias", number(fit.bias())},
                {"mae", number(fit.mae())}, {"rmse", number(fit.rmse())}, {"wape", number(fit.wape())}};
    }

    static CsvWriter& name(CsvWriter& csv, const ObservationSource& source, const Channel& channel) {
        return csv.text(source.settings().name).text(channel.place.sensor).text(channel.place.set).text(channel.place.id).text(channel.place.field).text(channel.place.unit);
    }

    /// Visits every scored channel.
    template <class Visit>
    void each(Visit&& visit) const {
        for (std::size_t s = 0; s < fits_.size(); ++s) {
            if (!is_scored(s)) continue;
            for (std::size_t c = 0; c < fits_[s].size(); ++c) visit(replay_.sources()[s], replay_.sources()[s].channels()[c], fits_[s][c]);
        }
    }

    void write_sensors() const {
        CsvWriter csv(folder_ + "/sensor_fit.csv", {"observations", "sensor", "set", "id", "field", "unit", "use", "n", "coverage", "bias", "mae", "rmse", "wape", "hours", "hours_geh_below_5"});
        each([&](const ObservationSource& source, const Channel& channel, const SensorFit& fit) {
            name(csv, source, channel).text(channel.withheld ? "withheld" : name_of(source.settings().use));
            figures(csv, fit.fit);
            std::int64_t good = 0;
            for (const auto& flow : fit.flows) good += geh(flow.model_veh_h, flow.observed_veh_h) < good_geh;
            csv.integer(static_cast<std::int64_t>(fit.flows.size())).integer(good);
            csv.end_row();
        });
        csv.commit();
    }

    void write_hours() const {
        CsvWriter csv(folder_ + "/sensor_fit_hours.csv", {"observations", "sensor", "set", "id", "field", "unit", "hour_of_day", "n", "coverage", "bias", "mae", "rmse", "wape"});
        each([&](const ObservationSource& source, const Channel& channel, const SensorFit& fit) {
            for (const auto& [at, one] : fit.by_hour_of_day) {
                name(csv, source, channel).integer(at);
                figures(csv, one);
                csv.end_row();
            }
        });
        csv.commit();
    }

    void write_flows() const {
        CsvWriter csv(folder_ + "/sensor_geh.csv", {"observations", "sensor", "id", "use", "hour", "observed_per_h", "model_per_h", "geh"});
        each([&](const ObservationSource& source, const Channel& channel, const SensorFit& fit) {
            for (const auto& flow : fit.flows) {
                csv.text(source.settings().name).text(channel.place.sensor).text(channel.place.id).text(channel.withheld ? "withheld" : name_of(source.settings().use));
                csv.text(format_utc(flow.hour * hour).substr(0, 16)).number(flow.observed_veh_h).number(flow.model_veh_h).number(geh(flow.model_veh_h, flow.observed_veh_h));
                csv.end_row();
            }
        });
        csv.commit();
    }

    void write_cells() const {
        CsvWriter csv(folder_ + "/sensor_cells.csv", {"observations", "sensor", "begin", "observed", "repaired", "model", "deliveries", "flags"});
        for (std::size_t s = 0; s < replay_.sources().size(); ++s) {
            const ObservationSource& source = replay_.sources()[s];
            for (std::size_t c = 0; c < source.channels().size(); ++c) {
                const SensorSeries& series = source.table().series[c];
                const auto& model = replay_.model(s, c);
                for (std::size_t row = 0; row < series.size(); ++row) {
                    if (!replay_.is_in_run(series, row)) continue;
                    csv.text(source.settings().name).text(source.channels()[c].place.sensor).text(format_local(series.begin_of(row), replay_.calendar().zone()));
                    csv.number(series.values[row]).number(series.repaired.empty() || (series.flags[row] & flag::repaired) == 0 ? std::nan("") : series.repaired[row]).number(model[row]);
                    csv.integer(series.deliveries[row]);
                    std::string flags;
                    for (const auto one : flag::all) {
                        if ((series.flags[row] & one) == 0) continue;
                        if (!flags.empty()) flags += ' ';
                        flags += name_of_flag(one);
                    }
                    csv.text(flags);
                    csv.end_row();
                }
            }
        }
        csv.commit();
    }

    /// Totals by unit: sums of different quantities mean nothing.
    [[nodiscard]] Json totals(std::size_t s, bool withheld) const {
        struct Total {
            Fit fit;
            std::size_t sensors = 0, flow_hours = 0, good = 0;
            double observed = 0, model = 0, geh = 0;
        };
        std::map<std::pair<std::string, std::string>, Total> by_field;
        const ObservationSource& source = replay_.sources()[s];
        for (std::size_t c = 0; c < source.channels().size(); ++c) {
            const Channel& channel = source.channels()[c];
            if (channel.withheld != withheld) continue;
            Total& total = by_field[{channel.place.set + "." + channel.place.field, channel.place.unit}];
            ++total.sensors;
            total.fit += fits_[s][c].fit;
            for (const auto& flow : fits_[s][c].flows) {
                ++total.flow_hours;
                const double one = geh(flow.model_veh_h, flow.observed_veh_h);
                total.good += one < good_geh;
                total.geh += one;
                total.observed += flow.observed_veh_h;
                total.model += flow.model_veh_h;
            }
        }
        Json list = Json::array();
        for (const auto& [key, total] : by_field) {
            Json one = {{"field", key.first}, {"unit", key.second}, {"sensors", total.sensors}};
            one.update(figures(total.fit));
            if (total.flow_hours != 0) {
                one["flow_hours"] = total.flow_hours;
                one["share_geh_below_5"] = static_cast<double>(total.good) / static_cast<double>(total.flow_hours);
                one["mean_geh"] = total.geh / static_cast<double>(total.flow_hours);
                one["geh_of_sum"] = geh(total.model, total.observed);
            }
            list.push_back(std::move(one));
        }
        return list;
    }

    void write_summary() const {
        Json tables = Json::array();
        for (std::size_t s = 0; s < replay_.sources().size(); ++s) {
            const ObservationSource& source = replay_.sources()[s];
            const ArrivalCounts& counts = source.table().counts;
            Json flags = Json::object();
            const auto cells = count_flags(source.table());
            for (std::size_t f = 0; f < cells.size(); ++f) flags[name_of_flag(flag::all[f])] = cells[f];
            Json one = {{"observations", source.settings().name}, {"use", name_of(source.settings().use)}, {"sensors", source.channels().size()}, {"unknown_sensors", source.unknown_sensors()},
                        {"rows", counts.rows}, {"duplicates", counts.duplicates}, {"corrected", counts.corrected}, {"ties", counts.ties}, {"late", counts.late}, {"skewed", counts.skewed}, {"cells_flagged", flags}};
            if (is_scored(s)) one["fit"] = totals(s, false);
            if (source.settings().use == ObservationUse::assimilate) one["fit_withheld"] = totals(s, true);
            tables.push_back(std::move(one));
        }
        write_file(folder_ + "/sensor_fit.json", Json{{"observations", tables}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    }

    const Replay& replay_;
    std::string folder_;
    std::vector<std::vector<SensorFit>> fits_;
};

}  // namespace

void write_fit_files(const Replay& replay, const std::string& folder) { FitReport(replay, folder).write(); }

}  // namespace citytwin
