// The 18 shared MATPOWER cases against reference solutions in MATPOWER's own formulation: V 1e-8 p.u., angle 1e-6 degrees, branch
// power 1e-5 MW (1e-4 on the two largest); the reference files carry 9 to 10 significant digits, which is where the tolerances
// come from (half a unit of the last digit is added). Iterations from the case's start at most one more than the reference's.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/model/solution.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

/// What rounding to `digits` significant digits may have moved.
double rounding(double value, int digits) { return value == 0 ? 0 : 0.5 * std::pow(10.0, std::floor(std::log10(std::fabs(value))) + 1 - digits); }

void compare(const std::string& name) {
    const auto file = citytwin::testing::shared_file("data/energy/matpower/" + name + ".m");
    const auto buses = citytwin::testing::shared_file("ref/energy/matpower/" + name + ".bus.csv"), branches = citytwin::testing::shared_file("ref/energy/matpower/" + name + ".branch.csv"),
               summary = citytwin::testing::shared_file("ref/energy/matpower/summary.json");
    if (!file || !buses || !branches || !summary) {
        WARN("skipped: shared energy data is not there");
        return;
    }
    DiagnosticList diagnostics;
    const MatpowerCase matpower = read_matpower(*file);
    const PowerNetwork network = to_network(matpower, diagnostics);
    PowerFlow flow(network);
    const PowerFlowReport report = flow.solve(Start::given);
    std::ifstream in(*summary);
    const auto expected = nlohmann::json::parse(in)[name];
    REQUIRE(report.converged);
    CHECK(report.start == StartUsed::given);
    CHECK(report.iterations <= expected["iterations_case_start"].get<int>() + 1);
    const bool large = name == "case9241pegase" || name == "case_ACTIVSg10k";
    std::map<std::int64_t, Index> row;
    for (Index bus = 0; bus < network.buses.size(); ++bus) row[static_cast<std::int64_t>(matpower.tables.at("bus").at(bus, 0))] = bus;
    double worst_v = 0, worst_angle = 0, worst_power = 0;
    CsvReader csv(*buses);
    std::size_t count = 0;
    for (; csv.next(); ++count) {
        const Index bus = row.at(csv.integer(0));
        worst_v = std::max(worst_v, std::fabs(flow.voltage[bus] - csv.number(1)) - rounding(csv.number(1), 9));
        worst_angle = std::max(worst_angle, std::fabs(flow.angle_rad[bus] / degree - csv.number(2)) - rounding(csv.number(2), 9));
    }
    CHECK(count == expected["n_bus"].get<std::size_t>());
    const auto flows = branch_flows(flow);
    CsvReader lines(*branches);
    for (count = 0; lines.next(); ++count) {
        const BranchFlow& f = flows[static_cast<std::size_t>(lines.integer(0))];
        const double ours[4] = {f.from.re, f.from.im, f.to.re, f.to.im};
        for (std::size_t k = 0; k < 4; ++k) {
            worst_power = std::max(worst_power, std::fabs(ours[k] * matpower.base_mva - lines.number(3 + k)) - rounding(lines.number(3 + k), 8));
        }
    }
    CHECK(count == expected["n_branch_on"].get<std::size_t>());
    CHECK(worst_v < 1e-8);
    CHECK(worst_angle < 1e-6);
    CHECK(worst_power < (large ? 1e-4 : 1e-5));
    CHECK(total_losses(flows).re * matpower.base_mva == Approx(expected["loss_p_mw"].get<double>()).epsilon(1e-8));
    CHECK(flow.newton().lu().fresh_pivots() == 0);
}

}  // namespace

TEST_CASE("MATPOWER cases of up to 300 buses solve to the reference voltages and flows") {
    for (const char* name : {"case6ww", "case9", "case14", "case30", "case57", "case118", "case300"}) DYNAMIC_SECTION(name) { compare(name); }
}
TEST_CASE("MATPOWER distribution cases with executable tails solve to the reference voltages and flows") {
    for (const char* name : {"case33bw", "case33mg", "case69", "case141", "case533mt_hi"}) DYNAMIC_SECTION(name) { compare(name); }
}
TEST_CASE("large MATPOWER cases solve to the reference voltages and flows") {
    for (const char* name : {"case_ACTIVSg500", "case1354pegase", "case1888rte", "case_ACTIVSg2000", "case9241pegase", "case_ACTIVSg10k"}) DYNAMIC_SECTION(name) { compare(name); }
}

TEST_CASE("the published losses of the distribution cases come out") {
    // 202.677 kW (case33bw), 224.992 kW (case69), 632.696 kW (case141): design bar A1, rounded to a watt.
    for (const auto& [name, loss_kw] : {std::pair{"case33bw", 202.677}, std::pair{"case69", 224.992}, std::pair{"case141", 632.696}}) {
        const auto file = citytwin::testing::shared_file(std::string("data/energy/matpower/") + name + ".m");
        if (!file) {
            WARN("skipped: shared energy data is not there");
            return;
        }
        DiagnosticList diagnostics;
        const PowerNetwork network = to_network(read_matpower(*file), diagnostics);
        PowerFlow flow(network);
        REQUIRE(flow.solve(Start::given).converged);
        CHECK(std::fabs(total_losses(branch_flows(flow)).re * network.base_VA * 1e-3 - loss_kw) < 0.0005001);
    }
}
