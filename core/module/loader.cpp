#include "core/module/loader.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/module/abi.hpp"
#include "core/module/registry.hpp"

namespace citytwin {
namespace {

constexpr std::string_view note_mark = "CITYTWIN_ABI=";

std::string fingerprint_in(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("CT-PLUGIN-001", {path}, "the plug-in isn't there or can't be read", "check the path given to --module");
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto at = bytes.find(note_mark);
    if (at == std::string::npos) {
        fail("CT-PLUGIN-002", {path}, "the file holds no citytwin module", "build it against the installed package and use CITYTWIN_MODULE");
    }
    const auto begin = at + note_mark.size();
    return bytes.substr(begin, bytes.find('\0', begin) - begin);
}

}  // namespace

std::vector<std::string> load_plugin(const std::string& path) {
    const std::string fingerprint = fingerprint_in(path);
    if (fingerprint != CITYTWIN_ABI) {
        fail("CT-PLUGIN-003", {path}, fmt::format("the plug-in was built for '{}', this program is '{}'", fingerprint, CITYTWIN_ABI),
             "rebuild the plug-in with this compiler against this citytwin");
    }
    const std::vector<std::string> before = Registry::process().module_names();
    const std::string absolute = std::filesystem::absolute(path).string();
    if (dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
        fail("CT-PLUGIN-004", {path}, fmt::format("the plug-in can't be loaded: {}", dlerror()), "rebuild it against this citytwin");
    }
    std::vector<std::string> added;
    for (const auto& name : Registry::process().module_names()) {
        if (std::find(before.begin(), before.end(), name) == before.end()) added.push_back(name);
    }
    return added;
}

std::vector<std::string> load_plugins_from_environment() {
    std::vector<std::string> added;
    const char* folders = std::getenv("CITYTWIN_MODULE_PATH");
    if (folders == nullptr) return added;
    for (std::string_view folder : split(folders, ':')) {
        if (folder.empty() || !std::filesystem::is_directory(folder)) continue;
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() == ".so") files.push_back(entry.path().string());
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            for (auto& name : load_plugin(file)) added.push_back(std::move(name));
        }
    }
    return added;
}

}  // namespace citytwin
