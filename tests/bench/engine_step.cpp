// Bar B5: five modules in a chain, each reading and writing one field: microseconds a step.
#include <chrono>
#include <cstdio>

#include "core/module/registry.hpp"
#include "core/run/engine.hpp"

using namespace citytwin;

namespace {

template <int n>
struct Link : Module {
    explicit Link(Setup& setup) : in_(setup.reads("cell", "f" + std::to_string(n), "1").otherwise(1)), out_(setup.writes("cell", "f" + std::to_string(n + 1), "1")) {
        setup.period("1 s");
    }
    void step(const Step& now) override {
        now.each(out_, [&](std::size_t i) { out_[i] = in_[i] + 1; });
    }
    Read in_;
    Write out_;
};

}  // namespace

int main() {
    auto city = std::make_shared<City>();
    city->add_set("cell", 16);
    const std::vector<ModuleFactory> factories{module_factory<Link<0>>("a", "0"), module_factory<Link<1>>("b", "0"), module_factory<Link<2>>("c", "0"),
                                               module_factory<Link<3>>("d", "0"), module_factory<Link<4>>("e", "0")};
    MapParameters parameters;
    std::vector<EngineModule> modules;
    for (const auto& factory : factories) modules.push_back({&factory, &parameters});
    EngineSettings settings;
    settings.end = 1'000'000 * second;
    Arena arena(2);
    Engine engine(city, settings, modules, arena);
    engine.start();
    const auto begin = std::chrono::steady_clock::now();
    while (!engine.finished()) engine.advance();
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("{\"case\": \"five modules in a chain\", \"unit\": \"us\", \"citytwin\": %.3f, \"bar\": 5.0}\n", wall_s);
}
