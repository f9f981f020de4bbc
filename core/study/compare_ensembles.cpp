#include "core/study/compare_ensembles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/diagnostic.hpp"
#include "core/evaluation/multiplicity.hpp"
#include "core/study/base_population.hpp"
#include "core/study/refusal.hpp"
#include "core/study/settings_beside.hpp"

namespace citytwin {
namespace {

using evaluation::Better;
using evaluation::Difference;

Better direction(const std::string& more_is) { return more_is == "better" ? Better::more : (more_is == "worse" ? Better::less : Better::neither); }

void require_same_basis(const StudySide& base, const StudySide& run) {
    const auto same = [&](const std::string& a, const std::string& b, const char* what, const char* hint) {
        require_equal(what, base.folder, a, run.folder, b, hint);
    };
    same(base.basis.start_utc, run.basis.start_utc, "the period's start", "run both over the same period");
    same(base.basis.end_utc, run.basis.end_utc, "the period's end", "run both over the same period");
    same(base.basis.days, run.basis.days, "the representative days", "run both over the same days with the same weights");
    same(base.basis.demand_key, run.basis.demand_key, "the demand before any change", "say a different demand as [[change]], e.g. demand = \"*1.1\"");
}

/// Up to a tenth may be missing; each is named.
void require_members(const StudySide& side) {
    const std::size_t all = side.table.seeds.size() + side.unfinished.size();
    if (side.unfinished.empty()) return;
    if (!side.is_ensemble) refuse_comparison(fmt::format("{} isn't finished (status {})", side.folder, side.unfinished.front().state), "go on with `citytwin run … --resume`");
    if (10 * side.unfinished.size() <= all) return;
    std::vector<std::uint64_t> seeds;
    for (const auto& member : side.unfinished) seeds.push_back(member.seed);
    refuse_comparison(fmt::format("{} of {} members of {} aren't finished (seeds {}), more than a tenth", seeds.size(), all, side.folder, fmt::join(seeds, ", ")),
                      "go on with `citytwin run … --seeds N --resume`");
}

void name_dropped(const StudySide& side, std::vector<std::string>& sentences) {
    for (const auto& member : side.unfinished) sentences.push_back(fmt::format("seed {} of {} is {}: left out on both sides", member.seed, side.label, member.state));
}

void name_uncommon(const StudySide& side, const std::vector<std::uint64_t>& common, const StudySide& other, std::vector<std::string>& sentences) {
    std::vector<std::uint64_t> only;
    for (const std::uint64_t seed : side.table.seeds) {
        const bool unfinished = std::any_of(other.unfinished.begin(), other.unfinished.end(), [&](const auto& member) { return member.seed == seed; });
        if (!unfinished && !std::binary_search(common.begin(), common.end(), seed)) only.push_back(seed);
    }
    if (!only.empty()) sentences.push_back(fmt::format("seeds that only {} has are left out: {}", side.label, fmt::join(only, ", ")));
}

std::vector<std::uint64_t> common_seeds(const StudySide& base, const StudySide& run) {
    const std::set<std::uint64_t> a(base.table.seeds.begin(), base.table.seeds.end()), b(run.table.seeds.begin(), run.table.seeds.end());
    std::vector<std::uint64_t> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    if (common.empty()) {
        refuse_comparison(fmt::format("{} and {} have no seed in common ({} and {})", base.folder, run.folder, fmt::join(a, ", "), fmt::join(b, ", ")),
                          "without a common seed the difference is luck as much as effect; run both with the same seeds, or ask for --unpaired");
    }
    return common;
}

std::vector<std::size_t> rows_of(const KpiTable& table, const std::vector<std::uint64_t>& seeds) {
    std::map<std::uint64_t, std::size_t> row;
    for (std::size_t s = 0; s < table.seeds.size(); ++s) row[table.seeds[s]] = s;
    std::vector<std::size_t> rows;
    for (const std::uint64_t seed : seeds) rows.push_back(row.at(seed));
    return rows;
}

/// Where a KPI and a group stand in each table; npos: they don't.
struct Places {
    std::size_t base = npos, run = npos;
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

class Pairing {
public:
    Pairing(const StudySide& base, const StudySide& run, const EnsembleOptions& options)
        : base_(base.table), run_(run.table), options_(options), seeds_(options.unpaired ? run.table.seeds : common_seeds(base, run)),
          base_rows_(rows_of(base_, options.unpaired ? base.table.seeds : seeds_)), run_rows_(rows_of(run_, seeds_)) {}

    [[nodiscard]] const std::vector<std::uint64_t>& seeds() const { return seeds_; }

