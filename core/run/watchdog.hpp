#pragma once
// Names a module that doesn't come back from its step. A thread can't be ended from outside, so the process is: what was committed and
// the last checkpoint stay.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/run/engine.hpp"

namespace citytwin {

class Watchdog {
public:
    /// After `limit_s` in one step `give_up` is called with a sentence, from the watchdog's thread. 0 = no watchdog.
    Watchdog(const Engine& engine, double limit_s, std::function<void(const std::string& why)> give_up);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

private:
    void watch(const Engine& engine, double limit_s, const std::function<void(const std::string&)>& give_up);

    std::mutex mutex_;
    std::condition_variable ended_;
    bool end_ = false;
    std::thread thread_;
};

}  // namespace citytwin
