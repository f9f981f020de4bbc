#include "tests/support/peers.hpp"

#include <filesystem>

namespace citytwin::testing {

std::optional<std::string> peers_python() {
    for (const char* folder : {CITYTWIN_BINARY_DIR "/peers", CITYTWIN_SOURCE_DIR "/build/peers"}) {
        const auto path = std::filesystem::path(folder) / "bin" / "python";
        if (std::filesystem::exists(path)) return path.string();
    }
    return std::nullopt;
}

}  // namespace citytwin::testing
