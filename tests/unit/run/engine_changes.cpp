// Interventions and streams in the engine's clock.
#include <catch2/catch.hpp>

#include <array>

#include "tests/support/toy_engine.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

/// Integrates the height of cell 1 over time, stepping every 10 s and woken by changes of cells.
struct Integral : Module {
    explicit Integral(Setup& setup) : height_(setup.attribute("cell", "height", "m")) {
        setup.period("10 s");
        setup.wakes_on("cell");
    }
    void step(const Step& now) override {
        sum += height_[1] * now.seconds();
        ends.push_back(to_seconds(now.to));
    }
    void changed(std::string_view, std::span<const Index> rows) override { changed_rows.insert(changed_rows.end(), rows.begin(), rows.end()); }
    void save(StateWriter& out) const override {
        out.value("sum", sum);
        out.column("ends", ends);
    }
    void load(StateReader& in) override {
        in.value("sum", sum);
        in.column("ends", ends);
    }
    Attribute height_;
    double sum = 0;
    std::vector<double> ends;
    std::vector<Index> changed_rows;
};

Change change_height(Microseconds at, Microseconds until, ChangeOperation operation, double value) {
    Change change;
    change.name = "raise";
    change.at = at;
    change.until = until;
    change.set = "cell";
    change.rows = {1};
    change.assignments = {{"height", operation, value, std::nullopt}};
    return change;
}

const Integral& integral(const Engine& engine) { return dynamic_cast<const Integral&>(engine.module("integral")); }

}  // namespace

TEST_CASE("a change lasts exactly its duration whatever the period of the module that it wakes") {
    ToyRun run;
    run.settings.end = 40 * second;
    run.settings.tick = second;
    run.factories = {toy<Integral>("integral")};
    run.settings.changes = [](const DeclaredNames&) { return std::vector{change_height(13 * second, 21 * second, ChangeOperation::set, 5)}; };
    Engine& engine = run.run_to_end();
    CHECK(integral(engine).ends == std::vector<double>{10, 13, 20, 21, 30, 40});   // woken, then back on its grid
    CHECK(integral(engine).sum == Approx(40 * 1.0 + 8 * 4.0));
    CHECK(integral(engine).changed_rows == std::vector<Index>{1, 1});
}

TEST_CASE("two relative changes of one attribute compose in file order and end in any order") {
    ToyRun run;
    run.settings.end = 40 * second;
    run.factories = {toy<Integral>("integral")};
    run.settings.changes = [](const DeclaredNames&) {
        return std::vector{change_height(0, 30 * second, ChangeOperation::multiply, 3), change_height(10 * second, 20 * second, ChangeOperation::add, 2)};
    };
    CHECK(integral(run.run_to_end()).sum == Approx(10 * 3.0 + 10 * 5.0 + 10 * 3.0 + 10 * 1.0));
}

TEST_CASE("a change of an attribute that no module reads is refused, with what could be meant") {
    ToyRun run;
    run.factories = {toy<Integral>("integral")};
    run.settings.changes = [](const DeclaredNames&) {
        Change change = change_height(0, second, ChangeOperation::set, 1);
        change.assignments[0].attribute = "heigth";
        return std::vector{change};
    };
    CHECK_THROWS_WITH(run.make(), Catch::Contains("CT-CHANGE-002") && Catch::Contains("'height'"));
}

namespace {

struct Rising : Module {
    explicit Rising(Setup& setup) : level_(setup.writes("cell", "level", "m")) { setup.period("1 s"); }
    void step(const Step& now) override { level_[0] = to_seconds(now.to); }
    Write level_;
};

}  // namespace

TEST_CASE("a change that waits for a condition starts once it has held long enough") {
    ToyRun run;
    run.settings.end = 40 * second;
    run.factories = {toy<Integral>("integral"), toy<Rising>("rising")};
    run.settings.changes = [](const DeclaredNames&) {
        Change change = change_height(0, 40 * second, ChangeOperation::set, 2);
        change.when = Condition{"cell", "level", Comparison::greater, 14.5, 3 * second};
        return std::vector{change};
    };
    Engine& engine = run.run_to_end();   // true first at 15, held until 18
    CHECK(integral(engine).sum == Approx(18 * 1.0 + 22 * 2.0));
    CHECK(integral(engine).ends == std::vector<double>{10, 18, 20, 30, 40});
}

namespace {

const StreamSchema note_schema{"note", {{"number", "1", StreamType::integer, "", {}}, {"list", "1", StreamType::reference_list, "cell", {}}}};

struct Talker : Module {
    explicit Talker(Setup& setup) : out_(setup.sends(note_schema)) { setup.period("1 s"); }
    void step(const Step& now) override {
        for (std::int64_t entity : {2, 1}) {
            auto& row = out_.record(now.to, static_cast<StableId>(entity));
            row.put(entity * 100 + static_cast<std::int64_t>(to_seconds(now.to)));
            const std::vector<std::uint32_t> list{1, 2, 3};
            row.put(std::span<const std::uint32_t>(list));
        }
    }
    StreamSender out_;
};
template <int seconds>
struct Hearer : Module {
    explicit Hearer(Setup& setup) : in_(setup.receives(note_schema)) { setup.period(std::to_string(seconds) + " s"); }
    void step(const Step&) override {
        std::vector<std::int64_t> now;
        for (std::size_t row = 0; row < in_.records().size(); ++row) {
            now.push_back(in_.records().integers(0)[row]);
            CHECK(in_.records().reference_list(1, row).size() == 3);
        }
        heard.push_back(now);
    }
    StreamReceiver in_;
    std::vector<std::vector<std::int64_t>> heard;
};

}  // namespace

