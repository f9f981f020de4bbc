#include "modules/population/usable_links.hpp"

#include <cmath>

#include "geodata/osm/strong_components.hpp"

namespace citytwin::population {

namespace {

bool is_for_cars(const geodata::RoadNetwork& network, std::size_t link) {
    return (network.link_permissions[link] & geodata::vehicle_class::passenger) != 0;
}

}  // namespace

double piece_length(std::span<const double> p, std::size_t k) {
    const double dx = p[k] - p[k - 2], dy = p[k + 1] - p[k - 1];
    return std::sqrt(dx * dx + dy * dy);
}

std::vector<std::uint8_t> usable_links(const geodata::RoadNetwork& network, std::span<const double> closed) {
    const auto is_open = [&](std::size_t link) { return is_for_cars(network, link) && (closed.empty() || closed[link] == 0); };
    const std::size_t n = network.links();
    std::vector<std::uint32_t> offsets(n + 1, 0);
    for (std::size_t c = 0; c < network.connections(); ++c) ++offsets[network.connection_from_link[c] + 1];
    for (std::size_t i = 0; i < n; ++i) offsets[i + 1] += offsets[i];
    std::vector<Index> heads(network.connections());
    std::vector<std::uint32_t> next(offsets.begin(), offsets.end() - 1);
    for (std::size_t c = 0; c < network.connections(); ++c) {
        const Index from = network.connection_from_link[c], to = network.connection_to_link[c];
        // An arc that cars can't take leads back to its start: it connects nothing.
        heads[next[from]++] = is_open(from) && is_open(to) ? to : from;
    }
    const auto parts = geodata::strong_components(offsets, heads);
    const Index largest = parts.largest();
    std::vector<std::uint8_t> usable(n, 0);
    for (std::size_t i = 0; i < n; ++i) usable[i] = is_open(i) && parts.component[i] == largest;
    return usable;
}

}  // namespace citytwin::population
