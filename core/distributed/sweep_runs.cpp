// Which run of a sweep has which number, and what it changes in its scenario.
#include <algorithm>

#include "core/distributed/sweep_file.hpp"

namespace citytwin {

std::size_t Sweep::points() const {
    std::size_t count = 1;
    bool has_drawn = false;
    for (const auto& axis : axes) {
        if (!axis.is_drawn || !has_drawn) count *= axis.choices.size();
        has_drawn = has_drawn || axis.is_drawn;
    }
    return count;
}

SweepRun Sweep::run(std::size_t number) const {
    SweepRun run;
    run.number = number;
    run.point = (number - 1) / replications + 1;
    run.replication = (number - 1) % replications + 1;
    run.seed = seed + run.replication - 1;
    run.scenario = scenario;
    // The last axis runs fastest; drawn axes share one digit, that of the last of them.
    std::vector<std::size_t> row(axes.size());
    std::size_t rest = run.point - 1, drawn_row = 0;
    bool has_drawn = false;
    for (std::size_t i = axes.size(); i-- > 0;) {
        const std::size_t size = axes[i].choices.size();
        if (axes[i].is_drawn && has_drawn) {
            row[i] = drawn_row;
            continue;
        }
        row[i] = rest % size;
        rest /= size;
        if (axes[i].is_drawn) drawn_row = row[i], has_drawn = true;
    }
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const SweepChoice& choice = axes[i].choices[row[i]];
        run.labels.insert(run.labels.end(), choice.labels.begin(), choice.labels.end());
        run.settings.insert(run.settings.end(), choice.settings.begin(), choice.settings.end());
        if (choice.changes) run.changes.insert(run.changes.end(), choice.changes->begin(), choice.changes->end());
        if (!choice.scenario.empty()) run.scenario = choice.scenario;
    }
    return run;
}

ScenarioOptions Sweep::options_of(const SweepRun& run) const {
    ScenarioOptions options;
    options.seed = run.seed;
    options.until = until;
    options.edit = [this, run](Value& root) {
        for (const auto& [path, value] : run.settings) set_value(root, path, value);
        if (chosen_names.empty() && changes.empty()) return;
        const auto is_in = [](const std::vector<std::string>& names, const std::string& one) { return std::find(names.begin(), names.end(), one) != names.end(); };
        const auto is_out = [&](const Value& change) {
            const Value* called = change.table() != nullptr ? change.table()->find("name") : nullptr;
            return called != nullptr && called->text() != nullptr && is_in(chosen_names, *called->text()) && !is_in(run.changes, *called->text());
        };
        Value list;
        if (const Value* found = root.table()->find("change")) list = *found;
        if (list.list() == nullptr) list.data = List{};
        auto& all = std::get<List>(list.data);
        all.insert(all.end(), changes.begin(), changes.end());
        std::erase_if(all, is_out);
        if (all.empty()) root.table()->erase("change");
        else root.table()->set("change", std::move(list));
    };
    return options;
}

std::vector<std::string> Sweep::columns() const {
    std::vector<std::string> names;
    for (const auto& axis : axes) {
        for (const auto& choice : axis.choices) {
            for (const auto& [column, text] : choice.labels) {
                if (std::find(names.begin(), names.end(), column) == names.end()) names.push_back(column);
            }
        }
    }
    return names;
}

}  // namespace citytwin
