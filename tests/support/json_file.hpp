#pragma once
// A JSON file that the program wrote.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace citytwin::testing {

inline nlohmann::json json_file(const std::string& path) {
    std::ifstream in(path);
    return nlohmann::json::parse(in);
}

}  // namespace citytwin::testing
