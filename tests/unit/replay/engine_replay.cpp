// Sensor history in an engine: what is compared, what is driven, what a gap does.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "core/replay/replay.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_engine.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

const UtcMicroseconds start = parse_time("2025-06-03T05:00:00Z", "");

/// Writes cell.level = seconds since the start, and reads nothing.
struct Clockwork : Module {
    explicit Clockwork(Setup& setup) : level_(setup.writes("cell", "level", "m")) { setup.period("10 s"); }
    void step(const Step& now) override {
        for (double& value : level_.values()) value = to_seconds(now.to);
    }
    Write level_;
};

/// Notes what it sees of cell 1: cell.level, cell.inflow (nobody writes it) and the attribute height.
struct Watcher : Module {
    explicit Watcher(Setup& setup)
        : level_(setup.reads("cell", "level", "m")), inflow_(setup.reads("cell", "inflow", "1/s").otherwise(0.5)), height_(setup.attribute("cell", "height", "m")) { setup.period("10 s"); }
    void step(const Step&) override {
        levels.push_back(level_[1]);
        inflows.push_back(inflow_[1]);
        heights.push_back(height_[1]);
        others.push_back(inflow_[2]);
    }
    void changed(std::string_view, std::span<const Index>) override { ++changes; }
    Read level_, inflow_;
    Attribute height_;
    std::vector<double> levels, inflows, heights, others;
    int changes = 0;
};

struct Setting {
    ToyRun run;
    std::string folder;
    ObservationSettings settings;
    std::unique_ptr<Replay> replay;

    Setting(const std::string& name, const std::string& map, const std::string& rows) : folder(scratch_folder(name)) {
        std::ofstream(folder + "/map.csv") << "sensor,set,id,field,unit\n" << map;
        std::ofstream(folder + "/rows.csv") << "time,sensor,value\n" << rows;
        settings.name = "test";
        settings.files = {folder + "/rows.csv"};
        settings.map = folder + "/map.csv";
        settings.origin = start;
        settings.period = 20 * second;
        run.settings.calendar = Calendar(start, "Etc/UTC");
        run.settings.end = minute;
        run.factories = {toy<Clockwork>("clockwork"), toy<Watcher>("watcher")};
    }
    Engine& make() {
        replay = std::make_unique<Replay>(std::vector{settings}, run.settings.calendar, run.settings.end);
        run.settings.replay = replay.get();
        return run.make();
    }
    const Watcher& watched() {
        make().start();
        while (!run.engine->finished()) run.engine->advance();
        return dynamic_cast<const Watcher&>(run.engine->module("watcher"));
    }
    std::string refusal() {
        try {
            make();
        } catch (const InputError& error) {
            return error.diagnostics().front().code;
        }
        return "";
    }
};

}  // namespace

TEST_CASE("a slot is compared with the model over the same slot, in the sensor's unit", "[replay]") {
    Setting setting("replay_score", "s,cell,c1,level,cm\n", "0,s,1000\n20,s,3500\n40,s,5000\n");
    setting.watched();
    CHECK(setting.replay->model(0, 0) == std::vector<double>{2000, 4000, 6000});   // recorded as: last
    CHECK(setting.replay->sources()[0].table().series[0].values == std::vector<double>{1000, 3500, 5000});
}

TEST_CASE("forced values are seen at each step of their slot, by every reader", "[replay]") {
    SECTION("over a module that writes the field") {
        Setting setting("replay_force_written", "s,cell,c1,level,cm\n", "0,s,100\n20,s,200\n40,s,300\n");
        setting.settings.use = ObservationUse::force;
        CHECK(setting.watched().levels == std::vector<double>{1, 1, 2, 2, 3, 3});
        for (const auto& origin : setting.run.engine->field_sources()) CHECK(origin.source == (origin.field == "level" ? "observation" : "default"));
    }
    SECTION("where nobody writes it: rows without a sensor keep the reader's default") {
        Setting setting("replay_force_read", "s,cell,c1,inflow,veh\n", "0,s,20\n20,s,40\n40,s,10\n");
        setting.settings.use = ObservationUse::force;
        CHECK(setting.watched().inflows == std::vector<double>{1, 1, 2, 2, 0.5, 0.5});
        CHECK(setting.watched().others == std::vector<double>(6, 0.5));
    }
    SECTION("as an attribute: modules hear of it") {
        Setting setting("replay_force_attribute", "s,cell,c1,height,m\n", "0,s,7\n20,s,7\n40,s,9\n");
        setting.settings.use = ObservationUse::force;
        CHECK(setting.watched().heights == std::vector<double>{7, 7, 7, 7, 9, 9});
        CHECK(setting.watched().changes == 2);
    }
}

