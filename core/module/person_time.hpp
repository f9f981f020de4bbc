#pragma once
// What figures per person divide by: the persons in the city over the time that a module stepped. The population writes `city.residents`;
// where it isn't loaded the city's own residents (core/city/numbers.hpp) are there all the time.
#include "core/exchange/state_io.hpp"
#include "core/module/setup.hpp"

namespace citytwin {

class PersonTime {
public:
    /// `base` = the residents before any change.
    PersonTime(Setup& setup, double base)
        : residents_(setup.reads("city", "residents", "1").mean().otherwise(base)), base_(base) {}

    void add(double seconds) {
        person_seconds_ += (residents_.size() > 0 ? residents_[0] : base_) * seconds;
        seconds_ += seconds;
    }
    [[nodiscard]] double person_seconds() const { return person_seconds_; }
    /// Mean number of persons, 0 before any time has passed.
    [[nodiscard]] double persons() const { return seconds_ > 0 ? person_seconds_ / seconds_ : 0; }
    [[nodiscard]] double base() const { return base_; }
    /// Divisors of a KPI, and what it would be over the base (evaluation.md: where the population changes, both are printed).
    void tell(Kpi& kpi) const {
        kpi.details.emplace_back("residents, mean over the run", persons());
        kpi.details.emplace_back("residents of the base", base_);
        if (kpi.value && base_ > 0 && persons() != base_) kpi.details.emplace_back("over the residents of the base", *kpi.value * persons() / base_);
    }

    void save(StateWriter& out) const {
        out.value("person_seconds", person_seconds_);
        out.value("person_time_s", seconds_);
    }
    void load(StateReader& in) {
        in.value("person_seconds", person_seconds_);
        in.value("person_time_s", seconds_);
    }

private:
    Read residents_;
    double base_, person_seconds_ = 0, seconds_ = 0;
};

}  // namespace citytwin
