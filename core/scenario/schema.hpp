#pragma once
// JSON Schema 2020-12 of the files a user writes, from the same lists of keys that the readers use.
#include <string>
#include <vector>

namespace citytwin {

struct ParameterSchema {
    std::string name;
    std::string kind;         ///< "quantity", "integer", "boolean", "text", "path", "texts", "paths", "quantities"
    std::string unit;         ///< of quantities
    std::string fallback;     ///< as a text, "" = none
    std::string description;
};

struct ModuleSchema {
    std::string name, description;
    std::vector<ParameterSchema> parameters;
};

/// With the modules that are loaded; further ones (plug-ins) are allowed.
std::string scenario_schema(const std::vector<ModuleSchema>& modules);
std::string city_schema();

}  // namespace citytwin
