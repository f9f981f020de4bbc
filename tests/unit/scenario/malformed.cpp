// The malformed set of scenario and city files: each says in its first line which error it must give, and where.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "core/scenario/city_description.hpp"
#include "core/scenario/scenario.hpp"

using namespace citytwin;

namespace {

struct Malformed {
    std::string file, name, code;
    std::size_t line = 0;
};

std::vector<Malformed> malformed_set() {
    std::vector<Malformed> set;
    for (const auto& entry : std::filesystem::directory_iterator(CITYTWIN_SOURCE_DIR "/tests/fuzz/malformed/scenario")) {
        Malformed one;
        one.file = entry.path().string();
        one.name = entry.path().stem().string();
        if (one.name.front() == '_') continue;
        std::string first;
        std::ifstream in(one.file);
        std::getline(in, first);
        const auto words = split(first, ' ');
        REQUIRE(words.size() == 4);
        one.code = std::string(words[2]);
        one.line = static_cast<std::size_t>(parse_integer(words[3]).value());
        set.push_back(one);
    }
    std::sort(set.begin(), set.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
    return set;
}

std::vector<Diagnostic> refusal(const Malformed& one) {
    try {
        if (one.name.rfind("city_", 0) == 0 && one.name != "city_is_not_there") CityDescription::load(one.file);
        else Scenario::load(one.file);
    } catch (const InputError& error) {
        return error.diagnostics();
    }
    return {};
}

}  // namespace

TEST_CASE("each malformed scenario is refused with its code at its line", "[scenario][malformed]") {
    const auto set = malformed_set();
    CHECK(set.size() >= 40);
    for (const auto& one : set) {
        INFO(one.file);
        const auto found = refusal(one);
        REQUIRE_FALSE(found.empty());
        CHECK(found.front().code == one.code);
        CHECK(found.front().place.line == one.line);
        CHECK(found.front().place.file == one.file);
        CHECK_FALSE(found.front().message.empty());
    }
}
