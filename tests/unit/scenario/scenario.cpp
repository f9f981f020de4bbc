#include "core/scenario/scenario.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "core/scenario/bind_changes.hpp"
#include "core/scenario/table_reader.hpp"
#include "tests/support/shared_data.hpp"

using namespace citytwin;

namespace {

constexpr const char* baseline = R"(name = "base"
city = "city.toml"
start = 2025-06-03T00:00:00
end = 2025-06-04T00:00:00
zone = "Europe/Berlin"

[modules.traffic]
model = "queue"
period = "1 s"

[record]
fields = ["road_link.flow", "road_link.*"]
interval = "5 min"
digits = { "road_link.speed" = 0.01 }
)";

constexpr const char* what_if = R"(name = "closed"
base = "base.toml"

[[change]]
name = "close Main Street"
at = 2025-06-03T07:00:00
until = 2025-06-03T19:00:00
where = { road_link = "name = 'Main Street'" }
set = { closed = true }

[[change]]
name = "lane"
where = { road_link = ["b", "c"] }
set = { lanes = "+1", speed_limit = "30 km/h" }
)";

struct Files {
    std::string folder;
    explicit Files(const std::string& name) : folder(testing::scratch_folder("scenario_" + name)) {
        add("city.toml", "generate = { population = 100 }\n");
        add("base.toml", baseline);
        add("what_if.toml", what_if);
    }
    std::string add(const std::string& name, const std::string& text) const {
        std::ofstream(folder + "/" + name) << text;
        return folder + "/" + name;
    }
};

City city_of_three_links() {
    City city;
    EntitySet& links = city.add_set("road_link", 3);
    links.ids = {"a", "b", "c"};
    links.add("name", "", std::vector<std::string>{"Main Street", "Side Street", "Main Street"});
    links.add("lanes", "1", std::vector<double>{1, 2, 2});
    links.add("closed", "1", std::vector<std::uint8_t>{0, 0, 0});
    links.add("speed_limit", "m/s", std::vector<double>{13, 13, 13});
    links.add("program", "", std::vector<std::string>{"0", "0", "0"});
    return city;
}

std::vector<Change> bound(const std::string& file, const ChangeServices& services = {}) {
    std::vector<Diagnostic> warnings;
    return bind_changes(Scenario::load(file), city_of_three_links(), services, warnings);
}

std::string code_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

}  // namespace

TEST_CASE("a scenario is read in the engine's terms", "[scenario]") {
    const Files files("terms");
    const Scenario scenario = Scenario::load(files.folder + "/base.toml");
    CHECK(scenario.name == "base");
    CHECK(format_utc(scenario.start) == "2025-06-02T22:00:00Z");
    CHECK(scenario.duration() == day);
    CHECK(scenario.city == files.folder + "/city.toml");
    CHECK(scenario.seed == 1);
    REQUIRE(scenario.modules.size() == 1);
    CHECK(scenario.record.fields.size() == 2);
    CHECK(scenario.record.interval == 5 * minute);
    CHECK(scenario.record.digits.front() == std::pair<std::string, double>("road_link.speed", 0.01));
    CHECK(scenario.checkpoint.every == 15 * minute);
}

TEST_CASE("a what-if says only what differs", "[scenario]") {
    const Files files("what_if");
    const Scenario scenario = Scenario::load(files.folder + "/what_if.toml");
    CHECK(scenario.name == "closed");
    CHECK(scenario.duration() == day);
    REQUIRE(scenario.changes.size() == 2);
    CHECK(scenario.changes[0].where.front().expression == "name = 'Main Street'");
    CHECK(scenario.changes[1].where.front().ids == std::vector<std::string>{"b", "c"});
    CHECK(scenario.differences() == std::vector<std::string>{"change[close Main Street]", "change[lane]", "name"});
}

TEST_CASE("overrides, seed and until change the scenario and its hash", "[scenario]") {
    const Files files("overrides");
    const auto path = files.folder + "/base.toml";
    const Scenario plain = Scenario::load(path);
    CHECK(Scenario::load(path).hash() == plain.hash());
    const Scenario changed = Scenario::load(path, {{"modules.traffic.period=2 s"}, 7, "6 h"});
    CHECK(changed.seed == 7);
    CHECK(changed.duration() == 6 * hour);
    CHECK(changed.hash() != plain.hash());
    auto parameters = changed.parameters("traffic");
    CHECK(parameters.quantity("period", "s", "1 s") == 2);
    CHECK(Scenario::load(path, {{}, {}, "2025-06-03T12:00:00"}).duration() == 12 * hour);
    CHECK(code_of([&] { Scenario::load(path, {{}, {}, "soon"}); }) == "CT-SCENARIO-013");
    CHECK(code_of([&] { Scenario::load(path, {{"modules.traffic=3"}, {}, {}}); }) == "CT-SCENARIO-012");
}

