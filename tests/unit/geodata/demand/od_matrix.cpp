#include <catch2/catch.hpp>

#include <fstream>

#include "geodata/demand/od_matrix.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::geodata;

namespace {

std::string written(const std::string& name, const std::string& text) {
    const std::string path = testing::scratch_folder("od_" + name) + "/" + name;
    std::ofstream(path) << text;
    return path;
}

std::string code_of(const std::string& path) {
    try {
        (void)read_od_matrix(path);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "";
}

}  // namespace

TEST_CASE("a long CSV gives its cells with their hours") {
    const OdMatrix matrix = read_od_matrix(written("a.csv", "origin,destination,trips,from,to\nA,B,12.5,07:30,08:00\nB,A,0,7,8\nB,C,3,7,8.5\n"));
    REQUIRE(matrix.cells.size() == 2);
    CHECK(matrix.total == 15.5);
    CHECK(matrix.cells[0].from_s == 27'000);
    CHECK(matrix.cells[0].to_s == 28'800);
    CHECK(matrix.cells[1].to_s == 8.5 * 3600);
    CHECK(matrix.cells[1].line == 4);
}

TEST_CASE("without hours the trips belong to the whole day") {
    const OdMatrix matrix = read_od_matrix(written("b.csv", "origin,destination,trips\n1,2,7\n"));
    CHECK_FALSE(matrix.has_times);
    CHECK(matrix.cells[0].to_s == 86'400);
}

TEST_CASE("a full VISUM matrix and one of pairs say the same") {
    const OdMatrix full = read_visum_text("$V;D3\n* From To\n7.00 8.30\n* Factor\n2\n* zones\n2\n* ids\n11 12\n* rows\n0 4\n1.5 0\n", "full");
    const OdMatrix pairs = read_visum_text("$O;D2\n* From To\n7.00 8.30\n* Factor\n2\n11 12 4\n12 11 1.5\n", "pairs");
    REQUIRE(full.cells.size() == 2);
    REQUIRE(pairs.cells.size() == 2);
    for (std::size_t k = 0; k < 2; ++k) {
        CHECK(full.cells[k].origin == pairs.cells[k].origin);
        CHECK(full.cells[k].trips == pairs.cells[k].trips);
        CHECK(full.cells[k].to_s == 8.5 * 3600);
    }
    CHECK(full.total == 11);
}

TEST_CASE("malformed matrices are refused with their line") {
    CHECK(code_of(written("n.csv", "origin,destination,trips\nA,B,-1\n")) == "CT-OD-002");
    CHECK(code_of(written("t.csv", "origin,destination,trips,from,to\nA,B,1,9,8\n")) == "CT-OD-003");
    CHECK(code_of(written("u.csv", "origin,destination,trips,from,to\nA,B,1,noon,13\n")) == "CT-OD-004");
    CHECK(code_of(written("o.csv", "origin,destination,trips,from\nA,B,1,9\n")) == "CT-OD-001");
    CHECK(code_of(written("s.mtx", "$V;D2\n0 24\n1\n3\n1 2 3\n0 1 2\n")) == "CT-OD-011");
    CHECK(code_of(written("l.mtx", "$V;D2\n0 24\n1\n1\n1\n0 5\n")) == "CT-OD-015");
    CHECK(code_of(written("w.mtx", "$O;D2\n0 24\n1\n1 2 many\n")) == "CT-OD-012");
    CHECK(code_of(written("x.mtx", "$X;D2\n0 24\n1\n")) == "CT-OD-010");
    CHECK(code_of(written("z.mtx", "$O;D2\n0.75 24\n1\n")) == "CT-OD-013");
}
