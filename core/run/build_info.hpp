#pragma once
// What this program is: stands in run.json, in checkpoints and in --version.
#include <string>

namespace citytwin {

struct BuildInfo {
    std::string version, build_type, compiler, flags, interface, instruction_set;
    std::string hash;   ///< of the program's own code: a checkpoint of another build is refused unless forced
};
const BuildInfo& build_info();

}  // namespace citytwin
