#include "core/base/csv.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/support/shared_data.hpp"

using namespace citytwin;
using Catch::Contains;

namespace {

std::vector<std::vector<std::string>> records(const std::string& text) {
    CsvReader reader = CsvReader::from_text(text, "t.csv");
    std::vector<std::vector<std::string>> result{reader.header()};
    while (reader.next()) {
        std::vector<std::string> fields;
        for (std::size_t i = 0; i < reader.header().size(); ++i) fields.emplace_back(reader.text(i));
        result.push_back(fields);
    }
    return result;
}

using Records = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a CSV file with a byte order mark, CRLF, blanks and no last line end reads like a clean one") {
    const Records expected{{"id", "lon"}, {"a", "1"}, {"b", ""}};
    CHECK(records("id,lon\na,1\nb,\n") == expected);
    CHECK(records("\xEF\xBB\xBFid, lon\r\na , 1\r\n\r\n  \r\nb, ") == expected);
    CHECK(records("id;lon\ra;1\rb;") == expected);
    CHECK(records("id\tlon\na\t1\nb\t\n") == expected);
}

TEST_CASE("quoted fields keep separators, quotes, blanks and line ends") {
    CHECK(records("a,b\n\"x, y\", \"say \"\"no\"\"\" \n\" p \",\"1\n2\"\nq,r\n") ==
          Records{{"a", "b"}, {"x, y", "say \"no\""}, {" p ", "1\n2"}, {"q", "r"}});
    CsvReader reader = CsvReader::from_text("a,b\n\"1\n2\",x\ny,nope\n", "t.csv");
    reader.next();
    CHECK(reader.line() == 2);
    reader.next();
    CHECK(reader.line() == 4);
    CHECK_THROWS_WITH(reader.number(1), Contains("t.csv:4:3") && Contains("'nope'"));
}

TEST_CASE("what is wrong in a CSV file is told with file, line and remedy") {
    CHECK_THROWS_WITH(records(""), Contains("CT-CSV-002"));
    CHECK_THROWS_WITH(records("a,a\n"), Contains("twice"));
    CHECK_THROWS_WITH(records("a,b\n1\n"), Contains("t.csv:2:1") && Contains("1 fields, the header has 2"));
    CHECK_THROWS_WITH(records("a,b\n1,2,3\n"), Contains("3 fields"));
    CHECK_THROWS_WITH(records("a\n\"open\n"), Contains("t.csv:2:1") && Contains("no end"));
    CHECK_THROWS_WITH(records("a\n\"x\"y\n"), Contains("t.csv:2:4"));
    CHECK_THROWS_WITH(records("a\nM\xFCller\n"), Contains("t.csv:2:2") && Contains("UTF-8"));
    CHECK_THROWS_WITH(records(std::string("a\n\0b\n", 5)), Contains("CT-CSV-001"));
    CHECK_THROWS_WITH(records("\xFF\xFE"), Contains("UTF-16"));
    CHECK_THROWS_WITH(records("a\n" + std::string(2 << 20, 'x')), Contains("CT-CSV-005"));
    CHECK_THROWS_WITH(CsvReader::from_text("id,population\n", "t.csv").column("populaton"), Contains("nearest: 'population'"));
    CsvReader comma = CsvReader::from_text("a;b\n1,5;1e400\n", "t.csv");
    comma.next();
    CHECK_THROWS_WITH(comma.number(0), Contains("point"));
    CHECK_THROWS_AS(comma.number(1), InputError);
    CHECK_THROWS_AS(comma.integer(0), InputError);
}

TEST_CASE("numbers written to a CSV file read back the same") {
    const std::string path = testing::scratch_folder("csv_writer") + "/f.csv";
    CsvWriter writer(path, {"id", "x", "n"});
    writer.text("plain").number(0.1 + 0.2).integer(-7).end_row();
    writer.text("a \"b\", c").number(std::numeric_limits<double>::quiet_NaN()).integer(1).end_row();
    writer.text(" blanks ").number(1e-300 / 3).integer(2).end_row();
    writer.commit();
    CsvReader reader(path);
    reader.next();
    CHECK(reader.number(1) == 0.1 + 0.2);
    CHECK(reader.integer(2) == -7);
    reader.next();
    CHECK(reader.text(0) == "a \"b\", c");
    CHECK_FALSE(reader.optional_number(1));
    reader.next();
    CHECK(reader.text(0) == " blanks ");
    CHECK(reader.number(1) == 1e-300 / 3);
    CHECK_FALSE(reader.next());
    CHECK_THROWS_AS(CsvWriter(path, {"a"}).end_row(), std::logic_error);
}

TEST_CASE("the hexagons of Porto Alegre sum up as in the reference") {
    SHARED_OR_SKIP(path, "data/city/zones/poa_hexgrid.csv");
    CsvReader reader(path);
    double population = 0, jobs = 0;
    std::size_t rows = 0;
    for (; reader.next(); ++rows) {
        population += reader.optional_number(reader.column("population")).value_or(0);
        jobs += reader.optional_number(reader.column("jobs")).value_or(0);
    }
    CHECK(rows == 1227);
    CHECK(population == 812935);
    CHECK(jobs == 337921);
}
