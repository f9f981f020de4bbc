#pragma once
// What a run counts beside its fields: balances, KPIs and warnings. All of it is state: it survives a kill and a resume.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/exchange/state_io.hpp"
#include "core/time/clock.hpp"

namespace citytwin {

/// A balance of one quantity. Closes when in = out + (stored - stored at the start) + lost.
struct Ledger {
    std::string module, quantity, unit;
    double in = 0, out = 0, stored = 0, lost = 0, adjusted = 0;
    double stored_at_start = 0;
    /// |in + adjusted - out - lost - (stored - stored_at_start)| / max(|in|, |out|, |stored|, 1e-300)
    [[nodiscard]] double closing_error() const;
};

/// The balances at the end of a local day (or of the run), as they stand since the run's start.
struct LedgerDay {
    Microseconds end = 0;
    std::vector<Ledger> ledgers;   ///< in the order of Books::ledgers()
};

/// One figure of a run. `value` empty = can't be computed, and `reason` says why: never a blank, never 0 for "not known".
struct Kpi {
    std::string id, name, unit, formula, module;
    enum class Better { more, less, neither } better = Better::less;
    std::optional<double> value;
    double coverage = 1;
    std::string reason = "not set by its module";
    /// Extra figures by cause, e.g. removed trips by reason; written under "details".
    std::vector<std::pair<std::string, double>> details;
    /// The same figure for parts of the city's people or places, in a stated order; written under "groups".
    struct Group {
        std::string by, group;   ///< "district", "zone 3"
        double value = 0, persons = 0;
    };
    std::vector<Group> groups;
    void set(double v, double share_covered = 1.0) {
        value = v;
        coverage = share_covered;
        reason.clear();
    }
};

/// Something that is counted by cause, with the first place it happened. Only from serial code.
struct Warning {
    std::string module, code, sentence;
    std::uint64_t count = 0;
    std::string first_entity;
    Microseconds first_time = 0;
    void add(std::string_view entity, Microseconds now, std::uint64_t times = 1) {
        if (times == 0) return;
        if (count == 0) {
            first_entity = std::string(entity);
            first_time = now;
        }
        count += times;
    }
};

/// The books of one run. Entries stay at their address.
class Books {
public:
    Ledger& ledger(const std::string& module, std::string quantity, std::string unit);
    Kpi& kpi(const std::string& module, std::string id, std::string name, std::string unit, Kpi::Better better, std::string formula);
    Warning& warning(const std::string& module, std::string code, std::string sentence);

    /// Sorted by (module, name): the order never depends on the load order.
    [[nodiscard]] std::vector<const Ledger*> ledgers() const;
    [[nodiscard]] std::vector<const Kpi*> kpis() const;
    /// At the first step that ends at or after each local midnight, and at the run's end; the same end twice counts once.
    void close_day(Microseconds end);
    /// What went in, out, was lost in each day; `stored` at its end, `stored_at_start` at its begin.
    [[nodiscard]] std::vector<LedgerDay> days() const;
    [[nodiscard]] std::vector<const Warning*> warnings() const;   ///< those that happened

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    std::deque<Ledger> ledgers_;
    std::deque<Kpi> kpis_;
    std::deque<Warning> warnings_;
    std::vector<Microseconds> day_ends_;
    std::vector<double> day_figures_;   ///< by day, then ledger: in, out, stored, lost, adjusted, stored at the run's start
};

}  // namespace citytwin
