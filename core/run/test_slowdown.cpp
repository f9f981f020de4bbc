#include "core/run/test_slowdown.hpp"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include "core/base/text.hpp"

namespace citytwin {

std::function<void(Microseconds)> test_slowdown() {
    const char* text = std::getenv("CITYTWIN_TEST_SLEEP_PER_MINUTE_US");
    const auto pause = text == nullptr ? std::nullopt : parse_integer(text);
    if (!pause) return {};
    return [pause = *pause, last = Microseconds{-1}](Microseconds now) mutable {   // a resumed run begins where it begins
        if (last >= 0 && now / minute != last / minute) std::this_thread::sleep_for(std::chrono::microseconds(pause * (now / minute - last / minute)));
        last = now;
    };
}

}  // namespace citytwin
