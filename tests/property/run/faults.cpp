// The fault table (docs/faults.md) on whole runs: a module that misbehaves in each of its calls, a disk that fills up at any moment, a
// damaged checkpoint, two runs in one folder. Always: named, nothing committed is lost, the resumed run has the straight run's bytes.
#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "core/base/durable_file.hpp"
#include "core/module/registry.hpp"
#include "core/output/run_folder.hpp"
#include "core/run/run.hpp"
#include "tests/support/program.hpp"
#include "tests/support/town.hpp"

using namespace citytwin;
using citytwin::testing::bytes_of_run;
using citytwin::testing::town;

namespace {

/// What the module of these tests does wrong, and when.
struct Plan {
    std::string where;             ///< "prepare", "start", "step", "save", "load", "close", "one" (NaN into the first field), "two" (Inf into the second)
    Microseconds at = 30 * minute;
} plan;

class Faulty final : public Module {
public:
    explicit Faulty(Setup& setup) : one_{setup.writes("road_link", "one", "1")}, two_{setup.writes("zone", "two", "1")} { setup.period("1 min"); }
    void prepare() override { fail_in("prepare"); }
    void start(const Step&) override { fail_in("start"); }
    void step(const Step& now) override {
        if (now.to < plan.at) return;
        fail_in("step");
        if (plan.where == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
        if (plan.where == "one") one_[3] = std::numeric_limits<double>::quiet_NaN();
        if (plan.where == "two") two_[1] = std::numeric_limits<double>::infinity();
    }
    void close(const Step&) override { fail_in("close"); }
    void save(StateWriter& out) const override {
        if (saves_++ == 2) fail_in("save");   // the third checkpoint
        out.value("nothing", 0.0);
    }
    void load(StateReader& in) override {
        fail_in("load");
        double nothing = 0;
        in.value("nothing", nothing);
    }

private:
    static void fail_in(const std::string& where) {
        if (plan.where == where) throw std::runtime_error("it broke in " + where);
    }
    Write one_, two_;
    mutable int saves_ = 0;
};

const Registration faulty{module_factory<Faulty>("faulty", "0")};

RunOptions options_of(const std::string& folder, const std::string& output, bool resume = false) {
    RunOptions options;
    options.scenario = folder + "/faulty.toml";
    options.output = folder + "/" + output;
    options.threads = 2;
    options.resume = resume;
    options.progress = ProgressMode::none;
    return options;
}

std::string faulty_town(const std::string& name) {
    const auto folder = town("faults_" + name);
    std::ofstream(folder + "/faulty.toml") << "name = \"faulty\"\nbase = \"base.toml\"\n[modules.faulty]\n";
    return folder;
}

/// Outcome of a run that may also throw.
struct Ended {
    ExitCode exit = ExitCode::done;
    std::string words;
};
Ended run(const RunOptions& options) {
    try {
        const RunOutcome outcome = run_scenario(options);
        std::string words = outcome.record.error;
        for (const auto& notice : outcome.notices) words += "\n" + notice;
        return {outcome.exit, words};
    } catch (const RunError& error) {
        return {error.exit_code(), error.what()};
    } catch (const InputError& error) {
        return {ExitCode::input_invalid, error.what()};
    }
}

}  // namespace

TEST_CASE("a module that fails in any of its calls ends the run at once, is named, and leaves a run that can go on", "[faults]") {
    const auto folder = faulty_town("calls");
    plan = {};
    REQUIRE(run(options_of(folder, "straight")).exit == ExitCode::done);
    const std::string wanted = bytes_of_run(folder + "/straight");
    for (const char* where : {"prepare", "start", "step", "save", "close"}) {
        INFO(where);
        plan = {where, 30 * minute};
        const auto begin = std::chrono::steady_clock::now();
        const Ended ended = run(options_of(folder, where));
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
        CHECK(ended.exit == ExitCode::run_failed);
        CHECK(ended.words.find("module 'faulty' failed") != std::string::npos);
        CHECK(ended.words.find(std::string("it broke in ") + where) != std::string::npos);
        plan = {};
        if (std::string(where) == "prepare") continue;   // nothing had begun
        CHECK(read_run_record(folder + "/" + where).status == RunStatus::failed);
        CHECK(run(options_of(folder, where, true)).exit == ExitCode::done);
        CHECK(bytes_of_run(folder + "/" + where) == wanted);
    }
    plan = {"step", 30 * minute};
    (void)run(options_of(folder, "load"));
    plan = {"load", 0};
    const Ended ended = run(options_of(folder, "load", true));
    CHECK(ended.words.find("while its state was loaded: it broke in load") != std::string::npos);
    plan = {};
    CHECK(run(options_of(folder, "load", true)).exit == ExitCode::done);
    CHECK(bytes_of_run(folder + "/load") == wanted);
}

TEST_CASE("a figure that isn't finite is found in its step: module, field, entity and time are named", "[faults]") {
    const auto folder = faulty_town("not_finite");
    for (const auto& [where, field] : {std::pair<const char*, const char*>{"one", "road_link.one"}, {"two", "zone.two"}}) {
        plan = {where, 17 * minute};
        const Ended ended = run(options_of(folder, where));
        INFO(ended.words);
        CHECK(ended.exit == ExitCode::run_failed);
        CHECK(ended.words.find("module 'faulty' wrote") != std::string::npos);
        CHECK(ended.words.find(field) != std::string::npos);
        CHECK(ended.words.find("at 1020 s") != std::string::npos);
        CHECK(read_run_record(folder + "/" + where).simulated_us <= 17 * minute);
    }
    plan = {};
}

TEST_CASE("a disk that fills up at any file operation of a run ends it with 6 and the path; the run goes on once there is room", "[faults]") {
    const auto folder = faulty_town("disk");
    plan = {};
    std::int64_t operations = 0;
    {
        const FileFault count(0);
        REQUIRE(run(options_of(folder, "straight")).exit == ExitCode::done);
        operations = count.operations();
    }
    REQUIRE(operations > 100);
    const std::string wanted = bytes_of_run(folder + "/straight");
    int failed = 0;
    for (std::int64_t n = 1; n <= operations; n += 1 + operations / 60) {
        CAPTURE(n, operations);
        std::filesystem::remove_all(folder + "/full");
        Ended ended;
        {
            const FileFault fault(n, ENOSPC, true);
            ended = run(options_of(folder, "full"));
        }
        if (ended.exit != ExitCode::done) {
            CHECK(ended.exit == ExitCode::out_of_resources);
            CHECK(ended.words.find("/full") != std::string::npos);
            ++failed;
        }
        if (std::filesystem::exists(folder + "/full/run.json") && read_run_record(folder + "/full").status == RunStatus::finished) continue;   // the last words were lost, not the run
        CHECK(run(options_of(folder, "full", std::filesystem::exists(folder + "/full"))).exit == ExitCode::done);
        CHECK(bytes_of_run(folder + "/full") == wanted);
    }
    CHECK(failed > 40);
}

TEST_CASE("a flipped byte in the newest checkpoint is found, the older one used, and the bytes come out the same", "[faults]") {
    const auto folder = faulty_town("flipped");
    plan = {};
    REQUIRE(run(options_of(folder, "straight")).exit == ExitCode::done);
    plan = {"step", 45 * minute};
    (void)run(options_of(folder, "flipped"));
    plan = {};
    std::uint64_t newest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder + "/flipped/checkpoints")) newest = std::max<std::uint64_t>(newest, std::stoull(entry.path().filename().string()));
    const std::string part = folder + "/flipped/checkpoints/" + std::to_string(newest) + "/module-traffic";
    REQUIRE(std::filesystem::exists(part));
    std::string bytes = read_file(part);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
    write_file(part, bytes);
    const RunOutcome outcome = run_scenario(options_of(folder, "flipped", true));
    CHECK(outcome.exit == ExitCode::done);
    CHECK(std::any_of(outcome.notices.begin(), outcome.notices.end(), [](const std::string& notice) { return notice.find("module-traffic") != std::string::npos; }));
    CHECK(outcome.record.resumed_from_step < newest);
    CHECK(outcome.record.resumed_from_step > 0);
    CHECK(bytes_of_run(folder + "/flipped") == bytes_of_run(folder + "/straight"));
}

