// citytwin solve X.sumocfg: the network and demand of a SUMO configuration in the queue model, as SUMO itself would run them.
// Writes trips.csv, edges.csv and summary.json (docs/models/traffic.md).
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/traffic/sumo_case.hpp"

namespace citytwin::traffic {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
Milliseconds ms(double seconds) { return from_seconds(seconds) / millisecond; }

struct Options {
    std::uint64_t seed = 1;
    double end_s = -1, interval_s = 900;
};

Options options_of(const std::map<std::string, std::string>& words) {
    Options options;
    for (const auto& [key, value] : words) {
        if (key == "model") {
            if (value == "micro") fail("CT-TRAFFIC-001", {}, "the model 'micro' isn't built yet", "use --option model=queue");
            if (value != "queue") fail("CT-TRAFFIC-002", {}, "unknown model '" + value + "'", "known: queue");
        } else if (key == "seed") {
            options.seed = static_cast<std::uint64_t>(parse_quantity(value, "1"));
        } else if (key == "end") {
            options.end_s = parse_quantity(value, "s");
        } else if (key == "interval") {
            options.interval_s = parse_quantity(value, "s");
            if (options.interval_s < 1) fail("CT-TRAFFIC-003", {}, "interval=" + value + " is shorter than a second", "use e.g. interval=900 s");
        } else {
            fail("CT-TRAFFIC-004", {}, "unknown option '" + key + "'", "known: model, seed, end, interval");
        }
    }
    return options;
}

class SumoRun {
public:
    SumoRun(const std::string& path, const Options& options, Arena& arena, DiagnosticList& diagnostics) : options_(options), arena_(arena) {
        const auto begin = Clock::now();
        case_ = std::make_unique<SumoCase>(path, options_.seed, QueueOptions{}, arena, diagnostics);
        for (std::size_t v : case_->without_route()) unroutable_.push_back(case_->demand().vehicles[v].id);
        if (options_.end_s < 0) options_.end_s = case_->configuration().end_s;
        read_s_ = seconds_since(begin);
    }

