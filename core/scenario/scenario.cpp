#include "core/scenario/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/scenario/change_reader.hpp"
#include "core/scenario/observations_reader.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {

/// Fills a scenario from its merged document; every error is collected, so that a user sees them together.
class ScenarioReader {
public:
    ScenarioReader(Scenario& scenario, Table& root, DiagnosticList& errors) : scenario_(scenario), root_(root), errors_(errors) {}

    void read(const std::optional<std::string>& until) {
        refuse_what_is_not_built();
        TableReader top(root_, scenario_.document_.root.place, "the scenario", keys::scenario, errors_);
        scenario_.name = top.text("name").value_or("");
        scenario_.description = top.text("description").value_or("");
        read_city(top);
        read_time(top, until);
        read_seed(top);
        read_days(top);
        scenario_.tick = top.duration("tick");
        read_modules(top);
        read_checkpoint(top);
        read_record(top);
        for (const Value* table : top.tables("observations")) scenario_.observations.push_back(read_observation_settings(*table, zone_, scenario_.observations, errors_));
        for (const Value* change : top.tables("change")) {
            scenario_.changes.push_back(read_change(*change, zone_, scenario_.changes, errors_));
        }
        for (const Value* table : top.tables("phase")) scenario_.phases.push_back(read_phase(*table, zone_, scenario_.phases, errors_));
        if (errors_.has_errors()) return;
        begin_changes_of_phases();
        if (errors_.has_errors()) return;
        warn_of_changes_outside();
    }

private:
    // Named before the reader sees them as unknown keys.
    void refuse_what_is_not_built() {
        for (const auto& refused : keys::not_built_in_scenario) {
            const Value* value = root_.find(refused.key);
            if (value == nullptr) continue;
            errors_.error(refused.code, place_of_key(refused.key), refused.what, "take it out; nothing of a scenario is ever ignored");
            root_.erase(refused.key);
        }
    }

    [[nodiscard]] SourcePlace place_of_key(std::string_view key) const {
        for (const auto& entry : root_.entries()) {
            if (entry.key == key) return entry.key_place.line != 0 ? entry.key_place : entry.value.place;
        }
        return {};
    }

    void read_city(TableReader& top) {
        scenario_.city = top.path("city").value_or("");
        scenario_.city_place = top.place_of("city");
        std::error_code ignored;
        if (!scenario_.city.empty() && !std::filesystem::exists(scenario_.city, ignored)) {
            top.error("CT-SCENARIO-016", "city", fmt::format("the city '{}' isn't there", scenario_.city), "relative paths start at the file that names them");
        }
    }

    void read_time(TableReader& top, const std::optional<std::string>& until) {
        zone_ = top.text("zone").value_or("");
        if (top.has("zone")) {
            try {
                require_zone(zone_);
                scenario_.zone = zone_;
            } catch (const InputError& error) {
                const auto& first = error.diagnostics().front();
                top.error("CT-SCENARIO-014", "zone", first.message, first.hint);
                zone_ = "Etc/UTC";  // so that each time isn't refused for the same reason
            }
        }
        const auto start = top.time("start", zone_);
        auto end = top.time("end", zone_);
        if (start && until) end = until_time(*start, *until);
        if (!start || !end) return;
        scenario_.start = *start;
        scenario_.end = *end;
        if (*end <= *start) {
            top.error("CT-SCENARIO-017", "end", fmt::format("the end {} isn't after the start {}", format_utc(*end), format_utc(*start)));
        } else {
            check_calendar(top);
        }
    }

    void check_calendar(TableReader& top) {
        try {
            (void)Calendar(scenario_.end, scenario_.zone);
        } catch (const InputError& error) {
            top.error("CT-SCENARIO-014", "end", error.diagnostics().front().message, error.diagnostics().front().hint);
        }
    }

    std::optional<UtcMicroseconds> until_time(UtcMicroseconds start, const std::string& until) {
        const SourcePlace place{"--until " + until};
        Value value;
        value.data = until;
        value.place = place;
        UtcMicroseconds end = 0;
        try {
            const bool is_date = until.size() >= 8 && until[4] == '-';
            end = is_date ? time_of(value, "--until", zone_) : start + from_seconds(quantity_of(value, "--until", "s"));
        } catch (const InputError& error) {
            const auto& first = error.diagnostics().front();
            errors_.error(first.code, place, first.message, "write a time (2025-06-03T12:00:00) or a duration from the start (\"6 h\")");
            return std::nullopt;
        }
        Value absolute;
        absolute.data = ParsedTime{civil_of_utc(end), 0};
        absolute.place = place;
        root_.set("end", std::move(absolute), place);
        return end;
    }

