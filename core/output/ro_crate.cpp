// ro-crate-metadata.json: RO-Crate 1.1 (Soiland-Reyes et al. 2022), so that an archive knows what the run made out of what.
#include <filesystem>

#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

const std::pair<const char*, const char*> run_files[] = {
    {"run.json", "application/json"}, {"scenario.resolved.toml", "application/toml"}, {"inputs.lock", "application/json"},
    {"results.h5", "application/x-hdf5"}, {"kpis.json", "application/json"}, {"kpis.csv", "text/csv"},
    {"ledgers.json", "application/json"}, {"ledger_days.csv", "text/csv"}, {"warnings.ndjson", "application/x-ndjson"}};

Json reference(const std::string& id) { return {{"@id", id}}; }

Json input_entity(const InputFile& input) {
    return {{"@id", "file://" + input.path}, {"@type", "File"}, {"name", std::filesystem::path(input.path).filename().string()},
            {"contentSize", input.size}, {"identifier", "sha256:" + input.sha256}, {"description", input.role}};
}

}  // namespace

void RunFolder::write_ro_crate(const RunRecord& record, const std::vector<InputFile>& inputs) const {
    Json parts = Json::array(), sources = Json::array(), graph = Json::array();
    graph.push_back({{"@id", "ro-crate-metadata.json"}, {"@type", "CreativeWork"}, {"about", reference("./")},
                     {"conformsTo", reference("https://w3id.org/ro/crate/1.1")}});
    Json files = Json::array();
    for (const auto& [name, format] : run_files) {
        std::error_code error;
        if (!std::filesystem::exists(file(name), error)) continue;
        parts.push_back(reference(name));
        files.push_back({{"@id", name}, {"@type", "File"}, {"name", name}, {"encodingFormat", format}});
    }
    for (const InputFile& input : inputs) sources.push_back(reference("file://" + input.path));
    graph.push_back({{"@id", "./"}, {"@type", "Dataset"}, {"name", record.name},
                     {"description", "A citytwin simulation from " + record.start_utc + " to " + record.end_utc},
                     {"datePublished", record.ended_utc}, {"license", "as the inputs'"}, {"hasPart", parts}, {"mentions", reference("#run")}});
    graph.push_back({{"@id", "#citytwin"}, {"@type", "SoftwareApplication"}, {"name", "citytwin"}, {"version", record.version}});
    graph.push_back({{"@id", "#run"}, {"@type", "CreateAction"}, {"name", "simulation run"}, {"instrument", reference("#citytwin")},
                     {"object", sources}, {"result", parts}, {"startTime", record.started_utc}, {"endTime", record.ended_utc},
                     {"actionStatus", record.status == RunStatus::finished ? "CompletedActionStatus" : "FailedActionStatus"}});
    for (Json& entity : files) graph.push_back(std::move(entity));
    for (const InputFile& input : inputs) graph.push_back(input_entity(input));
    write_file(file("ro-crate-metadata.json"), json_text({{"@context", "https://w3id.org/ro/crate/1.1/context"}, {"@graph", graph}}));
}

}  // namespace citytwin
