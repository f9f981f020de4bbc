#include "core/scenario/observations_reader.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/base/text.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {
namespace {

class ObservationsReader {
public:
    ObservationsReader(const Value& value, const std::string& zone, DiagnosticList& errors)
        : zone_(zone), errors_(errors), reader_(*value.table(), value.place, "[[observations]]", keys::observations, errors) {
        settings_.place = value.place;
    }

    ObservationSettings read(const std::vector<ObservationSettings>& before) {
        settings_.files = reader_.paths("file");
        settings_.map = reader_.path("map").value_or("");
        for (const auto& file : settings_.files) require_file(reader_, "file", file);
        if (!settings_.map.empty()) require_file(reader_, "map", settings_.map);
        settings_.name = reader_.text("name").value_or(settings_.files.empty() ? "" : std::filesystem::path(settings_.files.front()).filename().string());
        for (const auto& other : before) {
            if (other.name == settings_.name) reader_.error("CT-SCENARIO-021", reader_.has("name") ? "name" : "file", fmt::format("the observations '{}' are named twice, first at {}:{}", settings_.name, other.place.file, other.place.line), "give each table a name of its own");
        }
        read_times();
        read_use();
        read_columns();
        read_quality();
        return std::move(settings_);
    }

private:
    static void require_file(TableReader& reader, const char* key, const std::string& file) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(file, ignored)) return;
        reader.error("CT-SCENARIO-016", key, fmt::format("the file '{}' isn't there", file), "relative paths start at the file that names them");
    }

    template <class T>
    T one_of(const char* key, T fallback, std::initializer_list<std::pair<const char*, T>> choices) {
        const auto word = reader_.text(key);
        if (!word) return fallback;
        std::vector<std::string> known;
        for (const auto& [name, choice] : choices) {
            if (*word == name) return choice;
            known.emplace_back(name);
        }
        reader_.error("CT-SCENARIO-015", key, fmt::format("'{}' is \"{}\"", key, *word), suggestion(*word, known));
        return fallback;
    }

    void read_times() {
        settings_.zone = reader_.text("zone").value_or("");
        if (!settings_.zone.empty()) {
            try {
                require_zone(settings_.zone);
            } catch (const InputError& error) {
                reader_.error("CT-SCENARIO-014", "zone", error.diagnostics().front().message, error.diagnostics().front().hint);
            }
        }
        settings_.origin = reader_.time("origin", settings_.zone.empty() ? zone_ : settings_.zone);
        settings_.period = reader_.duration("period").value_or(settings_.period);
        if (reader_.has("lateness")) settings_.lateness = reader_.duration("lateness");
        settings_.stamped_at_end = one_of("stamp", false, {{"begin", false}, {"end", true}});
    }

    void read_use() {
        settings_.use = one_of("use", ObservationUse::score, {{"score", ObservationUse::score}, {"force", ObservationUse::force}, {"assimilate", ObservationUse::assimilate}});
        settings_.gap = one_of("gap", GapPolicy::refuse, {{"refuse", GapPolicy::refuse}, {"hold", GapPolicy::hold}, {"profile", GapPolicy::profile}, {"model", GapPolicy::model}});
        settings_.max_age = reader_.duration("max_age").value_or(0);
        settings_.gain = share("gain", settings_.gain, false);
        settings_.relaxation = reader_.duration("relaxation").value_or(settings_.relaxation);
        settings_.withhold = share("withhold", 0, true);
        if (settings_.gap == GapPolicy::hold && !reader_.has("max_age")) reader_.error("CT-SCENARIO-019", "gap", "gap = \"hold\" needs max_age: how old may a value become?", "such as max_age = \"30 min\"");
        if (settings_.gap != GapPolicy::hold && reader_.has("max_age")) reader_.error("CT-SCENARIO-019", "max_age", "max_age does something with gap = \"hold\" only", "add gap = \"hold\", or take it out");
        only_with(ObservationUse::force, "force", {"gap", "max_age"});
        only_with(ObservationUse::assimilate, "assimilate", {"gain", "relaxation", "withhold"});
    }

    void only_with(ObservationUse use, const char* name, std::initializer_list<const char*> these) {
        if (settings_.use == use) return;
        for (const char* key : these) {
            if (reader_.has(key)) reader_.error("CT-SCENARIO-019", key, fmt::format("'{}' does something with use = \"{}\" only", key, name), "take it out, or change the use");
        }
    }

    double share(const char* key, double fallback, bool may_be_zero) {
        const double value = reader_.number(key).value_or(fallback);
        if ((may_be_zero ? value >= 0 : value > 0) && value <= 1) return value;
        reader_.error("CT-SCENARIO-015", key, fmt::format("'{}' is {}, expected a share {} and up to 1", key, value, may_be_zero ? "from 0" : "above 0"));
        return fallback;
    }

    void read_columns() {
        settings_.decimal_comma = reader_.boolean("decimal_comma").value_or(false);
        const Table* table = reader_.table("columns");
        if (table == nullptr) return;
        TableReader columns(*table, reader_.place_of("columns"), "columns", keys::observation_columns, errors_);
        const auto name = [&](const char* key, std::string& into) { into = columns.text(key).value_or(into); };
        name("time", settings_.columns.time);
        name("received", settings_.columns.received);
        name("sensor", settings_.columns.sensor);
        name("value", settings_.columns.value);
        name("sequence", settings_.columns.sequence);
    }

    void read_quality() {
        const Table* table = reader_.table("quality");
        if (table == nullptr) return;
        TableReader reader(*table, reader_.place_of("quality"), "quality", keys::observation_quality, errors_);
        QualitySettings& quality = settings_.quality;
        quality.on = true;
        quality.history = reader.paths("history");
        for (const auto& file : quality.history) require_file(reader, "history", file);
        quality.above = reader.number("above");
        quality.below = reader.number("below");
        const auto stuck = reader.integer("stuck").value_or(0);
        if (stuck < 0 || stuck > 1'000'000) reader.error("CT-SCENARIO-015", "stuck", fmt::format("'stuck' is {}, expected a number of repeats", stuck));
        else quality.stuck_repeats = static_cast<int>(stuck);
        const auto positive = [&](const char* key) -> std::optional<double> {
            const auto value = reader.number(key);
            if (value && *value <= 0) reader.error("CT-SCENARIO-015", key, fmt::format("'{}' is {}, expected more than 0", key, *value));
            return value;
        };
        quality.spike = positive("spike");
        quality.drift = positive("drift");
        quality.unit_factor = positive("unit_factor");
        quality.unit_floor = reader.number("unit_floor").value_or(0);
        quality.repair = reader.boolean("repair").value_or(false);
        if (quality.above && quality.below && *quality.above >= *quality.below) reader.error("CT-SCENARIO-019", "above", fmt::format("no value lies above {} and below {}", *quality.above, *quality.below));
        const bool learns = quality.drift || quality.unit_factor || quality.repair;
        if (learns && quality.history.empty()) {
            reader.error("CT-SCENARIO-019", quality.drift ? "drift" : quality.unit_factor ? "unit_factor" : "repair", "this rule compares with what is usual, and no history says what that is", "add history = \"earlier_weeks.csv\"");
        }
    }

    const std::string& zone_;
    DiagnosticList& errors_;
    TableReader reader_;
    ObservationSettings settings_;
};

}  // namespace

ObservationSettings read_observation_settings(const Value& value, const std::string& zone, const std::vector<ObservationSettings>& before, DiagnosticList& errors) {
    return ObservationsReader(value, zone, errors).read(before);
}

}  // namespace citytwin
