#pragma once
// For tests that kill runs in the middle.
#include <functional>

#include "core/time/clock.hpp"

namespace citytwin {

/// CITYTWIN_TEST_SLEEP_PER_MINUTE_US of wall time for each simulated minute, as RunOptions::after_step; empty without it.
std::function<void(Microseconds now)> test_slowdown();

}  // namespace citytwin
