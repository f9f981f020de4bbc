#include "core/output/results_writer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hdf5.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t links = 40000, zones = 3;

ResultsSetup small_setup(const std::string& folder) {
    ResultsSetup setup{folder, "2025-06-03T00:00:00Z", "EPSG:31982", {}, {}};
    ResultSet road{"road_link", {}, {}, {}, {{"flow", "1/s", "vehicles per second", "time: mean", {}}, {"speed", "m/s", "", "time: mean", 0.01}}};
    for (std::size_t i = 0; i < links; ++i) {
        road.ids.push_back("way " + std::to_string(i) + (i == 7 ? " São" : ""));
        road.x.push_back(static_cast<double>(i));
        road.y.push_back(-static_cast<double>(i));
    }
    setup.sets = {road, {"zone", {"a", "b", "c"}, {}, {}, {{"occupants", "1", "", "time: point", {}}}}, {"empty", {}, {}, {}, {{"level", "m"}}}};
    setup.streams = {{"trip_event", {{"where", "", ResultType::text}, {"when", "s", ResultType::real}, {"kind", "1", ResultType::integer, "", "", {"departed", "arrived", "stop reached"}}}},
                     {"outage", {{"cause", "", ResultType::text}}}};
    return setup;
}

double flow_of(std::size_t link, int row) { return static_cast<double>(link % 97) / (row + 1); }

void add_minute(ResultsWriter& writer, int row) {
    std::vector<double> flow(links), speed(links, 13.888888), people{1.0 * row, 2, std::nan("")};
    for (std::size_t i = 0; i < links; ++i) flow[i] = flow_of(i, row);
    const std::span<const double> fields[] = {flow, speed}, zone_fields[] = {people}, empty_fields[] = {std::span<const double>()};
    writer.add_row(0, row * minute, fields);
    writer.add_row(1, row * minute, zone_fields);
    writer.add_row(2, row * minute, empty_fields);
    const std::vector<std::string> where(static_cast<std::size_t>(row), "way " + std::to_string(row));
    const std::vector<double> when(where.size(), row * 60.0);
    const std::vector<std::int64_t> kind(where.size(), row % 3);
    const RecordColumn columns[] = {std::span<const std::string>(where), std::span<const double>(when), std::span<const std::int64_t>(kind)};
    writer.add_records(0, columns);
}

std::string straight_bytes() {
    const std::string folder = testing::scratch_folder("results_straight");
    ResultsWriter writer(small_setup(folder));
    for (int row = 1; row <= 20; ++row) add_minute(writer, row);
    writer.finish();
    return read_file(folder + "/results.h5");
}

}  // namespace

TEST_CASE("results hold every row, id, unit and record") {
    const std::string folder = testing::scratch_folder("results_content");
    {
        ResultsWriter writer(small_setup(folder));
        for (int row = 1; row <= 20; ++row) {
            add_minute(writer, row);
            if (row % 6 == 0) writer.commit();
        }
        writer.finish();
    }
    Hdf5File file = Hdf5File::open(folder + "/results.h5");
    CHECK(file.info("road_link/flow").shape == std::vector<std::uint64_t>{20, links});
    const auto flow = file.read<double>("road_link/flow");
    bool equal = true;
    for (int row = 1; row <= 20; ++row) {
        for (std::size_t i = 0; i < links; ++i) equal = equal && flow[static_cast<std::size_t>(row - 1) * links + i] == flow_of(i, row);
    }
    CHECK(equal);
    CHECK(file.read<double>("road_link/speed")[5] == Approx(13.89).epsilon(1e-15));
    CHECK(file.read<double>("road_link/time")[19] == 1200.0);
    CHECK(file.text_attribute("road_link/time", "units") == "seconds since 2025-06-03T00:00:00Z");
    CHECK(file.text_attribute("road_link/flow", "units") == "1/s");
    CHECK(file.text_attribute("road_link/flow", "cell_methods") == "time: mean");
    CHECK(std::isnan(*file.number_attribute("road_link/flow", "_FillValue")));
    CHECK(file.read_texts("road_link/id")[7] == "way 7 São");
    CHECK(file.read<double>("zone/occupants")[57] == 20.0);
    CHECK(std::isnan(file.read<double>("zone/occupants")[59]));
    CHECK(file.info("empty/time").rows() == 20);
    CHECK(file.read_texts("streams/trip_event/where").size() == 210);
    CHECK(file.read_texts("streams/trip_event/where")[1] == "way 2");
    CHECK(file.read<std::int64_t>("streams/trip_event/kind")[0] == 1);
    CHECK(file.text_attribute("streams/trip_event/kind", "flag_meanings") == "departed arrived stop_reached");
    CHECK(file.info("streams/outage/cause").rows() == 0);
    CHECK(fs::exists(folder + "/results-0003.h5"));
    ResultsWriter::remove_segments(folder);
    CHECK_FALSE(fs::exists(folder + "/results-0000.h5"));
    CHECK(fs::exists(folder + "/results.h5"));
}

