#include "geodata/layout/breach_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace citytwin::geodata {

namespace {

/// The column with more rows put in before row `at`.
template <class T>
std::vector<T> extended(const EntitySet* set, const char* name, std::size_t at, const std::vector<T>& more) {
    std::vector<T> all = set == nullptr ? std::vector<T>() : set->get<T>(name);
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
    return all;
}

/// Networks stand by name, in whichever order they are laid.
std::size_t place_of(const EntitySet* set, const std::string& network) {
    if (set == nullptr) return 0;
    const auto& networks = set->get<std::string>("network");
    return static_cast<std::size_t>(std::upper_bound(networks.begin(), networks.end(), network) - networks.begin());
}

/// How far beyond its limit, as a share of it.
double excess(const LayoutBreach& b) { return std::abs(b.value - b.limit) / std::max(1e-12, std::abs(b.limit)); }

}  // namespace

std::string list_breaches(City& city, const std::string& network, std::span<const LayoutBreach> breaches, const std::function<std::string(const LayoutBreach&)>& id_of) {
    std::vector<std::string> limits, sets, entities;
    std::vector<double> values, bounds;
    struct Kind {
        std::size_t count = 0;
        const LayoutBreach* worst = nullptr;
    };
    std::map<std::string, Kind> kinds;
    for (const LayoutBreach& b : breaches) {
        limits.push_back(b.kind);
        sets.push_back(b.set);
        entities.push_back(id_of(b));
        values.push_back(b.value);
        bounds.push_back(b.limit);
        Kind& kind = kinds[b.kind];
        ++kind.count;
        if (kind.worst == nullptr || excess(b) > excess(*kind.worst)) kind.worst = &b;
    }
    const EntitySet* before = city.find("layout_breach");
    const std::size_t at = place_of(before, network);
    std::vector<Column> columns;
    const auto add = [&](const char* name, const char* unit, const char* meaning, const auto& more) {
        columns.push_back(Column{name, unit, {}, meaning, ColumnData(extended(before, name, at, more))});
    };
    add("network", "", "power, water", std::vector<std::string>(breaches.size(), network));
    add("limit", "", "Which limit of the layout is missed", limits);
    add("set", "", "Kind of the entity", sets);
    add("entity", "", "Its id", entities);
    add("value", "1", "Estimate at the peak, in the limit's unit", values);
    add("bound", "1", "The limit", bounds);
    EntitySet& set = city.add_set("layout_breach", 0);
    set.resize(std::get<std::vector<double>>(columns.back().data).size());
    for (Column& column : columns) set.add_column(std::move(column));
    std::string text;
    for (const auto& [name, kind] : kinds)
        text += fmt::format("{}{} of {} ({} {}: {:.4g}, limit {:.4g})", text.empty() ? "" : "; ", name, kind.count, kind.worst->set, id_of(*kind.worst), kind.worst->value, kind.worst->limit);
    return text;
}

}  // namespace citytwin::geodata
