#pragma once
// The shared folder of real data and reference results: CITYTWIN_DATA, else ../shared beside the project.
// Where it isn't there a test says so and skips.
#include <optional>
#include <string>

namespace citytwin::testing {

/// Path below the shared folder ("data/city/osm/poa.osm.pbf"), or nothing when it isn't there.
std::optional<std::string> shared_file(const std::string& relative);
/// A fresh empty folder for this test, removed and made anew.
std::string scratch_folder(const std::string& name);

}  // namespace citytwin::testing

/// Skips the rest of the test with a clear word when a shared file isn't there.
#define SHARED_OR_SKIP(variable, relative)                                                   \
    const auto variable##_found = citytwin::testing::shared_file(relative);                  \
    if (!variable##_found) {                                                                 \
        WARN("skipped: shared file " relative " is not there");                              \
        return;                                                                              \
    }                                                                                        \
    const std::string variable = *variable##_found
