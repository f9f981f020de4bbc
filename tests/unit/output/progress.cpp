#include "core/output/progress.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace citytwin;

namespace {

std::string printed(ProgressMode mode, Microseconds first) {
    std::FILE* file = std::tmpfile();
    Progress progress(mode, first, day, file);
    for (Microseconds t = first + minute; t <= day; t += minute) progress.update(t);
    progress.finish(day);
    std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
    std::rewind(file);
    const std::size_t got = std::fread(text.data(), 1, text.size(), file);
    std::fclose(file);
    return text.substr(0, got);
}

}  // namespace

TEST_CASE("progress elsewhere than on a terminal is a plain line each tenth") {
    const std::string text = printed(ProgressMode::automatic, 0);
    CHECK(std::count(text.begin(), text.end(), '\n') == 10);
    CHECK(text.find("02:24:00 · 10 %") == 0);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(printed(ProgressMode::plain, 12 * hour).find("14:24:00 · 60 %") == 0);
}

TEST_CASE("no progress means no output") { CHECK(printed(ProgressMode::none, 0).empty()); }

TEST_CASE("the progress line gives simulated time, speed, time left and memory") {
    CHECK(Progress::line(day + 6 * hour, day, 2 * day, 72.0, 1'200'000'000) == "day 2 06:00:00 · 62 % · 300 × real time · 3 min 36 s left · 1.20 GB");
    CHECK(Progress::line(day, 0, day, 100.0, 0) == "24:00:00 · 100 % · 864 × real time · 0.00 GB");
    CHECK(Progress::line(0, 0, day, 0.0, 0) == "00:00:00 · 0 % · 0.00 GB");
}
