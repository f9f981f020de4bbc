#include "geodata/road/junction_geometry.hpp"

#include <cmath>

namespace citytwin::geodata {

namespace {

/// Kinks nearer to the node than this don't turn a street.
constexpr double heading_reach_m = 10;

/// Heading from the first point of a walk to the point `heading_reach_m` along it.
double heading_along(std::span<const double> shape, bool from_end) {
    const std::size_t points = shape.size() / 2;
    if (points < 2) return 0;
    const auto point = [&](std::size_t i) { return from_end ? points - 1 - i : i; };
    const double x0 = shape[2 * point(0)], y0 = shape[2 * point(0) + 1];
    double x = x0, y = y0, left = heading_reach_m;
    for (std::size_t i = 1; i < points && left > 0; ++i) {
        const double dx = shape[2 * point(i)] - x, dy = shape[2 * point(i) + 1] - y, step = std::sqrt(dx * dx + dy * dy);
        const double share = step > left ? left / step : 1;
        x += dx * share;
        y += dy * share;
        left -= step;
    }
    const double degrees = std::atan2(y - y0, x - x0) * 180 / M_PI;
    return from_end ? normalised_angle(degrees + 180) : degrees;
}

}  // namespace

double normalised_angle(double degrees) {
    while (degrees > 180) degrees -= 360;
    while (degrees <= -180) degrees += 360;
    return degrees;
}

LinksAtNodes links_by_node(const std::vector<Index>& node_of_link, std::size_t nodes) {
    LinksAtNodes result;
    result.first.assign(nodes + 1, 0);
    result.links.resize(node_of_link.size());
    for (Index node : node_of_link) ++result.first[node + 1];
    for (std::size_t node = 0; node < nodes; ++node) result.first[node + 1] += result.first[node];
    std::vector<Index> next(result.first.begin(), result.first.end() - 1);
    for (Index link = 0; link < node_of_link.size(); ++link) result.links[next[node_of_link[link]]++] = link;
    return result;
}

Headings headings_of(const RoadNetwork& network, Arena& arena) {
    Headings headings;
    headings.at_start.resize(network.links());
    headings.at_end.resize(network.links());
    arena.each(network.links(), [&](std::size_t link) {
        const auto shape = network.link_shape[link];
        headings.at_start[link] = static_cast<float>(heading_along(shape, false));
        headings.at_end[link] = static_cast<float>(heading_along(shape, true));
    });
    return headings;
}

}  // namespace citytwin::geodata
