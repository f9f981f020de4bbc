#pragma once
// SIR with random contacts: each susceptible person meets 8 others a step; infection 1 - 0.95^c for c infected among them, recovery 0.1.
#include <array>
#include <cmath>

#include <citytwin/module.hpp>

namespace citytwin::bench {

inline constexpr int sir_contacts = 8;

/// One person's next state: 0 susceptible, 1 infected, 2 recovered. Used by the module and by the plain loop beside it.
inline std::uint8_t next_sir_state(const std::uint8_t* state, std::uint32_t persons, std::uint32_t person, const Random& random, std::uint64_t counter,
                                   const double* infection) {
    const std::uint8_t now = state[person];
    if (now == 2) return 2;
    const PhiloxBlock first = random.block(person, counter);
    if (now == 1) return first[0] < static_cast<std::uint32_t>(0.1 * 4294967296.0) ? 2 : 1;
    const PhiloxBlock second = random.block(person, counter + 1), draw = random.block(person, counter + 2);
    int infected = 0;
    for (int k = 0; k < 4; ++k) {
        infected += state[(std::uint64_t{first[k]} * persons) >> 32] == 1;
        infected += state[(std::uint64_t{second[k]} * persons) >> 32] == 1;
    }
    return draw[0] * 0x1.0p-32 < infection[infected] ? 1 : 0;
}

class Sir : public Module {
public:
    explicit Sir(Setup& setup)
        : infected_(setup.writes("city", "infected", "1")), persons_(setup.city().find("person") ? setup.city().at("person").size() : 0),
          random_(setup.random("sir")) {
        setup.period("1 s");
        for (int c = 0; c <= sir_contacts; ++c) infection_[c] = 1 - std::pow(0.95, c);
    }
    void start(const Step&) override {
        state_.assign(persons_, 0);
        for (std::size_t p = 0; p < persons_; p += 100) state_[p] = 1;
        next_.resize(persons_);
    }
    void step(const Step& now) override {
        const auto counter = static_cast<std::uint64_t>(now.from);
        const auto persons = static_cast<std::uint32_t>(persons_);
        // Locals, not members: a byte written through a pointer may be any member, so the compiler would read them all again for each person.
        const std::uint8_t* const state = state_.data();
        std::uint8_t* const next = next_.data();
        now.arena->ranges(persons_, [random = random_, infection = infection_, state, next, persons, counter](std::size_t first, std::size_t last) {
            for (std::size_t p = first; p < last; ++p) next[p] = next_sir_state(state, persons, static_cast<std::uint32_t>(p), random, counter, infection.data());
        }, 8192);
        state_.swap(next_);
        infected_[0] = now.sum(persons_, [&](std::size_t p) { return state_[p] == 1 ? 1.0 : 0.0; });
    }
    void save(StateWriter& out) const override { out.column("state", state_); }
    void load(StateReader& in) override {
        in.column("state", state_);
        next_.resize(state_.size());
    }

private:
    Write infected_;
    std::size_t persons_;
    Random random_;
    std::array<double, sir_contacts + 1> infection_{};
    std::vector<std::uint8_t> state_, next_;
};

}  // namespace citytwin::bench
