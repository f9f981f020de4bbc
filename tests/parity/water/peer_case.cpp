#include "tests/parity/water/peer_case.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/base/durable_file.hpp"
#include "modules/water/read/inp_network.hpp"
#include "tests/support/shared_data.hpp"

namespace citytwin::testing {
namespace {

using nlohmann::json;
using namespace water;

std::string shared(const std::string& path) { return shared_file(path).value_or(""); }

std::string clock_text(std::int64_t seconds) { return std::to_string(seconds / 3600) + ":" + std::to_string(seconds % 3600 / 60) + ":" + std::to_string(seconds % 60); }

std::string number_text(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.12g", value);
    return text;
}

void edit(InpDocument& document, const json& c) {
    if (c.contains("append"))
        for (const auto& [section, lines] : c["append"].items())
            for (const auto& line : lines) document.append(*section_of(section), line.get<std::string>());
    if (c.contains("time")) document.append(Section::times, "Duration " + clock_text(c["time"]["DURATION"].get<std::int64_t>()));
    if (c.contains("report")) document.append(Section::times, "Report Timestep " + clock_text(c["report"].get<std::int64_t>()));
    if (c.contains("option"))
        for (const auto& [name, value] : c["option"].items()) document.append(Section::options, name + " " + number_text(value.get<double>()));
    if (c.contains("pda")) {
        document.append(Section::options, "DEMAND MODEL PDA");
        const char* names[] = {"MINIMUM PRESSURE ", "REQUIRED PRESSURE ", "PRESSURE EXPONENT "};
        for (std::size_t i = 0; i < 3; ++i) document.append(Section::options, names[i] + number_text(c["pda"][i].get<double>()));
    }
}

std::shared_ptr<const Network> read(const std::string& path, const json& edits) {
    DiagnosticList diagnostics;
    InpDocument document = InpDocument::read(path, diagnostics);
    edit(document, edits);
    // what is solved is the edited file as it would be written
    const InpDocument again = InpDocument::from_text(document.text(), path, diagnostics);
    return std::make_shared<const Network>(read_network(again, diagnostics));
}

std::vector<double> numbers(hid_t file, const char* name) {
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0) return {};
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(set);
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    if (!values.empty() && H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) throw std::runtime_error(name);
    H5Sclose(space);
    H5Dclose(set);
    return values;
}

std::vector<std::string> texts(hid_t file, const char* name) {
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0) return {};
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT), type = H5Dget_type(set), space = H5Dget_space(set);
    const std::size_t width = H5Tget_size(type), count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::string raw(width * count, '\0');
    if (count != 0 && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) throw std::runtime_error(name);
    std::vector<std::string> list;
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(raw.substr(i * width, width).c_str());
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(set);
    return list;
}

double quantile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (at - std::floor(at)) * (values[high] - values[low]);
}

/// Mass that is lost or made at the worst junction, from the state alone.
double mass_share(const Hydraulics& h) {
    const Network& n = h.network();
    std::vector<double> mass(n.nodes(), 0);
    double demand = 0, worst = 0;
    for (Index k = 0; k < n.links(); ++k) {
        mass[n.link_from[k]] -= h.flow_m3ps(k);
        mass[n.link_to[k]] += h.flow_m3ps(k);
    }
    for (Index j = 0; j < n.junctions; ++j) {
        mass[j] -= h.outflow_m3ps(j);
        demand += std::abs(h.outflow_m3ps(j));
        worst = std::max(worst, std::abs(mass[j]));
    }
    return demand > 0 ? worst / demand : 0;
}

struct Comparison {
    std::vector<double> head, flow;
    Distance distance;
};

}  // namespace

bool peer_data_is_there() { return shared_file("data/water/cases.json").has_value() && shared_file("ref/water/epanet").has_value(); }

std::shared_ptr<const Network> network_of_case(const std::string& name) {
    const json c = json::parse(read_file(shared("data/water/cases.json")))[name];
    return read(shared("data/water/epanet/" + c["inp"].get<std::string>()), c);
}

std::shared_ptr<const Network> network_of_battery(const std::string& file) { return read(shared("data/water/epanet_tests/" + file), json::object()); }

