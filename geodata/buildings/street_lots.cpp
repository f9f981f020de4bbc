#include "geodata/buildings/street_lots.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::geodata::buildings {
namespace {

/// A link's line; the straight one between its nodes where it has no shape.
std::vector<double> line_of(const RoadNetwork& network, Index link) {
    const auto shape = network.link_shape[link];
    if (shape.size() >= 4) return {shape.begin(), shape.end()};
    const Index a = network.link_from[link], b = network.link_to[link];
    return {network.node_x[a], network.node_y[a], network.node_x[b], network.node_y[b]};
}

double piece_m(const std::vector<double>& line, std::size_t k) {
    const double dx = line[k + 2] - line[k], dy = line[k + 3] - line[k + 1];
    return std::sqrt(dx * dx + dy * dy);
}

void add_lots(const RoadNetwork& network, Index link, bool at_least_one, std::vector<Lot>& lots) {
    const std::vector<double> line = line_of(network, link);
    double length = 0;
    for (std::size_t k = 0; k + 3 < line.size(); k += 2) length += piece_m(line, k);
    if (!(length > 0)) return;
    const double usable = length - 2 * corner_clearance_m;
    auto count = static_cast<std::size_t>(std::max(0.0, usable / lot_front_m));
    const double first = count == 0 ? length / 2 : corner_clearance_m + usable / static_cast<double>(2 * count);
    const double step = count == 0 ? 0 : usable / static_cast<double>(count);
    if (count == 0 && at_least_one) count = 1;
    std::size_t k = 0;
    double before = 0, piece = piece_m(line, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const double along = first + static_cast<double>(i) * step;
        while (before + piece < along && k + 5 < line.size()) {
            before += piece;
            k += 2;
            piece = piece_m(line, k);
        }
        const double ux = piece > 0 ? (line[k + 2] - line[k]) / piece : 1, uy = piece > 0 ? (line[k + 3] - line[k + 1]) / piece : 0;
        const double t = std::clamp(along - before, 0.0, piece);
        lots.push_back({link, along / length * network.link_length_m[link], line[k] + ux * t, line[k + 1] + uy * t, ux, uy});
    }
}

}  // namespace

std::vector<Lot> lots_along(const RoadNetwork& network, std::span<const std::uint32_t> links, bool at_least_one) {
    std::vector<Lot> lots;
    for (const Index link : links) add_lots(network, link, at_least_one, lots);
    return lots;
}

}  // namespace citytwin::geodata::buildings
