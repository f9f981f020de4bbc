#pragma once
// A module at work, shared by engine.cpp and engine_setup.cpp. Not for others.
#include <fmt/format.h>

#include <atomic>
#include <chrono>

#include "core/run/engine.hpp"

namespace citytwin {

struct Engine::Running {
    std::string name;
    std::unique_ptr<Setup> setup;
    std::unique_ptr<Module> module;
    std::vector<DynamicSet*> owned_sets;
    Microseconds period = second, last = 0;
    std::size_t fields = 0;
    bool has_streams = false;
    double busy_s = 0;   ///< wall time of its steps in this process

    /// The regular grid: multiples of the period, whatever extra wakes there were.
    [[nodiscard]] Microseconds next_due() const { return (last / period + 1) * period; }
    /// What the module itself asks for.
    [[nodiscard]] Microseconds next_wake() const {
        const Microseconds wanted = module->wakes_at();
        return wanted > last ? wanted : never;
    }
    [[nodiscard]] bool wakes_on(const std::string& set) const {
        const auto& sets = setup->access().wakes_on;
        return std::find(sets.begin(), sets.end(), set) != sets.end();
    }
    void run(Microseconds t, Arena& arena);

    /// What a module throws is named by it; `when` is a text, or something that gives one.
    template <class When, class Act>
    void guarded(const When& when, Act&& act) const {
        try {
            act();
        } catch (const InputError&) {
            throw;
        } catch (const RunError&) {
            throw;
        } catch (const std::exception& error) {
            std::string words;
            if constexpr (std::is_invocable_v<When>) words = when();
            else words = when;
            throw RunError(ExitCode::run_failed, fmt::format("error[CT-RUN-001]: module '{}' failed {}: {}", name, words, error.what()));
        }
    }
    std::atomic<std::chrono::steady_clock::rep> in_step_since{0};   ///< 0 = in none
};

}  // namespace citytwin
