// citytwin city export CITY|RUN -o X.inp [--at TIME]: a city's water network for EPANET.
#include <fmt/format.h>

#include "core/base/durable_file.hpp"
#include "core/module/registry.hpp"
#include "modules/water/city/build_network.hpp"
#include "modules/water/city/snapshot_inp.hpp"

namespace citytwin::water {
namespace {

/// Nodes without an open way to a source have no head; the peer gives them figures without meaning.
void name_cut_nodes(const City& city, const std::string& path, DiagnosticList& diagnostics) {
    const EntitySet& nodes = city.at("water_node");
    if (!nodes.has("at.has_source")) return;
    const auto& has_source = nodes.get<double>("at.has_source");
    std::size_t cut = 0;
    std::string first;
    for (Index n = 0; n < nodes.size(); ++n)
        if (has_source[n] == 0 && ++cut <= 10) first += (first.empty() ? "" : ", ") + nodes.id_of(n);
    if (cut > 0) diagnostics.warning("CT-WATER-066", {path}, fmt::format("{} nodes have no open way to a source at that time: {}{}", cut, first, cut > 10 ? " …" : ""), "their heads mean nothing");
}

void export_inp(const City& city, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList& diagnostics) {
    if (city.find("water_network") == nullptr) fail("CT-WATER-064", {path}, "the city has no water network to write", "export a run that has [modules.water], or a city from `city generate`");
    if (settings.contains("at")) {
        write_file(path, snapshot_inp(city));
        name_cut_nodes(city, path, diagnostics);
    } else {
        write_file(path, inp_text_of(city));
    }
}

const Registration exporter{CityExporter{"EPANET input", {".inp"}, export_inp}};

}  // namespace
}  // namespace citytwin::water
