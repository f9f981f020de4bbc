#pragma once
// Riverside's coupled day in which three ring cables fail in the morning rush and the whole substation at 18:00, electric cars charging:
// made once a test program. And a look at who crossed which signal when, from the recorded passages.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/hdf5.hpp"
#include "core/city/city_file.hpp"
#include "geodata/road/road_network.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace citytwin::testing {

struct RecordedRun {
    std::string folder;
    City city;

    [[nodiscard]] std::vector<std::vector<double>> rows(const std::string& field) const {
        Hdf5File file = Hdf5File::open(folder + "/results.h5");
        std::vector<std::vector<double>> rows;
        for (std::uint64_t r = 0; r < file.info(field).rows(); ++r) rows.push_back(file.read_rows<double>(field, r, 1));
        return rows;
    }
    template <class T>
    [[nodiscard]] std::vector<T> stream(const std::string& column) const { return Hdf5File::open(folder + "/results.h5").read<T>("streams/" + column); }
    [[nodiscard]] nlohmann::json kpi(const std::string& id) const {
        const auto all = nlohmann::json::parse(std::ifstream(folder + "/kpis.json"));
        for (const auto& row : all["kpis"])
            if (row["id"] == id) return row;
        return {};
    }
    [[nodiscard]] nlohmann::json ledger(const std::string& module, const std::string& quantity) const {
        const auto all = nlohmann::json::parse(std::ifstream(folder + "/ledgers.json"));
        for (const auto& row : all["ledgers"])
            if (row["module"] == module && row["quantity"] == quantity) return row;
        return {};
    }
};

/// The run is complete on disk afterwards; `text` is a scenario file.
inline RecordedRun run_scenario(const std::string& name, const std::string& text, const std::vector<std::string>& more = {}) {
    const std::string folder = scratch_folder(name);
    std::ofstream(folder + "/scenario.toml") << text;
    std::vector<std::string> words{"run", folder + "/scenario.toml", "-o", folder + "/run", "--progress", "none", "--no-report", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = citytwin(words);
    if (result.exit_code != 0) throw std::runtime_error(result.err);
    return {folder + "/run", read_city(folder + "/run/city.h5")};
}

/// A vehicle at the end of a link that leads to a signal: when it came onto the link, when it entered the junction, and by which connections.
struct Crossing {
    Index link = no_index, to = no_index, signal = no_index;
    double enter_s = 0, leave_s = 0, distance_m = 0;
};

inline std::vector<Crossing> signal_crossings(const RecordedRun& run, const geodata::RoadNetwork& network) {
    const auto request = run.stream<std::int64_t>("link_traversal/request_id"), link = run.stream<std::int64_t>("link_traversal/link");
    const auto enter = run.stream<std::int64_t>("link_traversal/enter"), leave = run.stream<std::int64_t>("link_traversal/leave");
    const auto distance = run.stream<double>("link_traversal/distance");
    std::vector<Index> signal_of_link(network.links(), no_index);
    for (std::size_t c = 0; c < network.connections(); ++c)
        if (network.connection_signal[c] != no_index) signal_of_link[network.connection_from_link[c]] = network.connection_signal[c];
    std::vector<std::size_t> order(request.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return request[a] != request[b] ? request[a] < request[b] : enter[a] != enter[b] ? enter[a] < enter[b] : leave[a] < leave[b];
    });
    std::vector<Crossing> crossings;
    for (std::size_t k = 0; k + 1 < order.size(); ++k) {
        const std::size_t i = order[k], after = order[k + 1];
        const auto at = static_cast<std::size_t>(link[i]);
        if (signal_of_link[at] == no_index || request[after] != request[i] || enter[after] != leave[i]) continue;
        if (k > 0 && request[order[k - 1]] == request[i] && link[order[k - 1]] == link[i] && leave[order[k - 1]] == enter[i]) continue;   // its way through the junction
        std::size_t next = k + 1;
        while (next < order.size() && request[order[next]] == request[i] && link[order[next]] == link[i]) ++next;
        if (next == order.size() || request[order[next]] != request[i]) continue;
        crossings.push_back({static_cast<Index>(at), static_cast<Index>(link[order[next]]), signal_of_link[at], static_cast<double>(enter[i]) * 1e-6,
                             static_cast<double>(leave[i]) * 1e-6, distance[i]});
    }
    std::stable_sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) { return a.leave_s < b.leave_s; });
    return crossings;
}

/// Whether each of the crossing's connections was red then by the signal's own plan.
inline bool is_on_red(const Crossing& crossing, const geodata::RoadNetwork& network) {
    const geodata::RoadNetwork::Program& program = network.signals[crossing.signal].programs.front();
    const double cycle_s = std::accumulate(program.duration_s.begin(), program.duration_s.end(), 0.0);
    double into_s = std::fmod(crossing.leave_s - program.offset_s, cycle_s);
    std::size_t phase = 0;
    while (phase + 1 < program.duration_s.size() && into_s >= program.duration_s[phase]) into_s -= program.duration_s[phase++];
    bool red = true;
    for (std::size_t c = 0; c < network.connections(); ++c) {
        if (network.connection_from_link[c] != crossing.link || network.connection_to_link[c] != crossing.to) continue;
        red = red && program.state[phase][static_cast<std::size_t>(network.connection_signal_link[c])] == 'r';
    }
    return red;
}

}  // namespace citytwin::testing
