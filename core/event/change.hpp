#pragma once
// An intervention that is ready to be applied: which rows of which set get which attribute values, and when.
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

enum class ChangeOperation { set, add, multiply };
enum class Comparison { less, less_equal, greater, greater_equal, equal, not_equal };

struct Assignment {
    std::string attribute;
    ChangeOperation operation = ChangeOperation::set;
    double value = 0;
    std::optional<std::string> text;   ///< for text attributes (a signal's program); always absolute
};

/// What an assignment makes of a value.
inline double applied(double value, const Assignment& assignment) {
    switch (assignment.operation) {
        case ChangeOperation::add: return value + assignment.value;
        case ChangeOperation::multiply: return value * assignment.value;
        default: return assignment.value;
    }
}

/// "power_bus.voltage < 0.9": true while any entity of the set fulfils it.
struct Condition {
    std::string set, field;
    Comparison comparison = Comparison::less;
    double limit = 0;
    Microseconds hold = 0;             ///< it must hold this long before the change starts
};

struct Change {
    std::string name;
    Microseconds at = 0;               ///< ignored when there is a condition
    std::optional<Microseconds> until;
    std::optional<Condition> when;
    std::string set;
    std::vector<Index> rows;
    std::vector<Assignment> assignments;
};

}  // namespace citytwin
