// The small files of a run folder, read back.
#include <algorithm>
#include <filesystem>

#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

constexpr const char* code = "CT-OUT-005";

/// The rows of list `key`. A file of the right name that holds something else is the user's error, with the file's name.
template <class Row, class Read>
std::vector<Row> rows_of(const std::string& path, const char* key, Read&& read) {
    const Json json = read_json(path, code);
    std::vector<Row> rows;
    try {
        for (const Json& row : json.at(key)) rows.push_back(read(row));
    } catch (const Json::exception& error) {
        fail(code, {path}, std::string("not what citytwin writes: ") + error.what(), "it was edited; run again");
    }
    return rows;
}

double number(const Json& row, const char* key) { return row.contains(key) && row[key].is_number() ? row[key].get<double>() : 0.0; }

std::vector<std::pair<std::string, double>> named_numbers(const Json& row, const char* key) {
    std::vector<std::pair<std::string, double>> all;
    if (!row.contains(key)) return all;
    for (const auto& [name, value] : row[key].items()) {
        if (value.is_number()) all.emplace_back(name, value.get<double>());
    }
    return all;
}

KpiRow kpi_of(const Json& row) {
    KpiRow kpi;
    kpi.id = row.value("id", "");
    kpi.name = row.value("name", kpi.id);
    kpi.unit = row.value("unit", "1");
    kpi.module = row.value("module", "");
    kpi.formula = row.value("formula", "");
    kpi.more_is = row.value("more_is", "neutral");
    if (row.contains("value") && row["value"].is_number()) kpi.value = row["value"].get<double>();
    kpi.coverage = number(row, "coverage");
    kpi.status = row.value("status", kpi.value ? "ok" : "undefined");
    kpi.reason = row.value("reason", "");
    kpi.details = named_numbers(row, "details");
    if (row.contains("groups")) {
        for (const Json& group : row["groups"]) kpi.groups.push_back({group.value("by", ""), group.value("group", ""), number(group, "value"), number(group, "persons")});
    }
    return kpi;
}

LedgerRow ledger_of(const Json& row) {
    LedgerRow ledger;
    ledger.module = row.value("module", "");
    ledger.quantity = row.value("quantity", "");
    ledger.unit = row.value("unit", "");
    ledger.in = number(row, "in");
    ledger.out = number(row, "out");
    ledger.stored = number(row, "stored");
    ledger.stored_at_start = number(row, "stored_at_start");
    ledger.lost = number(row, "lost");
    ledger.adjusted = number(row, "adjusted");
    ledger.closing_error = number(row, "closing_error");
    ledger.causes = named_numbers(row, "lost_by_cause");
    return ledger;
}

WarningRow warning_of(const Json& row) {
    return {row.value("code", ""), row.value("module", ""), row.value("cause", ""), row.value("message", ""), row.value("count", std::uint64_t{0}),
            from_seconds(number(row, "first_time_s")), row.value("first_set", ""), row.value("first_entity", ""), row.value("hint", "")};
}

}  // namespace

std::vector<KpiRow> read_kpis(const std::string& run_folder) { return rows_of<KpiRow>(run_folder + "/kpis.json", "kpis", kpi_of); }

std::vector<LedgerRow> read_ledgers(const std::string& run_folder) { return rows_of<LedgerRow>(run_folder + "/ledgers.json", "ledgers", ledger_of); }

std::vector<InputFile> read_inputs(const std::string& run_folder) {
    return rows_of<InputFile>(run_folder + "/inputs.lock", "inputs", [](const Json& row) {
        return InputFile{row.value("path", ""), row.value("size", std::uint64_t{0}), row.value("sha256", ""), row.value("role", "")};
    });
}

std::vector<WarningRow> read_warnings(const std::string& run_folder) {
    std::vector<WarningRow> warnings;
    const std::string path = run_folder + "/warnings.ndjson";
    if (!std::filesystem::exists(path)) return warnings;
    const std::string text = read_file(path);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const Json row = Json::parse(text.substr(at, end - at), nullptr, false);
        at = end + 1;
        try {
            warnings.push_back(warning_of(row));
        } catch (const Json::exception& error) {
            fail(code, {path}, std::string("a line isn't what citytwin writes: ") + error.what(), "it was cut or edited; run again");
        }
    }
    return warnings;
}

}  // namespace citytwin
