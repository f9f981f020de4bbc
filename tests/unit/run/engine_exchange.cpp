// What modules see of each other: order within a step, previous values, rates, mappings, refusals.
#include <catch2/catch.hpp>

#include "tests/support/toy_engine.hpp"

using namespace citytwin;
using namespace citytwin::testing;

namespace {

/// Writes the end time of its step in seconds, on every cell.
struct Clock : Module {
    explicit Clock(Setup& setup) : time_(setup.writes("cell", "time", "s").recorded_as(Aggregation::mean)) { setup.period("1 s"); }
    void step(const Step& now) override {
        for (std::size_t i = 0; i < time_.size(); ++i) time_[i] = to_seconds(now.to);
    }
    Write time_;
};

/// Logs what it reads of cell 0 at each of its steps.
struct Listener : Module {
    void note(double value, const Step& now) {
        seen.push_back(value);
        at.push_back(to_seconds(now.to));
    }
    std::vector<double> seen, at;
};

struct SameStep : Listener {
    explicit SameStep(Setup& setup) : time_(setup.reads("cell", "time", "s")) { setup.period("1 s"); }
    void step(const Step& now) override { note(time_[0], now); }
    Read time_;
};

struct LastStep : Listener {
    explicit LastStep(Setup& setup) : time_(setup.reads_previous("cell", "time", "s")) { setup.period("1 s"); }
    void step(const Step& now) override { note(time_[0], now); }
    Read time_;
};

template <Aggregation aggregation>
struct Slow : Listener {
    explicit Slow(Setup& setup) : time_(request(setup)) { setup.period("5 s"); }
    static Read request(Setup& setup) {
        auto read = setup.reads("cell", "time", "s");
        switch (aggregation) {
            case Aggregation::sum: return read.sum();
            case Aggregation::last: return read.last();
            case Aggregation::min: return read.minimum();
            case Aggregation::max: return read.maximum();
            default: return read.mean();
        }
    }
    void step(const Step& now) override { note(time_[0], now); }
    Read time_;
};

struct Rare : Module {
    explicit Rare(Setup& setup) : level_(setup.writes("cell", "level", "m").initially(0)) { setup.period("10 s"); }
    void step(const Step& now) override {
        for (std::size_t i = 0; i < level_.size(); ++i) level_[i] = to_seconds(now.to);
    }
    Write level_;
};
struct Holding : Listener {
    explicit Holding(Setup& setup) : level_(setup.reads("cell", "level", "m")) { setup.period("5 s"); }
    void step(const Step& now) override { note(level_[0], now); }
    Read level_;
};
struct Interpolating : Listener {
    explicit Interpolating(Setup& setup) : level_(setup.reads("cell", "level", "m").interpolated()) { setup.period("5 s"); }
    void step(const Step& now) override { note(level_[0], now); }
    Read level_;
};

const Listener& listener(Engine& engine, const char* name) { return dynamic_cast<const Listener&>(engine.module(name)); }

}  // namespace

TEST_CASE("a reader sees this step's value after its writer, whatever the names and the load order") {
    for (const char* name : {"a_reader", "z_reader"}) {
        ToyRun run;
        run.settings.end = 3 * second;
        run.factories = {toy<SameStep>(name), toy<Clock>("m_clock")};
        Engine& engine = run.run_to_end();
        CHECK(listener(engine, name).seen == std::vector<double>{1, 2, 3});
    }
}

TEST_CASE("a reader of previous values sees the last step's value, whatever the order of execution") {
    for (const char* name : {"a_reader", "z_reader"}) {
        ToyRun run;
        run.settings.end = 3 * second;
        run.factories = {toy<LastStep>(name), toy<Clock>("m_clock")};
        Engine& engine = run.run_to_end();
        CHECK(listener(engine, name).seen == std::vector<double>{0, 1, 2});
    }
}

TEST_CASE("a slow reader sees the mean, sum, last, least or greatest of a fast field over its interval") {
    ToyRun run;
    run.settings.end = 10 * second;
    run.factories = {toy<Clock>("clock"), toy<Slow<Aggregation::mean>>("mean"), toy<Slow<Aggregation::sum>>("sum"),
                     toy<Slow<Aggregation::last>>("last"), toy<Slow<Aggregation::min>>("least"), toy<Slow<Aggregation::max>>("most")};
    Engine& engine = run.run_to_end();
    CHECK(listener(engine, "mean").seen == std::vector<double>{3, 8});
    CHECK(listener(engine, "sum").seen == std::vector<double>{15, 40});
    CHECK(listener(engine, "last").seen == std::vector<double>{5, 10});
    CHECK(listener(engine, "least").seen == std::vector<double>{1, 6});
    CHECK(listener(engine, "most").seen == std::vector<double>{5, 10});
}

TEST_CASE("a fast reader holds a slow field or follows it one period late, never ahead") {
    ToyRun run;
    run.settings.end = 30 * second;
    run.factories = {toy<Rare>("rare"), toy<Holding>("holds"), toy<Interpolating>("follows")};
    Engine& engine = run.run_to_end();
    CHECK(listener(engine, "holds").seen == std::vector<double>{0, 10, 10, 20, 20, 30});
    CHECK(listener(engine, "follows").seen == std::vector<double>{0, 0, 5, 10, 15, 20});
}

