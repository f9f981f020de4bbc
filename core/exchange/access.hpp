#pragma once
// What a module declares about fields before a run: the only thing the schedule needs to know of it.
#include <optional>
#include <string>
#include <vector>

#include "core/time/clock.hpp"

namespace citytwin {

enum class AccessKind { reads, reads_previous, writes, accumulates };

/// How a slow reader sees a fast field over its own interval (architecture.md invariant 3).
/// A writer's interval belongs to the reader's interval in which it ends, so that nothing is counted twice.
enum class Aggregation { mean, sum, last, min, max };

/// How a fast reader sees a slow field: the last value, or the line through the last two known ones (one period late).
enum class Between { hold, interpolate };

struct Access {
    AccessKind kind = AccessKind::reads;
    std::string set, field, unit = "1";
    std::string mapping;                       ///< "building.power_connection": gathers (reads) or scatters (accumulates)
    std::optional<double> otherwise;           ///< a reader's default where nothing writes the field
    Aggregation aggregation = Aggregation::mean;
    Between between = Between::hold;
    double initial = 0;                        ///< a writer's value at the start
    Aggregation recorded_as = Aggregation::last;   ///< a writer's aggregation in results (CF cell_methods)
    std::string long_name;
    bool reference = false;                    ///< 32-bit references (dynamic sets only)

    [[nodiscard]] std::string name() const { return set + "." + field; }
};

struct ModuleAccess {
    std::string module;
    Microseconds period = second;
    std::vector<Access> accesses;
    std::vector<std::string> wakes_on;         ///< entity sets whose changes end the module's interval early
};

}  // namespace citytwin
