// What no shared network covers, made here and compared with the EPANET library of the PyPI wheel: every kind of valve, Chezy-Manning, volume curve,
// overflow, leakage, emitters without backflow, DAMPLIMIT, ELSE rules, pressure units and all flow units. The tank doesn't fill where it can't overflow:
// EPANET 2.3.5 may let water into a full tank when round-off puts its head a digit below the limit.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/unit/water/small_networks.hpp"

#include "modules/water/model/hydraulics.hpp"

using namespace citytwin;
using namespace citytwin::water;

namespace {

const char* script = R"(
import sys, warnings
warnings.simplefilter('ignore')
import epanet.toolkit as en
p = en.createproject(); en.open(p, sys.argv[1], '/dev/null', ''); en.openH(p); en.initH(p, 1)
nodes = range(1, en.getcount(p, en.NODECOUNT) + 1); links = range(1, en.getcount(p, en.LINKCOUNT) + 1)
while True:
    t = en.runH(p)
    if t % 3600 == 0:
        print('t', t)
        for i in nodes: print('n', en.getnodeid(p, i), repr(en.getnodevalue(p, i, en.HEAD)))
        for i in links: print('l', en.getlinkid(p, i), repr(en.getlinkvalue(p, i, en.FLOW)), repr(en.getlinkvalue(p, i, en.ENERGY)))
    if en.nextH(p) <= 0: break
)";

struct Made {
    std::string head_loss = "H-W", roughness = "120", valve = "v B C 200 TCV 5", tank = "150 0", pump, options, more, units = "LPS", demand = "5";
};

std::string text_of(const Made& m) {
    const bool small = m.demand != "5";
    return "[JUNCTIONS]\nA 10 " + m.demand + "\nB 8 " + (small ? "0" : "4") + " P\nC 5 " + (small ? "0" : "6") + "\nD 3 " + (small ? "0" : "2") + "\nE 2 0\n[RESERVOIRS]\nR 60\n[TANKS]\nT 40 5 2 8 " + m.tank +
           "\n[PIPES]\n1 R A 500 300 " + m.roughness + " 0.5\n2 A B 400 200 " + m.roughness + "\n3 C D 300 150 " + m.roughness + "\n4 D T 200 200 " + m.roughness + " 2\n5 B D 600 100 " + m.roughness + "\n6 D E 100 100 " + m.roughness +
           "\n[PUMPS]\n" + m.pump + "\n[VALVES]\n" + m.valve +
           "\n[PATTERNS]\nP 1 0.5 1.5 2\n[CURVES]\nG 0 0\nG 5 1\nG 15 6\nG 30 30\nK 0 0\nK 50 20\nK 100 100\nV 0 0\nV 4 200\nV 10 900\nH 0 40\nH 5 38\nH 12 30\nH 20 15\nE 0 20\nE 10 75\nE 20 60\n"
           "[TIMES]\nDuration 48\nHydraulic Timestep 1:00\nPattern Timestep 3:00\n[OPTIONS]\nUnits " + m.units + "\nHeadloss " + m.head_loss + "\nAccuracy 1e-5\nTrials 100\n" + m.options + "\n" + m.more + "\n[END]\n";
}

