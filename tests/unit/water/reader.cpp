#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "modules/water/model/hydraulics.hpp"
#include "modules/water/read/inp_network.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/unit/water/small_networks.hpp"

using namespace citytwin;
using namespace citytwin::water;

namespace {

std::vector<Diagnostic> problems_of(const std::string& text) {
    DiagnosticList diagnostics(1000);
    try {
        read_network(InpDocument::from_text(text, "test.inp", diagnostics), diagnostics);
    } catch (const InputError& error) {
        return error.diagnostics();
    }
    return diagnostics.all();
}

bool has(const std::vector<Diagnostic>& list, const std::string& code, std::size_t line = 0) {
    return std::any_of(list.begin(), list.end(), [&](const Diagnostic& d) { return d.code == code && (line == 0 || d.place.line == line); });
}

}  // namespace

TEST_CASE("a small network is read in SI by the peer's factors", "[water]") {
    const Network n = *testing::network_of(testing::two_pipes);
    CHECK(n.junctions == 2);
    CHECK(n.pipes == 2);
    CHECK(n.units.us_customary);
    CHECK(n.length_m[0] == Approx(304.8));
    CHECK(n.diameter_m[0] == Approx(0.3048));
    CHECK(n.demand_m3ps[0] == Approx(100 / 448.831 * 0.028317));
    CHECK(n.times.duration_s == 7200);
}

TEST_CASE("sections and keywords are matched by prefix, case-free, with tabs, comments and quotes", "[water]") {
    const Network n = *testing::network_of("[junctions]\n\"a b\"\t10 5 ; inline\n[RESER]\nR 50\n[pipes]\nP R \"a b\" 100 10 100 open\n[TIMES]\nDuration 2 DAYS ; text\nStart ClockTime 12 am\n[Options]\nunits lps\n");
    CHECK(n.node_id[0] == "a b");
    CHECK(n.times.duration_s == 172800);
    CHECK(n.times.clock_start_s == 0);
    CHECK(n.units.flow_name == "LPS");
}

TEST_CASE("every error is collected with its line", "[water]") {
    const auto list = problems_of("[FOO]\nx\n[JUNCTIONS]\nA 1\nA 2\nB x\n[RESERVOIRS]\nR 10\n[PIPES]\nP1 A Z 10 10 100\nP2 A A 10 10 100\nP3 R A 0 10 100\nP4 R A 10 -1 100\nP5 R B 10 10 100\nP6 R A 10 10 100\n[CURVES]\nC 1 1\nC 1 2\n[STATUS]\nQ CLOSED\n");
    CHECK(has(list, "CT-WATER-003", 1));
    CHECK(has(list, "CT-WATER-020", 5));
    CHECK(has(list, "CT-WATER-010", 6));
    CHECK(has(list, "CT-WATER-012", 10));
    CHECK(has(list, "CT-WATER-023", 11));
    CHECK(has(list, "CT-WATER-011", 12));
    CHECK(has(list, "CT-WATER-011", 13));
    CHECK(has(list, "CT-WATER-018", 18));
    CHECK(has(list, "CT-WATER-012", 20));
}

TEST_CASE("an unknown node comes with the nearest id", "[water]") {
    const auto list = problems_of("[JUNCTIONS]\njunction1 1\n[RESERVOIRS]\nR 10\n[PIPES]\nP R junction2 10 10 100\nQ R junction1 10 10 100\n");
    REQUIRE(has(list, "CT-WATER-012", 6));
    CHECK(list[0].hint.find("junction1") != std::string::npos);
}

TEST_CASE("what is no network is refused in one clear error", "[water]") {
    CHECK(problems_of("").size() == 1);
    CHECK(has(problems_of("  \n\n"), "CT-WATER-001"));
    CHECK(has(problems_of("<!DOCTYPE html><html>[JUNCTIONS]</html>"), "CT-WATER-002"));
    CHECK(has(problems_of(std::string("[JUNC\0TIONS]", 12)), "CT-WATER-002"));
    CHECK(has(problems_of("hello\nworld\n"), "CT-WATER-002"));
}

TEST_CASE("networks that can't have heads are refused", "[water]") {
    CHECK(has(problems_of("[JUNCTIONS]\nA 1\nB 1\n[PIPES]\nP A B 10 10 100\n"), "CT-WATER-030"));
    CHECK(has(problems_of("[JUNCTIONS]\nA 1\nB 1\n[RESERVOIRS]\nR 10\n[PIPES]\nP A R 10 10 100\n"), "CT-WATER-031"));
    CHECK(has(problems_of("[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 10\n[VALVES]\nV R A 10 PRV 50\n"), "CT-WATER-028"));
    CHECK(has(problems_of("[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 10\n[PUMPS]\nU R A HEAD C\n[CURVES]\nC 0 10\nC 5 12\n"), "CT-WATER-029"));
    CHECK(has(problems_of("[JUNCTIONS]\nA 1\n[RESERVOIRS]\nR 10\n[PIPES]\nP R A 10 10 100 0 CV\n[CONTROLS]\nLINK P CLOSED AT TIME 1\n"), "CT-WATER-024"));
}

TEST_CASE("a document that is written and read again has the same words and results", "[water]") {
    SHARED_OR_SKIP(folder, "data/water/epanet");
    for (const char* name : {"Net1.inp", "Net3.inp", "L-TOWN.inp", "MICROPOLIS_v1.inp"}) {
        INFO(name);
        DiagnosticList diagnostics(1000);
        const InpDocument a = InpDocument::read(folder + "/" + name, diagnostics);
        const InpDocument b = InpDocument::from_text(a.text(), name, diagnostics);
        CHECK(a.text() == b.text());
        const auto one = std::make_shared<const Network>(read_network(a, diagnostics)), two = std::make_shared<const Network>(read_network(b, diagnostics));
        Hydraulics x(one), y(two);
        x.solve();
        y.solve();
        CHECK(x.save() == y.save());
    }
}

TEST_CASE("the bad files of the peers' test sets are answered as their rows say", "[water]") {
    SHARED_OR_SKIP(folder, "data/water/epanet_bad");
    const auto answer = [&](const std::string& file) {
        DiagnosticList diagnostics(1000);
        try {
            read_network(InpDocument::read(folder + "/" + file, diagnostics), diagnostics);
        } catch (const InputError& error) {
            return error.diagnostics();
        }
        return diagnostics.all();
    };
    CHECK(has(answer("Net1broken.inp"), "CT-WATER-020"));
    CHECK(has(answer("bad_syntax.inp"), "CT-WATER-003"));
    CHECK(has(answer("bad_values.inp"), "CT-WATER-012"));
    CHECK(has(answer("bad_times.inp"), "CT-WATER-017"));
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".inp" || name == "Net1broken.inp" || name == "bad_syntax.inp" || name == "bad_values.inp") continue;
        INFO(name);
        DiagnosticList diagnostics(1000);
        Hydraulics h(std::make_shared<const Network>(read_network(InpDocument::read(entry.path().string(), diagnostics), diagnostics)));
        std::size_t degraded = 0;
        do degraded += !h.solve().is_converged();
        while (h.step() > 0);
        CHECK(h.time_s() == h.network().times.duration_s);
    }
}
