// Speed of the emission kernels: bench_emissions_kernels [threads…] prints one JSON line a case.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "core/random/philox.hpp"
#include "modules/emissions/model/passage.hpp"
#include "modules/emissions/model/plume.hpp"
#include "modules/emissions/model/source_receptor.hpp"

using namespace citytwin;
using namespace citytwin::emissions;

namespace {

template <class Work>
void measure(const char* name, const char* unit, int threads, double items, const Work& work) {
    double best = 1e300, best_cpu = 1e300;
    for (int repeat = 0; repeat < 5; ++repeat) {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t cpu = std::clock();
        work();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        best_cpu = std::min(best_cpu, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    }
    std::printf("{\"case\": \"%s\", \"threads\": %d, \"unit\": \"%s\", \"per_second\": %.4g, \"per_core_second\": %.4g}\n", name, threads, unit, items / best, items / best_cpu);
    std::fflush(stdout);
}

// Types with every coefficient set, coasting on: nothing may be left out because it is zero.
std::vector<PolynomialType> types() {
    std::vector<PolynomialType> list(14);
    for (std::size_t t = 0; t < list.size(); ++t) {
        for (std::size_t p = 0; p < 6; ++p) {
            const double c[7] = {1.0 + static_cast<double>(t), 0.1, 0.2, 0.01, 0.001, 0.05, 0.002};
            list[t].set(static_cast<Pollutant>(p), PolynomialFamily::hbefa4, c);
        }
        list[t].coasting = Coasting::of(1500, 2.1);
    }
    return list;
}

void vehicles(int threads) {
    constexpr std::size_t n = 200'000;
    const Random draw(1, "bench");
    std::vector<Index> type(n), link(n);
    std::vector<double> v(n), a(n), slope(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        type[i] = static_cast<Index>(14 * draw.uniform(i, 0));
        link[i] = static_cast<Index>(5000 * draw.uniform(i, 3));
        v[i] = 20 * draw.uniform(i, 1);
        a[i] = 3 * draw.uniform(i, 2) - 1.5;
    }
    const auto list = types();
    std::vector<Amounts> rates(n), sums(5000);
    Arena arena(threads);
    measure("polynomials, 6 pollutants", "vehicle-seconds", threads, 20.0 * n, [&] {
        for (int k = 0; k < 20; ++k) polynomial_rates(list, {type, v, a, slope}, rates, arena);
    });
    measure("polynomials and sums by link", "vehicle-seconds", threads, 5.0 * n, [&] {
        for (int k = 0; k < 5; ++k) {
            polynomial_rates(list, {type, v, a, slope}, rates, arena);
            add_by_group(rates, link, 1.0, sums, arena);
        }
    });
}

void plumes(int threads) {
    const Random draw(2, "bench");
    PointSources sources;
    for (std::size_t s = 0; s < 2000; ++s) sources.add(4000 * draw.uniform(s, 0), 4000 * draw.uniform(s, 1), 2, 1 + draw.uniform(s, 2));
    Receptors receptors;
    for (std::size_t r = 0; r < 40'960; ++r) {
        receptors.x_m.push_back(4000 * draw.uniform(r, 3));
        receptors.y_m.push_back(4000 * draw.uniform(r, 4));
    }
    std::vector<double> field(receptors.size(), 0.0);
    Weather weather;
    weather.wind_from_rad = 0.6;
    Arena arena(threads);
    measure("plume, urban Briggs, points", "pairs", threads, static_cast<double>(sources.size() * receptors.size()), [&] { add_plumes(sources, receptors, weather, field, arena); });
    LineSources lines;
    lines.initial_vertical_m = 2;
    for (std::size_t s = 0; s < 400; ++s) lines.add(sources.x_m[s], sources.y_m[s], sources.x_m[s] + 80, sources.y_m[s] + 40, 0.5, 1);
    Receptors fewer;
    fewer.x_m.assign(receptors.x_m.begin(), receptors.x_m.begin() + 4096);
    fewer.y_m.assign(receptors.y_m.begin(), receptors.y_m.begin() + 4096);
    std::vector<double> small(fewer.size(), 0.0);
    measure("plume, urban Briggs, lines", "pairs", threads, static_cast<double>(lines.size() * fewer.size()), [&] { add_line_plumes(lines, fewer, weather, small, arena); });
    MatrixStore store(lines, {}, fewer, Terrain::urban, 1e-4);
    const SourceReceptorMatrix& matrix = store.of(weather, arena);
    measure("hour by matrix", "kept pairs", threads, 20.0 * static_cast<double>(matrix.statement().kept), [&] {
        for (int k = 0; k < 20; ++k) matrix.add(lines.strength_gps, 3, small, arena);
    });
}

}  // namespace

int main(int argc, char** argv) {
    for (int a = 1; a < argc || a == 1; ++a) {
        const int threads = argc > a ? std::atoi(argv[a]) : 1;
        vehicles(threads);
        plumes(threads);
    }
    return 0;
}
