#pragma once
// The peers' Python (scripts/peers puts it at build/peers); tests that need it skip with a word where it isn't.
#include <optional>
#include <string>

namespace citytwin::testing {

/// The interpreter, or nothing when the peers aren't installed.
std::optional<std::string> peers_python();

}  // namespace citytwin::testing

#define PEERS_OR_SKIP(variable)                                                              \
    const auto variable##_found = citytwin::testing::peers_python();                         \
    if (!variable##_found) {                                                                 \
        WARN("skipped: the Python peers are not installed (scripts/peers)");                 \
        return;                                                                              \
    }                                                                                        \
    const std::string variable = *variable##_found
