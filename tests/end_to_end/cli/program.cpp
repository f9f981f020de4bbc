// The program as its users meet it: words, exit codes, what goes to stdout and what to stderr.
#include "tests/support/program.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

/// The real program with these words.
citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

const std::string malformed = CITYTWIN_SOURCE_DIR "/tests/fuzz/malformed/scenario";

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the program says its version and build, as text and as JSON", "[cli]") {
    const auto text = program({"--version"});
    CHECK(text.exit_code == 0);
    CHECK(contains(text.out, "citytwin "));
    const auto object = json::parse(program({"--version", "--json"}).out);
    CHECK(object.contains("version"));
    CHECK(object.contains("build_hash"));
}

TEST_CASE("wrong use ends with 2, names the nearest command and prints nothing to stdout", "[cli]") {
    const auto misspelt = program({"chek", "x.toml"});
    CHECK(misspelt.exit_code == 2);
    CHECK(misspelt.out.empty());
    CHECK(contains(misspelt.err, "nearest: 'check'"));
    CHECK(program({}).exit_code == 2);
    CHECK(program({"run"}).exit_code == 2);
    CHECK(program({"run", "x.toml", "--colour"}).exit_code == 2);
    CHECK(program({"run", "x.toml", "--progress", "loud"}).exit_code == 2);
    CHECK(program({"run", "x.toml", "--resume"}).exit_code == 2);
    CHECK(json::parse(program({"chek", "--json"}).out)["exit"] == 2);
}

TEST_CASE("help is a success and goes to stdout", "[cli]") {
    const auto help = program({"--help"});
    CHECK(help.exit_code == 0);
    CHECK(contains(help.out, "explain"));
    CHECK(program({"city", "import", "--help"}).exit_code == 0);
}

TEST_CASE("commands that aren't built are refused by name", "[cli]") {
    for (const char* name : {"serve"}) {
        const auto refused = program({name, "run", "x.toml", "-o", "y"});
        CHECK(refused.exit_code == 2);
        CHECK(contains(refused.err, std::string("`citytwin ") + name + "` isn't built"));
    }
}

TEST_CASE("errors are JSON on stdout with --json and text on stderr", "[cli]") {
    const auto result = program({"check", malformed + "/unknown_key.toml", "--json"});
    CHECK(result.exit_code == 3);
    const auto object = json::parse(result.out);
    CHECK(object["errors"] == 1);
    CHECK(object["files"][0]["diagnostics"][0]["code"] == "CT-SCENARIO-011");
    CHECK(object["files"][0]["diagnostics"][0]["line"] == 6);
    CHECK(contains(result.err, "nearest: 'seed'"));
    const auto run = program({"run", malformed + "/unknown_key.toml", "--json"});
    CHECK(run.exit_code == 3);
    CHECK(json::parse(run.out)["exit"] == 3);
}

TEST_CASE("colour comes only when it is asked for or on a terminal", "[cli]") {
    CHECK_FALSE(contains(program({"check", malformed + "/unknown_key.toml"}).err, "\033["));
    CHECK(contains(program({"check", malformed + "/unknown_key.toml", "--color", "always"}).err, "\033[1;31merror["));
}

TEST_CASE("the schemas are JSON with the draft they follow", "[cli]") {
    for (const char* kind : {"scenario", "city", "sweep"}) {
        const auto result = program({"schema", kind});
        CHECK(result.exit_code == 0);
        CHECK(json::parse(result.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    }
}

TEST_CASE("modules are listed, one is shown with its parameters, an unknown one is answered with the nearest", "[cli]") {
    const auto list = json::parse(program({"modules", "--json"}).out)["modules"];
    REQUIRE_FALSE(list.empty());
    for (const auto& module : list) {
        const auto one = program({"modules", module["name"].get<std::string>(), "--json"});
        CHECK(one.exit_code == 0);
        CHECK(json::parse(one.out)["name"] == module["name"]);
    }
    CHECK(program({"modules", "no such module"}).exit_code == 2);
}
