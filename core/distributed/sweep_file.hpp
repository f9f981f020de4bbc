#pragma once
// A sweep file (interfaces.md section 3): which runs there are. The points are all combinations of the axes' values; every point is
// run with the same seeds, so that points may be compared pair by pair. Runs are numbered from 1, replications innermost; which run
// has which number follows from the file alone.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/scenario/document.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

/// One value of an axis: what it changes in the scenario, and how it is called in tables.
struct SweepChoice {
    std::vector<std::pair<std::string, std::string>> labels;   ///< column, text
    std::vector<std::pair<std::string, Value>> settings;       ///< dotted path, value
    std::optional<std::vector<std::string>> changes;           ///< names chosen; nothing = the choice doesn't speak of changes
    std::string scenario;                                      ///< "" = the sweep's own
};

struct SweepAxis {
    std::vector<SweepChoice> choices;
    bool is_drawn = false;      ///< Latin hypercube or random: walked together with the other drawn axes, not combined with them
    SourcePlace place;
};

/// One run of the sweep.
struct SweepRun {
    std::size_t number = 0;       ///< from 1
    std::size_t point = 0;        ///< from 1
    std::size_t replication = 0;  ///< from 1
    std::uint64_t seed = 0;
    std::string scenario;
    std::vector<std::pair<std::string, std::string>> labels;   ///< in the order of the axes
    std::vector<std::pair<std::string, Value>> settings;
    std::vector<std::string> changes;                          ///< of those that axes and points choose from
};

class Sweep {
public:
    static constexpr std::size_t max_runs = 1'000'000;
    /// Throws InputError with up to 20 errors: CT-SWEEP-0xx, and those of reading TOML.
    static Sweep load(const std::string& path);

    std::string file, name, description, scenario;
    std::size_t replications = 1;
    std::uint64_t seed = 1;
    std::optional<std::string> until;
    std::vector<SweepAxis> axes;
    std::vector<Value> changes;               ///< the file's own [[change]] tables
    std::vector<std::string> chosen_names;    ///< names of changes that an axis or a point chooses from, sorted

    [[nodiscard]] std::size_t points() const;
    [[nodiscard]] std::size_t size() const { return points() * replications; }
    /// `number` from 1 to size().
    [[nodiscard]] SweepRun run(std::size_t number) const;
    /// Overrides of the run's scenario: its seed, its settings and its choice of changes.
    [[nodiscard]] ScenarioOptions options_of(const SweepRun& run) const;
    /// Columns of the points' values, in the order of the axes.
    [[nodiscard]] std::vector<std::string> columns() const;
    /// SHA-256 of what the sweep file and its scenarios say: another one isn't the same sweep.
    [[nodiscard]] const std::string& hash() const { return hash_; }

private:
    friend class SweepReader;
    std::string hash_;
};

/// JSON Schema 2020-12 of a sweep file.
std::string sweep_schema();

}  // namespace citytwin
