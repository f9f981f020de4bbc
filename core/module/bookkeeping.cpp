#include "core/module/bookkeeping.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

namespace citytwin {
namespace {

constexpr std::size_t figures_of_ledger = 6;

template <class T, class Key>
std::vector<const T*> sorted(const std::deque<T>& entries, Key key) {
    std::vector<const T*> result;
    for (const auto& entry : entries) result.push_back(&entry);
    std::sort(result.begin(), result.end(), [&](const T* a, const T* b) { return key(*a) < key(*b); });
    return result;
}

}  // namespace

double Ledger::closing_error() const {
    const double difference = in + adjusted - out - lost - (stored - stored_at_start);
    return std::abs(difference) / std::max({std::abs(in), std::abs(out), std::abs(stored), 1e-300});
}

Ledger& Books::ledger(const std::string& module, std::string quantity, std::string unit) {
    for (auto& entry : ledgers_) {
        if (entry.module == module && entry.quantity == quantity) return entry;
    }
    Ledger& entry = ledgers_.emplace_back();
    entry.module = module;
    entry.quantity = std::move(quantity);
    entry.unit = std::move(unit);
    return entry;
}

Kpi& Books::kpi(const std::string& module, std::string id, std::string name, std::string unit, Kpi::Better better, std::string formula) {
    for (auto& entry : kpis_) {
        if (entry.id == id) return entry;
    }
    Kpi& entry = kpis_.emplace_back();
    entry.id = std::move(id);
    entry.name = std::move(name);
    entry.unit = std::move(unit);
    entry.formula = std::move(formula);
    entry.module = module;
    entry.better = better;
    return entry;
}

Warning& Books::warning(const std::string& module, std::string code, std::string sentence) {
    for (auto& entry : warnings_) {
        if (entry.module == module && entry.code == code && entry.sentence == sentence) return entry;
    }
    Warning& entry = warnings_.emplace_back();
    entry.module = module;
    entry.code = std::move(code);
    entry.sentence = std::move(sentence);
    return entry;
}

std::vector<const Ledger*> Books::ledgers() const {
    return sorted(ledgers_, [](const Ledger& l) { return std::tie(l.module, l.quantity); });
}

std::vector<const Kpi*> Books::kpis() const {
    return sorted(kpis_, [](const Kpi& k) { return std::tie(k.id, k.module); });
}

std::vector<const Warning*> Books::warnings() const {
    auto all = sorted(warnings_, [](const Warning& w) { return std::tie(w.module, w.code, w.sentence); });
    std::erase_if(all, [](const Warning* w) { return w->count == 0; });
    return all;
}

void Books::close_day(Microseconds end) {
    if (!day_ends_.empty() && day_ends_.back() == end) return;
    day_ends_.push_back(end);
    for (const Ledger* l : ledgers()) {
        const double figures[figures_of_ledger] = {l->in, l->out, l->stored, l->lost, l->adjusted, l->stored_at_start};
        day_figures_.insert(day_figures_.end(), std::begin(figures), std::end(figures));
    }
}

std::vector<LedgerDay> Books::days() const {
    const auto known = ledgers();
    std::vector<LedgerDay> days;
    for (std::size_t d = 0; d < day_ends_.size(); ++d) {
        LedgerDay& balance = days.emplace_back(LedgerDay{day_ends_[d], {}});
        for (std::size_t k = 0; k < known.size(); ++k) {
            const double* now = &day_figures_[(d * known.size() + k) * figures_of_ledger];
            const double* before = d == 0 ? nullptr : now - known.size() * figures_of_ledger;
            const auto of_day = [&](std::size_t figure) { return now[figure] - (before == nullptr ? 0.0 : before[figure]); };
            Ledger& row = balance.ledgers.emplace_back(*known[k]);
            row.in = of_day(0);
            row.out = of_day(1);
            row.stored = now[2];
            row.lost = of_day(3);
            row.adjusted = of_day(4);
            row.stored_at_start = before == nullptr ? now[5] : before[2];
        }
    }
    return days;
}

void Books::save(StateWriter& out) const {
    out.column("days", day_ends_);
    out.column("day.figures", day_figures_);
    for (const Ledger* l : ledgers()) {
        const double figures[6] = {l->in, l->out, l->stored, l->lost, l->adjusted, l->stored_at_start};
        out.value("ledger." + l->module + "." + l->quantity, figures);
    }
    for (const Warning* w : sorted(warnings_, [](const Warning& x) { return std::tie(x.module, x.code, x.sentence); })) {
        out.value("warning.count", w->count);
        out.text("warning.first", w->first_entity);
        out.value("warning.time", w->first_time);
    }
}

void Books::load(StateReader& in) {
    in.column("days", day_ends_);
    in.column("day.figures", day_figures_);
    for (const Ledger* entry : ledgers()) {
        auto* l = const_cast<Ledger*>(entry);
        double figures[6] = {};
        in.value("ledger." + l->module + "." + l->quantity, figures);
        l->in = figures[0];
        l->out = figures[1];
        l->stored = figures[2];
        l->lost = figures[3];
        l->adjusted = figures[4];
        l->stored_at_start = figures[5];
    }
    for (const Warning* entry : sorted(warnings_, [](const Warning& x) { return std::tie(x.module, x.code, x.sentence); })) {
        auto* w = const_cast<Warning*>(entry);
        in.value("warning.count", w->count);
        in.text("warning.first", w->first_entity);
        in.value("warning.time", w->first_time);
    }
}

}  // namespace citytwin
