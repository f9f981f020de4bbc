// .net.xml: any bytes give a network whose rows point at each other, or an InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "geodata/sumo/sumo.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    try {
        DiagnosticList diagnostics;
        const auto network = geodata::parse_sumo_network({reinterpret_cast<const char*>(data), size}, "fuzz.net.xml", diagnostics);
        if (network.link_first_lane.size() != network.links() + 1 || network.connection_foes.size() != network.connections()) std::abort();
        for (const Index node : network.link_to)
            if (node >= network.nodes()) std::abort();
        for (const Index link : network.connection_to_link)
            if (link >= network.links()) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
