#pragma once
// The step's graph: an edge from the writer of a field to each module that reads this step's value of it.
// Topological order, ties by module name; modules of one level don't depend on each other and may run side by side.
#include <string>
#include <vector>

#include "core/exchange/access.hpp"

namespace citytwin {

struct StepGraph {
    /// Modules in the order of execution, level by level.
    std::vector<std::vector<std::string>> levels;

    /// Throws InputError CT-SCHEDULE-001 naming the modules and fields of a cycle and how to break it.
    static StepGraph build(const std::vector<ModuleAccess>& modules);
};

}  // namespace citytwin