PeerResults peer_results(const std::string& relative) {
    const hid_t file = H5Fopen(shared("ref/water/" + relative).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) throw std::runtime_error("no reference " + relative);
    PeerResults r{numbers(file, "time_s"), texts(file, "node_id"), texts(file, "link_id"), texts(file, "pump_id"), numbers(file, "head"), numbers(file, "pressure"), numbers(file, "flow"), numbers(file, "status"), numbers(file, "energy_kw")};
    H5Fclose(file);
    return r;
}

Distance run_against(const std::shared_ptr<const Network>& network, const PeerResults& peer, const Window& window) {
    const Network& n = *network;
    std::map<std::string, Index> node, link;
    for (Index j = 0; j < n.nodes(); ++j) node[n.node_id[j]] = j;
    for (Index k = 0; k < n.links(); ++k) link[n.link_id[k]] = k;
    Hydraulics h(network);
    Comparison c;
    double greatest_flow = 0;
    for (std::size_t i = 0; i < peer.flow.size(); ++i) greatest_flow = std::max(greatest_flow, std::abs(peer.flow[i]));
    std::vector<std::uint8_t> met(peer.time_s.size(), 0);
    const std::size_t N = peer.node_id.size(), L = peer.link_id.size(), P = peer.pump_id.size();
    do {
        const Certificate& certificate = h.solve();
        ++c.distance.solves;
        if (certificate.is_converged()) {
            ++c.distance.converged;
            c.distance.worst_mass_of_converged = std::max(c.distance.worst_mass_of_converged, mass_share(h));
        }
        const auto found = std::find(peer.time_s.begin(), peer.time_s.end(), static_cast<double>(h.time_s()));
        if (found == peer.time_s.end() || *found > window.until_s) continue;
        const auto t = static_cast<std::size_t>(found - peer.time_s.begin());
        ++c.distance.times;
        met[t] = 1;
        for (std::size_t i = 0; i < N; ++i) {
            if (std::abs(peer.pressure[t * N + i]) >= 1e4 || std::find(window.without_nodes.begin(), window.without_nodes.end(), peer.node_id[i]) != window.without_nodes.end()) continue;
            const Index j = node.at(peer.node_id[i]);
            if (window.only_supplied && !h.is_supplied(j)) continue;
            c.head.push_back(std::abs(h.head_m(j) / n.units.head_m - peer.head[t * N + i]));
            if (!n.is_junction(j)) c.distance.level_max = std::max(c.distance.level_max, c.head.back());
        }
        for (std::size_t i = 0; i < L; ++i) {
            const Index k = link.at(peer.link_id[i]);
            c.flow.push_back(std::abs(h.flow_m3ps(k) / n.units.flow_m3ps - peer.flow[t * L + i]) / (greatest_flow > 0 ? greatest_flow : 1));
            const bool active = n.link_kind[k] > LinkKind::pump && h.status(k) > LinkStatus::open;
            c.distance.status_flips += (is_closed(h.status(k)) ? 0.0 : active ? 2.0 : 1.0) != peer.status[t * L + i];
        }
        for (std::size_t i = 0; i < P && !peer.energy_kw.empty(); ++i) {
            const Index k = link.at(peer.pump_id[i]);
            const double kw = h.pump_energy()[k - n.pipes].power_kw, theirs = peer.energy_kw[t * P + i];
            if (theirs > 0.01) c.distance.energy_max_share = std::max(c.distance.energy_max_share, std::abs(kw - theirs) / theirs);
        }
    } while (h.step() > 0);
    for (std::size_t t = 0; t < met.size(); ++t) c.distance.missed += met[t] == 0 && peer.time_s[t] <= window.until_s;
    c.distance.greatest_flow_m3ps = greatest_flow * n.units.flow_m3ps;
    c.distance.head_p99 = quantile(c.head, 0.99);
    c.distance.head_p95 = quantile(c.head, 0.95);
    c.distance.head_max = c.head.empty() ? 0 : c.head.back();
    c.distance.flow_p99 = quantile(c.flow, 0.99);
    c.distance.flow_max = c.flow.empty() ? 0 : c.flow.back();
    return c.distance;
}

std::vector<std::string> battery_files() {
    std::vector<std::string> files;
    const std::string root = shared("data/water/epanet_tests");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.path().extension() == ".inp") files.push_back(std::filesystem::relative(entry.path(), root).string());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace citytwin::testing
