#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/compare.hpp"

namespace citytwin {

StudyRun read_run(const std::string& folder) {
    namespace fs = std::filesystem;
    if (fs::exists(folder + "/ensemble.json")) {
        fail("CT-STUDY-002", {folder}, "the folder is an ensemble of several seeds; this version reads single runs", "name one of its seed-NNNN folders");
    }
    if (!fs::exists(folder + "/run.json")) fail("CT-STUDY-001", {folder}, "the folder holds no run: run.json isn't there", "give the folder that `citytwin run` printed");
    StudyRun run;
    run.folder = folder;
    run.record = read_run_record(folder);
    run.label = run.record.name;
    if (fs::exists(folder + "/kpis.json")) run.kpis = read_kpis(folder);
    if (fs::exists(folder + "/ledgers.json")) run.ledgers = read_ledgers(folder);
    run.warnings = read_warnings(folder);
    return run;
}

}  // namespace citytwin
