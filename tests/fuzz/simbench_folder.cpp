// A SimBench folder: any bytes in its tables give a grid whose rows point at each other, or an InputError. The input holds the tables one
// after the other, each behind a line "=== NAME"; names that a folder doesn't have are left out.
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "modules/energy/read/simbench_grid.hpp"
#include "tests/fuzz/scratch_file.hpp"

namespace {

constexpr std::array<const char*, 16> table_names{"Node", "Line", "LineType", "Transformer", "TransformerType", "Switch", "ExternalNet", "Load", "LoadProfile", "RES", "RESProfile",
                                                  "Storage", "PowerPlant", "Shunt", "DCLineType", "Coordinates"};

/// A folder of this process, in memory where the system has one.
class Folder {
public:
    Folder() {
        const std::filesystem::path base = std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
        path_ = base / ("fuzz-simbench-" + std::to_string(getpid()));
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code gone;
        std::filesystem::remove_all(path_, gone);
    }
    void fill(std::string_view text) {
        for (const char* name : table_names) std::filesystem::remove(file(name));
        while (!text.empty()) {
            const std::size_t head = text.find("=== ");
            if (head == std::string_view::npos) return;
            text.remove_prefix(head + 4);
            const std::size_t line = std::min(text.find('\n'), text.size()), next = std::min(text.find("=== ", line), text.size());
            for (const char* name : table_names)
                if (text.substr(0, line) == name) std::ofstream(file(name), std::ios::binary) << text.substr(std::min(line + 1, next), next - std::min(line + 1, next));
            text.remove_prefix(next);
        }
    }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    [[nodiscard]] std::filesystem::path file(const char* name) const { return path_ / (std::string(name) + ".csv"); }
    std::filesystem::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static Folder folder;
    folder.fill(fuzz::text_of(data, size));
    try {
        DiagnosticList diagnostics;
        const auto grid = energy::read_simbench(folder.path(), diagnostics);
        const auto& network = grid.network;
        for (const auto* ends : {&network.branches.from, &network.branches.to, &network.units.bus})
            for (const Index bus : *ends)
                if (bus >= network.buses.size()) std::abort();
        for (const auto& injection : grid.injections) {
            if (injection.bus >= network.buses.size()) std::abort();
            for (const Index profile : {injection.p_profile, injection.q_profile})
                if (profile != no_index && (profile >= grid.profiles.size() || grid.profiles[profile].size() != grid.steps())) std::abort();
        }
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