TEST_CASE("the last step may be shorter than the period") {
    ToyRun run;
    run.settings.end = 7 * second;
    run.factories = {toy<Clock>("clock"), toy<Slow<Aggregation::mean>>("mean")};
    Engine& engine = run.run_to_end();
    CHECK(listener(engine, "mean").at == std::vector<double>{5, 7});
    CHECK(listener(engine, "mean").seen == std::vector<double>{3, 6.5});
}

namespace {

template <int value>
struct Adder : Module {
    explicit Adder(Setup& setup) : part_(setup.accumulates("group", "load", "W").from("cell.group")) { setup.period("1 s"); }
    void step(const Step&) override {
        for (std::size_t i = 0; i < part_.size(); ++i) part_[i] += value;
    }
    Accumulate part_;
};
struct GroupReader : Listener {
    explicit GroupReader(Setup& setup) : load_(setup.reads("group", "load", "W").through("cell.group").otherwise(-1)) { setup.period("1 s"); }
    void step(const Step& now) override {
        for (std::size_t i = 0; i < load_.size(); ++i) note(load_[i], now);
    }
    Read load_;
};

}  // namespace

TEST_CASE("parts of several writers are scattered by a mapping, summed and gathered back; a missing reference has the default") {
    ToyRun run;
    run.settings.end = second;
    run.factories = {toy<Adder<1>>("b"), toy<Adder<10>>("a"), toy<GroupReader>("reader")};
    Engine& engine = run.run_to_end();
    CHECK(listener(engine, "reader").seen == std::vector<double>{11, 11, 11, -1});
}

namespace {

template <class Declare>
std::string refusal(Declare&& factories) {
    ToyRun run;
    run.factories = factories;
    try {
        run.make();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}
struct ReadsB : Module {
    explicit ReadsB(Setup& setup) : in_(setup.reads("cell", "b", "1")), out_(setup.writes("cell", "a", "1")) {}
    void step(const Step&) override {}
    Read in_;
    Write out_;
};
struct ReadsA : Module {
    explicit ReadsA(Setup& setup) : in_(setup.reads("cell", "a", "1")), out_(setup.writes("cell", "b", "1")) {}
    void step(const Step&) override {}
    Read in_;
    Write out_;
};
struct WrongUnit : Module {
    explicit WrongUnit(Setup& setup) : in_(setup.reads("cell", "time", "m")) {}
    void step(const Step&) override {}
    Read in_;
};
struct NoSource : Module {
    explicit NoSource(Setup& setup) : in_(setup.reads("cell", "nothing", "m")) {}
    void step(const Step&) override {}
    Read in_;
};
struct ReadsAttribute : Listener {
    explicit ReadsAttribute(Setup& setup) : in_(setup.reads("cell", "height", "m")) {}
    void step(const Step& now) override { note(in_[2], now); }
    Read in_;
};
struct NotFinite : Module {
    explicit NotFinite(Setup& setup) : out_(setup.writes("cell", "bad", "1")) {}
    void step(const Step&) override { out_[1] = 0.0 / (out_[0] * 0.0); }
    Write out_;
};

}  // namespace

TEST_CASE("a cycle within one step is refused with the modules, the fields and the remedy") {
    const std::string text = refusal(std::vector{toy<ReadsA>("one"), toy<ReadsB>("two")});
    CHECK(text.find("CT-SCHEDULE-001") != std::string::npos);
    CHECK(text.find("'one' -> cell.b -> 'two'") != std::string::npos);
    CHECK(text.find("reads_previous") != std::string::npos);
}

TEST_CASE("two writers of one field, another unit and a read without any source are refused before step 0") {
    CHECK(refusal(std::vector{toy<Clock>("one"), toy<Clock>("two")}).find("two writers: 'one' and 'two'") != std::string::npos);
    CHECK(refusal(std::vector{toy<Clock>("clock"), toy<WrongUnit>("reader")}).find("CT-FIELD-005") != std::string::npos);
    CHECK(refusal(std::vector{toy<NoSource>("reader")}).find("CT-FIELD-007") != std::string::npos);
}

TEST_CASE("a field that nobody writes is the city's attribute") {
    ToyRun run;
    run.settings.end = second;
    run.factories = {toy<ReadsAttribute>("reader")};
    Engine& engine = run.run_to_end();
    CHECK(listener(engine, "reader").seen == std::vector<double>{2});
    CHECK(engine.field_sources().front().source == "city");
}

TEST_CASE("a value that isn't finite stops the run in its step, with module, field and entity") {
    ToyRun run;
    run.factories = {toy<NotFinite>("culprit")};
    run.make().start();
    try {
        run.engine->advance();
        FAIL("it went on");
    } catch (const RunError& error) {
        const std::string text = error.what();
        CHECK(text.find("culprit") != std::string::npos);
        CHECK(text.find("cell.bad") != std::string::npos);
        CHECK(text.find("'c1'") != std::string::npos);
    }
}
