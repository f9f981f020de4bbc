// Invariants 5 and 6 of the architecture, as far as files go: whatever breaks, what was promised is there, and what is there is whole.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <numeric>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hash.hpp"
#include "core/base/hdf5.hpp"
#include "core/output/checkpoint_store.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t links = 9000;
constexpr int rows = 60;

ResultsSetup setup_in(const std::string& folder) {
    ResultsSetup setup{folder, "2025-06-03T00:00:00Z", "", {}, {}};
    ResultSet road{"road_link", {}, {}, {}, {{"flow", "1/s", "", "time: mean"}, {"speed", "m/s", "", "time: mean"}}};
    for (std::size_t i = 0; i < links; ++i) road.ids.push_back(std::to_string(i));
    setup.sets = {road, {"zone", {"a", "b"}, {}, {}, {{"occupants"}}}};
    setup.streams = {{"trip_event", {{"when", "s", ResultType::real}, {"who", "", ResultType::text}, {"kind", "1", ResultType::integer}}}};
    return setup;
}

/// The state of a pretended run is its row number; what it writes follows from that.
void write_row(ResultsWriter& writer, int row) {
    std::vector<double> flow(links), speed(links), people{1.0 * row, 2};
    for (std::size_t i = 0; i < links; ++i) {
        flow[i] = static_cast<double>(mix64(i * 1000 + static_cast<std::size_t>(row)) % 1000) / 7;
        speed[i] = i % 5 == 0 ? flow[i] : 13.9;
    }
    const std::span<const double> road[] = {flow, speed}, zone[] = {people};
    writer.add_row(0, row * minute, road);
    if (row % 3 == 0) writer.add_row(1, row * minute, zone);
    const std::size_t events = mix64(static_cast<std::size_t>(row)) % 700;
    std::vector<double> when(events, row * 60.0);
    std::vector<std::string> who(events, "person " + std::to_string(row));
    std::vector<std::int64_t> kind(events);
    std::iota(kind.begin(), kind.end(), row);
    const RecordColumn columns[] = {std::span<const double>(when), std::span<const std::string>(who), std::span<const std::int64_t>(kind)};
    writer.add_records(0, columns);
}

const CheckpointExpectation expectation{"scenario", "build", 1, false};

/// A run that can be stopped anywhere: resumes by itself from its newest checkpoint. `dice` decides commits and checkpoints.
void pretended_run(const std::string& folder, std::uint64_t dice, useconds_t pause_us = 0) {
    CheckpointStore store(folder);
    const auto checkpoint = store.load_newest(expectation);
    ResultsWriter writer(setup_in(folder), checkpoint ? std::optional(checkpoint->info.results) : std::nullopt);
    for (int row = checkpoint ? static_cast<int>(checkpoint->info.step) + 1 : 1; row <= rows; ++row) {
        write_row(writer, row);
        if (pause_us != 0) ::usleep(pause_us);
        const std::uint64_t roll = mix64(dice * 1000 + static_cast<std::uint64_t>(row)) % 10;
        if (roll < 3) writer.commit();
        if (roll > 7) {
            CheckpointInfo info{static_cast<std::uint64_t>(row), row * minute, "scenario", "build", 1, "state", writer.checkpoint()};
            store.write(info, {{"engine", std::string(50000, static_cast<char>('a' + row % 26))}, {"traffic", std::to_string(row)}});
        }
    }
    writer.finish();
}

const std::string& straight_bytes() {
    static const std::string bytes = [] {
        const std::string folder = testing::scratch_folder("durability_straight");
        ResultsWriter writer(setup_in(folder));
        for (int row = 1; row <= rows; ++row) write_row(writer, row);
        writer.finish();
        return read_file(folder + "/results.h5");
    }();
    return bytes;
}

bool has_straight_bytes(const std::string& folder) { return read_file(folder + "/results.h5") == straight_bytes(); }

}  // namespace

TEST_CASE("the joined results have the same bytes whatever the commits and checkpoints were") {
    for (std::uint64_t dice = 1; dice <= 6; ++dice) {
        const std::string folder = testing::scratch_folder("durability_commits");
        pretended_run(folder, dice);
        CAPTURE(dice);
        CHECK(has_straight_bytes(folder));
    }
}

