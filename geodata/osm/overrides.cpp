#include "geodata/osm/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.hpp"
#include "geodata/osm/toml_table.hpp"

namespace citytwin::geodata::osm {
namespace {

ObjectId id_of(const TomlTable& in, const std::string& key) {
    const auto id = parse_integer(key);
    if (!id) fail("CT-OSM-025", in.place(key), fmt::format("'{}' is no id: the number of an OpenStreetMap object was expected", key));
    return *id;
}

std::optional<int> lanes_in(const TomlTable& in, const std::string& key) {
    return in.has(key) ? std::optional(static_cast<int>(in.integer(key, 1, 1, 12))) : std::nullopt;
}

WayOverride way_override(const TomlTable& in) {
    in.only({"lanes", "lanes_forward", "lanes_backward", "speed", "oneway", "delete"});
    WayOverride result;
    result.lanes = lanes_in(in, "lanes");
    result.lanes_forward = lanes_in(in, "lanes_forward");
    result.lanes_backward = lanes_in(in, "lanes_backward");
    if (in.has("speed")) result.speed_mps = in.quantity("speed", "m/s", 0, 0.1, 120);
    if (in.has("oneway")) {
        const std::string text = in.text("oneway", "");
        if (text != "yes" && text != "no" && text != "-1") {
            fail("CT-OSM-026", in.place("oneway"), fmt::format("oneway is '{}', expected \"yes\", \"no\" or \"-1\"", text));
        }
        result.direction = text == "yes" ? 1 : text == "no" ? 0 : -1;
    }
    result.is_deleted = in.boolean("delete", false);
    return result;
}

}  // namespace

Overrides read_overrides(const std::string& path) {
    Overrides overrides;
    if (path.empty()) return overrides;
    const TomlFile file(path);
    file.root().only({"way", "node"});
    if (const auto ways = file.root().table("way")) {
        for (const auto& key : ways->keys()) {
            const auto table = ways->table(key);
            WayOverride& entry = overrides.ways[id_of(*ways, key)] = way_override(*table);
            entry.place = ways->place(key);
        }
    }
    if (const auto nodes = file.root().table("node")) {
        for (const auto& key : nodes->keys()) {
            const auto table = nodes->table(key);
            table->only({"signal"});
            overrides.nodes[id_of(*nodes, key)] = {table->boolean("signal", true), nodes->place(key)};
        }
    }
    return overrides;
}

void check_overrides(const Overrides& overrides, const OsmData& data, DiagnosticList& diagnostics) {
    if (overrides.ways.empty() && overrides.nodes.empty()) return;
    std::vector<ObjectId> ways = data.roads.id;
    std::sort(ways.begin(), ways.end());
    for (const auto& [id, entry] : overrides.ways) {
        if (std::binary_search(ways.begin(), ways.end(), id)) continue;
        diagnostics.error("CT-OSM-030", entry.place, fmt::format("the override of way {} matches no drivable way of the input", id),
                          "check the id, or remove the override");
    }
    for (const auto& [id, entry] : overrides.nodes) {
        if (std::binary_search(data.nodes.id.begin(), data.nodes.id.end(), id)) continue;
        diagnostics.error("CT-OSM-030", entry.place, fmt::format("the override of node {} matches no node of the input", id),
                          "check the id, or remove the override");
    }
}

}  // namespace citytwin::geodata::osm
