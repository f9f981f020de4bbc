#include "core/study/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/city/city_file.hpp"
#include "core/output/json_text.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/html_table.hpp"
#include "core/study/link_map.hpp"
#include "core/study/packing.hpp"
#include "core/study/report_page.hpp"
#include "core/study/report_tables.hpp"
#include "core/study/study_tables.hpp"
#include "core/study/time_series.hpp"
#include "core/study/verdict_text.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;

/// JSON inside a script element: no '<' at all, so neither "</script" nor "<!--" can stand there.
std::string inside_script(const std::string& json) {
    std::string safe;
    safe.reserve(json.size());
    for (const char c : json) {
        if (c == '<') safe += "\\u003c";
        else safe += c;
    }
    return safe;
}

std::string section(const char* id, const char* title, const std::string& body) {
    return fmt::format("<section id=\"{}\" aria-labelledby=\"{}-title\"><h2 id=\"{}-title\">{}</h2>\n{}</section>\n", id, id, id, title, body);
}

std::string city_file_of(const ReportOptions& options, const StudyRun& run) {
    if (!options.city.empty()) return options.city;
    if (run.record.city.empty()) return {};
    const fs::path named(run.record.city);
    return named.is_absolute() ? named.string() : (fs::path(run.folder) / named).string();
}

bool is_osm(const std::string& path) {
    return path.ends_with(".osm.pbf") || path.ends_with(".osm") || path.ends_with(".osm.gz") || path.ends_with(".osm.bz2") || path.find("openstreetmap") != std::string::npos;
}

std::string attribution(const std::vector<CitySource>& sources, const std::vector<InputFile>& inputs) {
    const bool osm = std::any_of(sources.begin(), sources.end(), [](const CitySource& s) { return is_osm(s.path); }) ||
                     std::any_of(inputs.begin(), inputs.end(), [](const InputFile& i) { return is_osm(i.path); });
    if (!osm) return {};
    return "<p>Map data © <a href=\"https://www.openstreetmap.org/copyright\">OpenStreetMap contributors</a>, Open Database License.</p>\n";
}

std::string map_section(const LinkMap& map, const std::string& credit) {
    std::string body;
    if (map.json.empty()) return section("map-section", "Map", "<p class=\"notice\">No map: " + escaped_markup(map.why_missing) + ".</p>\n");
    for (const std::string& remark : map.remarks) body += "<p class=\"notice\">" + escaped_markup(remark) + "</p>\n";
    body += R"html(<div class="controls">
<label>Show <select id="field"></select></label> <label>of <select id="show"></select></label>
<label>Time <input type="range" id="time" min="0" value="0" step="1"></label> <output id="when" for="time"></output>
<button type="button" id="play">Play</button> <button type="button" id="whole">Whole city</button>
</div>
<div class="map"><div>
<canvas id="map" tabindex="0" role="img" aria-label="Map of the road links. Arrow keys move, plus and minus zoom, Home shows all, Enter chooses the link in the middle. The list beside it holds the largest values as numbers."></canvas>
<p class="quiet">Mean over the time shown; thicker means more. Keys on the map: arrows, + and −, Home, Enter. <span id="s" role="status">loading</span></p>
</div><div>
<p id="legend-title"></p><ul class="legend" id="legend"></ul>
<p id="chosen" aria-live="polite"></p>
<table id="busiest"><caption id="busiest-title"></caption><thead><tr><th scope="col">link</th><th scope="col" class="number">value</th></tr></thead><tbody></tbody></table>
</div></div>
<noscript><p class="notice">The map needs the page's script; all other figures stand in the tables.</p></noscript>
)html";
    body += credit + "<script type=\"application/json\" id=\"map-data\">" + inside_script(map.json) + "</script>\n";
    return section("map-section", "Map", body);
}

/// A side of the report: one run, or the finished members of an ensemble.
struct Subject {
    std::string folder, label;
    bool is_ensemble = false;
    std::vector<StudyRun> runs;
    std::size_t unfinished = 0;
};

