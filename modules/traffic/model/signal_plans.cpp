#include "modules/traffic/model/signal_plans.hpp"

#include <algorithm>
#include <stdexcept>

namespace citytwin::traffic {

SignalPlans::SignalPlans(const QueueNetworkInput& input) {
    for (std::size_t s = 0; s < input.signal_programs.size(); ++s) {
        first_program_.push_back(static_cast<std::uint32_t>(programs_.size()));
        for (const SignalProgram& given : input.signal_programs[s]) {
            Program p{given.offset, 0, static_cast<std::uint32_t>(phase_end_.size()), 0, static_cast<std::uint32_t>(letters_.size()), 0};
            for (std::size_t k = 0; k < given.duration.size(); ++k) {
                if (given.duration[k] <= 0) continue;
                if (p.phases == 0) p.links = static_cast<std::uint32_t>(given.state[k].size());
                if (given.state[k].size() != p.links) throw std::invalid_argument("phases of a signal program differ in length");
                p.cycle += given.duration[k];
                phase_end_.push_back(p.cycle);
                letters_.insert(letters_.end(), given.state[k].begin(), given.state[k].end());
                ++p.phases;
            }
            if (p.phases == 0) {  // without phases a signal is off
                p.cycle = 1000;
                p.phases = 1;
                phase_end_.push_back(p.cycle);
            }
            programs_.push_back(p);
        }
        if (programs_.size() == first_program_.back()) throw std::invalid_argument("a signal without a program");
        states.push_back({0, input.signal_active_program.empty() ? 0 : input.signal_active_program[s], 1});
    }
    first_program_.push_back(static_cast<std::uint32_t>(programs_.size()));
    for (Index s = 0; s < signals(); ++s) set_program(s, states[s].program);
    forget_lookups();
}

void SignalPlans::forget_lookups() { lookups_.assign(states.size(), Lookup{}); }

void SignalPlans::set_program(Index signal, std::uint32_t program) {
    if (program >= programs(signal)) throw std::out_of_range("signal program");
    states[signal].program = program;
    states[signal].offset = program_of(signal).offset;
    if (signal < lookups_.size()) lookups_[signal] = {};
}

void SignalPlans::set_offset(Index signal, Milliseconds offset) {
    states[signal].offset = offset;
    lookups_[signal] = {};
}

const SignalPlans::Lookup& SignalPlans::look_up(Index signal, Milliseconds time) {
    Lookup& known = lookups_[signal];
    if (time >= known.from && time < known.until) return known;
    const Program& p = program_of(signal);
    Milliseconds into = (time - states[signal].offset) % p.cycle;
    if (into < 0) into += p.cycle;
    const auto first = phase_end_.begin() + p.first_phase, last = first + p.phases;
    const auto it = std::upper_bound(first, last, into);
    known.phase = static_cast<std::uint32_t>(it - first);
    known.until = time - into + *it;
    known.from = time - into + (it == first ? 0 : *(it - 1));
    return known;
}

LinkLetter SignalPlans::letter(Index signal, std::uint32_t signal_link, Milliseconds time) {
    if (!states[signal].powered) return 'w';
    return letter_in(program_of(signal), look_up(signal, time).phase, signal_link);
}

Milliseconds SignalPlans::first_not_red(Index signal, std::uint32_t signal_link, Milliseconds time, Milliseconds step) {
    const Program& p = program_of(signal);
    Milliseconds at = time;
    std::uint32_t phase = look_up(signal, at).phase;
    Milliseconds until = lookups_[signal].until;
    while (at - time <= 2 * p.cycle + step) {
        if (!is_red(letter_in(p, phase, signal_link))) return at;
        at += (until - at + step - 1) / step * step;  // the first look behind this phase
        while (at >= until) {
            phase = phase + 1 < p.phases ? phase + 1 : 0;
            until += phase_end_[p.first_phase + phase] - (phase == 0 ? 0 : phase_end_[p.first_phase + phase - 1]);
        }
    }
    return never;
}

}  // namespace citytwin::traffic