TEST_CASE("a module that steps over several slots gets their mean", "[replay]") {
    Setting setting("replay_force_mean", "s,cell,c1,level,m\n", "0,s,1\n5,s,2\n10,s,4\n15,s,4\n20,s,8\n25,s,8\n30,s,8\n35,s,8\n40,s,8\n45,s,8\n50,s,8\n55,s,8\n");
    setting.settings.use = ObservationUse::force;
    setting.settings.period = 5 * second;
    CHECK(setting.watched().levels == std::vector<double>{1.5, 4, 8, 8, 8, 8});
}

TEST_CASE("each gap policy does what it says", "[replay]") {
    const std::string rows = "-86400,s,70\n-86380,s,80\n-86360,s,90\n0,s,1\n40,s,3\n";   // nothing from 20 to 40 s
    Setting setting("replay_gaps", "s,cell,c1,level,m\n", rows);
    setting.settings.use = ObservationUse::force;
    SECTION("refuse") { CHECK(setting.refusal() == "CT-REPLAY-043"); }
    SECTION("hold") {
        setting.settings.gap = GapPolicy::hold;
        setting.settings.max_age = 20 * second;
        CHECK(setting.watched().levels == std::vector<double>{1, 1, 1, 1, 3, 3});
    }
    SECTION("hold, but too old") {
        setting.settings.gap = GapPolicy::hold;
        setting.settings.max_age = 19 * second;
        CHECK(setting.refusal() == "CT-REPLAY-043");
    }
    SECTION("profile") {
        setting.settings.gap = GapPolicy::profile;
        CHECK(setting.watched().levels == std::vector<double>{1, 1, 80, 80, 3, 3});
    }
    SECTION("model") {
        setting.settings.gap = GapPolicy::model;
        CHECK(setting.watched().levels == std::vector<double>{1, 1, 30, 40, 3, 3});
    }
}

TEST_CASE("a run continued from saved state compares and drives as the straight one", "[replay]") {
    Setting setting("replay_resume", "s,cell,c1,height,m\nt,cell,c2,inflow,1/s\n", "0,s,7\n20,s,8\n40,s,9\n0,t,1\n20,t,2\n40,t,3\n");
    setting.settings.use = ObservationUse::force;
    setting.watched();
    const std::string straight = setting.run.engine->state_hash();
    setting.make().start();
    while (setting.run.engine->now() < 30 * second) setting.run.engine->advance();
    const StateBlobs blobs = setting.run.engine->save();
    Engine& again = setting.make();
    again.load(blobs);
    CHECK(again.save() == blobs);
    while (!again.finished()) again.advance();
    CHECK(again.state_hash() == straight);
}

TEST_CASE("sensors that fit nothing are refused by name", "[replay]") {
    const auto code = [](const std::string& name, const std::string& map, ObservationUse use = ObservationUse::score) {
        Setting setting("replay_refused_" + name, map, "0,s,1\n20,s,1\n40,s,1\n");
        setting.settings.use = use;
        return setting.refusal();
    };
    CHECK(code("set", "s,cel,c1,level,m\n") == "CT-REPLAY-025");
    CHECK(code("id", "s,cell,c9,level,m\n") == "CT-REPLAY-026");
    CHECK(code("field", "s,cell,c1,depth,m\n") == "CT-REPLAY-040");
    CHECK(code("read_only", "s,cell,c1,inflow,1/s\n") == "CT-REPLAY-040");
    CHECK(code("unit", "s,cell,c1,level,kg\n") == "CT-REPLAY-041");
    CHECK(code("twice", "s,cell,c1,level,m\nr,cell,c1,level,m\n", ObservationUse::force) == "CT-REPLAY-043");   // r has no rows at all
}
