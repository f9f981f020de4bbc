#include "core/run/build_info.hpp"

#include <link.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "core/base/hash.hpp"
#include "core/module/abi.hpp"

namespace citytwin {
namespace {

// The code that makes the digits: the program and citytwin's own libraries (not the system's).
std::string code_hash() {
    std::vector<std::string> files{std::filesystem::read_symlink("/proc/self/exe").string()};
    dl_iterate_phdr([](dl_phdr_info* info, std::size_t, void* out) {
        const std::string name = info->dlpi_name;
        if (name.find("libcitytwin_") != std::string::npos) static_cast<std::vector<std::string>*>(out)->push_back(name);
        return 0;
    }, &files);
    std::sort(files.begin() + 1, files.end());
    std::string sums;
    for (const auto& file : files) sums += sha256_of_file(file);
    return sha256_hex(sums);
}

}  // namespace

const BuildInfo& build_info() {
    static const BuildInfo info{CITYTWIN_VERSION, CITYTWIN_BUILD_TYPE, CITYTWIN_COMPILER " " __VERSION__, "-ffp-contract=off -march=x86-64-v3",
                                CITYTWIN_ABI, "x86-64-v3", code_hash()};
    return info;
}

}  // namespace citytwin
