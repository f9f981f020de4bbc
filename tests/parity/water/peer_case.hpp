#pragma once
// A case of data/water/cases.json: the edited file, EPANET's results for it, and citytwin's own run at the same report times.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "modules/water/model/hydraulics.hpp"

namespace citytwin::testing {

struct PeerResults {
    std::vector<double> time_s;
    std::vector<std::string> node_id, link_id, pump_id;
    std::vector<double> head, pressure, flow, status, energy_kw;   ///< time by time; units of the file
};

struct Distance {
    double head_p99 = 0, head_p95 = 0, head_max = 0, flow_p99 = 0, flow_max = 0, energy_max_share = 0, level_max = 0, greatest_flow_m3ps = 0;
    std::size_t status_flips = 0, times = 0, converged = 0, solves = 0;
    std::size_t missed = 0;               ///< report times of EPANET inside the window at which nothing was solved here
    double worst_mass_of_converged = 0;   ///< greatest mass residual over demand of steps that say CONVERGED, recomputed here
};

/// Limits of what is compared.
struct Window {
    double until_s = 1e18;
    std::vector<std::string> without_nodes = {};
    bool only_supplied = false;   ///< not the nodes between closed links: round-off alone sets their heads, in EPANET too
};

/// cases.json and the networks, or nothing (with a word) where ../shared isn't there.
bool peer_data_is_there();
/// The network of a case as its edits make it.
std::shared_ptr<const water::Network> network_of_case(const std::string& name);
/// A file of data/water/epanet_tests ("valves/fcv.inp").
std::shared_ptr<const water::Network> network_of_battery(const std::string& file);
PeerResults peer_results(const std::string& file);
/// Runs to the end and compares at the peer's times.
Distance run_against(const std::shared_ptr<const water::Network>& network, const PeerResults& peer, const Window& window = {});
std::vector<std::string> battery_files();

}  // namespace citytwin::testing