    /// The city of each seed, with the people who were drawn for it, is one and the same.
    void require_same_city(const StudySide& base, const StudySide& run) const {
        if (options_.unpaired) return;   // who lives there is drawn by seed, and the seeds differ
        for (std::size_t s = 0; s < seeds_.size(); ++s) {
            require_equal(fmt::format("the city of seed {}", seeds_[s]), base.folder, base.city_keys[base_rows_[s]], run.folder, run.city_keys[run_rows_[s]],
                          "compare runs of one city; say what differs as [[change]]");
        }
    }

    std::vector<EnsembleKpi> kpis() const {
        std::vector<EnsembleKpi> all;
        const auto groups = group_places();
        for (const auto& [id, place] : kpi_places()) {
            const auto& known = place.base != Places::npos ? base_.kpis[place.base] : run_.kpis[place.run];
            if (place.base != Places::npos && place.run != Places::npos && base_.kpis[place.base].unit != run_.kpis[place.run].unit) {
                refuse_comparison(fmt::format("the unit of {} differs: '{}' and '{}'", id, base_.kpis[place.base].unit, run_.kpis[place.run].unit), "make both with the same version");
            }
            EnsembleKpi kpi{known.id, known.name, known.unit, known.more_is, pair(place, {0, 0}, known), {}};
            for (std::size_t g = 1; g < groups.size(); ++g) {
                GroupDifference group{groups[g].first.first, groups[g].first.second, persons(groups[g].second), pair(place, groups[g].second, known)};
                if (group.figure.difference.pairs > 0) kpi.groups.push_back(std::move(group));
            }
            all.push_back(std::move(kpi));
        }
        drop_equal_over_base(all, [](const EnsembleKpi& first, const EnsembleKpi& second) {
            return first.city.difference.base_mean == second.city.difference.base_mean && first.city.difference.plan_mean == second.city.difference.plan_mean;
        });
        adjust(all);
        return all;
    }

private:
    using GroupName = std::pair<std::string, std::string>;

    std::vector<std::pair<std::string, Places>> kpi_places() const {
        std::vector<std::pair<std::string, Places>> places;
        std::map<std::string, std::size_t> at;
        for (std::size_t k = 0; k < base_.kpis.size(); ++k) {
            at[base_.kpis[k].id] = places.size();
            places.push_back({base_.kpis[k].id, {k, Places::npos}});
        }
        for (std::size_t k = 0; k < run_.kpis.size(); ++k) {
            const auto [found, is_new] = at.try_emplace(run_.kpis[k].id, places.size());
            if (is_new) places.push_back({run_.kpis[k].id, {}});
            places[found->second].second.run = k;
        }
        return places;
    }

    std::vector<std::pair<GroupName, Places>> group_places() const {
        std::vector<std::pair<GroupName, Places>> places;
        std::map<GroupName, std::size_t> at;
        for (std::size_t g = 0; g < base_.groups.size(); ++g) {
            const GroupName name{base_.groups[g].by, base_.groups[g].name};
            at[name] = places.size();
            places.push_back({name, {g, Places::npos}});
        }
        for (std::size_t g = 0; g < run_.groups.size(); ++g) {
            const auto [found, is_new] = at.try_emplace({run_.groups[g].by, run_.groups[g].name}, places.size());
            if (is_new) places.push_back({{run_.groups[g].by, run_.groups[g].name}, {}});
            places[found->second].second.run = g;
        }
        return places;
    }

    double persons(const Places& group) const {
        const double before = group.base == Places::npos ? 0 : base_.groups[group.base].persons;
        return before > 0 || group.run == Places::npos ? before : run_.groups[group.run].persons;
    }

    PairedKpi pair(const Places& kpi, const Places& group, const KpiTable::Description& known) const {
        PairedKpi paired;
        std::vector<double> before, after;
        if (options_.unpaired) return unpaired(kpi, group, known);
        if (kpi.base != Places::npos && kpi.run != Places::npos && group.base != Places::npos && group.run != Places::npos) {
            for (std::size_t s = 0; s < seeds_.size(); ++s) {
                const double a = base_.at(kpi.base, group.base, base_rows_[s]), b = run_.at(kpi.run, group.run, run_rows_[s]);
                if (std::isnan(a) || std::isnan(b)) continue;
                before.push_back(a);
                after.push_back(b);
            }
        }
        if (before.empty()) {
            explain(kpi, paired);
            return paired;
        }
        paired.difference = evaluation::paired_difference(before, after);
        judge(paired, known);
        paired.coverage = std::min(base_.kpis[kpi.base].coverage, run_.kpis[kpi.run].coverage);
        if (before.size() < seeds_.size()) paired.reason = fmt::format("{} of {} seeds have no value", seeds_.size() - before.size(), seeds_.size());
        return paired;
    }