    void solve() {
        const auto begin = Clock::now();
        const Milliseconds first = ms(case_->configuration().begin_s), last = options_.end_s < 0 ? never : ms(options_.end_s), interval = ms(options_.interval_s);
        QueueModel& model = case_->model();
        Milliseconds interval_begin = first;
        while (model.now() < last) {
            const Milliseconds until = std::min(last, interval_begin + interval);
            while (model.now() < until) {
                model.advance(std::min(until, model.now() + 10'000), arena_);
                auto events = model.take_events();   // nobody follows single trips here
                const auto records = model.take_records();
                records_.insert(records_.end(), records.begin(), records.end());
                const QueueCounters c = model.counters();
                if (!c.balances()) throw RunError(ExitCode::run_failed, "the vehicles' balance doesn't close");
                if (last == never && c.running == 0 && c.waiting == 0) break;
            }
            take_interval(interval_begin, model.now());
            interval_begin = model.now();
            if (last == never && model.counters().running == 0 && model.counters().waiting == 0) break;
        }
        solve_s_ = seconds_since(begin);
    }

    void write(const std::string& folder) {
        const auto begin = Clock::now();
        std::filesystem::create_directories(folder);
        write_trips(folder + "/trips.csv");
        write_file(folder + "/edges.csv", edges_);
        write_summary(folder + "/summary.json", seconds_since(begin));
    }

private:
    void take_interval(Milliseconds from, Milliseconds to) {
        if (to <= from) return;
        const geodata::RoadNetwork& network = case_->network();
        std::vector<LinkInterval> rows(network.links());
        case_->model().link_intervals(rows, true, arena_);
        const double seconds = static_cast<double>(to - from) * 1e-3;
        for (std::size_t link = 0; link < rows.size(); ++link) {
            const LinkInterval& row = rows[link];
            if (row.entered + row.left + row.departed + row.arrived == 0 && row.vehicle_seconds == 0) continue;
            const double length_m = network.link_length_m[link];
            edges_ += fmt::format("{},{},{},{},{},{:.17g},{:.17g},{:.17g}\n", static_cast<double>(from) * 1e-3, static_cast<double>(to) * 1e-3, network.link_id[link], row.entered,
                                  row.left, row.vehicle_seconds > 0 ? row.distance_m / row.vehicle_seconds : network.link_speed_mps[link],
                                  row.vehicle_seconds / seconds / (length_m * 1e-3), row.vehicle_seconds * 7.5 / (seconds * length_m * std::max(1, network.link_lanes[link])));
        }
    }

    void write_trips(const std::string& path) {
        std::string text = "id,depart_s,arrival_s,duration_s,route_length_m,waiting_s,time_loss_s\n";
        for (const auto& trip : records_) {
            if (trip.removal_cause != 0) continue;
            const double duration_s = static_cast<double>(trip.arrival - trip.depart) * 1e-3;
            duration_sum_ += duration_s;
            length_sum_ += trip.route_length_m;
            text += fmt::format("{},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", case_->demand().vehicles[trip.vehicle].id, static_cast<double>(trip.depart) * 1e-3,
                                static_cast<double>(trip.arrival) * 1e-3, duration_s, trip.route_length_m, static_cast<double>(trip.waiting) * 1e-3, trip.time_loss_s);
        }
        write_file(path, text);
    }

    void write_summary(const std::string& path, double write_s) {
        const QueueCounters c = case_->model().counters();
        const double arrived = std::max<double>(1, static_cast<double>(c.arrived));
        nlohmann::ordered_json json{{"solver", "queue model (SUMO's mesoscopic model with junction control)"}, {"loaded", c.loaded}, {"inserted", c.inserted},
                                    {"running", c.running}, {"waiting_to_be_inserted", c.waiting}, {"arrived", c.arrived}, {"removed", c.removed_total()},
                                    {"unroutable", unroutable_.size()}, {"teleports_jam", c.teleports[0]}, {"teleports_yield", c.teleports[1]},
                                    {"teleports_wrong_lane", c.teleports[2]}, {"forced_past_full_link", c.forced_past_full_link},
                                    {"mean_duration_s", duration_sum_ / arrived}, {"mean_route_length_m", length_sum_ / arrived},
                                    {"mean_depart_delay_s", c.inserted > 0 ? static_cast<double>(c.depart_delay) * 1e-3 / static_cast<double>(c.inserted) : 0.0},
                                    {"end_s", static_cast<double>(case_->model().now()) * 1e-3}, {"vehicle_updates", c.vehicle_updates},
                                    {"vehicle_updates_per_s", solve_s_ > 0 ? static_cast<double>(c.vehicle_updates) / solve_s_ : 0.0}, {"threads", arena_.threads()},
                                    {"worker_share", arena_.worker_share()}, {"read_s", read_s_}, {"solve_s", solve_s_}, {"write_s", write_s}};
        if (!unroutable_.empty()) json["unroutable_ids"] = std::vector<std::string>(unroutable_.begin(), unroutable_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(20, unroutable_.size())));
        write_file(path, json.dump(1) + "\n");
    }

    Options options_;
    Arena& arena_;
    std::unique_ptr<SumoCase> case_;
    std::vector<TripRecord> records_;
    std::vector<std::string> unroutable_;
    std::string edges_ = "interval_begin_s,interval_end_s,id,entered,left,mean_speed_mps,density_vpkm,occupancy\n";
    double read_s_ = 0, solve_s_ = 0, duration_sum_ = 0, length_sum_ = 0;
};

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena& arena, DiagnosticList& diagnostics) {
    SumoRun run(path, options_of(words), arena, diagnostics);
    run.solve();
    run.write(folder);
}

const Registration registration{Solver{"SUMO configuration, queue model",
                                       {".sumocfg"},
                                       {ParameterInfo{"model", "text", "", "queue", "How vehicles move: queue"},
                                        ParameterInfo{"seed", "integer", "1", "1", "Seed of speed factors and distributions"},
                                        ParameterInfo{"end", "quantity", "s", "", "Ends earlier than the configuration says"},
                                        ParameterInfo{"interval", "quantity", "s", "900 s", "Rows of edges.csv"}},
                                       solve}};

}  // namespace
}  // namespace citytwin::traffic