Subject subject_of(const std::string& folder) {
    Subject subject;
    subject.folder = folder;
    if (!fs::exists(folder + "/ensemble.json")) {
        subject.runs.push_back(read_run(folder));
        subject.label = subject.runs.front().label;
        return subject;
    }
    subject.is_ensemble = true;
    const Json json = read_json(folder + "/ensemble.json", "CT-STUDY-003");
    subject.label = json.value("name", folder);
    for (const Json& member : json.at("members")) {
        const std::string path = folder + "/" + member.at("folder").get<std::string>();
        const RunRecord record = fs::exists(path + "/run.json") ? read_run_record(path) : RunRecord{};
        if (record.status != RunStatus::finished) ++subject.unfinished;
        else if (subject.runs.empty()) subject.runs.push_back(read_run(path));           // its books stand in the page
        else subject.runs.push_back({path, record.name, record, {}, {}, {}});
    }
    if (subject.runs.empty()) fail("CT-STUDY-001", {folder}, "no seed of the ensemble is finished: there is nothing to report", "go on with `citytwin run … --seeds N --resume`");
    return subject;
}

struct Page {
    Subject run;
    std::optional<Subject> base;
    std::optional<Comparison> single;          ///< one run against one run
    std::optional<EnsembleComparison> paired;  ///< seeds against seeds
    std::optional<Json> rollout;
};

Page page_of(const ReportOptions& options) {
    Page page;
    std::string run = options.run, base = options.base;
    if (fs::exists(run + "/rollout.json")) {
        if (!base.empty()) fail("CT-STUDY-005", {run}, "a rollout has its own base", "leave --base out");
        page.rollout = read_json(run + "/rollout.json", "CT-STUDY-003");
        base = run + "/base";
        run += "/plan";
    }
    page.run = subject_of(run);
    if (base.empty()) return page;
    page.base = subject_of(base);
    if (page.run.is_ensemble || page.base->is_ensemble) page.paired = compare_ensembles({base, run}, options.ensembles);
    else page.single = compare_runs({base, run});
    if (page.rollout) page.paired->base_label = page.base->label += ", without its phases";
    return page;
}

std::string list_of(const std::vector<std::string>& sentences) {
    std::string html = "<ul class=\"verdict\">";
    for (const std::string& sentence : sentences) html += "<li>" + escaped_markup(sentence) + "</li>";
    return html + "</ul>\n";
}

std::string in_short(const Page& page) {
    std::string html;
    if (page.rollout) {
        std::vector<std::string> outcomes;
        for (const Json& phase : page.rollout->at("phases")) {
            std::string why;
            for (const Json& look : page.rollout->at("looks")) {
                if (look.at("phase") == phase.at("phase")) why = look.at("reason").get<std::string>();
            }
            std::string state = phase.at("state").get<std::string>();
            std::replace(state.begin(), state.end(), '_', ' ');
            outcomes.push_back(fmt::format("Phase “{}”: {}{}.", phase.at("phase").get<std::string>(), state, why.empty() ? "" : " – " + why));
        }
        html += list_of(outcomes);
    }
    if (page.paired) html += list_of(verdict_sentences(page.paired->runs.at(0), page.paired->headline, page.paired->unpaired));
    if (page.single) html += list_of(verdict_sentences(*page.single));
    return html.empty() ? html : section("short", "In short", html);
}

std::string kpi_section(const Page& page) {
    std::string body;
    if (page.paired) body = paired_table(page.paired->runs.at(0), *page.paired);
    else if (page.single) body = comparison_table(*page.single);
    else if (page.run.is_ensemble) body = ensemble_table(read_study_side(page.run.folder).table);
    else body = kpi_table(page.run.runs.front().kpis);
    return section("kpis", "Key figures", body);
}

