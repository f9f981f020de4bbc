// Power networks laid along streets: everybody is served, feeders are trees, rings have one open tie, limits hold or are listed.
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>

#include "geodata/layout/power_layout.hpp"
#include "property/geodata/layout_cities.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace citytwin;
using namespace citytwin::geodata;

Index find(std::vector<Index>& parent, Index a) {
    while (parent[a] != a) a = parent[a] = parent[parent[a]];
    return a;
}

/// Closed branches join every bus to exactly one substation without a loop; every open tie would close one, between two substations' feeders or within one.
void check_radial(const PowerLayout& net) {
    std::vector<Index> part(net.buses());
    for (std::size_t b = 0; b < part.size(); ++b) part[b] = static_cast<Index>(b);
    std::size_t joined = 0, loops = 0, open = 0;
    for (std::size_t b = 0; b < net.branches(); ++b) {
        if (!net.branch_closed[b]) {
            ++open;
            continue;
        }
        const Index from = find(part, net.branch_from[b]), to = find(part, net.branch_to[b]);
        loops += from == to;
        joined += from != to;
        part[from] = to;
    }
    CHECK(loops == 0);
    CHECK(joined + net.substations.size() == net.buses());
    std::size_t rings = 0;
    for (const auto& s : net.substations) rings += static_cast<std::size_t>(s.rings);
    CHECK(open == rings);
    std::vector<Index> root_of;
    for (const auto& s : net.substations) root_of.push_back(find(part, s.bus));
    std::size_t strangers = 0;
    for (std::size_t b = 0; b < net.buses(); ++b) strangers += find(part, static_cast<Index>(b)) != root_of[net.bus_substation[b]];
    CHECK(strangers == 0);
}

/// What flows into a bus flows on or is taken there.
void check_balance(const PowerLayout& net, const UtilityConsumers& consumers) {
    std::vector<double> dwellings(net.buses(), 0), other(net.buses(), 0), size(net.buses(), 0);
    for (std::size_t c = 0; c < consumers.size(); ++c) {
        dwellings[net.connection_bus[c]] -= consumers.dwellings[c];
        other[net.connection_bus[c]] -= consumers.other_peak_w[c];
    }
    for (std::size_t b = 0; b < net.branches(); ++b) {
        if (!net.branch_closed[b]) continue;
        dwellings[net.branch_to[b]] += net.branch_demand[b].dwellings;
        other[net.branch_to[b]] += net.branch_demand[b].other_w;
        dwellings[net.branch_from[b]] -= net.branch_demand[b].dwellings;
        other[net.branch_from[b]] -= net.branch_demand[b].other_w;
        size[net.branch_from[b]] += net.branch_demand[b].dwellings + net.branch_demand[b].other_w;
    }
    double worst = 0;
    for (std::size_t b = 0; b < net.buses(); ++b) {
        if (net.bus_kind[b] == BusKind::substation) continue;
        worst = std::max(worst, (std::abs(dwellings[b]) + std::abs(other[b])) / (1 + size[b]));
    }
    CHECK(worst < 1e-9);
}

/// Limits hold, or the row is listed; at most 1 % of the rows are.
void check_limits(const PowerLayout& net) {
    std::size_t voltage = 0, loading = 0, listed_voltage = 0, listed_loading = 0;
    for (std::size_t b = 0; b < net.buses(); ++b) voltage += net.bus_voltage[b] < 0.95 || net.bus_voltage[b] > 1.05;
    for (std::size_t b = 0; b < net.branches(); ++b) loading += net.branch_loading[b] > (net.branch_kind[b] == BranchKind::medium_cable ? 0.6 : 1.0);
    for (const auto& breach : net.breaches) {
        listed_voltage += breach.set == "bus";
        listed_loading += breach.set == "branch";
    }
    CHECK(voltage == listed_voltage);
    CHECK(loading == listed_loading);
    CHECK(static_cast<double>(net.breaches.size()) <= 0.01 * static_cast<double>(net.buses() + net.branches()));
}

