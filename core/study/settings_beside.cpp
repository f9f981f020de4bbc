#include "core/study/settings_beside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/output/run_folder.hpp"
#include "core/scenario/document.hpp"

namespace citytwin {
namespace {

void leaves(const Table& table, const std::string& prefix, std::map<std::string, std::string>& all) {
    for (const auto& entry : table.entries()) {
        const std::string path = prefix.empty() ? entry.key : prefix + "." + entry.key;
        if (const Table* below = entry.value.table()) leaves(*below, path, all);
        else all[path] = to_toml_value(entry.value);
    }
}

/// What makes a run's figures, beside its changes.
std::map<std::string, std::string> settings_of(const std::string& folder) {
    std::map<std::string, std::string> all;
    const std::string file = folder + "/scenario.resolved.toml";
    if (!std::filesystem::exists(file)) return all;
    leaves(*read_toml_file(file).table(), "", all);
    std::erase_if(all, [](const auto& one) { return !one.first.starts_with("modules.") && one.first != "tick"; });
    return all;
}

std::map<std::string, std::string> files_of_modules(const std::string& folder) {
    std::map<std::string, std::string> all;
    if (!std::filesystem::exists(folder + "/inputs.lock")) return all;
    for (const auto& input : read_inputs(folder)) {
        if (input.role.starts_with("module ")) all[input.path] = input.sha256;
    }
    return all;
}

}  // namespace

std::vector<std::string> settings_beside_changes(const std::string& base_folder, const std::string& run_folder) {
    std::vector<std::string> sentences;
    const auto base = settings_of(base_folder), run = settings_of(run_folder);
    if (base.empty() || run.empty()) return sentences;
    const auto value = [](const std::map<std::string, std::string>& side, const std::string& key) {
        const auto found = side.find(key);
        return found == side.end() ? std::string("not there") : found->second;
    };
    for (const auto& [key, text] : run) {
        if (value(base, key) != text) sentences.push_back(fmt::format("{} is {} (base: {})", key, text, value(base, key)));
    }
    for (const auto& [key, text] : base) {
        if (!run.contains(key)) sentences.push_back(fmt::format("{} is not there (base: {})", key, text));
    }
    const auto base_files = files_of_modules(base_folder);
    for (const auto& [path, hash] : files_of_modules(run_folder)) {
        const auto found = base_files.find(path);
        if (found != base_files.end() && found->second != hash) sentences.push_back(fmt::format("{} has another content", path));
    }
    return sentences;
}

}  // namespace citytwin
