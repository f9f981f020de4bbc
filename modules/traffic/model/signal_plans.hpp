#pragma once
// Fixed-time signals: which letter a signal link shows at a time, and when it stops being red. A signal that nobody asks
// costs nothing: the phase is looked up when needed, from the last one that was looked up.
#include <cstdint>
#include <vector>

#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

inline bool is_red(LinkLetter letter) { return letter == 'r' || letter == 'u'; }
inline bool has_priority(LinkLetter letter) { return letter >= 'A' && letter <= 'Z'; }

/// What of a signal may change during a run, and so is saved.
struct SignalState {
    Milliseconds offset = 0;
    std::uint32_t program = 0;
    std::uint32_t powered = 1;
};

class SignalPlans {
public:
    explicit SignalPlans(const QueueNetworkInput& input);

    [[nodiscard]] std::size_t signals() const { return states.size(); }
    [[nodiscard]] std::size_t programs(Index signal) const { return first_program_[signal + 1] - first_program_[signal]; }
    /// Letter of `signal_link` at `time`; a signal without power is an all-way stop. Not for two threads at one signal.
    [[nodiscard]] LinkLetter letter(Index signal, std::uint32_t signal_link, Milliseconds time);
    /// First time >= `time` of the form time + k * step at which the link isn't red; never if it always is.
    [[nodiscard]] Milliseconds first_not_red(Index signal, std::uint32_t signal_link, Milliseconds time, Milliseconds step);
    /// Throws std::out_of_range for a program that isn't there.
    void set_program(Index signal, std::uint32_t program);
    void set_offset(Index signal, Milliseconds offset);
    void set_powered(Index signal, bool powered) { states[signal].powered = powered; }
    [[nodiscard]] Milliseconds cycle(Index signal) const { return program_of(signal).cycle; }

    std::vector<SignalState> states;
    /// After `states` were loaded.
    void forget_lookups();

private:
    struct Program {
        Milliseconds offset, cycle;
        std::uint32_t first_phase, phases, first_letter, links;
    };
    struct Lookup {
        Milliseconds from = 0, until = 0;  ///< the phase holds in [from, until)
        std::uint32_t phase = 0;
    };
    [[nodiscard]] const Program& program_of(Index signal) const { return programs_[first_program_[signal] + states[signal].program]; }
    [[nodiscard]] const Lookup& look_up(Index signal, Milliseconds time);
    [[nodiscard]] LinkLetter letter_in(const Program& p, std::uint32_t phase, std::uint32_t signal_link) const {
        return signal_link < p.links ? letters_[p.first_letter + phase * p.links + signal_link] : 'O';
    }

    std::vector<std::uint32_t> first_program_;
    std::vector<Program> programs_;
    std::vector<Milliseconds> phase_end_;  ///< within the cycle
    std::vector<LinkLetter> letters_;
    std::vector<Lookup> lookups_;
};

}  // namespace citytwin::traffic
