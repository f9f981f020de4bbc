// citytwin solve FOLDER: a SimBench grid over its profiles. Writes series.csv (per step and element), totals.csv (per step),
// buses.csv (extremes over the steps) and summary.json. Streamed in blocks of steps: memory doesn't grow with the run.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/simbench_series.hpp"

namespace citytwin::energy {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

constexpr const char* result_files[] = {"series.csv", "totals.csv", "buses.csv", "summary.json"};
constexpr double profile_step_s = 900;   // SimBench's profiles are quarter-hours
constexpr std::size_t block_steps = 2048;

struct Options {
    std::size_t from = 0, until = std::numeric_limits<std::size_t>::max(), step = 1;
    bool series = true;
    double tolerance = 1e-10;
};

/// A number of profile rows: "96", or a time: "1 d".
std::size_t rows_of(const std::string& key, const std::string& value) {
    if (const auto rows = parse_integer(value)) {
        if (*rows < 0) fail("CT-ENERGY-035", {}, key + "=" + value + " is negative", "steps count from 0");
        return static_cast<std::size_t>(*rows);
    }
    const double rows = parse_quantity(value, "s") / profile_step_s;
    if (!(rows >= 0) || rows != std::floor(rows) || rows > 1e9) fail("CT-ENERGY-035", {}, key + "=" + value + " is not a multiple of 15 min");
    return static_cast<std::size_t>(rows);
}

Options options_of(const std::map<std::string, std::string>& words) {
    Options options;
    for (const auto& [key, value] : words) {
        if (key == "from") options.from = rows_of(key, value);
        else if (key == "until") options.until = rows_of(key, value);
        else if (key == "step") options.step = rows_of(key, value);
        else if (key == "tolerance") options.tolerance = parse_quantity(value, "1");
        else if (key == "series" && (value == "all" || value == "none")) options.series = value == "all";
        else fail("CT-ENERGY-013", {}, fmt::format("unknown option {}={}", key, value), "known: from, until, step, tolerance, series=all|none");
    }
    if (options.step == 0) fail("CT-ENERGY-035", {}, "step=0", "a step is one profile row at least");
    if (!(options.tolerance >= 1e-13 && options.tolerance <= 1e-3)) fail("CT-ENERGY-013", {}, "tolerance is outside 1e-13 to 1e-3");
    return options;
}

struct Extreme {
    double value;
    std::size_t step = 0;
};

class GridRun {
public:
    GridRun(const std::string& path, const std::string& folder, const Options& options, DiagnosticList& diagnostics)
        : options_(options), folder_(folder), diagnostics_(diagnostics), begin_(Clock::now()), grid_(read_simbench(path, diagnostics)), series_(grid_, options.tolerance),
          totals_(folder + "/totals.csv", {"step", "time", "status", "grid_mw", "grid_mvar", "load_mw", "generation_mw", "line_loss_mw", "transformer_loss_mw", "unserved_mw"}) {
        options_.until = std::min(options_.until, grid_.steps());
        if (options_.from >= options_.until) {
            fail("CT-ENERGY-035", {grid_.folder}, fmt::format("from={} until={} holds no step; the profiles have {} steps from 0", options_.from, options_.until, grid_.steps()));
        }
        if (options_.series) series_csv_.emplace(folder + "/series.csv", std::vector<std::string>{"step", "element", "id", "vm_pu", "va_deg", "loading_percent"});
        bus_min_.assign(grid_.bus_id.size(), std::numeric_limits<double>::infinity());
        bus_max_.assign(grid_.bus_id.size(), 0);
        bus_sum_.assign(grid_.bus_id.size(), 0);
        warn_of_dead_buses();
        read_s_ = seconds_since(begin_);
    }

