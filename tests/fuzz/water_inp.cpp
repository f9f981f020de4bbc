// .inp: any bytes give a network whose rows point at each other, or an InputError; what was read is written again as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/base/diagnostic.hpp"
#include "modules/water/read/inp_network.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    try {
        DiagnosticList diagnostics;
        const auto document = water::InpDocument::from_text({reinterpret_cast<const char*>(data), size}, "fuzz.inp", diagnostics);
        const auto network = water::read_network(document, diagnostics);
        for (const auto* ends : {&network.link_from, &network.link_to})
            for (const Index node : *ends)
                if (node >= network.nodes()) std::abort();
        if (network.pumps.size() + network.valves.size() + network.pipes != network.links()) std::abort();
        DiagnosticList again;
        const auto rewritten = water::InpDocument::from_text(document.text(), "again.inp", again);
        if (water::read_network(rewritten, again).links() != network.links()) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
