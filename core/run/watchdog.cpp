#include "core/run/watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace citytwin {

Watchdog::Watchdog(const Engine& engine, double limit_s, std::function<void(const std::string&)> give_up) {
    if (limit_s > 0) thread_ = std::thread([this, &engine, limit_s, act = std::move(give_up)] { watch(engine, limit_s, act); });
}

Watchdog::~Watchdog() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard guard(mutex_);
        end_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void Watchdog::watch(const Engine& engine, double limit_s, const std::function<void(const std::string&)>& give_up) {
    const auto pause = std::chrono::duration<double>(std::clamp(limit_s / 10, 0.02, 0.5));
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, pause, [this] { return end_; })) {
        const auto [module, seconds] = engine.longest_step();
        if (seconds < limit_s) continue;
        give_up(fmt::format("error[CT-RUN-003]: module '{}' has been in one step for {:.1f} s, the limit is {:g} s", module, seconds, limit_s));
        return;
    }
}

}  // namespace citytwin
