// A SUMO network as a city and back: `city import X.net.xml`, `roads = "X.net.xml"` of city.toml, `city export -o X.net.xml`.
#include <algorithm>
#include <filesystem>
#include <map>

#include "core/base/text.hpp"
#include "core/module/registry.hpp"
#include "geodata/crs/crs.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/road/junctions.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/xml/xml_writer.hpp"

namespace citytwin::geodata {
namespace {

using Settings = std::map<std::string, std::string>;

/// Degrees of the nodes where the file names a projection; a projection that PROJ doesn't know is a warning, the city then has none.
void locate_nodes(RoadNetwork& network, const std::string& path, Arena& arena, DiagnosticList& diagnostics) {
    if (network.crs.empty()) {
        diagnostics.warning("CT-SUMO-050", {path}, "the network names no projection: the city has no coordinate system", "name it with crs = \"EPSG:n\" (--crs)");
        return;
    }
    try {
        const auto transform = CoordinateTransform::from_degrees(network.crs, {path});
        for (std::size_t node = 0; node < network.nodes(); ++node) {
            network.node_lon.push_back(network.node_x[node] + network.origin_x);
            network.node_lat.push_back(network.node_y[node] + network.origin_y);
        }
        transform.inverse(network.node_lon, network.node_lat, &arena);
    } catch (const InputError& error) {
        diagnostics.warning("CT-SUMO-050", {path}, "the projection '" + network.crs + "' can't be used: " + error.diagnostics().front().message, "name it with crs = \"EPSG:n\" (--crs)");
        network.crs.clear();
        network.node_lon.clear();
        network.node_lat.clear();
    }
}

/// JSON of numbers only.
std::string json_of(const std::vector<std::pair<const char*, double>>& figures) {
    std::string text = "{";
    for (const auto& [name, value] : figures) {
        if (text.size() > 1) text += ',';
        text += std::string(1, '"') + name + "\":";
        append_number(text, value);
    }
    return text + "}";
}

void describe(City& city, const RoadNetwork& network) {
    const RoadStatistics s = road_statistics(network);
    const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
    double centreline_km = 0;
    std::map<std::pair<Index, Index>, double> streets;  // both directions of a street count once
    for (std::size_t link = 0; link < network.links(); ++link) {
        auto ends = std::minmax(network.link_from[link], network.link_to[link]);
        double& km = streets[{ends.first, ends.second}];
        km = std::max(km, network.link_length_m[link] / 1000);
    }
    for (const auto& [ends, km] : streets) centreline_km += km;
    set_info_section(city, "network", json_of({{"junction_nodes", count(s.nodes)}, {"directed_edges", count(s.links)}, {"directed_km", s.link_km}, {"centreline_km", centreline_km},
                                               {"n_scc", count(s.strong_components)}, {"largest_scc_share", s.largest_component_share}}));
    set_info_section(city, "simulation", json_of({{"nodes", count(s.nodes)}, {"links", count(s.links)}, {"lanes", count(s.lanes)}, {"connections", count(s.connections)},
                                                  {"signals", count(s.signals)}, {"link_km", s.link_km}, {"lane_km", s.lane_km}, {"lanes_defaulted_share", 0}, {"speed_defaulted_share", 0}}));
}

void take_findings(City& city, const DiagnosticList& diagnostics, std::size_t first) {
    for (std::size_t i = first; i < diagnostics.all().size(); ++i) {
        const Diagnostic& finding = diagnostics.all()[i];
        ImportIssue issue;
        issue.code = finding.code;
        issue.grade = finding.severity == Severity::note ? "note" : "warning";
        issue.cause = finding.message;
        issue.action = "read";
        issue.count = 1;
        issue.hint = finding.hint;
        city.issues.push_back(std::move(issue));
    }
}

City read_city(const std::string& path, const Settings& settings, Arena& arena, DiagnosticList& diagnostics) {
    static const std::vector<std::string> known{"crs", "strict"};
    for (const auto& [key, value] : settings)
        if (std::find(known.begin(), known.end(), key) == known.end()) fail("CT-SUMO-051", {path}, "unknown setting '" + key + "' of a SUMO network; " + suggestion(key, known));
    const std::size_t first = diagnostics.all().size();
    RoadNetwork network = read_sumo_network(path, diagnostics);
    if (const auto named = settings.find("crs"); named != settings.end() && !named->second.empty()) network.crs = crs_info(named->second, {path}).id;
    locate_nodes(network, path, arena, diagnostics);
    City city;
    city.name = std::filesystem::path(path).filename().string();
    describe(city, network);
    store_road_network(city, std::move(network));
    take_findings(city, diagnostics, first);
    refresh_import_info(city);
    return city;
}

bool looks_like_network(std::string_view head) { return head.find("<net ") != std::string_view::npos || head.find("<net>") != std::string_view::npos; }

void write_city(const City& city, const std::string& path, const Settings& settings, DiagnosticList&) {
    for (const auto& [key, value] : settings) fail("CT-SUMO-051", {path}, "unknown setting '" + key + "' of a SUMO network", "a .net.xml needs no settings");
    write_sumo_network(load_road_network(city), path);
}

const std::vector<std::string> endings{".net.xml", ".net.xml.gz"};
const Registration reader{CityReader{"SUMO network", endings, looks_like_network, read_city}};
const Registration exporter{CityExporter{"SUMO network", endings, write_city}};

}  // namespace
}  // namespace citytwin::geodata