TEST_CASE("two runs in one folder: the second is refused and says who holds it; a folder that can't be made is refused before anything runs", "[faults]") {
    const auto folder = town("faults_two");
    testing::RunningProgram first({"run", folder + "/base.toml", "-o", folder + "/out", "--progress", "none", "--no-report"}, {"CITYTWIN_TEST_SLEEP_PER_MINUTE_US=50000"});
    while (first.runs() && !std::filesystem::exists(folder + "/out/run.json")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const auto second = testing::citytwin({"run", folder + "/base.toml", "-o", folder + "/out", "--resume", "--progress", "none", "--no-report"});
    CHECK(second.exit_code == 1);
    CHECK(second.err.find("process") != std::string::npos);
    CHECK(first.wait() == 0);
    CHECK(read_run_record(folder + "/out").status == RunStatus::finished);
    std::ofstream(folder + "/a_file") << "x";
    const auto begin = std::chrono::steady_clock::now();
    const auto refused = testing::citytwin({"run", folder + "/base.toml", "-o", folder + "/a_file/out", "--no-report"});
    CHECK(refused.exit_code != 0);
    CHECK(refused.err.find("a_file") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

// Not a test of its own: the next one runs it in a process that the watchdog ends.
TEST_CASE("hangs in a step", "[.hang]") {
    plan = {"hang", 25 * minute};
    RunOptions options = options_of(std::getenv("CITYTWIN_HANG_FOLDER"), "out");
    options.step_timeout_s = 1;
    (void)run_scenario(options);
}

TEST_CASE("a module that doesn't come back from its step is named by the watchdog, and the run can go on", "[faults]") {
    const auto folder = faulty_town("hung");
    plan = {};
    REQUIRE(run(options_of(folder, "straight")).exit == ExitCode::done);
    const auto begin = std::chrono::steady_clock::now();
    const auto hung = testing::program({"env", "CITYTWIN_HANG_FOLDER=" + folder, std::filesystem::read_symlink("/proc/self/exe").string(), "hangs in a step"});
    CHECK(hung.exit_code == 1);
    CHECK(hung.err.find("CT-RUN-003") != std::string::npos);
    CHECK(hung.err.find("module 'faulty'") != std::string::npos);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() > 1);
    CHECK(took.count() < 4);
    CHECK(read_run_record(folder + "/out").status == RunStatus::failed);
    CHECK(run(options_of(folder, "out", true)).exit == ExitCode::done);
    CHECK(bytes_of_run(folder + "/out") == bytes_of_run(folder + "/straight"));
}
