#include "core/study/kpi_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include "core/base/durable_file.hpp"
#include "core/base/hdf5.hpp"
#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/base_population.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Member {
    std::uint64_t seed = 0;
    std::string folder, state, state_hash;
};

std::vector<Member> members_of(const std::string& folder) {
    const Json json = read_json(folder + "/ensemble.json", "CT-STUDY-003");
    std::vector<Member> members;
    try {
        for (const Json& row : json.at("members")) members.push_back({row.at("seed"), row.at("folder"), row.at("state"), row.value("state_hash", "")});
    } catch (const Json::exception& error) {
        fail("CT-STUDY-003", {folder + "/ensemble.json"}, std::string("not what citytwin writes: ") + error.what(), "it was edited; run the ensemble again with --resume");
    }
    return members;
}

StudyBasis basis_of(const RunRecord& record) {
    return {record.name, record.scenario_hash, record.demand_key, record.start_utc, record.end_utc, record.build_hash, record.days, record.changes};
}

/// Puts rows of several runs into one table; KPIs and groups in the order in which they are first met.
class Gathering {
public:
    explicit Gathering(std::vector<std::uint64_t> seeds) {
        table_.seeds = std::move(seeds);
        group_row("", "");
    }

    void add(std::size_t seed, const std::vector<KpiRow>& rows) {
        for (const KpiRow& row : rows) {
            const std::size_t kpi = kpi_row(row);
            if (row.value) put(kpi, 0, seed, *row.value);
            for (const KpiGroup& group : row.groups) {
                const std::size_t g = group_row(group.by, group.group);
                table_.groups[g].persons = std::max(table_.groups[g].persons, group.persons);
                put(kpi, g, seed, group.value);
            }
        }
    }

    KpiTable take() {
        table_.values.assign(table_.kpis.size() * table_.groups.size() * table_.seeds.size(), missing);
        for (const auto& [at, value] : cells_) table_.at(at.kpi, at.group, at.seed) = value;
        for (std::size_t k = 0; k < table_.kpis.size(); ++k) {
            bool any = false;
            for (std::size_t s = 0; s < table_.seeds.size(); ++s) any = any || !std::isnan(table_.at(k, 0, s));
            if (any) table_.kpis[k].status = "ok", table_.kpis[k].reason.clear();
        }
        return std::move(table_);
    }

private:
    struct Cell {
        std::size_t kpi, group, seed;
    };

    void put(std::size_t kpi, std::size_t group, std::size_t seed, double value) {
        if (std::isfinite(value)) cells_.push_back({{kpi, group, seed}, value});
    }

    std::size_t kpi_row(const KpiRow& row) {
        const auto [at, is_new] = kpi_of_.try_emplace(row.id, table_.kpis.size());
        if (is_new) table_.kpis.push_back({row.id, row.name, row.unit, row.more_is, row.reason, row.status == "ok" ? "undefined" : row.status, row.coverage});
        KpiTable::Description& known = table_.kpis[at->second];
        if (known.unit != row.unit) fail("CT-STUDY-003", {}, fmt::format("{} has the unit '{}' in one seed and '{}' in another", row.id, known.unit, row.unit), "make all members with one version");
        known.coverage = std::min(known.coverage, row.coverage);
        if (known.reason.empty()) known.reason = row.reason;
        return at->second;
    }

    std::size_t group_row(const std::string& by, const std::string& name) {
        const auto [at, is_new] = group_of_.try_emplace({by, name}, table_.groups.size());
        if (is_new) table_.groups.push_back({by, name, 0});
        return at->second;
    }

    KpiTable table_;
    std::map<std::string, std::size_t> kpi_of_;
    std::map<std::pair<std::string, std::string>, std::size_t> group_of_;
    std::vector<std::pair<Cell, double>> cells_;
};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : "\n") + word;
    return text;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

StudySide side_from_file(const std::string& path) {
    Hdf5File file = Hdf5File::open(path);
    StudySide side;
    const auto text = [&](const char* name) { return file.text_attribute("kpi", name).value_or(""); };
    side.basis = {text("name"), text("scenario_hash"), text("demand_key"), text("start"), text("end"), text("build_hash"), text("days"), lines_of(text("changes"))};
    KpiTable& table = side.table;
    const auto ids = file.read_texts("kpi/id"), names = file.read_texts("kpi/name"), units = file.read_texts("kpi/unit"), more_is = file.read_texts("kpi/more_is"),
               reasons = file.read_texts("kpi/reason"), statuses = file.read_texts("kpi/status"), by = file.read_texts("kpi/group_by"), group = file.read_texts("kpi/group");
    const auto coverage = file.read<double>("kpi/coverage"), persons = file.read<double>("kpi/group_persons");
    for (std::size_t k = 0; k < ids.size(); ++k) table.kpis.push_back({ids[k], names.at(k), units.at(k), more_is.at(k), reasons.at(k), statuses.at(k), coverage.at(k)});
    for (std::size_t g = 0; g < group.size(); ++g) table.groups.push_back({by.at(g), group[g], persons.at(g)});
    table.seeds = file.read<std::uint64_t>("kpi/seed");
    side.city_keys = file.read_texts("kpi/city_key");
    table.values = file.read<double>("kpi/values");
    if (table.values.size() != table.kpis.size() * table.groups.size() * table.seeds.size() || side.city_keys.size() != table.seeds.size()) {
        fail("CT-STUDY-003", {path}, "the table's shape isn't KPIs x groups x seeds", "remove the file: it is made again from the members");
    }
    return side;
}

