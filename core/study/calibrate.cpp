#include "core/study/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/csv.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hdf5.hpp"
#include "core/output/json_text.hpp"
#include "core/run/run.hpp"

namespace citytwin {
namespace {

constexpr const char* factor_field = "zone.demand_factor";
constexpr double worthwhile = 0.01;   ///< a gain of less than this share of the error is none
constexpr int patience = 2;           ///< runs without a gain after which the search ends

/// A jam that stands in one run only makes squares huge; GEH bears it.
double error_of(const CalibrationStep& step) { return step.used.hours != 0 ? step.used.mean_geh : step.used.rmse; }

Value text_value(std::string text) {
    Value value;
    value.data = std::move(text);
    return value;
}

/// The observations that correct the demand keep their use; the traffic module only says what it would change.
void edit_scenario(Value& root, const std::string& factors, const CalibrationOptions& options) {
    set_value(root, "modules.traffic.assimilation", text_value("estimate"));
    if (!factors.empty()) set_value(root, "modules.traffic.demand_factors", text_value(std::filesystem::absolute(factors).string()));
    Value* observations = root.table()->find("observations");
    for (auto& table : std::get<List>(observations->data)) {
        const Value* use = table.table()->find("use");
        if (use == nullptr || use->text() == nullptr || *use->text() != "assimilate") continue;
        if (!options.withhold_given && table.table()->find("withhold") != nullptr) continue;
        Value share;
        share.data = options.withhold;
        table.table()->set("withhold", std::move(share));
    }
    Table* record = root.table()->find("record") == nullptr ? nullptr : root.table()->find("record")->table();
    if (record == nullptr) {
        Value empty;
        empty.data = Table{};
        record = root.table()->set("record", std::move(empty)).table();
    }
    List fields;
    if (const Value* given = record->find("fields"); given != nullptr && given->list() != nullptr) fields = *given->list();
    fields.push_back(text_value(factor_field));
    Value all;
    all.data = std::move(fields);
    record->set("fields", std::move(all));
}

CalibrationFit fit_of(const Json& list) {
    CalibrationFit fit;
    if (list.empty()) return fit;
    const Json& first = list.front();
    const auto number = [&](const char* key) { return first.contains(key) && first[key].is_number() ? first[key].get<double>() : 0.0; };
    fit.sensors = first["sensors"];
    fit.rmse = number("rmse");
    fit.bias = number("bias");
    fit.share_geh_below_5 = number("share_geh_below_5");
    fit.mean_geh = number("mean_geh");
    fit.hours = first.value("flow_hours", std::size_t{0});
    return fit;
}

struct ZoneFactors {
    std::vector<std::string> zones;
    std::vector<double> factors;
};

/// What the run says demand should have been, the factors that it was run with included.
ZoneFactors found_factors(const std::string& run) {
    Hdf5File results = Hdf5File::open(run + "/results.h5");
    ZoneFactors found;
    found.zones = results.read_texts("zone/id");
    const auto rows = results.info("zone/demand_factor").rows();
    found.factors = results.read_rows<double>("zone/demand_factor", rows - 1, 1);
    return found;
}

void write_factors(const ZoneFactors& found, const std::string& path) {
    CsvWriter csv(path, {"zone", "factor"});
    for (std::size_t z = 0; z < found.zones.size(); ++z) {
        csv.text(found.zones[z]).number(found.factors[z]);
        csv.end_row();
    }
    csv.commit();
}

Json json_of(const CalibrationFit& fit) {
    return {{"sensors", fit.sensors}, {"rmse", fit.rmse}, {"bias", fit.bias}, {"hours", fit.hours}, {"share_geh_below_5", fit.share_geh_below_5}, {"mean_geh", fit.mean_geh}};
}

void write_tables(const Calibration& calibration) {
    Json runs = Json::array();
    CsvWriter csv(calibration.folder + "/calibration.csv", {"run", "folder", "smallest_factor", "largest_factor", "used_sensors", "used_rmse", "used_share_geh_below_5", "withheld_sensors", "withheld_rmse", "withheld_share_geh_below_5"});
    for (std::size_t k = 0; k < calibration.steps.size(); ++k) {
        const CalibrationStep& step = calibration.steps[k];
        const std::string folder = std::filesystem::path(step.folder).filename().string();
        runs.push_back({{"run", k}, {"folder", folder}, {"smallest_factor", step.smallest_factor}, {"largest_factor", step.largest_factor}, {"used", json_of(step.used)}, {"withheld", json_of(step.withheld)}});
        csv.integer(static_cast<std::int64_t>(k)).text(folder).number(step.smallest_factor).number(step.largest_factor);
        for (const auto* fit : {&step.used, &step.withheld}) csv.integer(static_cast<std::int64_t>(fit->sensors)).number(fit->rmse).number(fit->share_geh_below_5);
        csv.end_row();
    }
    csv.commit();
    write_file(calibration.folder + "/calibration.json", json_text(Json{{"best", calibration.best}, {"runs", runs}}));
}

void require_observations(const Scenario& scenario) {
    for (const auto& one : scenario.observations) {
        if (one.use == ObservationUse::assimilate) return;
    }
    fail("CT-STUDY-020", {scenario.file}, "no [[observations]] table of the scenario corrects the demand", "write use = \"assimilate\" in the table with the counts (road_link.flow)");
}

}  // namespace

Calibration calibrate(const CalibrationOptions& options) {
    const Scenario scenario = Scenario::load(options.scenario, options.overrides);
    require_observations(scenario);
    Calibration calibration;
    calibration.folder = options.output.empty() ? "runs/" + scenario.name + "-calibration" : options.output;
    if (std::filesystem::exists(calibration.folder + "/calibration.json")) fail("CT-OUT-001", {calibration.folder}, "the folder holds a calibration already", "choose another with -o");
    make_folder(calibration.folder);
    std::string factors;
    ZoneFactors found;
    int without_gain = 0;
    for (int k = 0; k < options.iterations; ++k) {
        RunOptions run;
        run.scenario = options.scenario;
        run.output = fmt::format("{}/run-{}", calibration.folder, k);
        run.overrides = options.overrides;
        run.threads = options.threads;
        run.progress = ProgressMode::none;
        const auto edit = options.overrides.edit;
        run.overrides.edit = [&, edit](Value& root) {
            if (edit) edit(root);
            edit_scenario(root, factors, options);
        };
        CalibrationStep step;
        step.folder = run.output;
        if (!found.factors.empty()) {
            const auto [least, most] = std::minmax_element(found.factors.begin(), found.factors.end());
            step.smallest_factor = *least;
            step.largest_factor = *most;
        }
        const RunOutcome outcome = run_scenario(run);
        if (outcome.exit != ExitCode::done) throw RunError(outcome.exit, fmt::format("run {} of the calibration didn't finish: {}", k, outcome.notices.empty() ? "" : outcome.notices.back()));
        const Json fits = read_json(run.output + "/sensor_fit.json", "CT-OUT-005");
        for (const auto& table : fits["observations"]) {
            if (table["use"] != "assimilate") continue;
            step.used = fit_of(table["fit"]);
            step.withheld = fit_of(table["fit_withheld"]);
            break;
        }
        const double before = calibration.steps.empty() ? 0 : error_of(calibration.steps[calibration.best]);
        calibration.steps.push_back(step);
        without_gain = k > 0 && error_of(step) > before * (1 - worthwhile) ? without_gain + 1 : 0;
        if (k == 0 || error_of(step) < before) calibration.best = static_cast<std::size_t>(k);
        if (options.told) options.told(static_cast<std::size_t>(k), step);
        if (without_gain == patience || k + 1 == options.iterations) break;
        factors = fmt::format("{}/factors-{}.csv", calibration.folder, k + 1);
        found = found_factors(run.output);
        write_factors(found, factors);
    }
    const std::string best = fmt::format("{}/factors-{}.csv", calibration.folder, calibration.best);
    if (calibration.best > 0) std::filesystem::copy_file(best, calibration.folder + "/demand_factors.csv", std::filesystem::copy_options::overwrite_existing);
    Table table;
    table.set("name", text_value(scenario.name + " calibrated"));
    table.set("base", text_value(std::filesystem::absolute(options.scenario).lexically_normal().string()));
    std::string toml = to_toml(table);
    if (calibration.best > 0) toml += "[modules.traffic]\ndemand_factors = \"demand_factors.csv\"\n";
    write_file(calibration.folder + "/calibrated.toml", toml);
    write_tables(calibration);
    return calibration;
}

}  // namespace citytwin
