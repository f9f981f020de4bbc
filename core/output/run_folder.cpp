#include "core/output/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <tuple>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hash.hpp"
#include "core/output/json_text.hpp"
#include "core/output/run_log.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;

/// A scenario's name as part of a folder's name.
std::string path_name(const std::string& name) {
    std::string plain;
    for (const char c : name) {
        const bool keep = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80 || (c == '.' && !plain.empty());
        if (keep) plain += c;
        else if (!plain.empty() && plain.back() != '-') plain += '-';
    }
    if (plain.size() > 100) plain.resize(100);
    while (!plain.empty() && (plain.back() == '-' || plain.back() == '.')) plain.pop_back();
    return plain.empty() ? "run" : plain;
}

std::string folder_for(const RunFolderOptions& options) {
    if (!options.folder.empty()) return options.folder;
    const std::string base = fmt::format("{}/{}-{}-{}", options.root, path_name(options.name),
                                         options.utc.empty() ? utc_now_compact() : options.utc, options.hash.substr(0, 8));
    std::string folder = base;
    for (int again = 2; fs::exists(folder); ++again) folder = fmt::format("{}-{}", base, again);
    return folder;
}

/// Finds out before anything is simulated that nothing can be written.
void check_writable(const std::string& folder) {
    const std::string probe = folder + "/.write-probe";
    write_file(probe, "");
    remove_durably(probe);
}

void append_notice(std::string& notice, const std::string& sentence) {
    if (sentence.empty()) return;
    if (!notice.empty()) notice += ' ';
    notice += sentence;
}

std::string kpis_csv(const std::vector<KpiRow>& kpis) {
    const auto quoted = [](const std::string& text) {
        if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
        std::string out = "\"";
        for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        return out + '"';
    };
    std::string csv = "id,name,unit,value,coverage,more_is,status,reason,module\n";
    for (const KpiRow& kpi : kpis) {
        csv += fmt::format("{},{},{},{},{},{},{},{},{}\n", quoted(kpi.id), quoted(kpi.name), quoted(kpi.unit),
                           kpi.value && std::isfinite(*kpi.value) ? fmt::format("{}", *kpi.value) : "", kpi.coverage, kpi.more_is, kpi.status, quoted(kpi.reason), quoted(kpi.module));
    }
    return csv;
}

}  // namespace

RunFolder::RunFolder(const RunFolderOptions& options) : path_(folder_for(options)) {
    make_folder(path_);
    lock_ = std::make_unique<FolderLock>(path_, options.force_lock);
    append_notice(notice_, lock_->notice());
    check_writable(path_);
    has_previous_run_ = fs::exists(file("run.json"));
    if (has_previous_run_ && !options.resume) {
        fail("CT-OUT-001", {path_}, fmt::format("the folder holds a run already (status {})", name_of(read_run_record(path_).status)),
             "choose another folder with -o, go on with --resume, or remove the folder");
    }
    if (options.resume && !has_previous_run_) append_notice(notice_, fmt::format("{} holds no run to resume: starting anew.", path_));
}

void RunFolder::write_scenario(const std::string& resolved_toml) const { write_file(file("scenario.resolved.toml"), resolved_toml); }

void RunFolder::write_inputs(const std::vector<InputFile>& inputs) const {
    Json rows = Json::array();
    for (const InputFile& input : inputs) {
        rows.push_back({{"path", input.path}, {"size", input.size}, {"sha256", input.sha256}, {"role", input.role}});
    }
    write_file(file("inputs.lock"), json_text({{"inputs", std::move(rows)}}));
}