    void run(Arena& arena) {
        const std::size_t steps = (options_.until - options_.from + options_.step - 1) / options_.step;
        SeriesBlock block;
        for (std::size_t done = 0; done < steps; done += block_steps) {
            auto begin = Clock::now();
            series_.solve(options_.from + done * options_.step, options_.step, std::min(block_steps, steps - done), block, arena);
            solve_s_ += seconds_since(begin);
            begin = Clock::now();
            take(block);
            write_s_ += seconds_since(begin);
        }
        finish(steps);
    }

private:
    void warn_of_dead_buses() {
        const Topology& topology = series_.flow().topology();
        std::vector<std::uint8_t> loaded(grid_.bus_id.size(), 0);
        for (const auto& injection : grid_.injections) loaded[injection.bus] = 1;
        for (Index bus = 0; bus < loaded.size(); ++bus) {
            if (loaded[bus] != 0 && !topology.is_live(bus)) {
                diagnostics_.warning("CT-ENERGY-038", {grid_.folder + "/Node.csv"}, fmt::format("bus '{}' has no path to an external grid: its loads are unserved, its generators off", grid_.bus_id[bus]));
            }
        }
    }

    void take(const SeriesBlock& b) {
        const std::size_t buses = grid_.bus_id.size(), lines = grid_.line_id.size(), transformers = grid_.transformer_id.size();
        for (std::size_t k = 0; k < b.step.size(); ++k) {
            const auto step = static_cast<std::int64_t>(b.step[k]);
            totals_.integer(step).text(grid_.time[b.step[k]]).text(b.converged[k] != 0 ? "ok" : "diverged").number(b.grid_mw[k]).number(b.grid_mvar[k]).number(b.load_mw[k]);
            totals_.number(b.generation_mw[k]).number(b.line_loss_mw[k]).number(b.transformer_loss_mw[k]).number(b.unserved_mw[k]).end_row();
            take_energy(b, k);
            for (std::size_t bus = 0; bus < buses; ++bus) take_voltage(bus, b.voltage[k * buses + bus], b.step[k]);
            if (!series_csv_) continue;
            for (std::size_t bus = 0; bus < buses; ++bus) {
                series_csv_->integer(step).text("bus").text(grid_.bus_id[bus]).number(b.voltage[k * buses + bus]).number(b.angle_rad[k * buses + bus] / degree).text("").end_row();
            }
            for (std::size_t i = 0; i < lines; ++i) series_csv_->integer(step).text("line").text(grid_.line_id[i]).text("").text("").number(b.line_loading[k * lines + i]).end_row();
            for (std::size_t i = 0; i < transformers; ++i) {
                series_csv_->integer(step).text("transformer").text(grid_.transformer_id[i]).text("").text("").number(b.transformer_loading[k * transformers + i]).end_row();
            }
        }
    }

    void take_energy(const SeriesBlock& b, std::size_t k) {
        const double hours = profile_step_s / 3600 * static_cast<double>(options_.step);
        load_mwh_ += b.load_mw[k] * hours;
        generation_mwh_ += b.generation_mw[k] * hours;
        unserved_mwh_ += b.unserved_mw[k] * hours;
        alone_ += b.alone[k];
        if (b.converged[k] == 0) {
            if (diverged_++ == 0) first_diverged_ = b.step[k];
            return;
        }
        import_mwh_ += std::max(0.0, b.grid_mw[k]) * hours;
        export_mwh_ += std::max(0.0, -b.grid_mw[k]) * hours;
        loss_mwh_ += (b.line_loss_mw[k] + b.transformer_loss_mw[k]) * hours;
        peak_import_mw_ = std::max(peak_import_mw_, b.grid_mw[k]);
    }

    void take_voltage(std::size_t bus, double v, std::size_t step) {
        if (!std::isfinite(v)) return;
        bus_min_[bus] = std::min(bus_min_[bus], v);
        bus_max_[bus] = std::max(bus_max_[bus], v);
        bus_sum_[bus] += v;
        if (v < lowest_.value) lowest_ = {v, step};
        if (v > highest_.value) highest_ = {v, step};
    }

