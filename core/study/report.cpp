#include "core/study/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"
#include "core/city/city_file.hpp"
#include "core/output/run_folder.hpp"
#include "core/study/link_map.hpp"
#include "core/study/packing.hpp"
#include "core/study/report_page.hpp"
#include "core/study/report_tables.hpp"

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

std::string header(const StudyRun& run, const Comparison* comparison) {
    std::string html = "<header><h1>" + escaped_markup(run.record.name) + "</h1>\n";
    html += fmt::format("<p class=\"quiet\">Simulated {} to {} ({}), seed {}. Status: {}.</p>\n", escaped_markup(run.record.start_utc), escaped_markup(run.record.end_utc),
                        escaped_markup(run.record.zone), run.record.seed, name_of(run.record.status));
    if (run.record.status != RunStatus::finished) {
        html += "<p class=\"notice\">This run isn't finished: the figures cover only a part of its period.</p>\n";
    }
    if (comparison != nullptr) html += "<p>Compared with <strong>" + escaped_markup(comparison->runs.at(0).label) + "</strong>.</p>\n";
    if (!run.record.changes.empty()) {
        html += "<p>Changes:</p><ul>";
        for (const std::string& change : run.record.changes) html += "<li>" + escaped_markup(change) + "</li>";
        html += "</ul>\n";
    }
    return html + "<nav aria-label=\"Sections\"><a href=\"#kpis\">KPIs</a><a href=\"#map-section\">Map</a><a href=\"#ledgers\">Ledgers</a><a href=\"#warnings\">Warnings</a>"
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
    std::unique_ptr<Comparison> comparison;
    if (!options.base.empty()) comparison = std::make_unique<Comparison>(compare_runs({options.base, options.run}));
    const StudyRun run = comparison ? comparison->runs.at(1) : read_run(options.run);
    const std::vector<InputFile> inputs = fs::exists(run.folder + "/inputs.lock") ? read_inputs(run.folder) : std::vector<InputFile>{};
    const std::string city_file = city_file_of(options, run);
    City city;
    if (!city_file.empty() && fs::exists(city_file)) city = read_city(city_file);
    const LinkMap map = make_link_map(run, comparison ? &comparison->runs.at(0) : nullptr, city, city_file);
    const std::string credit = attribution(city.sources, inputs);
    std::string html = head(run.label) + "<body>\n" + header(run, comparison.get()) + "<main>\n";
    html += section("kpis", "Key figures", comparison ? comparison_table(*comparison) : kpi_table(run.kpis));
    html += map_section(map, credit);
    html += section("ledgers", "Ledgers", ledger_table(run.ledgers));
    html += section("warnings", "Warnings", warning_table(run.warnings));
    html += section("import", "Import of the city", import_table(city.issues));
    html += section("provenance", "Provenance", provenance_tables(run, inputs));
    html += "</main>\n<footer class=\"quiet\"><p>Made by citytwin " + escaped_markup(run.record.version) + " from " + escaped_markup(run.folder) + ".</p>" + credit + "</footer>\n";
    return html + "<script>" + std::string(report_script()) + "</script>\n</body>\n</html>\n";
}

std::size_t write_report(const ReportOptions& options, const std::string& path) {
    const std::string html = report_html(options);
    write_file(path, html);
    return html.size();
}

}  // namespace citytwin
