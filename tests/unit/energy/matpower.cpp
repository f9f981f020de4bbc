// The MATPOWER reader: what it takes, what it refuses and where it says the fault lies.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "modules/energy/model/power_flow.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

constexpr const char* head = "function mpc = small\nmpc.version = '2';\nmpc.baseMVA = 100;\n";
constexpr const char* bus = "mpc.bus = [ 1 3 0 0 0 0 1 1 0 10 1 1.1 0.9; 2 1 50 10 0 0 1 1 0 10 1 1.1 0.9 ];\n";
constexpr const char* gen = "mpc.gen = [1 0 0 Inf -Inf 1.02 100 1 100 0];\n";
constexpr const char* branch = "mpc.branch = [1 2 0.01 0.1 0.02 0 0 0 0 0 1];\n";

std::string file_with(const std::string& text) {
    const std::string path = citytwin::testing::scratch_folder("matpower_reader") + "/case.m";
    std::ofstream(path) << text;
    return path;
}

MatpowerCase read_text(const std::string& text) { return read_matpower(file_with(text)); }

Diagnostic fault_of(const std::string& text) {
    try {
        DiagnosticList diagnostics;
        to_network(read_text(text), diagnostics);
    } catch (const InputError& error) {
        return error.diagnostics().at(0);
    }
    return {};
}

/// The first error of a shared malformed case, or "solved".
Diagnostic fault_of_shared(const std::string& path) {
    try {
        DiagnosticList diagnostics;
        to_network(read_matpower(path), diagnostics);
    } catch (const InputError& error) {
        REQUIRE(error.diagnostics().size() == 1);
        return error.diagnostics().at(0);
    }
    return {};
}

}  // namespace

TEST_CASE("a table ends rows by semicolon or line, takes commas, comments, continuations and arithmetic") {
    const auto c = read_text(std::string(head) + "mpc.bus = [ % comment; with ]\n 1, 3, 0 0 0 0 1 1 0 135/sqrt(3) 1 1.1 ...\n 0.9 % end\n2 1 50/3 -1e1 0 0 1 1 0 2^3 1 Inf .9]\n");
    const MatpowerTable& t = c.tables.at("bus");
    REQUIRE(t.rows() == 2);
    REQUIRE(t.columns == 13);
    CHECK(t.at(0, 9) == 135 / std::sqrt(3.0));
    CHECK(t.at(1, 2) == 50.0 / 3);
    CHECK(t.at(1, 3) == -10);
    CHECK(t.at(1, 9) == 8);
    CHECK(std::isinf(t.at(1, 11)));
    CHECK(t.line[1] == 7);
}

TEST_CASE("executable tails are carried out: index names, scalars, columns, functions") {
    const auto c = read_text(std::string(head) + bus + gen + branch +
                             "[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD] = idx_bus;\ndefine_constants;\nVbase = mpc.bus(1, BASE_KV) * 1e3; Sbase = mpc.baseMVA * 1e6;\n"
                             "mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);\npf = 0.85;\nmpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));\nmpc.bus(2, PD) = -(1 + 2) * 4;\n");
    CHECK(c.tables.at("branch").at(0, 2) == 0.01 / (1e4 * 1e4 / 1e8));
    CHECK(c.tables.at("bus").at(1, 3) == Approx(50 * std::sin(std::acos(0.85))).epsilon(1e-15));
    CHECK(c.tables.at("bus").at(1, 2) == -12);
    CHECK(c.statements >= 5);
}

TEST_CASE("a block's statements run where its condition holds, else its else's, and nothing in it is even looked at where it doesn't") {
    const auto demand = [](const std::string& tail) { return read_text(std::string(head) + bus + gen + branch + tail).tables.at("bus").at(1, 2); };
    CHECK(demand("fixed = 0;\nif fixed   % never\n k = find(isinf(mpc.gen(:, 3)) & ...\n 1);\n mpc.bus = [1 2\n 3];\n mpc.bus(2, 3) = 7;\nend\n") == 50);
    CHECK(demand("fixed = 1;\nif fixed\n mpc.bus(2, 3) = 7;\nelse\n mpc.bus(2, 3) = 8;\nend\n") == 7);
    CHECK(demand("if (0)\n for i = 1:3\n  if x\n   y\n  else\n   z\n  end\n end\n mpc.bus(2, 3) = 7;\nelse\n mpc.bus(2, 3) = 8;\nend\nmpc.bus(2, 3) = mpc.bus(2, 3) + 1;\n") == 9);
    const Diagnostic open = fault_of(std::string(head) + bus + gen + branch + "if 1\nmpc.bus(2, 3) = 7;\n");
    CHECK(open.code == "CT-ENERGY-002");
    CHECK(open.place.line == 7);
    CHECK(fault_of(std::string(head) + bus + gen + branch + "if unknown\nend\n").code == "CT-ENERGY-005");
}

