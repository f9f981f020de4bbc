#include "core/scenario/added_entities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/module/registry.hpp"

namespace citytwin {
namespace {

class Adding {
public:
    Adding(ChangeDescription& change, City& city, Arena& arena) : change_(change), addition_(*change.add), city_(city), set_(*city.find(addition_.set)) {
        const RowReader* reader = Registry::process().row_reader_for(addition_.file);
        if (reader == nullptr) fail("CT-SCENARIO-024", addition_.place, fmt::format("'{}' isn't a kind of file that entities can be added from", addition_.file), fmt::format("{}", fmt::join(Registry::process().row_extensions(), " ")));
        rows_ = reader->read(city, addition_.file, addition_.layer, arena);
        if (rows_.size == 0) fail("CT-SCENARIO-051", {addition_.file}, fmt::format("the file has no row to add to '{}'", set_.name()));
    }

    void run(bool grown_already) {
        const std::vector<std::string> names = ids();
        change_.where.front().ids = names;
        if (grown_already) return wait_or_act();
        for (const auto& name : names) {
            if (set_.row_of(name) != no_index) fail("CT-SCENARIO-052", {addition_.file}, fmt::format("'{}' has an entity '{}' already", set_.name(), name), "give the new one another id");
        }
        if (!addition_.like.empty()) {
            like_ = set_.row_of(addition_.like);
            if (like_ == no_index) fail("CT-SCENARIO-024", addition_.place, fmt::format("like = \"{}\": '{}' has no such entity", addition_.like, set_.name()));
        }
        if (set_.ids.empty()) {
            for (std::size_t row = 0; row < set_.size(); ++row) set_.ids.push_back(std::to_string(row));
        }
        if (waits() && !set_.has("active")) set_.add("active", "1", std::vector<double>(set_.size(), 1.0), {}, "0 = not there; changes may set it");
        refuse_strangers();
        std::vector<std::string> missing;
        std::vector<ColumnData> grown;
        for (auto& column : set_.columns()) grown.push_back(std::visit([&](const auto& values) { return ColumnData(extended(column, values, missing)); }, column.data));
        if (!missing.empty()) fail("CT-SCENARIO-050", {addition_.file}, fmt::format("nothing says the new entities' {}", fmt::join(missing, ", ")), fmt::format("add columns, or like = \"ID\" in the scenario: what isn't in the file is then as it is there"));
        set_.ids.insert(set_.ids.end(), names.begin(), names.end());
        set_.resize(set_.size() + rows_.size);
        for (std::size_t c = 0; c < grown.size(); ++c) set_.columns()[c].data = std::move(grown[c]);
        set_.build_id_index();
        wait_or_act();
    }

private:
    [[nodiscard]] bool waits() const { return change_.at || change_.until || change_.when; }

    void wait_or_act() {
        if (waits()) change_.set.push_back({"active", ChangeOperation::set, true, addition_.place});
    }

    [[nodiscard]] const std::vector<std::string>* cells_of(const std::string& column) const {
        const auto found = std::find(rows_.columns.begin(), rows_.columns.end(), column);
        return found == rows_.columns.end() ? nullptr : &rows_.cells[static_cast<std::size_t>(found - rows_.columns.begin())];
    }
    [[nodiscard]] SourcePlace place(std::size_t row) const { return {addition_.file, rows_.lines.empty() ? 0 : rows_.lines[row]}; }

    std::vector<std::string> ids() {
        std::vector<std::string> names;
        const auto* given = cells_of("id");
        std::unordered_set<std::string> seen;
        for (std::size_t row = 0; row < rows_.size; ++row) {
            names.push_back(given != nullptr ? (*given)[row] : fmt::format("{} {}", change_.name, row + 1));
            if (names.back().empty()) fail("CT-SCENARIO-052", place(row), "the id is blank");
            if (!seen.insert(names.back()).second) fail("CT-SCENARIO-052", place(row), fmt::format("the id '{}' stands twice", names.back()));
        }
        return names;
    }

    /// A column that the set doesn't have would be read by nobody.
    void refuse_strangers() const {
        std::vector<std::string> known;
        for (const auto& column : set_.columns()) known.push_back(column.name);
        for (const auto& name : rows_.columns) {
            if (name == "id" || name == "name" || set_.has(name)) continue;
            if (rows_.x.empty() || (name != "lon" && name != "lat")) fail("CT-SCENARIO-051", {addition_.file, 1}, fmt::format("'{}' has no attribute '{}'", set_.name(), name), suggestion(name, known));
        }
    }

