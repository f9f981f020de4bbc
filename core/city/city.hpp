#pragma once
// A city: named entity sets, one projected metric CRS, and where everything came from.
// Shared read-only by every engine of a process.
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/entity_set.hpp"

namespace citytwin {

struct CitySource {
    std::string path, sha256;
    std::uint64_t size = 0;
};

/// One line of the import report: what was read, defaulted, repaired or dropped, and how often.
struct ImportIssue {
    std::string code;
    std::string grade;                 ///< "error", "warning", "note"
    std::string cause;                 ///< short key, e.g. "lanes_from_default"
    std::string action;                ///< "defaulted", "repaired", "dropped", "read"
    std::uint64_t count = 0;
    double length_m = 0;               ///< affected length where that has a meaning
    double share = 0;                  ///< count / all that could have been affected
    std::vector<std::string> examples; ///< up to 5 source ids with coordinates
    std::string hint;
};

class City {
public:
    std::string name;
    std::string crs;                     ///< "EPSG:31982" or WKT2; empty = none (a .net.xml with projParameter "!")
    double origin_x = 0, origin_y = 0;   ///< projected = local + origin
    std::vector<CitySource> sources;
    std::vector<ImportIssue> issues;
    /// What was warned of while it was made: a run that takes the city from its cache warns of the same.
    std::vector<Diagnostic> warnings;
    /// Figures of the import in the words of `city info --json` ("network", "population", …), as JSON text.
    std::string info_json = "{}";
    /// Everything beside the sources that shaped the import (defaults, options, overrides), as text; hashed in the cached city.
    std::string import_settings;

    [[nodiscard]] EntitySet* find(std::string_view set);
    [[nodiscard]] const EntitySet* find(std::string_view set) const;
    /// Throws std::logic_error naming the set when it is missing.
    [[nodiscard]] const EntitySet& at(std::string_view set) const;
    /// The set, made empty with `size` rows if it wasn't there.
    EntitySet& add_set(std::string_view set, std::size_t size);
    [[nodiscard]] const std::deque<EntitySet>& sets() const { return sets_; }
    [[nodiscard]] std::deque<EntitySet>& sets() { return sets_; }

private:
    std::deque<EntitySet> sets_;  // a deque: adding a set never moves the others
};

}  // namespace citytwin
