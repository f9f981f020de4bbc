#pragma once
// JSON as it goes to files: keys in the order they were set, numbers that read back to the same bits, bytes that aren't UTF-8
// replaced rather than refused. Included by .cpp files of core/output and core/study only.
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"

namespace citytwin {

using Json = nlohmann::ordered_json;

inline std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }
inline std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

/// Reads a JSON file. Throws InputError `code` with the file when it isn't there or isn't JSON.
inline Json read_json(const std::string& path, const std::string& code) {
    const std::string text = read_file(path);
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) fail(code, {path}, "the file isn't valid JSON", "it was cut or edited; run again");
    return json;
}

}  // namespace citytwin