std::string header(const Page& page) {
    const RunRecord& record = page.run.runs.front().record;
    std::string html = "<header><h1>" + escaped_markup(page.run.label) + "</h1>\n";
    const std::string seeds = page.run.is_ensemble ? fmt::format("{} seeds from {}", page.run.runs.size(), record.seed) : fmt::format("seed {}", record.seed);
    html += fmt::format("<p class=\"quiet\">Simulated {} to {} ({}), {}. Status: {}.</p>\n", escaped_markup(record.start_utc), escaped_markup(record.end_utc), escaped_markup(record.zone), seeds, name_of(record.status));
    if (!record.days.empty()) html += "<p>Representative days by weight: " + escaped_markup(record.days) + ". Figures are per mean day.</p>\n";
    if (!page.run.is_ensemble && record.status != RunStatus::finished) html += notice_of("This run isn't finished: the figures cover only a part of its period.");
    if (page.run.unfinished > 0) html += notice_of(fmt::format("{} seeds of the ensemble aren't finished and don't count.", page.run.unfinished));
    if (page.base) html += "<p>Compared with <strong>" + escaped_markup(page.base->label) + "</strong>.</p>\n";
    if (!record.changes.empty()) {
        html += "<p>Changes:</p><ul>";
        for (const std::string& change : record.changes) html += "<li>" + escaped_markup(change) + "</li>";
        html += "</ul>\n";
    }
    html += "<nav aria-label=\"Sections\">";
    if (page.base || page.rollout) html += "<a href=\"#short\">In short</a>";
    if (page.rollout) html += "<a href=\"#rollout\">Rollout</a>";
    return html + "<a href=\"#kpis\">KPIs</a><a href=\"#map-section\">Map</a><a href=\"#series\">Over time</a><a href=\"#sensors\">Sensors</a><a href=\"#ledgers\">Ledgers</a><a href=\"#warnings\">Warnings</a>"
                  "<a href=\"#import\">Import</a><a href=\"#provenance\">Provenance</a></nav></header>\n";
}

std::string head(const std::string& title) {
    const std::string policy = fmt::format("default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
                                           csp_hash(report_script()), csp_hash(report_style()));
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy +
           "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escaped_markup(title) + " – citytwin report</title>\n<style>" +
           std::string(report_style()) + "</style>\n</head>\n";
}

}  // namespace

std::string report_html(const ReportOptions& options) {
    const Page page = page_of(options);
    const StudyRun& run = page.run.runs.front();   // of an ensemble: books, warnings and provenance are the first seed's
    const std::vector<InputFile> inputs = fs::exists(run.folder + "/inputs.lock") ? read_inputs(run.folder) : std::vector<InputFile>{};
    const std::string city_file = city_file_of(options, run);
    City city;
    if (!city_file.empty() && fs::exists(city_file)) city = read_city(city_file);
    const std::vector<StudyRun> base_runs = page.base ? page.base->runs : std::vector<StudyRun>{};
    const LinkMap map = make_link_map(page.run.runs, base_runs, city, city_file);
    const std::string credit = attribution(city.sources, inputs);
    const std::string of_first = page.run.is_ensemble ? fmt::format("<p class=\"quiet\">Of seed {}; every seed's folder holds its own.</p>\n", run.record.seed) : std::string();
    std::string html = head(page.run.label) + "<body>\n" + header(page) + "<main>\n";
    html += in_short(page);
    if (page.rollout) html += section("rollout", "Rollout", rollout_tables(*page.rollout));
    html += kpi_section(page);
    html += map_section(map, credit);
    const std::string series = time_series(page.run.runs, base_runs);
    html += section("series", "Over time", series.empty() ? "<p>No fields were recorded (name them in [record]).</p>\n" : series);
    const std::string sensors = sensor_tables(run.folder);
    html += section("sensors", "Model against sensors", sensors.empty() ? "<p>No observations were replayed: nothing here says how well the model fits.</p>\n" : of_first + sensors);
    html += section("ledgers", "Ledgers", of_first + ledger_table(run.ledgers));
    html += section("warnings", "Warnings", of_first + warning_table(run.warnings));
    html += section("import", "Import of the city", import_table(city.issues));
    html += section("provenance", "Provenance", of_first + provenance_tables(run, inputs));
    html += "</main>\n<footer class=\"quiet\"><p>Made by citytwin " + escaped_markup(run.record.version) + " from " + escaped_markup(options.run) + ".</p>" + credit + "</footer>\n";
    return html + "<script>" + std::string(report_script()) + "</script>\n</body>\n</html>\n";
}

std::size_t write_report(const ReportOptions& options, const std::string& path) {
    const std::string html = report_html(options);
    write_file(path, html);
    return html.size();
}

}  // namespace citytwin
