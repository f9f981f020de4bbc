// run.json: written whole, read back whole.
#include "core/output/run_record.hpp"

#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

/// The text members of run.json with their keys, once for both directions.
template <class Record, class Visit>
void visit_texts(Record& record, Visit&& visit) {
    visit("name", record.name), visit("scenario", record.scenario), visit("scenario_hash", record.scenario_hash);
    visit("city", record.city), visit("city_sha256", record.city_sha256), visit("city_key", record.city_key);
    visit("demand_key", record.demand_key), visit("days", record.days), visit("start", record.start_utc), visit("end", record.end_utc), visit("zone", record.zone);
    visit("started", record.started_utc), visit("ended", record.ended_utc), visit("version", record.version);
    visit("build_type", record.build_type), visit("compiler", record.compiler), visit("build_flags", record.build_flags);
    visit("build_hash", record.build_hash), visit("instruction_set", record.instruction_set), visit("error", record.error);
    visit("state_hash", record.state_hash);
}

Json field_rows(const std::vector<FieldSource>& fields) {
    Json rows = Json::array();
    for (const FieldSource& field : fields) {
        rows.push_back({{"field", field.set + "." + field.field}, {"unit", field.unit}, {"source", field.source}, {"detail", field.detail}});
    }
    return rows;
}

Json module_rows(const std::vector<ModuleVersion>& modules) {
    Json rows = Json::array();
    for (const ModuleVersion& module : modules) {
        Json row = {{"name", module.name}, {"version", module.version}};
        if (!module.sha256.empty()) row["sha256"] = module.sha256;
        rows.push_back(std::move(row));
    }
    return rows;
}

Json record_json(const RunRecord& record) {
    Json json = {{"status", name_of(record.status)}};
    visit_texts(record, [&json](const char* key, const std::string& text) { json[key] = text; });
    json["exit"] = record.exit_code;
    json["seed"] = record.seed;
    json["threads"] = record.threads;
    json["worker_share"] = record.worker_share;
    json["simulated_s"] = to_seconds(record.simulated_us);
    json["steps"] = record.steps;
    json["wall_s"] = record.wall_s;
    json["peak_memory_bytes"] = record.peak_memory_bytes;
    json["resumed_from_step"] = record.resumed_from_step;
    json["changes"] = record.changes;
    json["modules"] = module_rows(record.modules);
    json["fields"] = field_rows(record.fields);
    json["checkpoints"] = Json::array();
    for (const auto& [step, hash] : record.checkpoints) json["checkpoints"].push_back({{"step", step}, {"state_hash", hash}});
    json["timings_s"] = Json::object();
    for (const auto& [part, seconds] : record.timings_s) json["timings_s"][part] = seconds;
    json["notes"] = Json::object();
    for (const auto& [key, text] : record.notes) json["notes"][key] = text;
    return json;
}

RunStatus status_named(const std::string& name, const std::string& path) {
    for (const RunStatus status : {RunStatus::running, RunStatus::finished, RunStatus::failed, RunStatus::interrupted}) {
        if (name == name_of(status)) return status;
    }
    fail("CT-OUT-005", {path}, "unknown status '" + name + "'", "known: running, finished, failed, interrupted");
}

void read_lists(const Json& json, RunRecord& record) {
    record.changes = json.value("changes", std::vector<std::string>{});
    for (const Json& row : json.value("modules", Json::array())) {
        record.modules.push_back({row.value("name", ""), row.value("version", ""), row.value("sha256", "")});
    }
    for (const Json& row : json.value("fields", Json::array())) {
        const std::string name = row.value("field", "");
        const std::size_t dot = std::min(name.find('.'), name.size());
        record.fields.push_back({name.substr(0, dot), dot < name.size() ? name.substr(dot + 1) : "", row.value("unit", ""),
                                 row.value("source", ""), row.value("detail", "")});
    }
    for (const Json& row : json.value("checkpoints", Json::array())) {
        record.checkpoints.emplace_back(row.value("step", std::uint64_t{0}), row.value("state_hash", ""));
    }
    const Json timings = json.value("timings_s", Json::object()), notes = json.value("notes", Json::object());
    for (const auto& [part, seconds] : timings.items()) record.timings_s.emplace_back(part, seconds.get<double>());
    for (const auto& [key, text] : notes.items()) record.notes.emplace_back(key, text.get<std::string>());
}

}  // namespace

const char* name_of(RunStatus status) {
    switch (status) {
        case RunStatus::running: return "running";
        case RunStatus::finished: return "finished";
        case RunStatus::failed: return "failed";
        case RunStatus::interrupted: return "interrupted";
    }
    return "unknown";
}

void RunFolder::write_record(const RunRecord& record) const { write_file(file("run.json"), json_text(record_json(record))); }

RunRecord read_run_record(const std::string& run_folder) {
    const std::string path = run_folder + "/run.json";
    const Json json = read_json(path, "CT-OUT-005");
    RunRecord record;
    try {
        record.status = status_named(json.value("status", ""), path);
        visit_texts(record, [&json](const char* key, std::string& text) { text = json.value(key, ""); });
        record.exit_code = json.value("exit", 0);
        record.seed = json.value("seed", std::uint64_t{0});
        record.threads = json.value("threads", 0);
        record.worker_share = json.value("worker_share", 0.0);
        record.simulated_us = from_seconds(json.value("simulated_s", 0.0));
        record.steps = json.value("steps", std::uint64_t{0});
        record.wall_s = json.value("wall_s", 0.0);
        record.peak_memory_bytes = json.value("peak_memory_bytes", std::uint64_t{0});
        record.resumed_from_step = json.value("resumed_from_step", std::uint64_t{0});
        read_lists(json, record);
    } catch (const Json::exception& error) {
        fail("CT-OUT-005", {path}, std::string("not a run's record: ") + error.what(), "it was edited; run again");
    }
    return record;
}

}  // namespace citytwin
