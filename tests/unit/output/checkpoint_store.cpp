#include "core/output/checkpoint_store.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
namespace fs = std::filesystem;

namespace {

CheckpointInfo info_at(std::uint64_t step) {
    CheckpointInfo info;
    info.step = step;
    info.time_us = static_cast<Microseconds>(step) * second;
    info.scenario_hash = "scenario-a";
    info.build_hash = "build-a";
    info.state_hash = "state-" + std::to_string(step);
    info.results = {3, {{"road_link", 60}, {"streams/trip_event", 12}}};
    return info;
}

CheckpointBlobs blobs_at(std::uint64_t step) {
    return {{"engine", "fields of step " + std::to_string(step)}, {"module-traffic.bin", std::string("\0\1\2binary", 9)}, {"empty", ""}};
}

CheckpointExpectation expected() { return {"scenario-a", "build-a", 1, false}; }

std::string code_of(const CheckpointStore& store, const CheckpointExpectation& expectation) {
    try {
        (void)store.load_newest(expectation);
    } catch (const InputError& error) {
        return error.diagnostics().front().code;
    }
    return "none";
}

}  // namespace

TEST_CASE("a checkpoint reads back as it was written") {
    CheckpointStore store(testing::scratch_folder("checkpoint_round_trip"));
    CHECK_FALSE(store.load_newest(expected()).has_value());
    store.write(info_at(900), blobs_at(900));
    const auto checkpoint = store.load_newest(expected());
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->info.step == 900);
    CHECK(checkpoint->info.time_us == 900 * second);
    CHECK(checkpoint->info.state_hash == "state-900");
    CHECK(checkpoint->info.results == info_at(900).results);
    CHECK(checkpoint->blobs == blobs_at(900));
    CHECK(checkpoint->blob("engine") == "fields of step 900");
    CHECK(checkpoint->warnings.empty());
    CHECK_THROWS_AS(checkpoint->blob("module-water"), InputError);
}

TEST_CASE("the two newest checkpoints are kept and the same step can be written again") {
    CheckpointStore store(testing::scratch_folder("checkpoint_keep_two"));
    for (const std::uint64_t step : {100, 200, 1000, 3000}) store.write(info_at(step), blobs_at(step));
    CHECK(store.steps() == std::vector<std::uint64_t>{1000, 3000});
    store.write(info_at(3000), blobs_at(3000));
    CHECK(store.steps() == std::vector<std::uint64_t>{1000, 3000});
    store.write(info_at(2000), blobs_at(2000));  // a run that resumed at 1000: 3000 is of a future that was given up
    CHECK(store.steps() == std::vector<std::uint64_t>{1000, 2000});
}

TEST_CASE("a damaged checkpoint is passed over with the bad file's name") {
    const std::string folder = testing::scratch_folder("checkpoint_fallback");
    CheckpointStore store(folder);
    store.write(info_at(100), blobs_at(100));
    store.write(info_at(200), blobs_at(200));
    SECTION("a file is missing") { fs::remove(folder + "/checkpoints/200/engine"); }
    SECTION("a file was cut") { fs::resize_file(folder + "/checkpoints/200/engine", 3); }
    SECTION("a file is longer") { write_file(folder + "/checkpoints/200/engine", "fields of step 200 and more"); }
    SECTION("a file was replaced") { write_file(folder + "/checkpoints/200/engine", "fields of step 201"); }
    SECTION("the newest has an extra file") { write_file(folder + "/checkpoints/200/engine2", ""); }
    const auto checkpoint = store.load_newest(expected());
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->info.step == 100);
    REQUIRE(checkpoint->warnings.size() == 1);
    CHECK(checkpoint->warnings[0].find("200/engine") != std::string::npos);
}

TEST_CASE("a checkpoint without a readable manifest doesn't exist") {
    const std::string folder = testing::scratch_folder("checkpoint_manifest");
    CheckpointStore store(folder);
    store.write(info_at(100), blobs_at(100));
    SECTION("missing") { fs::remove(folder + "/checkpoints/100/manifest.json"); }
    SECTION("empty") { fs::resize_file(folder + "/checkpoints/100/manifest.json", 0); }
    SECTION("of another step") { fs::rename(folder + "/checkpoints/100", folder + "/checkpoints/120"); }
    CHECK(code_of(store, expected()) == "CT-OUT-020");
}

TEST_CASE("a checkpoint of another scenario, build or a newer format is refused unless forced") {
    CheckpointStore store(testing::scratch_folder("checkpoint_refuse"));
    CheckpointInfo info = info_at(100);
    info.interface_version = 2;
    store.write(info, blobs_at(100));
    CHECK(code_of(store, {"scenario-a", "build-a", 1, false}) == "CT-OUT-023");
    CHECK(code_of(store, {"scenario-a", "build-a", 1, true}) == "CT-OUT-023");
    CHECK(code_of(store, {"scenario-b", "build-a", 2, false}) == "CT-OUT-021");
    CHECK(code_of(store, {"scenario-a", "build-b", 2, false}) == "CT-OUT-022");
    CHECK(code_of(store, {"scenario-b", "build-b", 2, true}) == "none");
}

TEST_CASE("a checkpoint can be written while the step goes on, and its failure comes back") {
    CheckpointStore store(testing::scratch_folder("checkpoint_later"));
    for (const std::uint64_t step : {100, 200, 300}) store.write_later(info_at(step), blobs_at(step));
    store.wait();
    CHECK(store.steps() == std::vector<std::uint64_t>{200, 300});
    CHECK(store.load_newest(expected())->blobs == blobs_at(300));
    store.write_later(info_at(400), {{"bad/name", "x"}});
    CHECK_THROWS_AS(store.wait(), std::logic_error);
    const FileFault fault(1, ENOSPC, true);
    store.write_later(info_at(400), blobs_at(400));
    CHECK_THROWS_AS(store.wait(), RunError);
    CHECK(store.steps() == std::vector<std::uint64_t>{200, 300});
}

TEST_CASE("what an interrupted checkpoint left is dropped") {
    const std::string folder = testing::scratch_folder("checkpoint_leftover");
    fs::create_directories(folder + "/checkpoints/.tmp-300");
    write_file(folder + "/checkpoints/.tmp-300/engine", "half");
    const CheckpointStore store(folder);
    CHECK(fs::is_empty(folder + "/checkpoints"));
    CHECK(store.steps().empty());
}

TEST_CASE("checkpoint parts have plain and different names") {
    CheckpointStore store(testing::scratch_folder("checkpoint_names"));
    CHECK_THROWS_AS(store.write(info_at(1), {{"../outside", "x"}}), std::logic_error);
    CHECK_THROWS_AS(store.write(info_at(1), {{"engine", "x"}, {"engine", "y"}}), std::logic_error);
    CHECK_THROWS_AS(store.write(info_at(1), {{"manifest.json", "x"}}), std::logic_error);
}
