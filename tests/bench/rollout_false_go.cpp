// How often a rollout without any effect goes on: bench_rollout_false_go ROLLOUTS SEEDS FOLDER. Prints JSON.
// A synthetic treatment centre in each zone: patients arrive, wait and are treated; the phase's change repaints the doors, which changes
// nothing but the random numbers. So base and plan differ by chance alone, unpaired: every "effect > 0" is a false one.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/module/registry.hpp"
#include "core/study/rollout.hpp"

using namespace citytwin;

namespace {

class Centre final : public Module {
public:
    explicit Centre(Setup& setup)
        : paint_{setup.attribute("zone", "paint", "1", 0.0)},
          waiting_{setup.writes("zone", "patients_waiting", "1").recorded_as(Aggregation::mean)},
          random_{setup.random("patients")},
          wait_{setup.kpi("wait_mean", "min", Kpi::Better::less, "mean over zones and steps of the patients waiting, a minute each")} {
        setup.period("1 min");
    }

    void step(const Step& now) override {
        now.each(waiting_, [&](std::size_t zone) {
            const auto words = random_.block(2 * zone + static_cast<std::size_t>(paint_[zone]), static_cast<std::uint64_t>(now.from));
            const double arrives = words[0] < 0x4CCCCCCCu ? 1 : 0, leaves = words[1] < 0x59999999u ? 1 : 0;   // 30 % and 35 % a minute
            waiting_[zone] = std::max(0.0, waiting_[zone] + arrives - leaves);
        });
        total_ += now.sum(waiting_.size(), [&](std::size_t zone) { return waiting_[zone]; });
        ++steps_;
        wait_.set(total_ / static_cast<double>(steps_) / static_cast<double>(waiting_.size()));
    }

    void save(StateWriter& out) const override { out.value("total", total_), out.value("steps", steps_); }
    void load(StateReader& in) override { in.value("total", total_), in.value("steps", steps_); }

private:
    Attribute paint_;
    Write waiting_;
    Random random_;
    Kpi& wait_;
    double total_ = 0;
    std::uint64_t steps_ = 0;
};

const Registration centre{module_factory<Centre>("centre", "0")};

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    const int rollouts = std::stoi(words[1]), seeds = std::stoi(words[2]);
    const std::string folder = words[3];
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/city.toml") << "generate = { population = 1000, seed = 3 }\n";
    std::ofstream(folder + "/painted.toml") << "name = \"painted doors\"\ncity = \"city.toml\"\nzone = \"UTC\"\nstart = 2025-06-03T00:00:00\nend = 2025-06-03T04:10:00\n[modules.centre]\n[record]\nfields = []\n"
                                               "[[change]]\nname = \"paint\"\nwhere = { zone = \"\" }\nset = { paint = \"1\" }\n"
                                               "[[phase]]\nname = \"doors\"\nstart = 2025-06-03T00:00:00\nchanges = [\"paint\"]\ngate = [{ kpi = \"wait_mean\", min_increase = 0, exposure = \"4 h\" }]\non_fail = \"hold\"\n";
    int go = 0, held = 0, failed = 0;
    double sum_t = 0, sum_t2 = 0;   // of mean / standard error: of mean 0 and variance 9/7 where the differences are normal
    for (int r = 0; r < rollouts; ++r) {
        RolloutOptions options;
        options.scenario = folder + "/painted.toml";
        options.output = folder + "/rollout";
        options.overrides.seed = static_cast<std::uint64_t>(1 + r * seeds);
        options.seeds = static_cast<std::uint64_t>(seeds);
        options.workers = 2;
        const Rollout done = run_rollout(options);
        const GateVerdict& verdict = done.looks.at(0).gates.at(0);
        const auto answer = verdict.answer;
        const double t = 2 * 2.2622 * verdict.value / (verdict.high - verdict.low);
        sum_t += t;
        sum_t2 += t * t;
        go += done.looks.at(0).decision == RolloutDecision::go;
        failed += answer == GateAnswer::fail;
        held += answer == GateAnswer::undecided;
        std::filesystem::remove_all(options.output);
    }
    fmt::print("{{\"rollouts\": {}, \"seeds\": {}, \"go\": {}, \"undecided\": {}, \"other_way\": {}, \"mean_t\": {:.3f}, \"mean_square_t\": {:.3f}}}\n", rollouts, seeds, go, held, failed, sum_t / rollouts, sum_t2 / rollouts);
    return 0;
}
