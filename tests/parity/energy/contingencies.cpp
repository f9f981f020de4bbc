// N-1 of two cases against the reference's own Newton: the status of every row equal, lowest and highest voltage 1e-7 p.u.,
// loading of the worst branch 1e-5 (the reference prints six digits).
#include <catch2/catch.hpp>

#include <cmath>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "modules/energy/model/contingency.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

void compare(const std::string& name) {
    const auto file = citytwin::testing::shared_file("data/energy/matpower/" + name + ".m"), reference = citytwin::testing::shared_file("ref/energy/extra/" + name + ".n1.csv");
    if (!file || !reference) {
        WARN("skipped: shared energy data is not there");
        return;
    }
    DiagnosticList diagnostics;
    const PowerNetwork network = to_network(read_matpower(*file), diagnostics);
    PowerFlow flow(network);
    REQUIRE(flow.solve(Start::given).converged);
    Arena arena(2, 1);
    const auto outages = n_minus_1(flow, {}, arena);
    CsvReader csv(*reference);
    std::size_t row = 0, same_status = 0, islands = 0;
    double worst_low = 0, worst_high = 0, worst_loading = 0;
    for (; csv.next(); ++row) {
        const Contingency& c = outages.at(row);
        REQUIRE(c.branch == static_cast<Index>(csv.integer(0)));
        CHECK(c.solved);   // outages that part the network are solved too
        constexpr const char* names[] = {"ok", "islands", "diverged"};
        same_status += csv.text(1) == names[static_cast<int>(c.status)] ? 1 : 0;
        islands += c.status == ContingencyStatus::islands ? 1 : 0;
        if (csv.text(1) != "ok") continue;
        worst_low = std::max(worst_low, std::fabs(c.voltage_min - csv.number(3)));
        worst_high = std::max(worst_high, std::fabs(c.voltage_max - csv.number(4)));
        const std::string worst(csv.text(6));
        const double loading = *parse_number(worst.substr(worst.find(':') + 1));
        worst_loading = std::max(worst_loading, std::fabs(c.loading_max - loading));
    }
    CHECK(row == outages.size());
    CHECK(same_status == row);
    CHECK(islands > 0);
    CHECK(worst_low < 1e-7);
    CHECK(worst_high < 1e-7);
    CHECK(worst_loading < 1e-5);
}

}  // namespace

TEST_CASE("every outage of case118 ends as in the reference") { compare("case118"); }
TEST_CASE("every outage of case_ACTIVSg500 ends as in the reference") { compare("case_ACTIVSg500"); }