TEST_CASE("the same scenario in another folder has the same hash", "[scenario]") {
    const Files here("hash_here"), there("hash_there");
    CHECK(Scenario::load(here.folder + "/what_if.toml").hash() == Scenario::load(there.folder + "/what_if.toml").hash());
}

TEST_CASE("the resolved scenario runs by itself and resolves to itself", "[scenario]") {
    const Files files("resolved");
    const Scenario scenario = Scenario::load(files.folder + "/what_if.toml");
    ModuleParameters traffic = scenario.parameters("traffic");
    CHECK(traffic.quantity("period", "s", "1 s") == 1);
    CHECK(traffic.quantity("replan", "s", "60 s") == 60);
    CHECK(traffic.text("model", "queue") == "queue");
    const std::string text = scenario.resolved_toml({&traffic});
    CHECK(text.find("replan = \"60 s\"") != std::string::npos);
    CHECK(text.find("at = 2025-06-03T07:00:00+02:00") != std::string::npos);
    const Files elsewhere("resolved_elsewhere");
    const Scenario again = Scenario::load(elsewhere.add("scenario.resolved.toml", text));
    CHECK(again.resolved_toml() == text);
    CHECK(again.start == scenario.start);
    CHECK(again.changes.size() == 2);
    CHECK(again.city == scenario.city);
}

TEST_CASE("a parameter that no module asked for is an error with the nearest one", "[scenario]") {
    ModuleParameters parameters("traffic", *read_toml_text("perod = \"1 s\"\n[charging]\npower = \"11 kW\"\npwer = 2\n", "f.toml").table(), {"f.toml"});
    (void)parameters.quantity("period", "s", "1 s");
    CHECK(parameters.quantity("charging.power", "W", "7 kW") == 11000);
    DiagnosticList errors;
    parameters.report_unknown(errors);
    REQUIRE(errors.all().size() == 2);
    CHECK(errors.all()[0].message.find("nearest: 'period'") != std::string::npos);
    CHECK(errors.all()[0].place.line == 1);
    CHECK(errors.all()[1].message.find("charging.pwer") != std::string::npos);
    CHECK(errors.all()[1].place.line == 4);
}

TEST_CASE("a module's files start at the file that names them, and are listed", "[scenario]") {
    const Files files("paths");
    files.add("with_file.toml", std::string("base = \"base.toml\"\nname = \"x\"\n[modules.population]\ndemand = \"d/demand.csv\"\n"));
    const Scenario scenario = Scenario::load(files.folder + "/with_file.toml");
    auto parameters = scenario.parameters("population");
    CHECK(parameters.path("demand") == files.folder + "/d/demand.csv");
    CHECK(parameters.path("zones").empty());
    CHECK(parameters.files() == std::vector<std::string>{files.folder + "/d/demand.csv"});
    CHECK(scenario.resolved_toml({&parameters}).find("zones") == std::string::npos);
}

TEST_CASE("changes become rows and numbers in the attribute's unit", "[scenario]") {
    const Files files("bind");
    const auto changes = bound(files.folder + "/what_if.toml");
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].at == 7 * hour);
    CHECK(changes[0].until == 19 * hour);
    CHECK(changes[0].rows == std::vector<Index>{0, 2});
    CHECK(changes[0].assignments.front().value == 1);
    CHECK(changes[1].at == 0);
    CHECK(changes[1].rows == std::vector<Index>{1, 2});
    CHECK(changes[1].assignments[0].operation == ChangeOperation::add);
    CHECK(changes[1].assignments[1].value == Approx(30 / 3.6));
}

TEST_CASE("a change without a named set finds the one that has its attributes", "[scenario]") {
    const Files files("no_set");
    const auto path = files.add("c.toml", "base = \"base.toml\"\nname = \"c\"\n[[change]]\nname = \"x\"\nids = [\"b\"]\nset = { program = \"night\", speed_limit = \"*0.5\" }\n");
    const auto changes = bound(path);
    CHECK(changes.front().set == "road_link");
    CHECK(changes.front().rows == std::vector<Index>{1});
    CHECK(changes.front().assignments[0].text == "night");
    CHECK(changes.front().assignments[1].operation == ChangeOperation::multiply);
}

