#pragma once
// What a module is: it declares its fields, streams and parameters in its constructor (with Setup), then steps.
#include <span>
#include <string_view>

#include "core/exchange/field.hpp"
#include "core/exchange/state_io.hpp"
#include "core/parallel/arena.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

/// One step: the module covers [from, to).
struct Step {
    Microseconds from = 0, to = 0;
    Arena* arena = nullptr;

    [[nodiscard]] double seconds() const { return to_seconds(to - from); }
    /// body(row) for each row of a field, in parallel; a row may be written by its own body only.
    template <class Body>
    void each(const Write& rows, Body&& body) const {
        arena->each(rows.size(), std::forward<Body>(body));
    }
    template <class Body>
    void each(const Read& rows, Body&& body) const {
        arena->each(rows.size(), std::forward<Body>(body));
    }
    template <class Body>
    void each(std::size_t count, Body&& body) const {
        arena->each(count, std::forward<Body>(body));
    }
    /// Sum of term(row): the same bits at any thread count.
    template <class Term>
    [[nodiscard]] double sum(std::size_t count, Term&& term) const {
        return arena->sum(count, std::forward<Term>(term));
    }
};

/// Measurements of some rows of a field over a slot, beside what the module made of them, both in the field's unit.
struct Nudge {
    std::string_view set, field;
    Microseconds from = 0, to = 0;
    std::span<const Index> rows;             ///< ascending
    std::span<const double> observed, modelled;
    double share = 1;                        ///< of the difference that is to be taken back now: gain x slot / relaxation time, at most 1
};

class Module {
public:
    virtual ~Module() = default;

    /// Once, after all fields are bound and before start() or load(): build what follows from the city and the parameters alone.
    virtual void prepare() {}
    /// Once at time 0 of a fresh run (not after a resume): first values and records.
    virtual void start(const Step& /*now*/) {}
    /// Covers [now.from, now.to). Everything it reads next time must be in fields or in save().
    virtual void step(const Step& now) = 0;
    /// A time at which the module steps besides its regular grid (a battery runs empty, a repair ends); none by default. A function of
    /// the module's saved state alone; asked for again after each step and after changed(). Times that are past are ignored.
    [[nodiscard]] virtual Microseconds wakes_at() const { return never; }
    /// Attributes of these rows (ascending) were changed by an intervention; called before the next step.
    virtual void changed(std::string_view /*set*/, std::span<const Index> /*rows*/) {}
    /// Rows of a field (Setup::takes_observations) for which measurements will come; once, after prepare().
    virtual void expect_observations(std::string_view /*set*/, std::string_view /*field*/, std::span<const Index> /*rows*/) {}
    /// Corrects its own state towards measurements, after all modules have stepped to `nudge.to`, and books the difference as `adjusted`.
    virtual void nudge(const Nudge& /*nudge*/) {}
    /// At the run's end: set the KPIs.
    virtual void close(const Step& /*now*/) {}

    /// Complete state (architecture.md invariant 5): save -> load -> save gives the same bytes.
    virtual void save(StateWriter& /*out*/) const {}
    virtual void load(StateReader& /*in*/) {}
};

}  // namespace citytwin
