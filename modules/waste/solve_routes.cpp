// citytwin solve FILE.vrp (or Solomon's .txt): the routes of one instance. Writes routes.csv and summary.json.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"
#include "modules/waste/model/genetic_search.hpp"
#include "modules/waste/model/plan_check.hpp"
#include "modules/waste/read/vrplib.hpp"

namespace citytwin::waste {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

struct Options {
    SearchLimits limits;
    std::string warm;
};

Options options_of(const std::map<std::string, std::string>& words) {
    Options options;
    for (const auto& [key, value] : words) {
        if (key == "time_limit") options.limits.seconds = parse_quantity(value, "s");
        else if (key == "iterations") options.limits.iterations = static_cast<std::size_t>(std::max(0.0, parse_quantity(value, "1")));
        else if (key == "seed") options.limits.seed = static_cast<std::uint64_t>(parse_quantity(value, "1"));
        else if (key == "warm") options.warm = value;
        else fail("CT-WASTE-010", {}, "unknown option '" + key + "'", "known: time_limit, iterations, seed, warm");
    }
    if (options.limits.seconds < 0) fail("CT-WASTE-010", {}, "time_limit is negative");
    if (options.limits.seconds == 0 && options.limits.iterations == 0) options.limits.seconds = 30;
    return options;
}

void write_routes(const std::string& path, const RoutingCase& instance, const Plan& plan) {
    CsvWriter csv(path, {"route", "position", "customer"});
    std::int64_t number = 0;
    for (const auto& route : plan.routes) {
        if (route.empty()) continue;
        ++number;
        std::int64_t position = 0;
        for (Index location : route) {   // a customer 0 is a reload
            csv.integer(number).integer(++position).integer(instance.number[location]);
            csv.end_row();
        }
    }
    csv.commit();
}

void solve(const std::string& path, const std::string& folder, const std::map<std::string, std::string>& words, Arena& arena, DiagnosticList&) {
    auto begin = Clock::now();
    Options options = options_of(words);
    const RoutingCase instance = read_routing_case(path);
    Plan warm;
    if (!options.warm.empty()) warm = read_vrplib_solution(options.warm, instance).plan;
    const double read_s = seconds_since(begin);
    begin = Clock::now();
    const SearchResult result = plan_routes(instance.problem, options.limits, arena, options.warm.empty() ? nullptr : &warm);
    const double solve_s = seconds_since(begin);
    begin = Clock::now();
    const PlanCheck check = check_plan(instance.problem, result.plan);
    write_routes(folder + "/routes.csv", instance, result.plan);
    nlohmann::ordered_json summary{{"solver", "hybrid genetic search with string removal"}, {"instance", instance.name}, {"type", instance.type},
                                   {"customers", instance.problem.clients.size()}, {"cost", static_cast<double>(check.distance) * instance.cost_per_unit},
                                   {"vehicles", result.plan.used()}, {"feasible", check.feasible()}, {"iterations", result.iterations},
                                   {"load_excess", check.excess}, {"lateness", check.lateness}, {"unvisited", check.missing}, {"seed", options.limits.seed},
                                   {"threads", arena.threads()}, {"worker_share", arena.worker_share()}, {"read_s", read_s}, {"solve_s", solve_s}, {"write_s", seconds_since(begin)}};
    if (!check.faults.empty()) summary["broken"] = check.faults;
    write_file(folder + "/summary.json", summary.dump(1) + "\n");
    if (!check.feasible()) throw RunError(ExitCode::run_failed, "no feasible plan was found; the least infeasible one is written: " + (check.faults.empty() ? std::string("?") : check.faults.front()));
}

const std::vector<ParameterInfo> options{{"time_limit", "quantity", "s", "30 s", "Wall-clock time of the search"},
                                         {"iterations", "integer", "1", "0", "Rounds of the search: results that don't depend on the machine; 0 = until the time is over"},
                                         {"seed", "integer", "1", "1", "Seed of the search"},
                                         {"warm", "text", "", "", "A .sol file to start from"}};
const Registration registration{Solver{"collection routes", {".vrp", ".txt"}, options, solve}};

}  // namespace
}  // namespace citytwin::waste