TEST_CASE("what can't be carried out is refused with its line") {
    for (const char* tail : {"mpc = scale_load(1.1, mpc);", "if mpc.baseMVA > 1, x = 1; end", "mpc.bus(:, 3) *= 2;", "mpc.bus = [mpc.bus; 3 1 0 0 0 0 1 1 0 10 1 1.1 0.9](:, 1)"}) {
        INFO(tail);
        const Diagnostic fault = fault_of(std::string(head) + bus + gen + branch + tail + "\n");
        CHECK(fault.code.starts_with("CT-ENERGY-00"));
        CHECK(fault.place.line == 7);
    }
    CHECK(fault_of(std::string(head) + bus + gen + branch + "mpc.bus(:, 3) = mpc.bus(:, 99);\n").code == "CT-ENERGY-005");
    CHECK(fault_of(std::string(head) + bus + gen + branch + "mpc.bus(1:999999999, 3) = 7;\n").message.find("outside 1 to 2") != std::string::npos);
}

TEST_CASE("rows of the wrong length, unknown types and values out of range are named") {
    CHECK(fault_of(std::string(head) + "mpc.bus = [1 3 0 0;\n1 3 0];\n" + gen + branch).code == "CT-ENERGY-003");
    CHECK(fault_of(std::string(head) + "mpc.bus = [ 1 7 0 0 0 0 1 1 0 10 1 1.1 0.9 ];\n" + gen + "mpc.branch = [1 1 0 1 0 0 0 0 0 0 0];\n").code == "CT-ENERGY-011");
    CHECK(fault_of(std::string(head) + bus + gen + "mpc.branch = [1 2 0 0 0 0 0 0 0.9 0 1];\n").code == "CT-ENERGY-012");
    CHECK(fault_of(std::string(head) + bus + gen + "mpc.branch = [1 2 NaN 1 0 0 0 0 0 0 1];\n").code == "CT-ENERGY-008");
    CHECK(fault_of(std::string(head) + bus + gen + "mpc.branch = [1 2e30 0 1 0 0 0 0 0 0 1];\n").code == "CT-ENERGY-010");
    CHECK(fault_of(std::string(head) + bus + gen).code == "CT-ENERGY-007");
    CHECK(fault_of("mpc.version = '1';\n").code == "CT-ENERGY-001");
}

TEST_CASE("every malformed shared case gets the answer that is listed for it") {
    const auto folder = citytwin::testing::shared_file("data/energy/bad");
    if (!folder) {
        WARN("skipped: shared energy data is not there");
        return;
    }
    struct Expected {
        const char* file;
        const char* code;
        std::size_t line;
        const char* names;
    };
    for (const Expected& e : {Expected{"branch_to_unknown_bus.m", "CT-ENERGY-010", 51, "bus 44"}, Expected{"duplicate_bus_id.m", "CT-ENERGY-009", 30, "line 29 and line 30"},
                              Expected{"nan_load.m", "CT-ENERGY-008", 33, "bus 5: column 3 (Pd)"}, Expected{"no_baseMVA.m", "CT-ENERGY-006", 0, "baseMVA"},
                              Expected{"truncated.m", "CT-ENERGY-002", 28, "not closed"}}) {
        INFO(e.file);
        const Diagnostic fault = fault_of_shared(*folder + "/" + e.file);
        CHECK(fault.code == e.code);
        CHECK(fault.place.line == e.line);
        CHECK(fault.message.find(e.names) != std::string::npos);
    }
    DiagnosticList diagnostics;
    const PowerNetwork promoted = to_network(read_matpower(*folder + "/no_slack.m"), diagnostics);
    PowerFlow first(promoted);
    CHECK(first.topology().promoted_buses == std::vector<Index>{0});
    CHECK(first.solve(Start::given).converged);
    const PowerNetwork infeasible = to_network(read_matpower(*folder + "/infeasible_load.m"), diagnostics);
    PowerFlow second(infeasible);
    const PowerFlowReport report = second.solve(Start::given);
    CHECK_FALSE(report.converged);
    CHECK(report.worst_bus == 4);   // bus 5
    CHECK(std::isnan(second.voltage[4]));
    const PowerNetwork joined = to_network(read_matpower(*folder + "/zero_impedance_branch.m"), diagnostics);
    CHECK(diagnostics.all().back().code == "CT-ENERGY-021");
    PowerFlow third(joined);
    REQUIRE(third.solve(Start::given).converged);
    CHECK(third.voltage[0] == third.voltage[3]);   // buses 1 and 4
    // The tail with an unusual statement is understood: loads x 1.02.
    const MatpowerCase scaled = read_matpower(*folder + "/unknown_statement_tail.m");
    CHECK(scaled.tables.at("bus").at(1, 2) == Approx(0.1 * 1.02).epsilon(1e-12));
}
