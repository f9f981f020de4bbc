#include "core/study/report.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hdf5.hpp"
#include "core/city/city_file.hpp"
#include "core/output/results_writer.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/link_shapes.hpp"
#include "core/study/packing.hpp"
#include "core/study/report_page.hpp"
#include "core/study/time_frames.hpp"
#include "support/program.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;

namespace {

const std::string hostile = "Avenida </script><img src=x onerror=alert(1)> & \"São\"";

City small_city(std::size_t links) {
    City city;
    city.name = "small";
    city.sources = {{"/data/small.osm.pbf", "ab", 1}};
    city.issues.push_back({"CT-OSM-001", "warning", "lanes_from_default", "defaulted", 9, 1200, 0.5, {hostile}, "add lanes"});
    Ragged<double> shape;
    EntitySet& set = city.add_set("road_link", links);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < links; ++i) {
        const double y = static_cast<double>(i) * 50;
        shape.push_row(std::vector<double>{0, y, 500, y + 100, 1000, y});
        set.ids.push_back("way/" + std::to_string(i) + "#1");
        names.push_back(i == 0 ? hostile : "Rua " + std::to_string(i / 2));
    }
    set.add("name", "", names);
    set.add("shape", "m", shape);
    return city;
}

std::string made_run(const std::string& name, double factor, std::size_t links = 40) {
    const RunFolder folder({.folder = testing::scratch_folder("report_" + name)});
    const City city = small_city(links);
    write_city(city, folder.file("city.h5"));
    RunRecord record;
    record.status = RunStatus::finished;
    record.name = name + " " + hostile;
    record.city = "city.h5";
    record.start_utc = "2025-06-03T03:00:00Z";
    record.end_utc = "2025-06-03T09:00:00Z";
    record.zone = "America/Sao_Paulo";
    record.changes = {hostile};
    folder.write_record(record);
    folder.write_inputs({{"/data/small.osm.pbf", 1, "ab", "osm"}});
    folder.write_kpis({{.id = "travel_time_p90", .name = hostile, .unit = "min", .more_is = "worse", .value = 40 * factor},
                       {.id = "saidi", .name = "interruption", .unit = "h", .more_is = "worse", .coverage = 0, .status = "undefined", .reason = "no customer"}});
    folder.write_ledgers({{"traffic", "vehicles", "1", 10, 9, 1, 0, 0, 0, {}}});
    folder.write_warnings({{"CT-TRAFFIC-010", "traffic", "teleport", hostile, 3, hour, "road_link", "way/1#1", ""}});
    ResultsSetup setup{folder.path(), record.start_utc, "", {{"road_link", city.at("road_link").ids, {}, {}, {{"flow", "1/s", "", "time: mean"}}}}, {}};
    ResultsWriter writer(setup);
    std::vector<double> flow(links);
    for (int row = 1; row <= 12; ++row) {
        for (std::size_t i = 0; i < links; ++i) flow[i] = factor * static_cast<double>(row + static_cast<int>(i)) / 36;
        const std::span<const double> fields[] = {flow};
        writer.add_row(0, row * 30 * minute, fields);
    }
    writer.finish();
    return folder.path();
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a report is one file that asks for nothing and lets only its own script run") {
    const std::string html = report_html({.run = made_run("alone", 1.0)});
    CHECK(html.find("default-src 'none'; script-src '" + csp_hash(report_script()) + "'") != std::string::npos);
    CHECK(html.find("<script>" + std::string(report_script()) + "</script>") != std::string::npos);
    const std::regex request("(src|data|poster|srcset|action)\\s*=\\s*[\"']|<link|@import|url\\(|fetch\\(|XMLHttp|WebSocket|importScripts", std::regex::icase);
    const std::string fixed = html.substr(0, html.find("<body>")) + std::string(report_script());
    CHECK_FALSE(std::regex_search(fixed, request));
    CHECK(count_of(html, "http") == count_of(html, "https://www.openstreetmap.org/copyright") + 1);  // + "http-equiv"
    CHECK(html.find("OpenStreetMap contributors") != std::string::npos);
    CHECK(html.find(" style=") == std::string::npos);  // the policy forbids them
}

TEST_CASE("names from the data are text in a report, never markup") {
    const std::string html = report_html({.run = made_run("hostile", 1.0)});
    CHECK(html.find("<img") == std::string::npos);
    CHECK(count_of(html, "</script") == 2);  // the data's and the script's own
    CHECK(html.find("Avenida &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &amp; &quot;São&quot;") != std::string::npos);
}

TEST_CASE("a report shows every table with units and a word where there is no number") {
    const std::string html = report_html({.run = made_run("tables", 1.0)});
    for (const char* text : {"travel_time_p90", "<td>min</td>", "undefined: no customer", "vehicles", "CT-TRAFFIC-010", "lanes_from_default", "50.0 %",
                             "small.osm.pbf", "more is worse", "America/Sao_Paulo"}) {
        CAPTURE(text);
        CHECK(html.find(text) != std::string::npos);
    }
}

TEST_CASE("a report against a base gives differences and a verdict in words") {
    const std::string html = report_html({.run = made_run("plan", 1.1), .base = made_run("base", 1.0)});
    CHECK(html.find("<td class=\"number\">+4</td><td class=\"number\">+10.00</td>") != std::string::npos);
    CHECK(html.find("✗ worse") != std::string::npos);
    CHECK(html.find("\"base\":") != std::string::npos);
}

