#pragma once
// The findings of an OpenStreetMap import as lines of its report.
#include "core/city/city.hpp"
#include "geodata/osm/network_build.hpp"

namespace citytwin::geodata::osm {

struct ImportFindings {
    const BuildInput& in;
    const NetworkDraft& draft;
    const TurnRules& rules;
    const SignalPlaces& signals;
    const Counts& counts;
    const Overrides& overrides;
    std::uint64_t nodes_cut_off = 0;
};
void report_findings(const ImportFindings& findings, City& city);

/// Shares of the usable road length (centreline) whose lanes and speeds are defaults.
struct DefaultedShares {
    double lanes = 0, speed = 0;
};
DefaultedShares defaulted_shares(const BuildInput& in);

}  // namespace citytwin::geodata::osm
