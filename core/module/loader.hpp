#pragma once
// Loads plug-ins: shared libraries that register modules.
#include <string>
#include <vector>

namespace citytwin {

/// Loads one plug-in and returns the names of the modules it brought. Throws InputError CT-PLUGIN-00x: not there, not a plug-in,
/// built for another interface (says what to rebuild), or failing to load. The fingerprint is compared before any of its code runs.
std::vector<std::string> load_plugin(const std::string& path);

/// All plug-ins in the folders of CITYTWIN_MODULE_PATH (separated by ':'), in name order.
std::vector<std::string> load_plugins_from_environment();

}  // namespace citytwin
