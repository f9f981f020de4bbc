#include "tests/support/shared_data.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace citytwin::testing {

std::optional<std::string> shared_file(const std::string& relative) {
    const char* named = std::getenv("CITYTWIN_DATA");
    const std::filesystem::path root = named ? named : CITYTWIN_SOURCE_DIR "/../shared";
    const auto path = root / relative;
    if (!std::filesystem::exists(path)) return std::nullopt;
    return path.string();
}

std::string scratch_folder(const std::string& name) {
    // Cases of one program may run side by side, each in a process of its own.
    const auto path = std::filesystem::path(CITYTWIN_BINARY_DIR) / "scratch" / std::to_string(getpid()) / name;
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path.string();
}

}  // namespace citytwin::testing