    void finish(std::size_t steps) {
        const auto begin = Clock::now();
        totals_.commit();
        if (series_csv_) series_csv_->commit();
        CsvWriter buses(folder_ + "/buses.csv", {"id", "vm_min_pu", "vm_max_pu", "vm_mean_pu"});
        for (std::size_t bus = 0; bus < grid_.bus_id.size(); ++bus) {
            const bool live = bus_max_[bus] > 0;
            buses.text(grid_.bus_id[bus]).number(live ? bus_min_[bus] : NAN).number(live ? bus_max_[bus] : NAN).number(live ? bus_sum_[bus] / static_cast<double>(steps - diverged_) : NAN).end_row();
        }
        buses.commit();
        if (diverged_ != 0) {
            diagnostics_.warning("CT-ENERGY-036", {grid_.folder}, fmt::format("{} of {} steps have no solution, the first is step {} ({})", diverged_, steps, first_diverged_, grid_.time[first_diverged_]));
        }
        write_s_ += seconds_since(begin);
        const nlohmann::ordered_json json{{"solver", series_.is_radial() ? "backward/forward sweep, steps as lanes" : "polar Newton, steps as lanes"}, {"tolerance_pu", options_.tolerance},
                                          {"buses", grid_.bus_id.size()}, {"lines", grid_.line_id.size()}, {"transformers", grid_.transformer_id.size()}, {"injections", grid_.injections.size()},
                                          {"from", options_.from}, {"until", options_.until}, {"step", options_.step}, {"steps", steps}, {"steps_diverged", diverged_}, {"steps_solved_alone", alone_},
                                          {"load_mwh", load_mwh_}, {"generation_mwh", generation_mwh_}, {"import_mwh", import_mwh_}, {"export_mwh", export_mwh_}, {"loss_mwh", loss_mwh_},
                                          {"unserved_mwh", unserved_mwh_}, {"peak_import_mw", peak_import_mw_}, {"vm_min_pu", lowest_.value}, {"vm_min_step", lowest_.step},
                                          {"vm_max_pu", highest_.value}, {"vm_max_step", highest_.step}, {"solves_per_s", solve_s_ > 0 ? static_cast<double>(steps) / solve_s_ : 0.0},
                                          {"read_s", read_s_}, {"solve_s", solve_s_}, {"write_s", write_s_}};
        write_file(folder_ + "/summary.json", json.dump(1) + "\n");
    }

    Options options_;
    std::string folder_;
    DiagnosticList& diagnostics_;
    Clock::time_point begin_;
    SimbenchGrid grid_;
    SimbenchSeries series_;
    CsvWriter totals_;
    std::optional<CsvWriter> series_csv_;
    std::vector<double> bus_min_, bus_max_, bus_sum_;
    Extreme lowest_{std::numeric_limits<double>::infinity()}, highest_{0};
    double load_mwh_ = 0, generation_mwh_ = 0, unserved_mwh_ = 0, import_mwh_ = 0, export_mwh_ = 0, loss_mwh_ = 0, peak_import_mw_ = 0;
    std::size_t diverged_ = 0, first_diverged_ = 0, alone_ = 0;
    double read_s_ = 0, solve_s_ = 0, write_s_ = 0;
};

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena& arena, DiagnosticList& diagnostics) {
    for (const char* name : result_files) remove_durably(folder + "/" + name);   // nothing of an earlier run is left beside an error
    GridRun(path, folder, options_of(words), diagnostics).run(arena);
}

const Registration registration{Solver{"SimBench grid, AC power flow over its profiles",
                                       {},
                                       {ParameterInfo{"from", "quantity", "s", "0", "First step: profile rows from 0, or a time since the profiles' begin"},
                                        ParameterInfo{"until", "quantity", "s", "", "Ends before this step; else at the profiles' end"},
                                        ParameterInfo{"step", "quantity", "s", "1", "Every n-th profile row, or a time"},
                                        ParameterInfo{"series", "text", "", "all", "all: series.csv of every step and element; none: totals and extremes only"},
                                        ParameterInfo{"tolerance", "quantity", "1", "1e-10", "Largest change of a voltage in the last sweep, or mismatch, in per unit"}},
                                       solve, is_simbench_folder}};

}  // namespace
}  // namespace citytwin::energy