TEST_CASE("a record is delivered at the first step after it was sent, in the order of time and sender, whatever the modules' names") {
    for (const char* name : {"a", "z"}) {
        ToyRun run;
        run.settings.end = 4 * second;
        run.factories = {toy<Talker>("m"), toy<Hearer<1>>(name), toy<Hearer<2>>("slow")};
        Engine& engine = run.run_to_end();
        const auto& fast = dynamic_cast<const Hearer<1>&>(engine.module(name)).heard;
        const auto& slow = dynamic_cast<const Hearer<2>&>(engine.module("slow")).heard;
        CHECK(fast == std::vector<std::vector<std::int64_t>>{{}, {101, 201}, {102, 202}, {103, 203}});
        CHECK(slow == std::vector<std::vector<std::int64_t>>{{101, 201}, {102, 202, 103, 203}});
    }
}

TEST_CASE("state that is saved, loaded and saved again has the same bytes, and goes on with the same digits") {
    auto build = [](ToyRun& run) -> Engine& {
        run.settings.end = 40 * second;
        run.settings.tick = second;
        run.factories = {toy<Integral>("integral"), toy<Talker>("m"), toy<Hearer<7>>("slow"), toy<Rising>("rising")};
        run.settings.recorded_fields = {"cell.level"};
        run.settings.record_interval = 9 * second;
        run.settings.changes = [](const DeclaredNames&) { return std::vector{change_height(13 * second, 21 * second, ChangeOperation::add, 5)}; };
        return run.make();
    };
    ToyRun straight, resumed;
    Engine& first = build(straight);
    first.start();
    while (first.now() < 17 * second) first.advance();
    const StateBlobs saved = first.save();
    Engine& second_engine = build(resumed);
    second_engine.load(saved);
    CHECK(second_engine.save() == saved);
    while (!first.finished()) first.advance();
    while (!second_engine.finished()) second_engine.advance();
    CHECK(first.state_hash() == second_engine.state_hash());
}

TEST_CASE("a time is a time in whatever unit the default or the scenario gives it") {
    struct Timed : Module {
        explicit Timed(Setup& setup) : period(setup.period("2 min")), pause(setup.duration("pause", "1 h", "A pause")) {}
        void step(const Step&) override {}
        Microseconds period, pause;
    };
    ToyRun plain, told;
    plain.factories = told.factories = {toy<Timed>("timed")};
    told.values["timed"] = {{"period", "30 s"}, {"pause", "90 s"}};
    const auto& by_default = dynamic_cast<const Timed&>(plain.make().module("timed"));
    CHECK(by_default.period == 2 * minute);
    CHECK(by_default.pause == 60 * minute);
    const auto& given = dynamic_cast<const Timed&>(told.make().module("timed"));
    CHECK(given.period == 30 * second);
    CHECK(given.pause == 90 * second);
}

namespace {

/// Steps every 10 s, and at 4 s and 13.5 s because it asks for it.
struct Sleeper : Module {
    explicit Sleeper(Setup& setup) { setup.period("10 s"); }
    void step(const Step& now) override {
        ends.push_back(to_seconds(now.to));
        next = now.to < 4 * second ? 4 * second : now.to < from_seconds(13.5) ? from_seconds(13.5) : now.to;   // a past time asks for nothing
    }
    [[nodiscard]] Microseconds wakes_at() const override { return next; }
    Microseconds next = 4 * second;
    std::vector<double> ends;
};

struct Plain : Module {
    explicit Plain(Setup& setup) { setup.period("10 s"); }
    void step(const Step&) override {}
};
struct BuildsLast : Plain {
    using Plain::Plain;
    static constexpr std::array<std::string_view, 2> builds_after{"middle", "not loaded"};
};
struct BuildsInTheMiddle : Plain {
    using Plain::Plain;
    static constexpr std::array<std::string_view, 1> builds_after{"first"};
};

std::vector<std::string> order_of(const std::vector<ModuleFactory>& factories) {
    std::vector<const ModuleFactory*> all;
    for (const auto& factory : factories) all.push_back(&factory);
    std::vector<std::string> names;
    for (const std::size_t m : build_order(all)) names.push_back(factories[m].name);
    return names;
}

}  // namespace

TEST_CASE("a module steps at the moments it asks for, then back on its grid") {
    ToyRun run;
    run.settings.end = 30 * second;
    run.factories = {toy<Sleeper>("sleeper")};
    Engine& engine = run.run_to_end();
    CHECK(dynamic_cast<const Sleeper&>(engine.module("sleeper")).ends == std::vector<double>{4, 10, 13.5, 20, 30});
}

TEST_CASE("modules build after those they name, whatever the order of the scenario") {
    const auto last = toy<BuildsLast>("last"), middle = toy<BuildsInTheMiddle>("middle"), first = toy<Plain>("first"), other = toy<Plain>("other");
    CHECK(order_of({last, middle, other, first}) == std::vector<std::string>{"other", "first", "middle", "last"});
    CHECK(order_of({first, last, other}) == std::vector<std::string>{"first", "last", "other"});   // what isn't loaded isn't waited for
    CHECK(order_of({other, first}) == std::vector<std::string>{"other", "first"});
}

TEST_CASE("modules that wait for each other's build are refused by name") {
    ModuleFactory circle = toy<Plain>("first");
    circle.builds_after = {"last"};
    ModuleFactory other = toy<Plain>("last");
    other.builds_after = {"first"};
    CHECK_THROWS_WITH(order_of({circle, other}), Catch::Contains("first, last") && Catch::Contains("CT-RUN-012"));
}