    PairedKpi unpaired(const Places& kpi, const Places& group, const KpiTable::Description& known) const {
        PairedKpi figure;
        const auto values_of = [](const KpiTable& table, std::size_t kpi_row, std::size_t group_row, const std::vector<std::size_t>& rows) {
            std::vector<double> values;
            if (kpi_row == Places::npos || group_row == Places::npos) return values;
            for (const std::size_t row : rows) {
                if (!std::isnan(table.at(kpi_row, group_row, row))) values.push_back(table.at(kpi_row, group_row, row));
            }
            return values;
        };
        const auto before = values_of(base_, kpi.base, group.base, base_rows_), after = values_of(run_, kpi.run, group.run, run_rows_);
        if (before.size() < 2 || after.size() < 2) {
            explain(kpi, figure);
            return figure;
        }
        figure.difference = evaluation::unpaired_difference(before, after);
        judge(figure, known);
        figure.coverage = std::min(base_.kpis[kpi.base].coverage, run_.kpis[kpi.run].coverage);
        return figure;
    }

    void judge(PairedKpi& figure, const KpiTable::Description& known) const {
        if (figure.difference.base_mean != 0) figure.difference_percent = 100 * figure.difference.mean / std::fabs(figure.difference.base_mean);
        const auto worthwhile = options_.worthwhile_change.find(known.id);
        figure.verdict = evaluation::verdict(figure.difference, direction(known.more_is), worthwhile == options_.worthwhile_change.end() ? 0 : worthwhile->second);
    }

    void explain(const Places& kpi, PairedKpi& paired) const {
        if (kpi.base == Places::npos || kpi.run == Places::npos) {
            paired.status = "not_simulated";
            paired.reason = kpi.base == Places::npos ? "the base has no module that makes this figure" : "the run has no module that makes this figure";
            return;
        }
        const auto& lacking = base_.kpis[kpi.base].status != "ok" ? base_.kpis[kpi.base] : run_.kpis[kpi.run];
        paired.status = lacking.status == "ok" ? "no_data" : lacking.status;
        paired.reason = lacking.reason.empty() ? "no seed has a value on both sides" : lacking.reason;
    }

    /// The headline stands alone; the others are adjusted for screening.
    void adjust(std::vector<EnsembleKpi>& kpis) const {
        std::vector<double> p;
        std::vector<PairedKpi*> whose;
        for (EnsembleKpi& kpi : kpis) {
            kpi.city.p_adjusted = kpi.city.difference.p;
            if (kpi.id == options_.headline || kpi.city.difference.pairs < 2) continue;
            p.push_back(kpi.city.difference.p);
            whose.push_back(&kpi.city);
        }
        const auto adjusted = evaluation::benjamini_hochberg(p);
        for (std::size_t i = 0; i < whose.size(); ++i) whose[i]->p_adjusted = adjusted[i];
    }