TEST_CASE("a run killed again and again ends with the bytes of a straight run") {
    straight_bytes();
    int killed = 0, resumed_later = 0, recovered = 0;
    for (std::uint64_t trial = 1; trial <= 6; ++trial) {
        const std::string folder = testing::scratch_folder("durability_kills");
        for (std::uint64_t attempt = 0;; ++attempt) {
            const pid_t child = ::fork();
            REQUIRE(child >= 0);
            if (child == 0) {
                pretended_run(folder, trial * 100 + attempt, 1000);
                ::_exit(0);
            }
            if (attempt < 12) {
                ::usleep(static_cast<useconds_t>(mix64(trial * 31 + attempt) % 90000));
                ::kill(child, SIGKILL);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            if (WIFEXITED(status)) {
                CHECK(WEXITSTATUS(status) == 0);
                break;
            }
            ++killed;
            const auto checkpoint = CheckpointStore(folder).load_newest(expectation);
            if (checkpoint) {
                CHECK(checkpoint->warnings.empty());
                ++resumed_later;
            }
            if (!fs::exists(folder + "/results-0000.h5")) continue;
            const ResultsPosition found = ResultsWriter::recover(folder);
            ++recovered;
            CHECK(Hdf5File::open(folder + "/results.h5").info("road_link/flow").rows() == found.rows[0].second);
            if (checkpoint) CHECK(found.rows[0].second >= checkpoint->info.results.rows[0].second);
        }
        CHECK(has_straight_bytes(folder));
    }
    WARN("kills " << killed << ", from a checkpoint later than 0: " << resumed_later << ", recovered in between: " << recovered);
    CHECK(killed >= 12);
}

TEST_CASE("a failing file operation, whichever it is, never leaves a corrupt file under a final name") {
    std::int64_t operations = 0;
    {
        const FileFault count(0);
        pretended_run(testing::scratch_folder("durability_faults"), 1);
        operations = count.operations();
    }
    REQUIRE(operations > 500);
    int failed = 0;
    for (std::int64_t n = 1; n <= operations; n += n < 40 ? 1 : 173) {
        const std::string folder = testing::scratch_folder("durability_faults");
        try {
            const FileFault fault(n, ENOSPC, true);
            pretended_run(folder, 1);
        } catch (const RunError& error) {
            CHECK(error.exit_code() == ExitCode::out_of_resources);
            ++failed;
        }
        CAPTURE(n);
        pretended_run(folder, 2);
        CHECK(has_straight_bytes(folder));
    }
    CHECK(failed > 40);
}

TEST_CASE("every flipped bit and every cut of a checkpoint is found") {
    const std::string folder = testing::scratch_folder("durability_flips");
    CheckpointStore store(folder);
    ResultsPosition position{2, {{"road_link", 3}}};
    store.write({1, second, "scenario", "build", 1, "state", position}, {{"engine", "older"}});
    store.write({2, 2 * second, "scenario", "build", 1, "state", position}, {{"engine", std::string(40, 'e')}, {"traffic", "vehicles"}, {"none", ""}});
    int found = 0, tried = 0;
    for (const char* name : {"engine", "traffic", "none", "manifest.json"}) {
        const std::string path = folder + "/checkpoints/2/" + name, whole = read_file(path);
        const auto passed_over = [&](const std::string& bytes) {
            write_file(path, bytes);
            ++tried;
            const auto checkpoint = store.load_newest(expectation);
            if (checkpoint && checkpoint->info.step == 1 && checkpoint->warnings.size() == 1) ++found;
        };
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            std::string flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            passed_over(flipped);
        }
        for (std::size_t size = 0; size < whole.size(); ++size) passed_over(whole.substr(0, size));
        passed_over(whole + "x");
        write_file(path, whole);
        CHECK(store.load_newest(expectation)->info.step == 2);
    }
    CHECK(found == tried);
    CHECK(tried > 5000);
}

TEST_CASE("a segment cut at any place opens as it was promised or is refused by name") {
    const std::string folder = testing::scratch_folder("durability_cut_segment");
    ResultsPosition position;
    {
        ResultsWriter writer(setup_in(folder));
        write_row(writer, 1);
        position = writer.checkpoint();
        writer.finish();
    }
    const std::string path = folder + "/results-0001.h5", whole = read_file(path), joined = read_file(folder + "/results.h5");
    int refused = 0, same = 0, tried = 0;
    for (std::size_t size = 0; size < whole.size(); size += size < 4096 ? 61 : whole.size() / 53, ++tried) {
        write_file(path, whole.substr(0, size));
        try {
            ResultsWriter::recover(folder);
            if (read_file(folder + "/results.h5") == joined) ++same;
        } catch (const InputError& error) {
            if (std::string(error.what()).find("results-0001.h5") != std::string::npos) ++refused;
        }
    }
    CHECK(refused + same == tried);
    CHECK(refused > 50);
}