    double number_in(const std::string& text, const Column& column, std::size_t row) const {
        if (const auto number = parse_number(text)) return *number;
        if (text == "true" || text == "false") return text == "true" ? 1 : 0;
        try {
            return parse_quantity(text, column.unit);
        } catch (const std::exception&) {
            fail("CT-SCENARIO-051", place(row), fmt::format("'{}' of '{}' is '{}', expected a number in {} or a quantity", column.name, change_.where.front().ids[row], text, column.unit));
        }
    }

    /// Row of the id in the set that the column points into; the new entities themselves count too.
    Index reference(const std::string& id, const Column& column, std::size_t row) const {
        if (column.refers_to == set_.name()) {
            const auto& names = change_.where.front().ids;
            const auto found = std::find(names.begin(), names.end(), id);
            if (found != names.end()) return static_cast<Index>(set_.size() + static_cast<std::size_t>(found - names.begin()));
        }
        const EntitySet* target = city_.find(column.refers_to);
        const Index at = target == nullptr ? no_index : target->row_of(id);
        if (at == no_index) fail("CT-SCENARIO-051", place(row), fmt::format("'{}' of '{}' is '{}', but '{}' has no such entity", column.name, change_.where.front().ids[row], id, column.refers_to));
        return at;
    }

    std::vector<std::string> extended(const Column& column, const std::vector<std::string>& values, std::vector<std::string>& missing) {
        std::vector<std::string> all = values;
        const auto* cells = cells_of(column.name);
        for (std::size_t row = 0; row < rows_.size; ++row) {
            if (cells != nullptr && !(*cells)[row].empty()) all.push_back((*cells)[row]);
            else if (like_ != no_index) all.push_back(values[like_]);
            else if (cells != nullptr || column.name == "name") all.emplace_back();
            else return missing.push_back(column.name), all;
        }
        return all;
    }

    template <class T>
    std::vector<T> extended(const Column& column, const std::vector<T>& values, std::vector<std::string>& missing) {
        std::vector<T> all = values;
        const auto* cells = cells_of(column.name);
        const bool is_reference = !column.refers_to.empty();
        bool connects = false;
        for (std::size_t row = 0; row < rows_.size; ++row) {
            const std::string cell = cells != nullptr ? (*cells)[row] : std::string();
            if (column.name == "active") all.push_back(static_cast<T>(waits() ? 0 : 1));
            else if (!cell.empty()) all.push_back(is_reference ? static_cast<T>(reference(cell, column, row)) : static_cast<T>(number_in(cell, column, row)));
            else if (is_reference && !addition_.connect.empty() && !connected_) all.push_back(static_cast<T>(reference(addition_.connect, column, row))), connects = true;
            else if (column.name == "x" && !rows_.x.empty()) all.push_back(static_cast<T>(rows_.x[row]));
            else if (column.name == "y" && !rows_.y.empty()) all.push_back(static_cast<T>(rows_.y[row]));
            else if (like_ != no_index) all.push_back(values[like_]);
            else if (column.name == "synthetic") all.push_back(T{0});
            else return missing.push_back(column.name), all;
        }
        connected_ = connected_ || connects;
        return all;
    }

    template <class T>
    Ragged<T> extended(const Column& column, const Ragged<T>& values, std::vector<std::string>& missing) {
        Ragged<T> all = values;
        for (std::size_t row = 0; row < rows_.size; ++row) {
            if constexpr (std::is_same_v<T, double>) {
                if (column.name == "shape" && rows_.shape.size() > row) {
                    all.push_row(rows_.shape[row]);
                    continue;
                }
            }
            if (column.name == "shape") all.push_row({});
            else if (like_ != no_index) all.push_row(values[like_]);
            else return missing.push_back(column.name), all;
        }
        return all;
    }

    ChangeDescription& change_;
    const Addition& addition_;
    City& city_;
    EntitySet& set_;
    SetRows rows_;
    Index like_ = no_index;
    bool connected_ = false;
};

}  // namespace

void add_entities(Scenario& scenario, City& city, const std::set<std::string>& open_sets, bool grown_already, Arena& arena) {
    for (auto& change : scenario.changes) {
        if (!change.add) continue;
        const Addition& addition = *change.add;
        const std::vector<std::string> open(open_sets.begin(), open_sets.end());
        if (city.find(addition.set) == nullptr || !open_sets.contains(addition.set)) {
            fail("CT-SCENARIO-024", addition.place, fmt::format("entities can't be added to '{}': {}", addition.set, city.find(addition.set) == nullptr ? "the city has no such set" : "no loaded module takes new ones"),
                 open.empty() ? "none of the loaded modules takes new entities" : fmt::format("sets that can grow here: {}", fmt::join(open, ", ")));
        }
        Adding(change, city, arena).run(grown_already);
    }
}

}  // namespace citytwin
