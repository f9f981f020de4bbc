// scenario.resolved.toml: everything the run used, in one file that runs by itself.
#include <filesystem>

#include "core/scenario/scenario.hpp"
#include "core/scenario/table_reader.hpp"

namespace citytwin {
namespace {

template <class T>
Value of(T data) {
    Value value;
    value.data = std::move(data);
    return value;
}

std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal().string(); }

/// With the zone's offset, so that it means the same instant without the zone.
Value local_time(UtcMicroseconds utc, const std::string& zone) { return of(parse_civil_time(format_local(utc, zone))); }

Value duration_text(Microseconds t) {
    if (t % second == 0) return of(std::to_string(t / second) + " s");
    return of(std::to_string(t) + " us");
}

Value texts(const std::vector<std::string>& values) {
    List list;
    for (const auto& value : values) list.push_back(of(value));
    return of(std::move(list));
}

Value resolved_change(const Table& written, const ChangeDescription& change, const std::string& zone) {
    Table table = written;
    if (change.at && written.find("at") != nullptr) table.set("at", local_time(*change.at, zone));
    if (change.until) table.set("until", local_time(*change.until, zone));
    table.set("sample", of(change.sample));
    if (table.find("within") != nullptr) table.set("within", of(absolute(change.where.front().within)));
    if (change.add) table.find("add")->table()->set("file", of(absolute(change.add->file)));
    Value* where = table.find("where");
    if (where != nullptr && where->table()->find("within") != nullptr) where->table()->set("within", of(absolute(change.where.front().within)));
    return of(std::move(table));
}

Value resolved_observations(const Table& written, const ObservationSettings& settings, const std::string& zone) {
    Table table = written;
    const auto absolute_all = [](const std::vector<std::string>& files) {
        std::vector<std::string> all;
        for (const auto& file : files) all.push_back(absolute(file));
        return texts(all);
    };
    table.set("name", of(settings.name));
    table.set("file", absolute_all(settings.files));
    table.set("map", of(absolute(settings.map)));
    table.set("period", duration_text(settings.period));
    table.set("lateness", duration_text(settings.allowed_lateness()));
    if (settings.origin) table.set("origin", local_time(*settings.origin, zone));
    if (!settings.quality.history.empty()) table.find("quality")->table()->set("history", absolute_all(settings.quality.history));
    return of(std::move(table));
}

Table resolved_record(const RecordDescription& record) {
    Table table;
    table.set("fields", texts(record.fields));
    table.set("streams", texts(record.streams));
    table.set("interval", duration_text(record.interval));
    Table digits;
    for (const auto& [field, step] : record.digits) digits.set(field, of(step));
    if (!digits.empty()) table.set("digits", of(std::move(digits)));
    return table;
}

}  // namespace

std::string Scenario::resolved_toml(const std::vector<const ModuleParameters*>& module_parameters) const {
    Table root;
    root.set("name", of(name));
    if (!description.empty()) root.set("description", of(description));
    root.set("city", of(absolute(city)));
    root.set("start", local_time(start, zone));
    root.set("end", local_time(end, zone));
    root.set("zone", of(zone));
    root.set("seed", of(static_cast<std::int64_t>(seed)));
    if (tick) root.set("tick", duration_text(*tick));
    Table tables;
    for (const auto& module : modules) tables.set(module.name, of(module.values));
    for (const auto* parameters : module_parameters) tables.set(parameters->module(), of(parameters->resolved()));
    if (!tables.empty()) root.set("modules", of(std::move(tables)));
    Table checkpoint_table;
    checkpoint_table.set("every", duration_text(checkpoint.every));
    checkpoint_table.set("keep", of(static_cast<std::int64_t>(checkpoint.keep)));
    root.set("checkpoint", of(std::move(checkpoint_table)));
    root.set("record", of(resolved_record(record)));
    if (!observations.empty()) {
        List list;
        const Value* written = document_.root.table()->find("observations");
        for (std::size_t i = 0; i < observations.size(); ++i) list.push_back(resolved_observations(*(*written->list())[i].table(), observations[i], zone));
        root.set("observations", of(std::move(list)));
    }
    if (!changes.empty()) {
        List list;
        const Value* written = document_.root.table()->find("change");
        for (std::size_t i = 0; i < changes.size(); ++i) list.push_back(resolved_change(*(*written->list())[i].table(), changes[i], zone));
        root.set("change", of(std::move(list)));
    }
    if (!phases.empty()) {
        List list;
        const Value* written = document_.root.table()->find("phase");
        for (std::size_t i = 0; i < phases.size(); ++i) {
            Table table = *(*written->list())[i].table();
            table.set("start", local_time(phases[i].start, zone));
            list.push_back(of(std::move(table)));
        }
        root.set("phase", of(std::move(list)));
    }
    return "# Everything that the run used; it runs by itself: citytwin run scenario.resolved.toml\n" + to_toml(root);
}

}  // namespace citytwin
