#pragma once
// A user's corrections of single ways and nodes, applied after the import and listed in its report. One that matches nothing is an error.
#include <map>
#include <optional>
#include <string>

#include "core/base/diagnostic.hpp"
#include "geodata/osm/osm_data.hpp"

namespace citytwin::geodata::osm {

struct WayOverride {
    std::optional<int> lanes, lanes_forward, lanes_backward;
    std::optional<double> speed_mps;
    std::optional<int> direction;  ///< 1, -1, 0
    bool is_deleted = false;
    SourcePlace place;
};

struct NodeOverride {
    bool has_signal = true;
    SourcePlace place;
};

/// [way.12345] lanes = 2, lanes_forward, lanes_backward, speed = "50 km/h", oneway = "yes" | "no" | "-1", delete = true
/// [node.678]  signal = true | false
struct Overrides {
    std::map<ObjectId, WayOverride> ways;
    std::map<ObjectId, NodeOverride> nodes;
};

/// Throws InputError CT-OSM-02x with file and line.
Overrides read_overrides(const std::string& path);
/// Adds an error CT-OSM-030 for each override whose way or node isn't among the roads.
void check_overrides(const Overrides& overrides, const OsmData& data, DiagnosticList& diagnostics);

}  // namespace citytwin::geodata::osm
