// GDAL and the some sixty libraries under it come into memory only when a GDAL format is read or written.
#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <mutex>

#include "core/base/diagnostic.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {
namespace {

constexpr const char* plugin_file = "libcitytwin_gdal.so";

/// Beside the library that this function lies in: the build folder or the install folder, never the working folder.
std::string plugin_path() {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&gdal_plugin), &here) == 0 || here.dli_fname == nullptr) return plugin_file;
    const auto folder = std::filesystem::absolute(here.dli_fname).parent_path();
    for (const char* place : {".", "citytwin", "../lib", "../lib/citytwin"}) {
        const auto candidate = folder / place / plugin_file;
        if (std::filesystem::exists(candidate)) return candidate.lexically_normal().string();
    }
    return (folder / plugin_file).string();
}

std::atomic<bool>& loaded_flag() {
    static std::atomic<bool> loaded{false};
    return loaded;
}

const GdalPlugin* load() {
    const std::string path = plugin_path();
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw RunError(ExitCode::run_failed, fmt::format("error[CT-VECTOR-001]: GeoPackage, FlatGeobuf, shapefile and GeoJSON need the "
                                                         "library '{}', which can't be loaded: {}", path, dlerror()));
    }
    using Entry = const GdalPlugin* (*)();
    const auto entry = reinterpret_cast<Entry>(dlsym(library, "citytwin_gdal_plugin"));
    const GdalPlugin* plugin = entry ? entry() : nullptr;
    if (plugin == nullptr || plugin->version != gdal_plugin_version) {
        throw RunError(ExitCode::run_failed, fmt::format("error[CT-VECTOR-001]: '{}' belongs to another build of citytwin; build it again", path));
    }
    loaded_flag() = true;
    return plugin;
}

}  // namespace

const GdalPlugin& gdal_plugin() {
    static const GdalPlugin* plugin = load();
    return *plugin;
}

bool is_gdal_loaded() { return loaded_flag(); }

}  // namespace citytwin::geodata