TEST_CASE("resumed results have the bytes of a straight run") {
    const std::string straight = straight_bytes(), folder = testing::scratch_folder("results_resumed");
    std::string position;
    {
        ResultsWriter writer(small_setup(folder));
        for (int row = 1; row <= 7; ++row) add_minute(writer, row);
        position = writer.checkpoint().json();
        for (int row = 8; row <= 11; ++row) add_minute(writer, row);
        writer.commit();
        add_minute(writer, 12);  // never committed
    }
    {
        ResultsWriter writer(small_setup(folder), ResultsPosition::from_json(position));
        CHECK(writer.checkpoint().json() == position);
        for (int row = 8; row <= 20; ++row) add_minute(writer, row);
        writer.finish();
    }
    CHECK((read_file(folder + "/results.h5") == straight));
}

TEST_CASE("what was committed before a kill can be recovered and the run still goes on") {
    const std::string folder = testing::scratch_folder("results_recover");
    {
        ResultsWriter writer(small_setup(folder));
        for (int row = 1; row <= 5; ++row) add_minute(writer, row);
        (void)writer.checkpoint();
        add_minute(writer, 6);
    }
    write_file(folder + "/results-0002.h5.part", "half a segment");
    const ResultsPosition found = ResultsWriter::recover(folder);
    CHECK(found.segments == 2);
    CHECK(found.rows.at(0) == std::make_pair(std::string("road_link"), std::uint64_t{5}));
    CHECK(Hdf5File::open(folder + "/results.h5").info("road_link/flow").rows() == 5);
    ResultsWriter writer(small_setup(folder), found);
    for (int row = 6; row <= 20; ++row) add_minute(writer, row);
    writer.finish();
    CHECK((read_file(folder + "/results.h5") == straight_bytes()));
}

TEST_CASE("missing or foreign segments are refused by name") {
    const std::string folder = testing::scratch_folder("results_missing");
    ResultsPosition position;
    {
        ResultsWriter writer(small_setup(folder));
        for (int row = 1; row <= 3; ++row) {
            add_minute(writer, row);
            position = writer.checkpoint();
        }
    }
    REQUIRE(position.segments == 4);
    SECTION("missing") { fs::remove(folder + "/results-0002.h5"); }
    SECTION("cut") { fs::resize_file(folder + "/results-0002.h5", 3000); }
    SECTION("empty") { fs::resize_file(folder + "/results-0002.h5", 0); }
    SECTION("of another length") { fs::copy_file(folder + "/results-0000.h5", folder + "/results-0002.h5", fs::copy_options::overwrite_existing); }
    CHECK_THROWS_AS(ResultsWriter(small_setup(folder), position), InputError);
    CHECK_THROWS_AS(ResultsWriter::recover(testing::scratch_folder("results_nothing")), InputError);
}

TEST_CASE("a full disk under the writer thread is told to the step's thread and leaves what was committed") {
    const std::string folder = testing::scratch_folder("results_full_disk");
    ResultsWriter writer(small_setup(folder));
    add_minute(writer, 1);
    (void)writer.checkpoint();
    {
        const FileFault fault(3);
        add_minute(writer, 2);
        CHECK_THROWS_AS(writer.checkpoint(), RunError);
        CHECK_THROWS_AS(writer.commit(), RunError);
    }
    CHECK(ResultsWriter::recover(folder).rows.at(0).second == 1);
}

TEST_CASE("rows and records that don't fit the setup are errors of the program") {
    ResultsWriter writer(small_setup(testing::scratch_folder("results_misfit")));
    const std::vector<double> few(3);
    const std::span<const double> fields[] = {few, few};
    CHECK_THROWS_AS(writer.add_row(0, minute, fields), std::logic_error);
    const RecordColumn columns[] = {std::span<const double>(few)};
    CHECK_THROWS_AS(writer.add_records(1, columns), std::logic_error);
    ResultsSetup twice = small_setup(testing::scratch_folder("results_twice"));
    twice.sets.push_back(twice.sets[0]);
    CHECK_THROWS_AS(ResultsWriter(twice), std::logic_error);
}
