// MATPOWER .m: any bytes give a network whose rows point at each other, or an InputError.
#include <cstdint>

#include "modules/energy/read/matpower_case.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static fuzz::ScratchFile file;
    file.write(fuzz::text_of(data, size));
    try {
        DiagnosticList diagnostics;
        const auto matpower = energy::read_matpower(file.path());
        for (const auto& [name, table] : matpower.tables)
            if (table.values.size() != table.rows() * table.columns) std::abort();
        const auto network = energy::to_network(matpower, diagnostics);
        diagnostics.throw_if_errors();
        for (const auto* ends : {&network.branches.from, &network.branches.to, &network.units.bus})
            for (const Index bus : *ends)
                if (bus >= network.buses.size()) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
