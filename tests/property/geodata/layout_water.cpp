// Water networks laid along streets: everybody is served, a tree before loops, flows balance, limits hold or are listed.
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>

#include "geodata/layout/water_layout.hpp"
#include "property/geodata/layout_cities.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

Index find(std::vector<Index>& parent, Index a) {
    while (parent[a] != a) a = parent[a] = parent[parent[a]];
    return a;
}

void check_tree_and_balance(const WaterLayout& net) {
    std::vector<Index> part(net.nodes());
    std::vector<double> balance(net.nodes()), scale(net.nodes(), 1e-9);
    for (std::size_t n = 0; n < part.size(); ++n) {
        part[n] = static_cast<Index>(n);
        balance[n] = -2.5 * net.node_demand_m3_per_s[n];
    }
    std::size_t joined = 0, loops = 0;
    for (std::size_t l = 0; l < net.links(); ++l) {
        if (net.link_loop[l]) continue;
        const Index from = find(part, net.link_from[l]), to = find(part, net.link_to[l]);
        loops += from == to;
        joined += from != to;
        part[from] = to;
        balance[net.link_to[l]] += net.link_flow_m3_per_s[l];
        balance[net.link_from[l]] -= net.link_flow_m3_per_s[l];
        scale[net.link_from[l]] += net.link_flow_m3_per_s[l];
    }
    CHECK(loops == 0);
    CHECK(joined + net.source_place.size() == net.nodes());
    double worst = 0;
    for (std::size_t n = net.source_place.size(); n < net.nodes(); ++n) worst = std::max(worst, std::abs(balance[n]) / scale[n]);
    CHECK(worst < 1e-9);
}

void check_limits(const WaterLayout& net) {
    std::size_t pressure = 0, listed = 0;
    for (std::size_t n = 0; n < net.nodes(); ++n) {
        const double above = net.node_head_m[n] - net.node_z[n];
        pressure += net.node_kind[n] == WaterNodeKind::junction && net.node_zone[n] != no_index && (above < 15 || above > 80);
    }
    for (const auto& breach : net.breaches) listed += breach.set == "node";
    CHECK(pressure == listed);
    CHECK(static_cast<double>(net.breaches.size()) <= 0.01 * static_cast<double>(net.nodes() + net.links()));
}

WaterLayout checked(const char* name, const UtilityInput& input) {
    Arena arena(2);
    const auto start = std::chrono::steady_clock::now();
    const WaterLayout net = lay_water(input, {}, arena);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::size_t pumps = 0;
    for (const auto kind : net.link_kind) pumps += kind == WaterLinkKind::pump;
    std::printf("%s: %zu nodes, %zu links, %zu zones, %zu pumps, %zu tanks, meshedness %.3f, %.2f m an inhabitant, %zu breaches, %.2f s\n", name, net.nodes(),
                net.links(), net.zones.size(), pumps, net.tanks.size(), net.meshedness, net.length_m / net.residents, net.breaches.size(), seconds);
    std::map<std::string, std::size_t> kinds;
    for (const auto& breach : net.breaches) ++kinds[breach.set + " " + breach.kind];
    for (const auto& [kind, count] : kinds) std::printf("    %s: %zu\n", kind.c_str(), count);
    REQUIRE(net.connection_node.size() == input.consumers.size());
    CHECK(std::count(net.connection_node.begin(), net.connection_node.end(), no_index) == 0);
    CHECK(net.tanks.size() == pumps);
    check_tree_and_balance(net);
    check_limits(net);
    return net;
}

}  // namespace

TEST_CASE("riverside's water network serves every building within its limits") {
    Arena arena(2);
    const auto net = checked("riverside", citytwin::testing::riverside_input(arena));
    CHECK(net.meshedness >= 0.15);
    CHECK(net.source_place.front() != no_index);
}

TEST_CASE("where few streets are served, loops close along the streets behind them: a pipe through a corner without customers") {
    Arena arena(2);
    auto input = citytwin::testing::riverside_input(arena, 1'000);
    auto& c = input.consumers;
    for (std::size_t k = 0; k < c.size(); ++k)   // every fifth building stands along the street of one in five: most streets stay unserved
        if (k % 5 != 0) c.x[k] = c.x[k - k % 5], c.y[k] = c.y[k - k % 5], c.road_link[k] = c.road_link[k - k % 5], c.road_offset_m[k] = c.road_offset_m[k - k % 5];
    const auto net = checked("riverside, few streets", input);
    CHECK(net.meshedness >= 0.15);
    CHECK(net.breaches.empty());
}

TEST_CASE("a hilly city's water network falls into pressure zones within its limits") {
    Arena arena(2);
    auto input = citytwin::testing::riverside_input(arena);
    citytwin::testing::raise_hills(input, 120);
    CHECK(checked("riverside with hills", input).zones.size() > 1);
}

TEST_CASE("Porto Alegre's water network serves every consumer within its limits") {
    SHARED_OR_SKIP(roads, "data/city/osm/poa.osm.pbf");
    SHARED_OR_SKIP(hexagons, "data/city/zones/poa_hexgrid.csv");
    Arena arena(2);
    CHECK(checked("Porto Alegre", citytwin::testing::porto_alegre_input(roads, hexagons, 12, arena)).meshedness >= 0.15);
}

TEST_CASE("a water network has the same bytes at any thread count and grain") {
    Arena one(1), many(3, 1);
    const auto input = citytwin::testing::riverside_input(one, 5'000);
    const auto a = lay_water(input, {}, one), b = lay_water(input, {}, many);
    CHECK(a.node_head_m == b.node_head_m);
    CHECK(a.link_from == b.link_from);
    CHECK(a.link_diameter_m == b.link_diameter_m);
    CHECK(a.link_shape == b.link_shape);
    CHECK(a.connection_node == b.connection_node);
}