TEST_CASE("a report without results or city leaves the map out and says why") {
    const std::string run = made_run("no_map", 1.0);
    SECTION("results") {
        std::filesystem::remove(run + "/results.h5");
        CHECK(report_html({.run = run}).find("No map: ") != std::string::npos);
    }
    SECTION("city") {
        std::filesystem::remove(run + "/city.h5");
        CHECK(report_html({.run = run}).find("city.h5&#39; isn&#39;t there, so the links have no place") != std::string::npos);
    }
    CHECK_THROWS_AS(report_html({.run = testing::scratch_folder("report_no_run")}), InputError);
}

namespace {

/// An ensemble's folder of made runs; every member's figures are those of `factor` and its seed.
std::string made_ensemble(const std::string& name, double factor, int seeds) {
    const std::string folder = testing::scratch_folder("report_ensemble_" + name);
    nlohmann::ordered_json members = nlohmann::ordered_json::array();
    for (int seed = 1; seed <= seeds; ++seed) {
        const std::string member = fmt::format("seed-{:04}", seed);
        const std::string run = made_run(fmt::format("{}_{}", name, seed), factor * (1 + 0.01 * seed));
        std::filesystem::rename(run, folder + "/" + member);
        RunRecord record = read_run_record(folder + "/" + member);
        record.seed = static_cast<std::uint64_t>(seed);
        record.state_hash = member;
        RunFolder({.folder = folder + "/" + member, .resume = true}).write_record(record);
        members.push_back({{"seed", seed}, {"folder", member}, {"state", "finished"}, {"state_hash", member}});
    }
    write_file(folder + "/ensemble.json", nlohmann::ordered_json({{"name", name}, {"members", members}}).dump());
    return folder;
}

}  // namespace

TEST_CASE("a report of two ensembles says in its first lines what is better or worse, with intervals and a map of means") {
    const std::string base = made_ensemble("before", 1.0, 5), plan = made_ensemble("after", 1.2, 5);
    const std::string html = report_html({.run = plan, .base = base, .ensembles = {.headline = "travel_time_p90", .worthwhile_change = {}}});
    CHECK(html.find("Headline: travel_time_p90 rises by 8.24 min (+20.0 %; 95 % interval +8.08") != std::string::npos);
    CHECK(html.find("the map shows the mean of 5 seeds") != std::string::npos);
    CHECK(html.find("✗ worse") != std::string::npos);
    CHECK(html.find("<figcaption>road_link flow, 1/s</figcaption>") != std::string::npos);
    CHECK(html.find("stroke-dasharray") != std::string::npos);   // the base beside it
    CHECK(html.find(" style=") == std::string::npos);
    CHECK(html.find("<img") == std::string::npos);
    const std::string alone = report_html({.run = plan});
    CHECK(alone.find("5 seeds; the interval is that of the mean over seeds") != std::string::npos);
    CHECK(alone.find("In short") == std::string::npos);
}

TEST_CASE("a browser draws the map") {
    if (testing::program({"chromium", "--version"}).exit_code != 0) {
        WARN("skipped: no chromium here");
        return;
    }
    const std::string run = made_run("browser", 1.0);
    write_report({.run = run}, run + "/report.html");
    const auto result = testing::program({"chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + run + "/profile",
                                          "--virtual-time-budget=20000", "--dump-dom", "file://" + run + "/report.html"});
    CHECK(result.out.find("40 links drawn") != std::string::npos);
    CHECK(result.out.find("<output id=\"when\" for=\"time\">05:30–06:00</output>") == std::string::npos);
    CHECK(result.out.find("05:45–06:00") != std::string::npos);
    CHECK(result.out.find("way/39#1") != std::string::npos);
}

TEST_CASE("frames are of a round length and no more than a slider can hold") {
    CHECK(TimeFrames::over(day).length == hour);
    CHECK(TimeFrames::over(3 * hour).length == 5 * minute);
    CHECK(TimeFrames::over(6 * hour).length == 15 * minute);
    CHECK(TimeFrames::over(7 * day).length == 6 * hour);
    CHECK(TimeFrames::over(10 * minute).count() == 10);
    CHECK(TimeFrames::over(20000 * day).count() <= 36);
}

TEST_CASE("rows are averaged over frames by the time they cover") {
    const std::string folder = testing::scratch_folder("report_frames");
    {
        ResultsWriter writer({folder, "2025-06-03T00:00:00Z", "", {{"zone", {"a", "b"}, {}, {}, {{"occupants"}}}}, {}});
        const auto row = [&](Microseconds t, double a, double b) {
            const std::vector<double> values{a, b};
            const std::span<const double> fields[] = {values};
            writer.add_row(0, t, fields);
        };
        row(20 * minute, 1, std::nan(""));  // covers 0–20
        row(60 * minute, 4, 7);             // covers 20–60
        row(100 * minute, 10, 7);           // covers 60–100, so 60–90 of the last frame of 30 minutes … and 90–100
        writer.finish();
    }
    Hdf5File results = Hdf5File::open(folder + "/results.h5");
    const TimeFrames frames{30 * minute, 100 * minute};
    const auto means = frame_means(results, "zone", "occupants", frames);
    REQUIRE(means.size() == 8);
    CHECK(means[0] == Approx((20 * 1 + 10 * 4) / 30.0));
    CHECK(means[1] == 7);  // NaN isn't counted
    CHECK(means[2] == 4);
    CHECK(means[4] == 10);
    CHECK(means[6] == 10);
}

TEST_CASE("a simplified line keeps its ends and what sticks out") {
    const std::vector<double> line{0, 0, 50, 0.5, 100, 0, 150, 30, 200, 0};
    CHECK(simplified_line(line, 1.0) == std::vector<double>{0, 0, 100, 0, 150, 30, 200, 0});
    CHECK(simplified_line(line, 100.0) == std::vector<double>{0, 0, 200, 0});
}

TEST_CASE("base64 and hashes are those of the standards") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(csp_hash("alert('Hello, world.');") == "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");  // the example of CSP level 2
}
