#pragma once
// A scenario file, read, merged with its bases and overrides, checked, and in the engine's terms (interfaces.md section 3).
// What this version doesn't build (groups) is refused by name, never ignored.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/replay/observation_settings.hpp"
#include "core/scenario/document.hpp"
#include "core/scenario/module_parameters.hpp"
#include "core/scenario/phases.hpp"
#include "core/scenario/predicate.hpp"

namespace citytwin {

/// One attribute of `set = {…}`: absolute ("30 km/h", 2, true, a text) or relative ("+1", "-1", "*1.1").
struct AttributeSetting {
    std::string attribute;
    ChangeOperation operation = ChangeOperation::set;
    std::variant<double, bool, std::string> value;  ///< a text may be a quantity: what it is depends on the attribute
    SourcePlace place;

    /// For an attribute with numbers, in its unit. Throws InputError CT-SCENARIO-036: no unit, another quantity, not a number.
    [[nodiscard]] double number_in(std::string_view unit) const;
};

/// Which entities of one set.
struct Selection {
    std::string set;               ///< "" = the one set that has the attributes of `set = {…}` (and the ids)
    std::string expression;        ///< SQL WHERE, "" = all
    std::vector<std::string> ids;  ///< empty = not by id
    std::string within;            ///< a file with polygons, "" = everywhere
    SourcePlace place;
};

/// `add = {…}`: entities that are loaded at the start, inactive until the change begins.
struct Addition {
    std::string set, file, layer, connect, like;
    SourcePlace place;
};

struct ChangeDescription {
    std::string name;
    std::optional<UtcMicroseconds> at, until;  ///< without `at` and `when`: from the start
    std::optional<WhenCondition> when;
    Microseconds hold = 0;
    std::vector<Selection> where;
    double sample = 1;
    std::vector<AttributeSetting> set;
    std::optional<Addition> add;
    bool remove = false;
    SourcePlace place;
};

struct RecordDescription {
    std::vector<std::string> fields;  ///< "road_link.flow", "road_link.*"
    std::vector<SourcePlace> field_places;
    Microseconds interval = 15 * minute;
    std::vector<std::pair<std::string, double>> digits;  ///< field → rounding, in the field's SI unit
    std::vector<std::string> streams;
    std::vector<SourcePlace> stream_places;
    SourcePlace place;
};

struct CheckpointDescription {
    Microseconds every = 15 * minute;
    int keep = 2;
};

/// One of `days`: a local day that stands for `weight` days.
struct RepresentativeDay {
    UtcMicroseconds begin = 0, end = 0;   ///< its midnights
    std::string date;                     ///< "2025-06-03"
    double weight = 1;
};

struct ModuleTable {
    std::string name;
    Table values;
    SourcePlace place;
};

struct ScenarioOptions {
    std::vector<std::string> set;               ///< --set key=value
    std::optional<std::uint64_t> seed;          ///< --seed
    std::optional<std::string> until;           ///< --until: a time, or a duration from the start ("6 h")
    std::function<void(Value& root)> edit;      ///< laid on top of all, before anything is read: the settings of a sweep's run
};

class Scenario {
public:
    /// Throws InputError with up to 20 errors. Warnings are in `warnings`.
    static Scenario load(const std::string& path, const ScenarioOptions& options = {});

    std::string file;                ///< as named on the command line
    std::vector<std::string> files;  ///< the file and its bases: inputs of the run
    std::string name, description;
    std::string city;                ///< path of city.toml, .h5, .osm.pbf, .osm, .osm.gz, .net.xml
    SourcePlace city_place;
    UtcMicroseconds start = 0, end = 0;
    std::string zone = "Etc/UTC";
    std::uint64_t seed = 1;
    std::optional<Microseconds> tick;
    std::vector<RepresentativeDay> days;       ///< empty = the whole period is run
    std::vector<ModuleTable> modules;          ///< sorted by name
    CheckpointDescription checkpoint;
    RecordDescription record;
    std::vector<ObservationSettings> observations;
    std::vector<ChangeDescription> changes;    ///< in file order, the base's first
    std::vector<Phase> phases;                 ///< in the order of their starts; their changes begin with them
    std::vector<Diagnostic> warnings;

    [[nodiscard]] Microseconds duration() const { return end - start; }
    [[nodiscard]] Calendar calendar() const { return Calendar(start, zone); }
    /// Parameters of a module; all defaults where the scenario has no table for it.
    [[nodiscard]] ModuleParameters parameters(const std::string& module) const;
    /// scenario.resolved.toml: one file without base, times absolute with offset, paths absolute, keys in a fixed order. With the
    /// modules' parameters after their set-up it holds every value that the run used, defaults included.
    [[nodiscard]] std::string resolved_toml(const std::vector<const ModuleParameters*>& modules = {}) const;
    /// SHA-256 of what the files say once merged and overridden. Paths count as they are written, so that the same
    /// scenario in another folder has the same hash; what is in the files is inputs.lock's to say.
    [[nodiscard]] const std::string& hash() const { return hash_; }
    /// The merged document, for `plan` and `sweep`.
    [[nodiscard]] const Value& document() const { return document_.root; }
    /// Paths of keys in which this scenario differs from its base ("modules.traffic.period"); empty without a base.
    [[nodiscard]] const std::vector<std::string>& differences() const { return differences_; }

private:
    friend class ScenarioReader;
    Document document_;
    std::vector<std::string> differences_;
    std::string hash_;
};

}  // namespace citytwin
