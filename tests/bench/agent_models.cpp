// Agent models on the engine: updates a second, share of items done by workers, one hash for all thread counts.
// usage: bench_agent_models MODEL [THREADS] — flocking_large, flocking_80k, sir_1m, sir_plain; prints one JSON object.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "core/run/engine.hpp"
#include "tests/bench/agents/flocking.hpp"
#include "tests/bench/agents/sir.hpp"

using namespace citytwin;

namespace {

struct Case {
    const char* name;
    ModuleFactory factory;
    std::map<std::string, std::string, std::less<>> parameters;
    std::size_t agents;
    int steps;
};

double seconds_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }

void run(const Case& model, int threads) {
    auto city = std::make_shared<City>();
    city->add_set("city", 1);
    city->add_set("person", model.agents);
    MapParameters parameters(model.parameters);
    EngineSettings settings;
    settings.end = model.steps * second;
    Arena arena(threads);
    Engine engine(city, settings, {{&model.factory, &parameters}}, arena);
    engine.start();
    const auto begin = std::chrono::steady_clock::now();
    while (!engine.finished()) engine.advance();
    const double wall_s = seconds_since(begin);
    std::printf("{\"case\": \"%s\", \"threads\": %d, \"wall_s\": %.6f, \"updates_per_s\": %.0f, \"worker_share\": %.3f, \"hash\": \"%s\"}\n", model.name, threads,
                wall_s, static_cast<double>(model.agents) * model.steps / wall_s, arena.worker_share(), engine.state_hash().c_str());
}

// The same arithmetic in a bare loop on one thread: what the engine may cost at most.
void plain_sir(std::size_t persons, int steps) {
    std::vector<std::uint8_t> state(persons, 0), next(persons);
    for (std::size_t p = 0; p < persons; p += 100) state[p] = 1;
    double infection[bench::sir_contacts + 1];
    for (int c = 0; c <= bench::sir_contacts; ++c) infection[c] = 1 - std::pow(0.95, c);
    const Random random(1, "sir");
    const auto begin = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; ++step) {
        for (std::size_t p = 0; p < persons; ++p) {
            next[p] = bench::next_sir_state(state.data(), static_cast<std::uint32_t>(persons), static_cast<std::uint32_t>(p), random,
                                            static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(second), infection);
        }
        state.swap(next);
    }
    const double wall_s = seconds_since(begin);
    std::printf("{\"case\": \"sir_plain\", \"threads\": 1, \"wall_s\": %.6f, \"updates_per_s\": %.0f}\n", wall_s, static_cast<double>(persons) * steps / wall_s);
}

}  // namespace

int main(int count, char** arguments) {
    const char* wanted = count > 1 ? arguments[1] : "flocking_large";
    const int threads = count > 2 ? std::atoi(arguments[2]) : 1;
    const Case cases[] = {{"flocking_large", module_factory<bench::Flocking>("flocking", "1"), {}, 400, 100},
                          {"flocking_80k", module_factory<bench::Flocking>("flocking", "1"), {{"boids", "80000"}, {"radius", "5 m"}, {"extent", "400 m"}}, 80'000, 20},
                          {"sir_1m", module_factory<bench::Sir>("sir", "1"), {}, 1'000'000, 20}};
    if (std::strcmp(wanted, "sir_plain") == 0) {
        plain_sir(1'000'000, 20);
        return 0;
    }
    for (const auto& model : cases) {
        if (std::strcmp(wanted, model.name) == 0) {
            run(model, threads);
            return 0;
        }
    }
    std::fprintf(stderr, "unknown model '%s'\n", wanted);
    return 2;
}