    const KpiTable &base_, &run_;
    const EnsembleOptions& options_;
    std::vector<std::uint64_t> seeds_;
    std::vector<std::size_t> base_rows_, run_rows_;
};

/// With too few seeds for verdicts a group counts by its mean difference.
bool got_worse(const PairedKpi& figure, const std::string& more_is) {
    if (figure.verdict != "too few seeds") return figure.verdict == "worse";
    return (figure.difference.mean > 0) == (more_is == "worse") && figure.difference.mean != 0;
}

std::vector<Losers> losers_of(const std::vector<EnsembleKpi>& kpis) {
    std::vector<Losers> all;
    for (const EnsembleKpi& kpi : kpis) {
        if (kpi.more_is != "better" && kpi.more_is != "worse") continue;
        std::map<std::string, Losers> by;
        for (const GroupDifference& group : kpi.groups) {
            Losers& losers = by[group.by];
            losers.kpi = kpi.id;
            losers.by = group.by;
            ++losers.of;
            losers.of_persons += group.persons;
            if (!got_worse(group.figure, kpi.more_is)) continue;
            ++losers.groups;
            losers.persons += group.persons;
            const double percent = group.figure.difference_percent.value_or(0);
            if (losers.worst_group.empty() || std::fabs(percent) > std::fabs(losers.worst_percent)) losers.worst_group = group.group, losers.worst_percent = percent;
        }
        for (auto& [name, losers] : by) {
            losers.though_better = losers.groups > 0 && kpi.city.difference.mean != 0 && (kpi.city.difference.mean > 0) == (kpi.more_is == "better");
            if (losers.groups > 0) all.push_back(losers);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Losers& a, const Losers& b) { return a.though_better && !b.though_better; });
    return all;
}

void require_known(const EnsembleOptions& options, const KpiTable& table) {
    const auto require = [&](const std::string& id, const char* option) {
        if (std::any_of(table.kpis.begin(), table.kpis.end(), [&](const auto& kpi) { return kpi.id == id; })) return;
        std::vector<std::string> known;
        for (const auto& kpi : table.kpis) known.push_back(kpi.id);
        fail("CT-STUDY-004", {}, fmt::format("{}: the base has no KPI '{}'", option, id), fmt::format("it has {}", fmt::join(known, ", ")));
    };
    if (!options.headline.empty()) require(options.headline, "--headline");
    for (const auto& [id, change] : options.worthwhile_change) require(id, "--worthwhile");
}

/// For a half-width of the change that is worth it: how many seeds, from the deviation of these.
void tell_seeds_needed(const EnsembleRun& run, const EnsembleOptions& options, std::vector<std::string>& remarks) {
    for (const EnsembleKpi& kpi : run.kpis) {
        const auto worthwhile = options.worthwhile_change.find(kpi.id);
        if (worthwhile == options.worthwhile_change.end() || worthwhile->second <= 0 || !kpi.city.difference.has_interval || kpi.city.difference.deviation <= 0) continue;
        const std::size_t needed = std::max<std::size_t>(evaluation::fewest_seeds, evaluation::seeds_for_half_width(kpi.city.difference.deviation, worthwhile->second, 0.95, true));
        remarks.push_back(fmt::format("{}: {} needs about {} seeds for an interval of ±{:g} {}; {} were run", run.label, kpi.id, needed, worthwhile->second, kpi.unit, kpi.city.difference.pairs));
    }
}

void add_remarks(const StudySide& base, const StudySide& side, const EnsembleRun& run, const EnsembleOptions& options, std::vector<std::string>& remarks) {
    tell_seeds_needed(run, options, remarks);
    if (options.unpaired) remarks.push_back(fmt::format("{} is not paired with the base: {} seeds against {}, intervals by Welch; the luck of the seeds is in the difference", run.label, run.seeds.size(), base.table.seeds.size()));
    if (side.basis.build_hash != base.basis.build_hash) remarks.push_back(fmt::format("{} was made by another build than the base: small differences may come from that", run.label));
    for (const auto& sentence : settings_beside_changes(base.folders.front(), side.folders.front())) remarks.push_back(fmt::format("{} differs beside its changes: {}", run.label, sentence));
    if (run.seeds.size() < evaluation::fewest_seeds) {
        remarks.push_back(fmt::format("{}: {} common seeds are too few for intervals; run at least {}, better 10", run.label, run.seeds.size(), evaluation::fewest_seeds));
    }
    for (const EnsembleKpi& kpi : run.kpis) {
        if (kpi.city.difference.has_interval && kpi.city.difference.correlation < 0) {
            remarks.push_back(fmt::format("{}: {} of the same seed don't move together (correlation {:.2f}): pairing doesn't help here", run.label, kpi.id, kpi.city.difference.correlation));
        }
    }
    for (const auto& sentence : run.dropped) remarks.push_back(sentence);
}

}  // namespace

EnsembleComparison compare_ensembles(const std::vector<std::string>& folders, const EnsembleOptions& options) {
    if (folders.size() < 2) throw std::logic_error("compare_ensembles needs a base and at least one run");
    const StudySide base = read_study_side(folders.front());
    require_members(base);
    require_known(options, base.table);
    EnsembleComparison comparison{base.folder, base.label, options.headline, options.unpaired, {}, {}};
    for (std::size_t f = 1; f < folders.size(); ++f) {
        const StudySide side = read_study_side(folders[f]);
        require_members(side);
        require_same_basis(base, side);
        const Pairing pairing(base, side, options);
        pairing.require_same_city(base, side);
        EnsembleRun run{side.folder, side.label, pairing.seeds(), {}, side.basis.changes, pairing.kpis(), {}};
        run.losers = losers_of(run.kpis);
        name_dropped(base, run.dropped);
        name_dropped(side, run.dropped);
        if (!options.unpaired) {
            name_uncommon(base, run.seeds, side, run.dropped);
            name_uncommon(side, run.seeds, base, run.dropped);
        }
        add_remarks(base, side, run, options, comparison.remarks);
        comparison.runs.push_back(std::move(run));
    }
    return comparison;
}

}  // namespace citytwin