    void read_days(TableReader& top) {
        for (const Value* value : top.tables("days")) {
            TableReader reader(*value->table(), value->place, "days", keys::day, errors_);
            const auto begin = reader.time("date", zone_);
            const double weight = reader.number("weight").value_or(1);
            if (weight <= 0) reader.error("CT-SCENARIO-020", "weight", fmt::format("'weight' is {}, expected more than 0", weight));
            if (!begin || scenario_.end == 0) continue;
            const std::string date = format_local(*begin, scenario_.zone).substr(0, 10);
            if (format_local(*begin, scenario_.zone).substr(11, 8) != "00:00:00") reader.error("CT-SCENARIO-020", "date", "'date' has a time of day: days are run from midnight to midnight", "write the date alone");
            // the next midnight is 23 to 25 hours away
            const UtcMicroseconds next = parse_time(format_local(*begin + 36 * hour, scenario_.zone).substr(0, 10) + "T00:00:00", scenario_.zone);
            if (*begin < scenario_.start || next > scenario_.end) reader.error("CT-SCENARIO-020", "date", fmt::format("the day {} isn't wholly between start and end", date));
            for (const auto& day : scenario_.days) {
                if (day.date == date) reader.error("CT-SCENARIO-020", "date", fmt::format("the day {} stands twice", date), "add the weights");
            }
            scenario_.days.push_back({*begin, next, date, weight});
        }
    }

    void read_seed(TableReader& top) {
        const auto seed = top.integer("seed");
        if (seed && *seed < 0) top.error("CT-SCENARIO-015", "seed", fmt::format("the seed is {}, expected 0 or more", *seed));
        if (seed && *seed >= 0) scenario_.seed = static_cast<std::uint64_t>(*seed);
    }

