#include "geodata/import_report/import_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace citytwin::geodata {
namespace {

using Json = nlohmann::ordered_json;

int rank_of(const std::string& grade) { return grade == "error" ? 0 : grade == "warning" ? 1 : 2; }

std::vector<const ImportIssue*> ordered_issues(const City& city) {
    std::vector<const ImportIssue*> issues;
    for (const auto& issue : city.issues) issues.push_back(&issue);
    std::stable_sort(issues.begin(), issues.end(), [](const ImportIssue* a, const ImportIssue* b) {
        if (rank_of(a->grade) != rank_of(b->grade)) return rank_of(a->grade) < rank_of(b->grade);
        if (a->length_m != b->length_m) return a->length_m > b->length_m;
        return a->count > b->count;
    });
    return issues;
}

Json info_of(const City& city) {
    Json info = Json::parse(city.info_json, nullptr, false);
    return info.is_object() ? info : Json::object();
}

Json json_of(const ImportIssue& issue) {
    Json row;
    row["code"] = issue.code;
    row["grade"] = issue.grade;
    row["cause"] = issue.cause;
    row["action"] = issue.action;
    row["count"] = issue.count;
    row["share"] = issue.share;
    row["km"] = issue.length_m / 1000;
    row["examples"] = issue.examples;
    row["hint"] = issue.hint;
    return row;
}

std::string sentence(std::string words) {
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string network_lines(const Json& info, const City& city) {
    if (!info.contains("network")) return {};
    const Json& network = info["network"];
    const auto number = [&](const char* key) { return network.contains(key) && network[key].is_number() ? network[key].get<double>() : 0.0; };
    std::string text = fmt::format("roads: {:.1f} km ({:.1f} km in driving direction), {:.0f} edges, {:.0f} junctions\n", number("centreline_km"), number("directed_km"),
                                   number("directed_edges"), number("junction_nodes"));
    text += fmt::format("largest connected part: {:.1f} % of the junctions\n", 100 * number("largest_scc_share"));
    if (info.contains("simulation")) {
        const Json& simulation = info["simulation"];
        const auto share = [&](const char* key) { return 100 * simulation.value(key, 0.0); };
        text += fmt::format("defaulted: lanes on {:.1f} %, speeds on {:.1f} % of the road length\n", share("lanes_defaulted_share"), share("speed_defaulted_share"));
        text += fmt::format("simulated: {} links, {} nodes, {} lanes, {} connections, {} signals\n", simulation.value("links", 0), simulation.value("nodes", 0),
                            simulation.value("lanes", 0), simulation.value("connections", 0), simulation.value("signals", 0));
    }
    text += fmt::format("missing node references: {:.0f}\n", number("missing_node_refs"));
    return text + fmt::format("coordinate system: {}, origin {:.0f} {:.0f}\n", city.crs.empty() ? "none" : city.crs, city.origin_x, city.origin_y);
}

}  // namespace

void set_info_section(City& city, const std::string& section, const std::string& json) {
    Json info = info_of(city);
    info[section] = Json::parse(json);
    city.info_json = info.dump();
}

void refresh_import_info(City& city) {
    Json import{{"defaulted", Json::object()}, {"repaired", Json::object()}, {"dropped", Json::object()}};
    for (const auto& issue : city.issues) {
        if (!import.contains(issue.action)) continue;
        Json& row = import[issue.action][issue.cause];
        if (row.is_null()) row = Json{{"count", 0}, {"share", 0.0}, {"km", 0.0}};
        row["count"] = row["count"].get<std::uint64_t>() + issue.count;
        row["share"] = issue.share;
        row["km"] = row["km"].get<double>() + issue.length_m / 1000;
    }
    set_info_section(city, "import", import.dump());
}

std::string import_report_json(const City& city) {
    Json report;
    report["city"] = city.name;
    report["crs"] = city.crs;
    report["origin"] = {city.origin_x, city.origin_y};
    report["sources"] = Json::array();
    for (const auto& source : city.sources) report["sources"].push_back({{"path", source.path}, {"sha256", source.sha256}, {"size", source.size}});
    report["summary"] = info_of(city);
    report["issues"] = Json::array();
    for (const auto* issue : ordered_issues(city)) report["issues"].push_back(json_of(*issue));
    return report.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string import_report_text(const City& city) {
    std::string text = network_lines(info_of(city), city);
    for (const auto& source : city.sources) text += fmt::format("source: {} ({} bytes)\n", source.path, source.size);
    for (const auto* issue : ordered_issues(city)) {
        text += fmt::format("{} [{}] {}, {}: {}", issue->grade, issue->code, sentence(issue->cause), issue->action, issue->count);
        if (issue->share > 0) text += fmt::format(" ({:.1f} %)", 100 * issue->share);
        if (issue->length_m > 0) text += fmt::format(", {:.1f} km", issue->length_m / 1000);
        for (std::size_t e = 0; e < issue->examples.size(); ++e) text += (e == 0 ? "; e.g. " : ", ") + issue->examples[e];
        if (!issue->hint.empty()) text += ". hint: " + issue->hint;
        text += '\n';
    }
    return text;
}

}  // namespace citytwin::geodata
