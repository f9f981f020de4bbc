// [PATTERNS] and [CURVES]. Curves stay in file units here; each is converted where it is known what it is for.
#include <fmt/format.h>

#include "modules/water/read/builder.hpp"

namespace citytwin::water {

Index NetworkBuilder::pattern_of(RowReader& row, std::size_t i) {
    if (i >= row.size() || row[i].empty()) return no_index;
    return row.id(i, patterns, "pattern");
}

void NetworkBuilder::read_patterns() {
    each_row(Section::patterns, [&](RowReader& row) {
        if (!row.at_least(2, "expected: id and multipliers")) return;
        Index p = patterns.find(row[0]);
        if (p == no_index) {
            p = static_cast<Index>(network.patterns.size());
            patterns.add(row[0], p, row.line());
            network.patterns.emplace_back();
            network.pattern_id.emplace_back(row[0]);
        }
        for (std::size_t i = 1; i < row.size(); ++i) network.patterns[p].push_back(row.number(i, "a multiplier").value_or(1));
    });
}

void NetworkBuilder::read_curves() {
    each_row(Section::curves, [&](RowReader& row) {
        if (!row.at_least(3, "expected: id, x, y")) return;
        Index c = curves.find(row[0]);
        if (c == no_index) {
            c = static_cast<Index>(network.curves.size());
            curves.add(row[0], c, row.line());
            network.curves.push_back({std::string(row[0]), {}, {}});
        }
        const auto x = row.number(1, "x of curve"), y = row.number(2, "y of curve");
        if (!x || !y) return;
        Curve& curve = network.curves[c];
        if (!curve.x.empty() && *x <= curve.x.back())
            return row.error("CT-WATER-018", fmt::format("curve '{}' does not rise: x = {} follows {}", row[0], *x, curve.x.back()), "sort its points by x; each x once");
        curve.x.push_back(*x);
        curve.y.push_back(*y);
    });
}

}  // namespace citytwin::water
