#pragma once
// What a module declares, found by letting it declare: it is built once on a tiny generated city and thrown away.
#include <string>
#include <vector>

#include "core/exchange/access.hpp"
#include "core/module/parameters.hpp"
#include "core/module/registry.hpp"

namespace citytwin {

struct ModuleDescription {
    std::string name, version;
    Microseconds period = 0;
    std::vector<ParameterInfo> parameters;
    std::vector<Access> accesses;
    std::vector<std::pair<std::string, std::pair<std::string, std::string>>> attributes;  ///< set, (name, unit): what changes may set
    std::vector<std::string> sends, receives;
    std::vector<std::string> nudged;   ///< fields that measurements may correct
    std::string incomplete;   ///< why the module couldn't declare everything on the tiny city; "" = it did
};

/// In name order. Never throws for what a module does: `incomplete` says it.
std::vector<ModuleDescription> describe_modules(const std::vector<const ModuleFactory*>& factories, Arena& arena);
std::vector<const ModuleFactory*> all_modules();

}  // namespace citytwin
