#include "core/base/durable_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

TEST_CASE("a file written aside appears under its name only at the commit") {
    const std::string path = testing::scratch_folder("durable_file") + "/a file ä.txt";
    {
        DurableFile file(path);
        file.write("half");
        CHECK_FALSE(std::filesystem::exists(path));
    }
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(std::filesystem::exists(path + ".part"));
    write_file(path, "whole");
    CHECK(read_file(path) == "whole");
    write_file(path, std::string(3'000'000, 'x'));
    CHECK(read_file(path).size() == 3'000'000);
}

TEST_CASE("whichever operation fails, the old file or the new one stands, never a part of one") {
    const std::string path = testing::scratch_folder("durable_faults") + "/f";
    const std::string before = "old", after(2'500'000, 'n');
    std::int64_t operations = 0;
    {
        FileFault none(0);
        write_file(path, before);
        operations = none.operations();
    }
    REQUIRE(operations >= 6);
    for (std::int64_t n = 1; n <= operations + 2; ++n) {
        write_file(path, before);
        try {
            FileFault fault(n);
            write_file(path, after);
        } catch (const RunError& error) {
            CHECK(error.exit_code() == ExitCode::out_of_resources);
            CHECK_THAT(error.what(), Catch::Contains("durable_faults"));
        }
        const std::string now = read_file(path);
        CHECK((now == before || now == after));
        CHECK_FALSE(std::filesystem::exists(path + ".part"));
    }
}

TEST_CASE("a log keeps what was appended and can be cut at its torn tail") {
    const std::string path = testing::scratch_folder("append_file") + "/log";
    {
        AppendFile log(path);
        log.write("12345");
        log.sync();
        log.write("67");
        CHECK(log.size() == 7);
        log.close();
    }
    AppendFile log(path);
    CHECK(log.size() == 7);
    log.truncate(5);
    log.write("x");
    log.sync();
    CHECK(read_file(path) == "12345x");
}

TEST_CASE("a missing folder is an error with the path, not one of a full disk") {
    try {
        write_file("/nowhere/at/all", "x");
        FAIL("must throw");
    } catch (const RunError& error) {
        CHECK(error.exit_code() == ExitCode::run_failed);
        CHECK_THAT(error.what(), Catch::Contains("/nowhere/at/all") && Catch::Contains("CT-FILE-002"));
    }
    CHECK_THROWS_AS(read_file("/nowhere"), InputError);
    CHECK_THROWS_AS(read_file("/tmp"), InputError);
}
