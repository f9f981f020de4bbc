// Sections that hydraulics don't use: their ids are checked so that a slip is seen; the words stay in the document.
#include <fmt/format.h>

#include "modules/water/read/builder.hpp"

namespace citytwin::water {

void NetworkBuilder::check_side_sections() {
    std::size_t unknown_vertices = 0;
    const auto known_node = [&](RowReader& row, std::size_t i) { return row.id(i, nodes, "node") != no_index; };
    each_row(Section::vertices, [&](RowReader& row) {
        if (links.find(row[0]) == no_index && ++unknown_vertices <= 5) row.warning("CT-WATER-022", fmt::format("[VERTICES] names the unknown link '{}'; the line is not used", row[0]));
    });
    each_row(Section::sources, [&](RowReader& row) { known_node(row, 0); });
    each_row(Section::mixing, [&](RowReader& row) {
        const Index node = row.id(0, nodes, "node");
        if (node != no_index && (network.is_junction(node) || network.tank_of(node).is_reservoir())) row.warning("CT-WATER-021", fmt::format("[MIXING] of '{}', which is no tank, has no effect", row[0]));
    });
    each_row(Section::quality, [&](RowReader& row) {
        if (row.size() == 2) known_node(row, 0);
    });
    each_row(Section::reactions, [&](RowReader& row) {
        if (row.size() < 3) return;
        if ((row.is(0, "BULK") || row.is(0, "WALL")) && row.size() == 3) row.id(1, links, "link");
        if (row.is(0, "TANK") && row.size() == 3) known_node(row, 1);
    });
    each_row(Section::tags, [&](RowReader& row) {
        const bool found = row.is(0, "LINK") ? links.find(row[1]) != no_index : nodes.find(row[1]) != no_index;
        if (!found) row.warning("CT-WATER-022", fmt::format("[TAGS] names the unknown '{}'; the line is not used", row[1]));
    });
    if (document.rows_of(Section::roughness) != 0)
        diagnostics.warning("CT-WATER-021", {document.name(), 0}, "[ROUGHNESS] belongs to EPANET 1 and is not used; roughness is read from [PIPES]");
}

}  // namespace citytwin::water