void check_shapes(const PowerLayout& net) {
    double worst = 0;
    for (std::size_t b = 0; b < net.branches(); ++b) {
        const auto p = net.branch_shape[b];
        REQUIRE(p.size() >= 4);
        worst = std::max({worst, std::abs(p[0] - net.bus_x[net.branch_from[b]]), std::abs(p[1] - net.bus_y[net.branch_from[b]]),
                          std::abs(p[p.size() - 2] - net.bus_x[net.branch_to[b]]), std::abs(p[p.size() - 1] - net.bus_y[net.branch_to[b]])});
    }
    CHECK(worst < 1.0);
}

void print(const char* name, const PowerLayout& net, double seconds) {
    std::map<std::string, std::size_t> kinds;
    for (const auto& breach : net.breaches) ++kinds[breach.set + " " + breach.kind];
    double lowest = 2, highest = 0;
    for (const double v : net.bus_voltage) {
        lowest = std::min(lowest, v);
        highest = std::max(highest, v);
    }
    std::size_t rings = 0;
    for (const auto& s : net.substations) rings += static_cast<std::size_t>(s.rings);
    std::printf("%s: %zu buses, %zu branches, %zu stations, %zu substations, %zu rings, LV %.2f and MV %.2f m an inhabitant, estimated %.4f to %.4f p.u., %zu breaches, %.2f s\n",
                name, net.buses(), net.branches(), net.stations.size(), net.substations.size(), rings, net.low_voltage_m / net.residents,
                net.medium_voltage_m / net.residents, lowest, highest, net.breaches.size(), seconds);
    for (const auto& [kind, count] : kinds) std::printf("    %s: %zu\n", kind.c_str(), count);
}

PowerLayout checked(const char* name, const UtilityInput& input) {
    Arena arena(2);
    const auto start = std::chrono::steady_clock::now();
    const PowerLayout net = lay_power(input, {}, arena);
    print(name, net, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    REQUIRE(net.connection_bus.size() == input.consumers.size());
    CHECK(std::count(net.connection_bus.begin(), net.connection_bus.end(), no_index) == 0);
    check_radial(net);
    check_balance(net, input.consumers);
    check_limits(net);
    check_shapes(net);
    CHECK(std::count(net.bus_synthetic.begin(), net.bus_synthetic.end(), 1) == static_cast<std::ptrdiff_t>(net.buses()));
    CHECK(std::count(net.branch_synthetic.begin(), net.branch_synthetic.end(), 1) == static_cast<std::ptrdiff_t>(net.branches()));
    return net;
}

}  // namespace

TEST_CASE("riverside's power network serves every building by radial feeders within its limits") {
    Arena arena(2);
    const auto net = checked("riverside", citytwin::testing::riverside_input(arena));
    CHECK(net.substations.front().place != no_index);
}

TEST_CASE("Porto Alegre's power network serves every consumer by radial feeders within its limits") {
    SHARED_OR_SKIP(roads, "data/city/osm/poa.osm.pbf");
    SHARED_OR_SKIP(hexagons, "data/city/zones/poa_hexgrid.csv");
    Arena arena(2);
    const auto net = checked("Porto Alegre", citytwin::testing::porto_alegre_input(roads, hexagons, 12, arena));
    // Chosen substations are as many as their half rings ask for.
    CHECK(std::count_if(net.breaches.begin(), net.breaches.end(), [](const LayoutBreach& breach) { return breach.kind == "half_rings"; }) == 0);
}

TEST_CASE("a power network has the same bytes at any thread count and grain") {
    Arena one(1), many(3, 1);
    const auto input = citytwin::testing::riverside_input(one, 5'000);
    const auto a = lay_power(input, {}, one), b = lay_power(input, {}, many);
    CHECK(a.bus_x == b.bus_x);
    CHECK(a.bus_voltage == b.bus_voltage);
    CHECK(a.branch_from == b.branch_from);
    CHECK(a.branch_r_ohm == b.branch_r_ohm);
    CHECK(a.branch_loading == b.branch_loading);
    CHECK(a.branch_shape == b.branch_shape);
    CHECK(a.connection_bus == b.connection_bus);
}