std::vector<Member> finished_of(std::vector<Member> members) {
    std::erase_if(members, [](const Member& member) { return member.state != "finished"; });
    return members;
}

/// True if the table was made of these members as they are now.
bool is_of(const std::string& table, const std::vector<Member>& finished) {
    Hdf5File file = Hdf5File::open(table);
    const auto seeds = file.read<std::uint64_t>("kpi/seed");
    const auto states = file.read_texts("kpi/state_hash");
    return std::equal(finished.begin(), finished.end(), seeds.begin(), seeds.end(), [](const Member& member, std::uint64_t seed) { return member.seed == seed; }) &&
           std::equal(finished.begin(), finished.end(), states.begin(), states.end(), [](const Member& member, const std::string& state) { return member.state_hash == state; });
}

StudySide side_from_members(const std::string& folder, const std::vector<Member>& finished) {
    StudySide side;
    std::vector<std::uint64_t> seeds;
    for (const Member& member : finished) seeds.push_back(member.seed);
    Gathering gathering(std::move(seeds));
    for (std::size_t row = 0; row < finished.size(); ++row) {
        const std::string path = folder + "/" + finished[row].folder;
        const RunRecord record = read_run_record(path);
        if (row == 0) side.basis = basis_of(record);
        side.city_keys.push_back(record.city_key);
        gathering.add(row, with_figures_over_base(read_kpis(path)));
    }
    side.table = gathering.take();
    return side;
}

StudySide read_ensemble(const std::string& folder) {
    const auto members = members_of(folder), finished = finished_of(members);
    const std::string table = folder + "/kpis.h5";
    StudySide side = fs::exists(table) && is_of(table, finished) ? side_from_file(table) : side_from_members(folder, finished);
    side.is_ensemble = true;
    for (const Member& member : finished) side.folders.push_back(folder + "/" + member.folder);
    for (const Member& member : members) {
        if (member.state != "finished") side.unfinished.push_back({member.seed, member.state});
    }
    return side;
}

StudySide read_single(const std::string& folder) {
    if (!fs::exists(folder + "/run.json")) {
        fail("CT-STUDY-001", {folder}, "the folder holds no run and no ensemble: neither run.json nor ensemble.json is there", "give the folder that `citytwin run` printed");
    }
    StudySide side;
    const RunRecord record = read_run_record(folder);
    side.basis = basis_of(record);
    if (record.status != RunStatus::finished) {
        side.unfinished.push_back({record.seed, name_of(record.status)});
        return side;
    }
    Gathering gathering({record.seed});
    gathering.add(0, with_figures_over_base(read_kpis(folder)));
    side.table = gathering.take();
    side.city_keys = {record.city_key};
    side.folders = {folder};
    return side;
}

}  // namespace

StudySide read_study_side(const std::string& folder) {
    StudySide side = fs::exists(folder + "/ensemble.json") ? read_ensemble(folder) : read_single(folder);
    side.folder = folder;
    side.label = side.basis.name.empty() ? fs::path(folder).filename().string() : side.basis.name;
    return side;
}

void write_kpi_table(const std::string& folder) {
    const auto finished = finished_of(members_of(folder));
    if (finished.empty()) return;
    const StudySide side = side_from_members(folder, finished);
    const KpiTable& table = side.table;
    const std::string path = folder + "/kpis.h5";
    {
        Hdf5File file = Hdf5File::create(path + ".part");
        std::vector<std::string> ids, names, units, more_is, reasons, statuses, by, group;
        std::vector<double> coverage, persons;
        for (const auto& kpi : table.kpis) {
            ids.push_back(kpi.id);
            names.push_back(kpi.name);
            units.push_back(kpi.unit);
            more_is.push_back(kpi.more_is);
            reasons.push_back(kpi.reason);
            statuses.push_back(kpi.status);
            coverage.push_back(kpi.coverage);
        }
        for (const auto& one : table.groups) {
            by.push_back(one.by);
            group.push_back(one.name);
            persons.push_back(one.persons);
        }
        file.make_group("kpi");
        for (const auto& [name, texts] : {std::pair{"kpi/id", &ids}, {"kpi/name", &names}, {"kpi/unit", &units}, {"kpi/more_is", &more_is}, {"kpi/reason", &reasons},
                                          {"kpi/status", &statuses}, {"kpi/group_by", &by}, {"kpi/group", &group}}) {
            file.write_texts(name, *texts);
        }
        file.write("kpi/coverage", coverage);
        file.write("kpi/group_persons", persons);
        file.write("kpi/seed", table.seeds);
        file.write_texts("kpi/city_key", side.city_keys);
        std::vector<std::string> states;
        for (const Member& member : finished) states.push_back(member.state_hash);
        file.write_texts("kpi/state_hash", states);
        file.write("kpi/values", table.values, {table.kpis.size(), table.groups.size(), table.seeds.size()});
        const StudyBasis& basis = side.basis;
        for (const auto& [name, text] : {std::pair<const char*, std::string>{"name", basis.name}, {"scenario_hash", basis.scenario_hash}, {"demand_key", basis.demand_key},
                                         {"start", basis.start_utc}, {"end", basis.end_utc}, {"build_hash", basis.build_hash}, {"days", basis.days}, {"changes", joined(basis.changes)}}) {
            file.set_attribute("kpi", name, text);
        }
        file.close();
    }
    put_in_place(path + ".part", path);
}

}  // namespace citytwin
