#pragma once
// What two runs were told differently beside their [[change]] tables: a difference of their figures may come from it.
#include <string>
#include <vector>

namespace citytwin {

/// "modules.waste.policy is "threshold" (base: "calendar")", from the scenario.resolved.toml of two run folders; input files of modules that
/// have the same name and other content as well. Names, seeds, records and checkpoints don't count. Empty where a folder has no such file.
std::vector<std::string> settings_beside_changes(const std::string& base_folder, const std::string& run_folder);

}  // namespace citytwin
