// Each malformed file of the waste department gets its answer, with the line.
#include <catch2/catch.hpp>

#include <fstream>

#include "modules/waste/read/vrplib.hpp"
#include "modules/waste/read/waste_tables.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::waste;

namespace {

std::string file_of(const std::string& name, const std::string& text) {
    const std::string path = testing::scratch_folder("waste_bad_input") + "/" + name;
    std::ofstream(path) << text;
    return path;
}

template <class Read>
Diagnostic refusal(Read&& read) {
    try {
        read();
    } catch (const InputError& error) {
        return error.diagnostics().front();
    }
    return {};
}

Diagnostic vrp(const std::string& text) {
    return refusal([&] { (void)read_routing_case(file_of("case.vrp", text)); });
}

const std::string good_head = "NAME : a\nTYPE : CVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n";
const std::string good_nodes = "NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 9\n";
const std::string good_end = "DEMAND_SECTION\n1 0\n2 4\n3 5\nDEPOT_SECTION\n1\n-1\nEOF\n";

}  // namespace

TEST_CASE("a good small instance is read") {
    const RoutingCase instance = read_routing_case(file_of("good.vrp", good_head + good_nodes + good_end));
    CHECK(instance.problem.clients.size() == 2);
    CHECK(instance.problem.distance(0, 1) == 5);
    CHECK(instance.number == std::vector<std::int64_t>{0, 1, 2});
}

TEST_CASE("malformed .vrp files are refused by name and line") {
    CHECK(vrp("DIMENSION : 3\nEDGE_WEIGHT_TYPE : GEO\n").code == "CT-WASTE-002");
    CHECK(vrp("DIMENSION : 3\nEDGE_WEIGHT_TYPE : GEO\n").place.line == 2);
    CHECK(vrp(good_head + "PRIZE_SECTION\n").code == "CT-WASTE-001");
    CHECK(vrp(good_head + "PRIZE_SECTION\n").place.line == 6);
    CHECK(vrp("NAME : a\nDIMENSION : 3\nCAPACITY : 0\n").code == "CT-WASTE-005");
    CHECK(vrp(good_head + "NODE_COORD_SECTION\n1 0 0\n1 3 4\n").code == "CT-WASTE-004");
    CHECK(vrp(good_head + "NODE_COORD_SECTION\n1 0 nan\n").code == "CT-WASTE-003");
    CHECK(vrp(good_head + good_nodes + "DEMAND_SECTION\n1 0\n2 11\n").code == "CT-WASTE-006");
    CHECK(vrp(good_head + good_nodes + "TIME_WINDOW_SECTION\n1 0 9\n2 8 7\n").code == "CT-WASTE-007");
    CHECK(vrp(good_head + good_nodes).code == "CT-WASTE-004");
    CHECK(vrp("TYPE : PDP\n").code == "CT-WASTE-002");
    CHECK(vrp(good_head + "nothing here\n").code == "CT-WASTE-001");
    CHECK(vrp(good_head + good_nodes + "DIMENSION : 9\n" + good_end).code == "CT-WASTE-001");   // a size that changes under the sections
    CHECK(vrp(good_head + good_nodes + good_nodes).code == "CT-WASTE-001");
    CHECK(vrp(good_head + "VEHICLES : 1000000000\n").code == "CT-WASTE-005");
    CHECK(vrp(good_head + "NODE_COORD_SECTION\n1 0 0\n2 999999999 999999999\n3 -999999999 -999999999\n" + good_end).code == "CT-WASTE-003");
    CHECK(vrp("DIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nEDGE_WEIGHT_SECTION\n-5\n").code == "CT-WASTE-003");
    CHECK(vrp("NAME : a\nTYPE : CVRP\nDIMENSION : 99999999999999999999\n").code == "CT-WASTE-003");
}

TEST_CASE("Solomon's format is read, and refused where it is broken") {
    const std::string head = "R1\n\nVEHICLE\nNUMBER     CAPACITY\n  25         200\n\nCUSTOMER\nCUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n";
    const RoutingCase instance = read_routing_case(file_of("solomon.txt", head + "0 35 35 0 0 230 0\n1 41 49 10 161 171 10\n2 35 17 7 50 60 10\n"));
    CHECK(instance.problem.clients.size() == 2);
    CHECK(instance.problem.earliest[1] == 1610);
    CHECK(instance.problem.distance(0, 1) == 152);   // 15.23… cut to a tenth
    CHECK(vrp(head + "0 35 35 0 0 230 0\n1 41 49 210 161 171 10\n").code == "CT-WASTE-006");
    CHECK(vrp(head + "0 35 35 0 0 230 0\n5 41 49 10 161 171 10\n").code == "CT-WASTE-004");
    CHECK(vrp(head + "0 35 35 0 0 230\n").code == "CT-WASTE-004");
}

TEST_CASE("bins and sites: every answer of the list") {
    DiagnosticList diagnostics;
    const auto bins = [&](const std::string& rows) { return refusal([&] { DiagnosticList list; (void)read_bins(file_of("bins.csv", "id,x,y,capacity_l,fraction,fill_l\n" + rows), list); }); };
    CHECK(bins("a,1,2,0,paper,0\n").code == "CT-WASTE-021");
    CHECK(bins("a,1,2,100,paper,-1\n").code == "CT-WASTE-022");
    CHECK(bins("a,1,nan,100,paper,0\n").code == "CT-WASTE-023");
    CHECK(bins("a,1,2,100,papr,0\n").code == "CT-WASTE-024");
    const Diagnostic twice = bins("a,1,2,100,paper,0\na,1,2,100,paper,0\n");
    CHECK(twice.code == "CT-WASTE-020");
    CHECK(twice.place.line == 3);
    CHECK(twice.message.find("line 2") != std::string::npos);
    const auto over = read_bins(file_of("bins.csv", "id,x,y,capacity_l,fraction,fill_l\na,1,2,100,paper,130\n"), diagnostics);
    CHECK(over[0].overflow_l == 30);
    CHECK(over[0].fill_l == 100);
    CHECK(diagnostics.all().front().code == "CT-WASTE-026");
    const auto sites = [&](const std::string& rows) { return refusal([&] { DiagnosticList list; (void)read_sites(file_of("sites.csv", "id,kind,x,y,opens,closes\n" + rows), 6 * 3600, 14 * 3600, list); }); };
    CHECK(sites("a,landfill,0,0,15:00,18:00\n").code == "CT-WASTE-027");
    CHECK(sites("a,dump,0,0,06:00,18:00\n").code == "CT-WASTE-024");
    CHECK(sites("a,landfill,0,0,6 am,18:00\n").code == "CT-WASTE-025");
}

TEST_CASE("bins and sites in degrees are refused, never taken for metres") {
    DiagnosticList found;
    const auto bins = refusal([&] { read_bins(file_of("bins.csv", "id,lon,lat,capacity_l,fraction\nA,-51.2,-30.0,1100,residual\n"), found); });
    const auto sites = refusal([&] { read_sites(file_of("sites.csv", "id,kind,lon,lat\nD,depot,-51.2,-30.0\n"), 0, 86'400, found); });
    for (const Diagnostic& said : {bins, sites}) {
        CHECK(said.code == "CT-WASTE-029");
        CHECK(said.place.line == 1);
    }
}
