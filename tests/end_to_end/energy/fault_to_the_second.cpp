// The grid of riverside alone, through the program: a fault lasts exactly its time whatever the module's period, backed-up connections have
// power to the hand-computed second, ties close only where restoration is asked for. Recorded rows are means, so they tell seconds.
#include <catch2/catch.hpp>

#include <functional>

#include "tests/support/cascade_run.hpp"
#include "tests/support/grid_town.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

constexpr double start_s = 17 * 3600;

/// From 17:00; the end and the recorded interval hold whole periods, so that rows are means to the microsecond. Changes act at a second.
std::string scenario(const std::string& energy, const std::string& changes, const std::string& end = "21:00", const std::string& interval = "15 min") {
    return "name = \"grid\"\ncity = \"" CITYTWIN_SOURCE_DIR "/geodata/cities/riverside.toml\"\nzone = \"Europe/Berlin\"\nseed = 7\n"
           "start = 2025-06-03T17:00:00\nend = 2025-06-03T" + end + ":00\ntick = \"1 s\"\n[modules.energy]\n" + energy +
           "[record]\nfields = [\"power_bus.energised\", \"power_connection.powered\", \"power_branch.in_service\"]\nstreams = [\"outage\"]\ninterval = \"" + interval + "\"\n" + changes;
}

/// Local seconds of the day in which something is away.
using Away = std::vector<std::pair<double, double>>;

double mean_of_row(std::size_t row, double row_s, const Away& away) {
    const double begin_s = start_s + row_s * static_cast<double>(row);
    double lost_s = 0;
    for (const auto& [from_s, until_s] : away) lost_s += std::max(0.0, std::min(begin_s + row_s, until_s) - std::max(begin_s, from_s));
    return 1 - lost_s / row_s;
}

std::vector<Index> branches_where(const City& city, const std::function<bool(Index)>& fits) {
    std::vector<Index> found;
    for (Index k = 0; k < city.at("power_branch").size(); ++k)
        if (fits(k)) found.push_back(k);
    return found;
}

std::string backup(const std::string& connection, int battery_s, int start_after_s, int fuel_s) {
    return "[[change]]\nname = \"backup of " + connection + "\"\nids = [\"" + connection + "\"]\nwhere = { set = \"power_connection\" }\nset = { backup_s = \"" + std::to_string(battery_s) +
           " s\", generator_start_s = \"" + std::to_string(start_after_s) + " s\", fuel_s = \"" + std::to_string(fuel_s) + " s\" }\n";
}

}  // namespace