const std::map<std::string, Made>& made_networks() {
    static const std::map<std::string, Made> list = [] {
        std::map<std::string, Made> n{
            {"Chezy-Manning", {.head_loss = "C-M", .roughness = "0.012"}}, {"Darcy-Weisbach", {.head_loss = "D-W", .roughness = "0.1"}},
            {"GPV", {.valve = "v B C 200 GPV G"}}, {"PCV with a curve", {.valve = "v B C 200 PCV 40 1 K"}}, {"PCV without", {.valve = "v B C 200 PCV 30 1"}}, {"PBV", {.valve = "v B C 200 PBV 3 1"}},
            {"PSV", {.valve = "v B C 200 PSV 45"}}, {"PRV", {.valve = "v B C 200 PRV 30 2"}}, {"FCV", {.valve = "v B C 200 FCV 7"}},
            {"volume curve", {.tank = "10 0 V"}}, {"overflow", {.tank = "10 0 * YES"}}, {"power pump", {.pump = "u R C POWER 3", .units = "GPM"}},
            {"speed and efficiency", {.pump = "u R C HEAD H SPEED 1.1", .more = "[ENERGY]\nPUMP u EFFIC E\n"}}, {"speed pattern", {.pump = "u R C HEAD H PATTERN P"}},
            {"leaks", {.more = "[LEAKAGE]\n1 2 0.5\n3 0 1\n4 3 0\n"}}, {"emitters", {.options = "Emitter Exponent 0.6", .more = "[EMITTERS]\nC 0.5\nE 0.2\n"}},
            {"no backflow", {.options = "BACKFLOW ALLOWED NO", .more = "[EMITTERS]\nC 0.5\nA 0.1\n"}}, {"DAMPLIMIT", {.valve = "v B C 200 PRV 30 2", .options = "DAMPLIMIT 0.01"}},
            {"kPa", {.valve = "v B C 200 PRV 300", .options = "Pressure KPA"}}, {"bar", {.valve = "v B C 200 PRV 3", .options = "Pressure BAR\nSpecific Gravity 1.1"}},
            {"pressure-driven in kPa", {.options = "Pressure KPA\nDEMAND MODEL PDA\nMINIMUM PRESSURE 10\nREQUIRED PRESSURE 700"}},
            {"rules", {.pump = "u R C HEAD H", .more = "[RULES]\nRULE 1\nIF TANK T LEVEL ABOVE 7\nTHEN PUMP u STATUS IS CLOSED\nAND PIPE 1 STATUS IS CLOSED\nELSE PUMP u STATUS IS OPEN\nPRIORITY 2\nRULE 2\nIF SYSTEM CLOCKTIME >= 6 AM\n"
                                                      "AND SYSTEM CLOCKTIME < 9 AM\nOR TANK T LEVEL BELOW 3\nTHEN PIPE 1 STATUS IS OPEN\nPRIORITY 1\nRULE 3\nIF TANK T DRAINTIME < 2\nOR JUNCTION B PRESSURE < 20\nTHEN VALVE v SETTING IS 1\nELSE VALVE v SETTING IS 8\n"}},
            {"junction controls", {.pump = "u R C HEAD H", .more = "[CONTROLS]\nLINK u CLOSED IF NODE C ABOVE 52\nLINK u OPEN IF NODE C BELOW 45\nLINK v 20 IF NODE T ABOVE 6\nLINK v 5 IF NODE T BELOW 4\nLINK 5 CLOSED AT CLOCKTIME 5 PM\nLINK 5 OPEN AT CLOCKTIME 6:30 AM\n"}}};
        const std::pair<const char*, const char*> units[] = {{"CFS", ".2"}, {"GPM", "80"}, {"MGD", ".1"}, {"IMGD", ".1"}, {"AFD", ".4"}, {"LPM", "300"}, {"MLD", ".4"}, {"CMH", "18"}, {"CMD", "400"}, {"CMS", ".005"}};
        for (const auto& [unit, demand] : units) n[unit] = {.units = unit, .demand = demand};
        return n;
    }();
    return list;
}

/// The greater one; what is no number is worst.
double worse(double a, double b) { return std::isnan(b) ? INFINITY : std::max(a, b); }

struct PeerRow {
    std::map<std::string, double> head, flow, power;
};

std::map<std::int64_t, PeerRow> rows_of(const std::string& output) {
    std::map<std::int64_t, PeerRow> rows;
    std::istringstream in(output);
    std::string kind, id;
    std::int64_t time = 0;
    double a = 0, b = 0;
    while (in >> kind) {
        if (kind == "t") in >> time;
        else if (kind == "n") in >> id >> a, rows[time].head[id] = a;
        else in >> id >> a >> b, rows[time].flow[id] = a, rows[time].power[id] = b;
    }
    return rows;
}

}  // namespace

TEST_CASE("made networks have the answers of the EPANET library", "[water]") {
    PEERS_OR_SKIP(python);
    const std::string folder = testing::scratch_folder("made_networks");
    std::ofstream(folder + "/peer.py") << script;
    if (testing::program({python, "-c", "import epanet.toolkit"}).exit_code != 0) {
        WARN("skipped: owa-epanet is not among the Python peers (scripts/peers)");
        return;
    }
    for (const auto& [name, made] : made_networks()) {
        INFO(name);
        const std::string text = text_of(made);
        std::ofstream(folder + "/made.inp") << text;
        const auto rows = rows_of(testing::program({python, folder + "/peer.py", folder + "/made.inp"}).out);
        REQUIRE(rows.size() == 49);
        double greatest_flow = 0, head = 0, flow = 0, power = 0;
        for (const auto& [time, row] : rows)
            for (const auto& [id, q] : row.flow) greatest_flow = std::max(greatest_flow, std::abs(q));
        std::size_t met = 0;
        Hydraulics h(testing::network_of(text));
        const Network& n = h.network();
        do {
            h.solve();
            if (h.time_s() % 3600 != 0) continue;
            const PeerRow& row = rows.at(h.time_s());
            ++met;
            for (Index j = 0; j < n.nodes(); ++j) head = worse(head, std::abs(h.head_m(j) / n.units.head_m - row.head.at(n.node_id[j])));
            for (Index k = 0; k < n.links(); ++k) flow = worse(flow, std::abs(h.flow_m3ps(k) / n.units.flow_m3ps - row.flow.at(n.link_id[k])) / greatest_flow);
            for (const Pump& pump : n.pumps) power = worse(power, std::abs(h.pump_energy()[pump.link - n.pipes].power_kw - row.power.at(n.link_id[pump.link])));
        } while (h.step() > 0);
        CHECK(met >= rows.size());
        CHECK(head <= 1e-4);    // units of the file; both run at ACCURACY 1e-5
        CHECK(flow <= 1e-5);
        CHECK(power <= 1e-5);
    }
}
