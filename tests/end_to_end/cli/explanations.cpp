// Every code that the sources give must have its long form for `citytwin explain`.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/support/program.hpp"

using nlohmann::json;

namespace {

/// The real program with these words.
citytwin::testing::ProgramResult program(const std::vector<std::string>& words) { return citytwin::testing::citytwin(words); }

}  // namespace

TEST_CASE("every code that the sources give has its long form", "[cli]") {
    std::set<std::string> given;
    const std::regex pattern("CT-[A-Z0-9]+-[0-9]{3}");
    for (const char* room : {"core", "geodata", "modules"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(CITYTWIN_SOURCE_DIR "/") + room)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
            if (entry.path().filename() == "explanations.cpp") continue;
            std::ifstream in(entry.path());
            const std::string text((std::istreambuf_iterator<char>(in)), {});
            for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) given.insert(match->str());
        }
    }
    const auto listed = json::parse(program({"explain", "--json"}).out)["codes"];
    std::set<std::string> explained;
    for (const auto& entry : listed) {
        explained.insert(entry["code"].get<std::string>());
        CHECK_FALSE(entry["text"].get<std::string>().empty());
    }
    for (const auto& code : given) {
        INFO(code);
        CHECK(explained.count(code) == 1);
    }
    CHECK(program({"explain", "ct-scenario-011"}).exit_code == 0);
    CHECK(program({"explain", "CT-SCENARIO-999"}).exit_code == 2);
}