TEST_CASE("a fault lasts exactly its time whatever the grid's period, and backup carries to the second", "[energy]") {
    constexpr double from_s = 18 * 3600 + 67, until_s = 20 * 3600 + 13;
    // By hand: a battery of 100 s alone; 5 s of battery before a generator that takes 15 s to start and has fuel for an hour; 60 s of battery, of
    // which the generator's start takes 15, half an hour of fuel, then the battery's other 45 s.
    const std::map<std::string, Away> backed_up{{"building:b1", {{from_s + 100, until_s}}},
                                                {"building:b2", {{from_s + 5, from_s + 15}, {from_s + 15 + 3600, until_s}}},
                                                {"building:b3", {{from_s + 15 + 1800 + 45, until_s}}},
                                                {"building:b1925", {}}};   // the hospital: 10 min, 15 s, a day
    const std::string changes = backup("building:b1", 100, 0, 0) + backup("building:b2", 5, 15, 3600) + backup("building:b3", 60, 15, 1800) +
                                "[[change]]\nname = \"fault\"\nat = 2025-06-03T18:01:07\nuntil = 2025-06-03T20:00:13\nwhere = { power_branch = \"kind = 'substation_transformer'\" }\nset = { fault = true }\n";
    struct Case {
        std::string period, end;
        double row_s;
    };
    for (const auto& [period, end, row_s] : {Case{"1 min", "21:00", 60}, Case{"7 min", "20:58", 420}, Case{"1 h", "21:00", 3600}}) {
        INFO("period " << period);
        const RecordedRun run = run_scenario("grid_to_the_second", scenario("period = \"" + period + "\"\n", changes, end, period));
        const City& city = run.city;
        const auto& kind = city.at("power_branch").get<std::string>("kind");
        const auto dark = dark_buses(city, branches_where(city, [&](Index k) { return kind[k] == "substation_transformer"; }));
        CHECK(std::count(dark.begin(), dark.end(), 1) > 1000);
        const auto energised = run.rows("power_bus/energised"), powered = run.rows("power_connection/powered"), in_service = run.rows("power_branch/in_service");
        REQUIRE(static_cast<double>(energised.size()) * row_s >= 238 * 60);
        const EntitySet& connections = city.at("power_connection");
        std::size_t wrong_buses = 0, wrong_connections = 0, closed_ties = 0;
        for (std::size_t row = 0; row < energised.size(); ++row) {
            const double off = mean_of_row(row, row_s, {{from_s, until_s}});
            for (std::size_t b = 0; b < dark.size(); ++b) wrong_buses += std::abs(energised[row][b] - (dark[b] != 0 ? off : 1)) > 1e-9;
            for (Index c = 0; c < connections.size(); ++c) {
                const auto own = backed_up.find(connections.id_of(c));
                const double expected = own != backed_up.end() ? mean_of_row(row, row_s, own->second) : dark[connections.get<Index>("power_bus")[c]] != 0 ? off : 1;
                wrong_connections += std::abs(powered[row][c] - expected) > 1e-9;
            }
            for (Index k = 0; k < kind.size(); ++k) closed_ties += city.at("power_branch").get<std::uint8_t>("closed")[k] == 0 && in_service[row][k] != 0;
        }
        CHECK(wrong_buses == 0);
        CHECK(wrong_connections == 0);
        CHECK(closed_ties == 0);
    }
}

TEST_CASE("with restore = true a ring's tie is closed after the switching time, and opened again when the cable is back", "[energy]") {
    const RecordedRun run = run_scenario("grid_restored", scenario("restore = true\n", "[[change]]\nname = \"fault\"\nat = 2025-06-03T18:01:07\nuntil = 2025-06-03T20:00:13\n"
        "ids = [\"ring-cable-0\"]\nwhere = { set = \"power_branch\" }\nset = { fault = true }\n"));
    constexpr double from_s = 18 * 3600 + 67, tied_s = from_s + 900;
    const City& city = run.city;
    const EntitySet& branches = city.at("power_branch");
    const auto dark = dark_buses(city, branches_where(city, [&](Index k) { return branches.id_of(k) == "ring-cable-0"; }));
    REQUIRE(std::count(dark.begin(), dark.end(), 1) > 100);
    const auto energised = run.rows("power_bus/energised"), in_service = run.rows("power_branch/in_service");
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < energised.size(); ++row) {
        for (std::size_t b = 0; b < dark.size(); ++b) {
            const double expected = dark[b] != 0 ? mean_of_row(row, 900, {{from_s, tied_s}}) : 1;
            if (wrong == 0 && std::abs(energised[row][b] - expected) > 1e-9) UNSCOPED_INFO("row " << row << ": " << energised[row][b] << ", expected " << expected);
            wrong += std::abs(energised[row][b] - expected) > 1e-9;
        }
    }
    const auto closed_ties = [&](std::size_t row) {
        double ties = 0;
        for (Index k = 0; k < branches.size(); ++k) ties += branches.get<std::uint8_t>("closed")[k] == 0 ? in_service[row][k] : 0;
        return ties;
    };
    CHECK(wrong == 0);
    CHECK(closed_ties(3) == 0);
    CHECK(closed_ties(8) == 1);   // 19:00 to 19:15
    CHECK(closed_ties(15) == 0);
}