void RunFolder::write_kpis(const std::vector<KpiRow>& kpis) const {
    Json rows = Json::array();
    for (const KpiRow& kpi : kpis) {
        Json row = {{"id", kpi.id}, {"name", kpi.name}, {"unit", kpi.unit}, {"value", nullptr}, {"coverage", kpi.coverage},
                    {"more_is", kpi.more_is}, {"status", kpi.status}, {"module", kpi.module}, {"formula", kpi.formula}};
        const bool finite = kpi.value && std::isfinite(*kpi.value);
        if (finite) row["value"] = *kpi.value;
        if (kpi.value && !finite) row["status"] = "undefined", row["reason"] = "not a finite number";
        if (!kpi.reason.empty()) row["reason"] = kpi.reason;
        for (const auto& [cause, figure] : kpi.details) row["details"][cause] = figure;
        for (const KpiGroup& group : kpi.groups) row["groups"].push_back({{"by", group.by}, {"group", group.group}, {"value", group.value}, {"persons", group.persons}});
        rows.push_back(std::move(row));
    }
    write_file(file("kpis.json"), json_text({{"kpis", std::move(rows)}}));
    write_file(file("kpis.csv"), kpis_csv(kpis));
}

void RunFolder::write_ledgers(const std::vector<LedgerRow>& ledgers) const {
    Json rows = Json::array();
    for (const LedgerRow& ledger : ledgers) {
        Json row = {{"module", ledger.module}, {"quantity", ledger.quantity}, {"unit", ledger.unit}, {"in", ledger.in}, {"out", ledger.out},
                    {"stored", ledger.stored}, {"stored_at_start", ledger.stored_at_start}, {"lost", ledger.lost}, {"adjusted", ledger.adjusted}, {"closing_error", ledger.closing_error}};
        if (!ledger.causes.empty()) row["lost_by_cause"] = Json::object();
        for (const auto& [cause, amount] : ledger.causes) row["lost_by_cause"][cause] = amount;
        rows.push_back(std::move(row));
    }
    write_file(file("ledgers.json"), json_text({{"ledgers", std::move(rows)}}));
}

void RunFolder::write_ledger_days(const std::vector<LedgerDayRow>& days) const {
    std::string text = "day_end,module,quantity,unit,in,out,stored,stored_at_start,lost,adjusted,closing_error\n";
    for (const auto& [end, l] : days)
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", end, l.module, l.quantity, l.unit, l.in, l.out, l.stored, l.stored_at_start, l.lost, l.adjusted, l.closing_error);
    write_file(file("ledger_days.csv"), text);
}

void RunFolder::write_warnings(std::vector<WarningRow> warnings) const {
    std::sort(warnings.begin(), warnings.end(), [](const WarningRow& a, const WarningRow& b) {
        return std::tie(a.module, a.code, a.cause, a.message) < std::tie(b.module, b.code, b.cause, b.message);
    });
    std::string lines;
    for (const WarningRow& warning : warnings) {
        Json row = {{"code", warning.code}, {"module", warning.module}, {"cause", warning.cause}, {"count", warning.count},
                    {"message", warning.message}, {"first_time_s", to_seconds(warning.first_time_us)},
                    {"first_set", warning.first_set}, {"first_entity", warning.first_entity}};
        if (!warning.hint.empty()) row["hint"] = warning.hint;
        lines += json_line(row) + "\n";
    }
    write_file(file("warnings.ndjson"), lines);
}

InputFile RunFolder::describe(const std::string& path, const std::string& role) {
    InputFile input{path, 0, sha256_of_file(path), role};
    std::error_code error;
    input.size = fs::file_size(path, error);
    return input;
}

std::vector<std::string> RunFolder::changed_inputs() const {
    std::vector<std::string> changed;
    if (!fs::exists(file("inputs.lock"))) return changed;
    for (const InputFile& input : read_inputs(path_)) {
        std::error_code error;
        if (!fs::is_regular_file(input.path, error)) changed.push_back(fmt::format("{} is no longer there", input.path));
        else if (fs::file_size(input.path, error) != input.size || sha256_of_file(input.path) != input.sha256) {
            changed.push_back(fmt::format("{} changed since the run started", input.path));
        }
    }
    return changed;
}

}  // namespace citytwin
