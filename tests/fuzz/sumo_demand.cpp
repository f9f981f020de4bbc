// .rou.xml on a network of two streets: any bytes give vehicles whose routes lie in the network, or an InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "geodata/sumo/sumo.hpp"

namespace {

constexpr std::string_view two_streets = R"(<net>
<edge id="ab" from="a" to="b"><lane id="ab_0" index="0" speed="10" length="100" shape="0,0 100,0"/></edge>
<edge id="bc" from="b" to="c"><lane id="bc_0" index="0" speed="10" length="100" shape="100,0 200,0"/></edge>
<junction id="a" x="0" y="0" type="dead_end"/><junction id="b" x="100" y="0" incLanes="ab_0"/><junction id="c" x="200" y="0" type="dead_end"/>
<connection from="ab" to="bc" fromLane="0" toLane="0" dir="s" state="M"/></net>)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static const geodata::RoadNetwork network = [] {
        DiagnosticList diagnostics;
        return geodata::parse_sumo_network(two_streets, "two_streets.net.xml", diagnostics);
    }();
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    for (const auto word : {"number=", "vehsPerHour=", "perHour=", "period=", "probability=", "repeat="})
        if (text.find(word) != std::string_view::npos && size > 400) return 0;  // a million vehicles are legal, but no test of the reader
    try {
        geodata::SumoConfiguration configuration;
        configuration.end_s = 60;
        DiagnosticList diagnostics;
        const auto demand = geodata::parse_sumo_demand(text, "fuzz.rou.xml", configuration, network, 1, diagnostics);
        for (const auto& vehicle : demand.vehicles)
            for (const Index link : vehicle.route)
                if (link >= network.links() || vehicle.type >= demand.types.size()) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
