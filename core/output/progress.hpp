#pragma once
// How far a run is: one line on a terminal, a plain line each 10 % elsewhere, nothing with `none` (interfaces.md section 2).
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/time/clock.hpp"

namespace citytwin {

enum class ProgressMode { automatic, plain, none };

class Progress {
public:
    /// `first_us`: where the run starts (later than 0 on resume). Automatic: a line on a terminal, else plain.
    Progress(ProgressMode mode, Microseconds first_us, Microseconds end_us, std::FILE* out = stderr);
    /// Cheap: looks at the clock only now and then.
    void update(Microseconds now_us);
    /// Last line, or the end of the terminal's line.
    void finish(Microseconds now_us);

    /// "06:15:00 · 26 % · 312 × real time · 1 min 20 s left · 1.2 GB"
    [[nodiscard]] static std::string line(Microseconds now_us, Microseconds first_us, Microseconds end_us, double wall_s,
                                          std::uint64_t memory_bytes);

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] double wall_s() const;

    ProgressMode mode_;
    bool terminal_ = false;
    Microseconds first_us_, end_us_;
    std::FILE* out_;
    Clock::time_point started_, shown_;
    int tenths_shown_ = 0;
    std::uint32_t calls_ = 0;
};

/// Resident memory now and at its peak, in bytes.
std::uint64_t resident_memory_bytes();
std::uint64_t peak_memory_bytes();

}  // namespace citytwin