    void read_modules(TableReader& top) {
        const Table* modules = top.table("modules");
        if (modules == nullptr) return;
        for (const auto& entry : modules->entries()) {
            if (const Table* values = entry.value.table()) {
                scenario_.modules.push_back({entry.key, *values, entry.key_place.line != 0 ? entry.key_place : entry.value.place});
            } else {
                errors_.error("CT-SCENARIO-012", entry.value.place, fmt::format("'modules.{}' is {}, expected a table", entry.key, entry.value.kind()),
                              fmt::format("write [modules.{}]", entry.key));
            }
        }
        std::sort(scenario_.modules.begin(), scenario_.modules.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    }

    void read_checkpoint(TableReader& top) {
        const Table* table = top.table("checkpoint");
        if (table == nullptr) return;
        TableReader reader(*table, top.place_of("checkpoint"), "[checkpoint]", keys::checkpoint, errors_);
        scenario_.checkpoint.every = reader.duration("every").value_or(scenario_.checkpoint.every);
        const auto keep = reader.integer("keep").value_or(scenario_.checkpoint.keep);
        if (keep < 2 || keep > 1'000'000) {
            reader.error("CT-SCENARIO-015", "keep", fmt::format("'keep' is {}, expected 2 or more", keep), "the one before the newest is needed should the newest be damaged");
        } else {
            scenario_.checkpoint.keep = static_cast<int>(keep);
        }
    }

    void read_record(TableReader& top) {
        const Table* table = top.table("record");
        if (table == nullptr) return;
        TableReader reader(*table, top.place_of("record"), "[record]", keys::record, errors_);
        RecordDescription& record = scenario_.record;
        record.place = reader.place();
        record.interval = reader.duration("interval").value_or(record.interval);
        record.fields = reader.texts("fields");
        record.streams = reader.texts("streams");
        record.field_places = element_places(reader.find("fields"));
        record.stream_places = element_places(reader.find("streams"));
        for (std::size_t i = 0; i < record.fields.size(); ++i) check_field_name(record.fields[i], record.field_places[i]);
        const Table* digits = reader.table("digits");
        if (digits == nullptr) return;
        for (const auto& entry : digits->entries()) read_digits(entry);
    }

    void read_digits(const Table::Entry& entry) {
        check_field_name(entry.key, entry.key_place);
        try {
            const double step = number_of(entry.value, entry.key);
            if (step <= 0) fail("CT-SCENARIO-015", entry.value.place, fmt::format("the rounding of '{}' is {}, expected more than 0", entry.key, step));
            scenario_.record.digits.emplace_back(entry.key, step);
        } catch (const InputError& error) {
            errors_.add(error.diagnostics().front());
        }
    }

    void check_field_name(const std::string& name, const SourcePlace& place) {
        const auto parts = split(name, '.');
        if (parts.size() == 2 && !parts[0].empty() && !parts[1].empty()) return;
        errors_.error("CT-SCENARIO-018", place, fmt::format("'{}' is not a field's name", name), "write set.field, such as \"road_link.flow\"");
    }

    static std::vector<SourcePlace> element_places(const Value* value) {
        std::vector<SourcePlace> places;
        if (value == nullptr) return places;
        if (value->list() == nullptr) return {value->place};
        for (const auto& element : *value->list()) places.push_back(element.place);
        return places;
    }

    void begin_changes_of_phases() {
        for (const auto& phase : scenario_.phases) {
            for (const auto& name : phase.changes) {
                const auto change = std::find_if(scenario_.changes.begin(), scenario_.changes.end(), [&](const auto& one) { return one.name == name; });
                if (change == scenario_.changes.end()) {
                    std::vector<std::string> known;
                    for (const auto& one : scenario_.changes) known.push_back(one.name);
                    errors_.error("CT-SCENARIO-022", phase.place, fmt::format("the phase '{}' begins the change '{}', which isn't there", phase.name, name), suggestion(name, known));
                } else if (change->at || change->when) {
                    errors_.error("CT-SCENARIO-022", change->place, fmt::format("the change '{}' belongs to the phase '{}' and has a begin of its own", name, phase.name), "take out its 'at' or 'when'");
                } else {
                    change->at = phase.start;
                }
            }
        }
    }

    void warn_of_changes_outside() {
        for (const auto& change : scenario_.changes) {
            if (change.at && *change.at >= scenario_.end) {
                warn("CT-SCENARIO-033", change, "begins at or after the run's end: it never happens");
            } else if (change.at && *change.at < scenario_.start) {
                warn("CT-SCENARIO-034", change, "begins before the run's start: it holds from the start");
            }
            if (change.until && *change.until <= scenario_.start) warn("CT-SCENARIO-035", change, "ends before the run's start: it never happens");
        }
    }

    void warn(const char* code, const ChangeDescription& change, const std::string& what) {
        scenario_.warnings.push_back({Severity::warning, code, change.place, fmt::format("the change '{}' {}", change.name, what), {}});
    }

    Scenario& scenario_;
    Table& root_;
    DiagnosticList& errors_;
    std::string zone_;
};

Scenario Scenario::load(const std::string& path, const ScenarioOptions& options) {
    Scenario scenario;
    scenario.file = path;
    scenario.document_ = load_document(path);
    scenario.files = scenario.document_.files;
    scenario.differences_ = scenario.document_.own;
    Value& root = scenario.document_.root;
    for (const auto& assignment : options.set) {
        apply_override(root, assignment);
        scenario.differences_.push_back(std::string(trimmed(assignment.substr(0, assignment.find('=')))));
    }
    if (options.seed) apply_override(root, fmt::format("seed={}", *options.seed));
    if (options.edit) options.edit(root);
    DiagnosticList errors;
    ScenarioReader(scenario, *root.table(), errors).read(options.until);
    errors.throw_if_errors();
    std::sort(scenario.differences_.begin(), scenario.differences_.end());
    scenario.differences_.erase(std::unique(scenario.differences_.begin(), scenario.differences_.end()), scenario.differences_.end());
    scenario.hash_ = sha256_hex(to_toml(*root.table()));
    return scenario;
}

ModuleParameters Scenario::parameters(const std::string& module) const {
    for (const auto& table : modules) {
        if (table.name == module) return {module, table.values, table.place};
    }
    return {module, Table{}, {file}};
}

}  // namespace citytwin
