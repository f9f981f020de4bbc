#pragma once
// Changes as a scenario describes them, turned into rows and numbers of a loaded city, ready for the overlay (core/event).
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/event/change.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

/// What the binding must ask others: the registry for polygons, the modules for what isn't a column of the city.
struct ChangeServices {
    /// Rows of the set within the polygons of a file; without it `within` is refused by name.
    std::function<std::vector<Index>(const City&, const EntitySet&, const std::string& file)> within;
    /// Unit of a field, for the limit of `when`; nothing = no such field.
    std::function<std::optional<std::string>(const std::string& set, const std::string& field)> field_unit;
    /// Attributes of a set that modules declared beside the city's columns: (name, unit).
    std::function<std::vector<std::pair<std::string, std::string>>(const std::string& set)> attributes;
};

/// One Change per selected set, in file order. Throws InputError with all errors; selections without a row are warnings
/// CT-SCENARIO-047 in `warnings`.
std::vector<Change> bind_changes(const Scenario& scenario, const City& city, const ChangeServices& services,
                                 std::vector<Diagnostic>& warnings);

}  // namespace citytwin
