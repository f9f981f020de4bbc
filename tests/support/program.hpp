#pragma once
// Runs the real program: exit code, output, errors.
#include <string>
#include <vector>

namespace citytwin::testing {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + signal if a signal ended it
    std::string out, err;
};
/// `citytwin ARGS…` from the build folder, in `folder` (empty: the current one).
ProgramResult citytwin(const std::vector<std::string>& arguments, const std::string& folder = {});
/// Any program, by name.
ProgramResult program(const std::vector<std::string>& command, const std::string& folder = {});

}  // namespace citytwin::testing
