#pragma once
// What a run folder says about its run: plain rows, as they stand in run.json, kpis.json, ledgers.json and warnings.ndjson.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time/clock.hpp"

namespace citytwin {

enum class RunStatus { running, finished, failed, interrupted };
const char* name_of(RunStatus status);

/// A file that the run read.
struct InputFile {
    std::string path;
    std::uint64_t size = 0;
    std::string sha256;
    std::string role;                  ///< "scenario", "city", "osm", "zones" …
};

/// Where a field's values came from: an observation, a module, the city's attribute or the reader's default.
struct FieldSource {
    std::string set, field, unit;
    std::string source;                ///< "observation", "module", "city", "default"
    std::string detail;                ///< the module's name, the default's value …
};

struct ModuleVersion {
    std::string name, version, sha256;  ///< sha256 of a plug-in's file, "" for shipped modules
};

/// run.json.
struct RunRecord {
    RunStatus status = RunStatus::running;
    std::string name;                          ///< of the scenario
    std::string scenario, scenario_hash;       ///< its file, hash of the resolved text
    std::string city, city_sha256;             ///< the cached city file the run used (report and compare read it)
    std::string city_key;                      ///< hash of what makes two runs comparable as places
    std::string demand_key;                    ///< hash of the demand's sources and parameters before any change
    std::string days;                          ///< representative days with their weights, "" = the whole period
    std::string start_utc, end_utc, zone;      ///< simulated period: "2025-06-03T00:00:00Z", IANA zone
    std::string started_utc, ended_utc;        ///< wall clock
    std::string version, build_type, compiler, build_flags, build_hash, instruction_set;
    std::vector<ModuleVersion> modules;
    std::uint64_t seed = 0;
    int threads = 0;
    double worker_share = 0;                   ///< part of loop items done by threads other than the first
    Microseconds simulated_us = 0;             ///< reached so far
    std::uint64_t steps = 0;
    double wall_s = 0;
    std::uint64_t peak_memory_bytes = 0;
    int exit_code = 0;
    std::string error;                         ///< why it failed, "" if it didn't
    std::string state_hash;
    std::vector<std::string> changes;          ///< names of the interventions, in file order
    std::vector<FieldSource> fields;
    std::vector<std::pair<std::uint64_t, std::string>> checkpoints;  ///< step, state hash
    std::uint64_t resumed_from_step = 0;       ///< 0 = straight
    std::vector<std::pair<std::string, double>> timings_s;           ///< by part: "load", "module traffic" …
    std::vector<std::pair<std::string, std::string>> notes;          ///< anything else, key and text
};

/// A KPI's figure for a part of the city's people or places.
struct KpiGroup {
    std::string by, group;             ///< "district", "zone 3"
    double value = 0;
    double persons = 0;                ///< behind the figure; 0 if it has none
};

/// One row of kpis.json. A KPI without a value says why.
struct KpiRow {
    std::string id, name, unit, module, formula;
    std::string more_is;               ///< "better", "worse" or "neutral"
    std::optional<double> value;
    double coverage = 1;               ///< share of entities and time with data
    std::string status = "ok";         ///< "ok", "undefined", "no_data", "not_simulated"
    std::string reason;                ///< of a status other than ok
    std::vector<std::pair<std::string, double>> details;   ///< parts of the figure by cause
    std::vector<KpiGroup> groups;                          ///< who bears it
};

/// One row of ledgers.json; the names are those of interfaces.md.
struct LedgerRow {
    std::string module, quantity, unit;
    double in = 0, out = 0, stored = 0, lost = 0, adjusted = 0;   ///< in + adjusted = out + stored + lost; `stored`: more at the end than at the start
    double stored_at_start = 0;
    double closing_error = 0;          ///< relative
    std::vector<std::pair<std::string, double>> causes;  ///< what `lost` is made of
};

/// One row of ledger_days.csv: a balance over one local day.
struct LedgerDayRow {
    std::string end;                   ///< local time with offset
    LedgerRow ledger;
};

/// One line of warnings.ndjson: a cause, how often, and the first place.
struct WarningRow {
    std::string code, module, cause, message;
    std::uint64_t count = 0;
    Microseconds first_time_us = 0;
    std::string first_set, first_entity;
    std::string hint;
};

}  // namespace citytwin
