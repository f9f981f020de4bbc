// Random networks: the linear solver against a dense one, lanes against the single run, mass and energy of the hydraulics.
#include <catch2/catch.hpp>

#include <cmath>

#include "core/random/philox.hpp"
#include "modules/water/model/hydraulics.hpp"
#include "tests/unit/water/small_networks.hpp"

using namespace citytwin;
using namespace citytwin::water;

namespace {

/// A grid of junctions with pipes of random size, some closed, some with check valves; two reservoirs at its corners.
std::string random_grid(std::uint64_t seed, Index side, double share_closed) {
    const Random random(seed, "water grid");
    std::string junctions = "[JUNCTIONS]\n", pipes = "[PIPES]\n";
    std::uint64_t draw = 0;
    const auto u = [&] { return random.uniform(0, ++draw); };
    const auto id = [&](Index x, Index y) { return "J" + std::to_string(x) + "_" + std::to_string(y); };
    Index count = 0;
    const auto pipe = [&](const std::string& a, const std::string& b, bool may_close) {
        const double lot = u();
        pipes += "P" + std::to_string(count++) + " " + a + " " + b + " " + std::to_string(50 + 500 * u()) + " " + std::to_string(80 + 300 * u()) + " " + std::to_string(70 + 70 * u()) + " " + std::to_string(2 * u()) + (may_close && lot < share_closed ? " CLOSED\n" : may_close && lot > 0.95 ? " CV\n" : " OPEN\n");
    };
    for (Index x = 0; x < side; ++x)
        for (Index y = 0; y < side; ++y) {
            junctions += id(x, y) + " " + std::to_string(20 * u()) + " " + std::to_string(3 * u()) + "\n";
            if (x > 0) pipe(id(x - 1, y), id(x, y), true);
            if (y > 0) pipe(id(x, y - 1), id(x, y), true);
        }
    pipe("R", id(0, 0), false);
    pipe("Q", id(side - 1, side - 1), false);
    return junctions + "[RESERVOIRS]\nR 80\nQ 75\n" + pipes + "[OPTIONS]\nUnits LPS\nAccuracy 0.0001\nTrials 200\n";
}

std::vector<double> dense_solution(std::vector<std::vector<double>> a, std::vector<double> b) {
    const std::size_t n = b.size();
    for (std::size_t j = 0; j < n; ++j)
        for (std::size_t i = j + 1; i < n; ++i) {
            const double factor = a[i][j] / a[j][j];
            for (std::size_t k = j; k < n; ++k) a[i][k] -= factor * a[j][k];
            b[i] -= factor * b[j];
        }
    for (std::size_t j = n; j-- > 0;) {
        for (std::size_t k = j + 1; k < n; ++k) b[j] -= a[j][k] * b[k];
        b[j] /= a[j][j];
    }
    return b;
}

}  // namespace

TEST_CASE("the static elimination solves what a dense solver solves, in any company of lanes alike", "[water]") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto network = testing::network_of(random_grid(seed, 6, 0.1));
        const Elimination e(*network);
        const std::size_t n = e.rows(), entries = e.entries();
        const Random random(seed, "water matrix");
        std::vector<std::vector<double>> dense(n, std::vector<double>(n, 0));
        std::vector<double> diagonal(n, 0.01), lower(entries + 1, 0), right(n);
        for (Index k = 0; k < network->links(); ++k) {
            const double p = std::exp(8 * random.uniform(k, 1) - 4);
            const Index a = e.row_of_node(network->link_from[k]), b = e.row_of_node(network->link_to[k]);
            if (a < n) diagonal[a] += p;
            if (b < n) diagonal[b] += p;
            lower[e.place_of_link(k)] -= p;
            if (a < n && b < n) dense[a][b] -= p, dense[b][a] -= p;
        }
        for (std::size_t i = 0; i < n; ++i) dense[i][i] = diagonal[i], right[i] = random.uniform(i, 2);
        const auto expected = dense_solution(dense, right);
        std::vector<double> d8(n * 8), l8((entries + 1) * 8), x8(n * 8);
        for (std::size_t lane = 0; lane < 8; ++lane) {   // each lane its own numbers
            const double scale = 1.0 + 0.25 * static_cast<double>(lane);
            for (std::size_t i = 0; i < n; ++i) d8[i * 8 + lane] = diagonal[i] * scale, x8[i * 8 + lane] = right[i];
            for (std::size_t i = 0; i <= entries; ++i) l8[i * 8 + lane] = lower[i] * scale;
        }
        REQUIRE(e.solve<8>(d8.data(), l8.data(), x8.data()) == no_index);
        for (std::size_t lane = 0; lane < 8; ++lane) {
            const double scale = 1.0 + 0.25 * static_cast<double>(lane);
            std::vector<double> d = diagonal, l = lower, x = right;
            for (double& v : d) v *= scale;
            for (double& v : l) v *= scale;
            REQUIRE(e.solve<1>(d.data(), l.data(), x.data()) == no_index);
            for (std::size_t i = 0; i < n; ++i) {
                REQUIRE(x[i] == x8[i * 8 + lane]);
                if (lane == 0) CHECK(x[i] == Approx(expected[i]).epsilon(1e-9));
            }
        }
    }
}

TEST_CASE("random networks close their mass, run no water uphill and repeat their digits", "[water]") {
    int converged = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO(seed);
        const auto network = testing::network_of(random_grid(seed, 7, 0.15));
        Hydraulics a(network), b(network);
        const Certificate& c = a.solve();
        b.solve();
        CHECK(a.save() == b.save());
        converged += c.is_converged();
        if (c.is_converged()) CHECK(c.mass_residual_max_m3ps <= 1e-6 * c.demand_m3ps);
        CHECK_FALSE(c.has(Reason::trial_limit));
        for (Index k = 0; k < network->pipes; ++k) {
            const double flow = a.flow_m3ps(k), drop = a.head_m(network->link_from[k]) - a.head_m(network->link_to[k]);
            if (c.is_converged() && std::abs(flow) > 1e-5) CHECK(flow * drop > 0);
            if (network->link_kind[k] == LinkKind::check_valve_pipe) CHECK(flow > -1e-5);
        }
    }
    CHECK(converged >= 14);   // as measured; fewer, and the questions above are asked of too few
}
