// The peer agrees inside the coupled run: lightsim2grid, from a flat start, finds the voltages of a run's moments in the exported case.
// Tolerance 1e-7 p.u.: the run solves to 1e-10, the peer to 1e-8 p.u. of power.
#include <catch2/catch.hpp>

#include <fstream>

#include "tests/support/energy_town.hpp"
#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"

using namespace citytwin::testing;

namespace {

constexpr const char* script = R"(
import re, sys
try:
    from lightsim2grid.network.from_matpower import init
except ImportError:
    sys.exit(77)
import h5py, numpy as np
run, case, row = sys.argv[1], sys.argv[2], int(sys.argv[3])
recorded = h5py.File(run + "/results.h5")["power_bus/voltage"][row]
table = re.search(r"mpc\.bus = \[\n(.*?)\];", open(case).read(), re.S).group(1).strip().split("\n")
number = np.array([int(line.split()[0]) for line in table])
assert len(number) == len(recorded), (len(number), len(recorded))
voltages = init(case).ac_pf(np.ones(len(number), complex), 30, 1e-8)
assert len(voltages) == len(number), "diverged"
print(np.max(np.abs(np.abs(voltages) - recorded[number - 1])))
)";

}  // namespace

TEST_CASE("lightsim2grid finds the run's voltages in the exported case, from a flat start") {
    PEERS_OR_SKIP(python);
    const auto folder = energy_town("energy_peer");
    std::ofstream(folder + "/peer.py") << script;
    const auto run = citytwin::testing::citytwin({"run", folder + "/base.toml", "-o", folder + "/run", "-q", "--no-report", "--progress", "none"});
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    for (const auto& [at, row] : {std::pair{"2025-06-03T06:00:00", "7"}, {"2025-06-03T07:30:00", "13"}, {"2025-06-03T09:00:00", "19"}}) {
        REQUIRE(citytwin::testing::citytwin({"city", "export", folder + "/run", "-o", folder + "/peer.m", "--at", at}).exit_code == 0);
        const auto peer = program({python, folder + "/peer.py", folder + "/run", folder + "/peer.m", row});
        if (peer.exit_code == 77) {
            WARN("skipped: lightsim2grid isn't among the peers (pip install lightsim2grid matpowercaseframes into build/peers)");
            return;
        }
        INFO(at << " " << peer.out << peer.err);
        REQUIRE(peer.exit_code == 0);
        CHECK(std::stod(peer.out) < 1e-7);
    }
}
