#include "core/output/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
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
                           kpi.value ? fmt::format("{}", *kpi.value) : "", kpi.coverage, kpi.more_is, kpi.status, quoted(kpi.reason), quoted(kpi.module));
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
        if (kpi.value) row["value"] = *kpi.value;
        if (!kpi.reason.empty()) row["reason"] = kpi.reason;
        for (const auto& [cause, figure] : kpi.details) row["details"][cause] = figure;
        rows.push_back(std::move(row));
    }
    write_file(file("kpis.json"), json_text({{"kpis", std::move(rows)}}));
    write_file(file("kpis.csv"), kpis_csv(kpis));
}

void RunFolder::write_ledgers(const std::vector<LedgerRow>& ledgers) const {
    Json rows = Json::array();
    for (const LedgerRow& ledger : ledgers) {
        Json row = {{"module", ledger.module}, {"quantity", ledger.quantity}, {"unit", ledger.unit}, {"in", ledger.in}, {"out", ledger.out},
                    {"stored", ledger.stored}, {"lost", ledger.lost}, {"adjusted", ledger.adjusted}, {"closing_error", ledger.closing_error}};
        if (!ledger.causes.empty()) row["lost_by_cause"] = Json::object();
        for (const auto& [cause, amount] : ledger.causes) row["lost_by_cause"][cause] = amount;
        rows.push_back(std::move(row));
    }
    write_file(file("ledgers.json"), json_text({{"ledgers", std::move(rows)}}));
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

std::vector<KpiRow> read_kpis(const std::string& run_folder) {
    std::vector<KpiRow> kpis;
    for (const Json& row : read_json(run_folder + "/kpis.json", "CT-OUT-005").value("kpis", Json::array())) {
        KpiRow kpi;
        kpi.id = row.value("id", "");
        kpi.name = row.value("name", kpi.id);
        kpi.unit = row.value("unit", "1");
        kpi.module = row.value("module", "");
        kpi.formula = row.value("formula", "");
        kpi.more_is = row.value("more_is", "neutral");
        if (row.contains("value") && row["value"].is_number()) kpi.value = row["value"].get<double>();
        kpi.coverage = row.contains("coverage") && row["coverage"].is_number() ? row["coverage"].get<double>() : 0.0;
        kpi.status = row.value("status", kpi.value ? "ok" : "undefined");
        kpi.reason = row.value("reason", "");
        if (row.contains("details")) {
            for (const auto& [cause, figure] : row["details"].items()) kpi.details.emplace_back(cause, figure.get<double>());
        }
        kpis.push_back(std::move(kpi));
    }
    return kpis;
}

std::vector<LedgerRow> read_ledgers(const std::string& run_folder) {
    std::vector<LedgerRow> ledgers;
    for (const Json& row : read_json(run_folder + "/ledgers.json", "CT-OUT-005").value("ledgers", Json::array())) {
        LedgerRow ledger;
        ledger.module = row.value("module", "");
        ledger.quantity = row.value("quantity", "");
        ledger.unit = row.value("unit", "");
        const auto number = [&row](const char* key) { return row.contains(key) && row[key].is_number() ? row[key].get<double>() : 0.0; };
        ledger.in = number("in"), ledger.out = number("out"), ledger.stored = number("stored"), ledger.lost = number("lost");
        ledger.adjusted = number("adjusted"), ledger.closing_error = number("closing_error");
        if (row.contains("lost_by_cause")) {
            for (const auto& [cause, amount] : row["lost_by_cause"].items()) ledger.causes.emplace_back(cause, amount.get<double>());
        }
        ledgers.push_back(std::move(ledger));
    }
    return ledgers;
}

std::vector<WarningRow> read_warnings(const std::string& run_folder) {
    std::vector<WarningRow> warnings;
    const std::string path = run_folder + "/warnings.ndjson";
    if (!fs::exists(path)) return warnings;
    const std::string text = read_file(path);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const Json row = Json::parse(text.substr(at, end - at), nullptr, false);
        at = end + 1;
        if (!row.is_object()) fail("CT-OUT-005", {path}, "a line isn't valid JSON", "it was cut or edited; run again");
        warnings.push_back({row.value("code", ""), row.value("module", ""), row.value("cause", ""), row.value("message", ""),
                            row.value("count", std::uint64_t{0}), from_seconds(row.value("first_time_s", 0.0)), row.value("first_set", ""),
                            row.value("first_entity", ""), row.value("hint", "")});
    }
    return warnings;
}

std::vector<InputFile> read_inputs(const std::string& run_folder) {
    std::vector<InputFile> inputs;
    for (const Json& row : read_json(run_folder + "/inputs.lock", "CT-OUT-005").value("inputs", Json::array())) {
        inputs.push_back({row.value("path", ""), row.value("size", std::uint64_t{0}), row.value("sha256", ""), row.value("role", "")});
    }
    return inputs;
}

}  // namespace citytwin
