#include "core/output/progress.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace citytwin {
namespace {

constexpr std::chrono::milliseconds redraw_every{200};

std::string simulated(Microseconds t) {
    const bool midnight = t > 0 && t % day == 0;  // the end of a day is its 24:00:00
    const std::int64_t days = t / day - (midnight ? 1 : 0), rest = midnight ? day / second : t % day / second;
    const std::string clock = fmt::format("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    return days == 0 ? clock : fmt::format("day {} {}", days + 1, clock);
}

std::string duration(double s) {
    const auto whole = static_cast<std::int64_t>(s + 0.5);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

Progress::Progress(ProgressMode mode, Microseconds first_us, Microseconds end_us, std::FILE* out)
    : mode_(mode), terminal_(mode == ProgressMode::automatic && ::isatty(::fileno(out)) != 0), first_us_(first_us), end_us_(end_us), out_(out),
      started_(Clock::now()), shown_(started_) {
    if (end_us_ > 0) tenths_shown_ = static_cast<int>(first_us_ * 10 / end_us_);
}

double Progress::wall_s() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

std::string Progress::line(Microseconds now_us, Microseconds first_us, Microseconds end_us, double wall_s, std::uint64_t memory_bytes) {
    const double done = end_us > 0 ? static_cast<double>(now_us) / static_cast<double>(end_us) : 1.0;
    std::string text = fmt::format("{} · {:.0f} %", simulated(now_us), 100 * done);
    const double simulated_s = to_seconds(now_us - first_us);
    if (wall_s > 0 && simulated_s > 0) {
        const double rate = simulated_s / wall_s;
        text += rate < 10 ? fmt::format(" · {:.1f} × real time", rate) : fmt::format(" · {:.0f} × real time", rate);
        if (now_us < end_us) text += fmt::format(" · {} left", duration(to_seconds(end_us - now_us) / rate));
    }
    return text + fmt::format(" · {:.2f} GB", static_cast<double>(memory_bytes) * 1e-9);
}

void Progress::update(Microseconds now_us) {
    if (mode_ == ProgressMode::none || end_us_ <= 0) return;
    if (terminal_) {
        if ((++calls_ & 15u) != 0) return;
        const Clock::time_point now = Clock::now();
        if (now - shown_ < redraw_every) return;
        shown_ = now;
        fmt::print(out_, "\r{}\033[K", line(now_us, first_us_, end_us_, wall_s(), resident_memory_bytes()));
        std::fflush(out_);
        return;
    }
    const int tenths = static_cast<int>(now_us * 10 / end_us_);
    if (tenths <= tenths_shown_ || now_us >= end_us_) return;
    tenths_shown_ = tenths;
    fmt::print(out_, "{}\n", line(now_us, first_us_, end_us_, wall_s(), resident_memory_bytes()));
    std::fflush(out_);
}

void Progress::finish(Microseconds now_us) {
    if (mode_ == ProgressMode::none) return;
    fmt::print(out_, "{}{}{}\n", terminal_ ? "\r" : "", line(now_us, first_us_, end_us_, wall_s(), resident_memory_bytes()), terminal_ ? "\033[K" : "");
    std::fflush(out_);
}

std::uint64_t resident_memory_bytes() {
    std::ifstream in("/proc/self/statm");
    std::uint64_t whole = 0, resident = 0;
    in >> whole >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peak_memory_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace citytwin
