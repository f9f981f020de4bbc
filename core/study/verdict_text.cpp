#include "core/study/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/study/figures.hpp"

namespace citytwin {
namespace {

constexpr std::size_t most_named = 5;

std::string direction_of(double difference) { return difference > 0 ? "rises" : "falls"; }

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size() && i < most_named; ++i) text += (i == 0 ? "" : "; ") + words[i];
    if (words.size() > most_named) text += fmt::format("; and {} more", words.size() - most_named);
    return text;
}

/// Largest relative change first.
std::vector<std::string> sentences_with(const EnsembleRun& run, const std::string& verdict, const std::string& but) {
    std::vector<const EnsembleKpi*> found;
    for (const EnsembleKpi& kpi : run.kpis) {
        if (kpi.city.verdict == verdict && kpi.id != but) found.push_back(&kpi);
    }
    std::stable_sort(found.begin(), found.end(), [](const EnsembleKpi* a, const EnsembleKpi* b) { return std::fabs(a->city.difference_percent.value_or(0)) > std::fabs(b->city.difference_percent.value_or(0)); });
    std::vector<std::string> sentences;
    for (const EnsembleKpi* kpi : found) sentences.push_back(change_of(*kpi));
    return sentences;
}

}  // namespace

std::string sentence_of(const Losers& losers) {
    std::string text = fmt::format("{}: {} in {} of {} {}s", losers.kpi, losers.though_better ? "better on the whole, but worse" : "worse", losers.groups, losers.of, losers.by);
    if (losers.of_persons > 0) text += fmt::format(" ({:.0f} % of the people)", 100 * losers.persons / losers.of_persons);
    return text + fmt::format("; most in {} ({:+.1f} %)", losers.worst_group, losers.worst_percent);
}

std::string change_of(const EnsembleKpi& kpi) {
    const auto& d = kpi.city.difference;
    if (d.pairs == 0) return fmt::format("{}: {}", kpi.id, kpi.city.reason);
    if (d.mean == 0) return fmt::format("{} stays the same", kpi.id);
    std::string text = fmt::format("{} {} by {} {}", kpi.id, direction_of(d.mean), figure_text(std::fabs(d.mean)), kpi.unit);
    std::string within;
    if (kpi.city.difference_percent) within = fmt::format("{:+.1f} %", *kpi.city.difference_percent);
    if (d.has_interval) within += fmt::format("{}95 % interval {} to {}", within.empty() ? "" : "; ", signed_figure_text(d.interval.low), signed_figure_text(d.interval.high));
    if (!within.empty()) text += " (" + within + ")";
    return text;
}

std::string sentence_of(const EnsembleKpi& kpi) { return change_of(kpi) + (kpi.city.verdict.empty() ? "" : ": " + kpi.city.verdict); }

std::vector<std::string> verdict_sentences(const EnsembleRun& run, const std::string& headline, bool unpaired) {
    std::vector<std::string> sentences;
    for (const EnsembleKpi& kpi : run.kpis) {
        if (kpi.id == headline) sentences.push_back("Headline: " + sentence_of(kpi) + ".");
    }
    for (const Losers& losers : run.losers) {
        if (losers.though_better) sentences.push_back("Who loses: " + sentence_of(losers) + ".");
    }
    const auto add = [&](const char* lead, const char* verdict) {
        const auto found = sentences_with(run, verdict, headline);
        if (!found.empty()) sentences.push_back(fmt::format("{} ({}): {}.", lead, found.size(), listed(found)));
    };
    add("Worse", "worse");
    add("Better", "better");
    add("Changed, without a better or worse", "changed");
    const auto count = [&](const char* verdict) { return std::count_if(run.kpis.begin(), run.kpis.end(), [&](const EnsembleKpi& kpi) { return kpi.city.verdict == verdict; }); };
    const auto open = count("not decided"), equal = count("same") + count("equivalent"), few = count("too few seeds");
    sentences.push_back(fmt::format("Over {} {} seeds {} figures are the same or equivalent and {} are not decided: their interval holds both signs, which is no proof of no effect.", run.seeds.size(), unpaired ? "unpaired" : "paired", equal, open));
    if (few > 0) sentences.push_back(fmt::format("{} figures have too few seeds for an interval (5 are needed).", few));
    for (const Losers& losers : run.losers) {
        if (!losers.though_better) sentences.push_back("Who loses: " + sentence_of(losers) + ".");
    }
    return sentences;
}

std::vector<std::string> verdict_sentences(const Comparison& comparison) {
    std::vector<std::string> sentences;
    for (const char* verdict : {"worse", "better"}) {
        std::vector<std::pair<double, std::string>> found;
        for (const ComparedKpi& kpi : comparison.kpis) {
            const ComparedValue& value = kpi.values.at(1);
            if (value.verdict != verdict) continue;
            std::string text = fmt::format("{} {} by {} {}", kpi.id, direction_of(*value.difference), figure_text(std::fabs(*value.difference)), kpi.unit);
            if (value.difference_percent) text += fmt::format(" ({:+.1f} %)", *value.difference_percent);
            found.emplace_back(std::fabs(value.difference_percent.value_or(0)), std::move(text));
        }
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<std::string> words;
        for (auto& [size, text] : found) words.push_back(std::move(text));
        if (!words.empty()) sentences.push_back(fmt::format("{} ({}): {}.", verdict[0] == 'w' ? "Worse" : "Better", words.size(), listed(words)));
    }
    const auto same = std::count_if(comparison.kpis.begin(), comparison.kpis.end(), [](const ComparedKpi& kpi) { return kpi.values.at(1).verdict == "same"; });
    sentences.push_back(fmt::format("{} figures are the same. One seed a side: part of each difference is luck; run both with --seeds 10 before deciding.", same));
    return sentences;
}

}  // namespace citytwin