TEST_CASE("a condition's limit is turned into the field's unit", "[scenario]") {
    const Files files("when");
    const auto path = files.add("c.toml", "base = \"base.toml\"\nname = \"c\"\n[[change]]\nname = \"x\"\nwhen = \"road_link.travel_time > 5 min\"\nhold = \"2 min\"\n"
                                          "where = { road_link = \"\" }\nset = { closed = true }\n");
    ChangeServices services;
    services.field_unit = [](const std::string&, const std::string& field) { return field == "travel_time" ? std::optional<std::string>("s") : std::nullopt; };
    const auto changes = bound(path, services);
    CHECK(changes.front().when->limit == 300);
    CHECK(changes.front().when->hold == 2 * minute);
    CHECK(changes.front().rows.size() == 3);
}

TEST_CASE("what a change can't mean is refused by what is wrong with it", "[scenario]") {
    const Files files("refused");
    const auto code = [&](const std::string& lines, const ChangeServices& services = {}) {
        const auto path = files.add("c.toml", "base = \"base.toml\"\nname = \"c\"\n[[change]]\nname = \"x\"\n" + lines);
        return code_of([&] { bound(path, services); });
    };
    CHECK(code("where = { road_lnk = \"\" }\nset = { closed = true }\n") == "CT-SCENARIO-040");
    CHECK(code("where = { road_link = \"lane = 2\" }\nset = { closed = true }\n") == "CT-SCENARIO-042");
    CHECK(code("where = { road_link = [\"q\"] }\nset = { closed = true }\n") == "CT-SCENARIO-044");
    CHECK(code("where = { road_link = \"\" }\nset = { speed_limit = 30 }\n") == "CT-SCENARIO-036");
    CHECK(code("where = { road_link = \"\" }\nset = { speed_limit = \"30 kg\" }\n") == "CT-SCENARIO-036");
    CHECK(code("where = { road_link = \"\" }\nset = { program = 3 }\n") == "CT-SCENARIO-036");
    CHECK(code("where = { road_link = \"\" }\nset = { colour = 3 }\n") == "CT-SCENARIO-048");
    CHECK(code("within = \"zone.geojson\"\nset = { closed = true }\n") == "CT-SCENARIO-025");
    CHECK(code("set = { colour = 3 }\n") == "CT-SCENARIO-040");
    ChangeServices services;
    services.field_unit = [](const std::string&, const std::string&) { return std::optional<std::string>(); };
    CHECK(code("when = \"road_link.fow > 1\"\nwhere = { road_link = \"\" }\nset = { closed = true }\n", services) == "CT-SCENARIO-049");
}

TEST_CASE("a temperature is raised by a difference, not by an absolute value", "[scenario]") {
    AttributeSetting setting{"setpoint", ChangeOperation::add, std::string("2 degC"), {}};
    CHECK(setting.number_in("K") == Approx(2));
    setting.operation = ChangeOperation::set;
    CHECK(setting.number_in("K") == Approx(275.15));
}

TEST_CASE("changes outside the run's time are warned of", "[scenario]") {
    const Files files("outside");
    const auto path = files.add("c.toml", "base = \"base.toml\"\nname = \"c\"\n[[change]]\nname = \"late\"\nat = 2025-07-01T00:00:00\nids = [\"b\"]\nset = { closed = true }\n"
                                          "[[change]]\nname = \"early\"\nat = 2025-05-01T00:00:00\nids = [\"b\"]\nset = { closed = true }\n");
    const auto warnings = Scenario::load(path).warnings;
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0].code == "CT-SCENARIO-033");
    CHECK(warnings[1].code == "CT-SCENARIO-034");
}

TEST_CASE("the full example of the documentation is a scenario", "[scenario]") {
    std::ifstream in(CITYTWIN_SOURCE_DIR "/docs/scenario_files.md");
    const std::string page((std::istreambuf_iterator<char>(in)), {});
    const auto begin = page.find("```toml\n") + 8;
    const Files files("documentation");
    files.add("baseline.toml", "[modules.weather]\n");
    files.add("counts.csv", "time,sensor,value\n");
    files.add("sensors.csv", "sensor,set,id,field\n");
    const Scenario scenario = Scenario::load(files.add("example.toml", page.substr(begin, page.find("```", begin) - begin)));
    CHECK(scenario.modules.size() == 3);
    CHECK(scenario.changes.size() == 2);
    CHECK(scenario.observations.size() == 1);
    CHECK(scenario.record.streams == std::vector<std::string>{"trip_event"});
    CHECK(scenario.warnings.empty());
}
