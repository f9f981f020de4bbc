#pragma once
// A static set of entities (road links, buildings, persons …) as columns. Sets never change size during a run.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/city/column.hpp"

namespace citytwin {

class EntitySet {
public:
    explicit EntitySet(std::string name = {}, std::size_t size = 0) : name_(std::move(name)), size_(size) {}

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    void resize(std::size_t size) { size_ = size; }

    /// Source ids, unique in the set. Empty = rows are named by their number.
    std::vector<std::string> ids;
    [[nodiscard]] std::string id_of(Index row) const { return ids.empty() ? std::to_string(row) : ids[row]; }
    /// Row of an id, or no_index. The lookup table is built at the first call of `build_id_index`.
    [[nodiscard]] Index row_of(std::string_view id) const;
    void build_id_index();

    /// Adds or replaces a column; its length must equal the set's size.
    template <class T>
    void add(std::string column, std::string unit, T data, std::string refers_to = {}, std::string long_name = {}) {
        add_column(Column{std::move(column), std::move(unit), std::move(refers_to), std::move(long_name), ColumnData(std::move(data))});
    }
    void add_column(Column column);
    [[nodiscard]] bool has(std::string_view column) const { return find(column) != nullptr; }
    [[nodiscard]] const Column* find(std::string_view column) const;
    [[nodiscard]] Column* find(std::string_view column);
    /// The values of a column; throws std::logic_error if it is missing or of another type.
    template <class T>
    [[nodiscard]] const std::vector<T>& get(std::string_view column) const { return std::get<std::vector<T>>(required(column).data); }
    template <class T>
    [[nodiscard]] const Ragged<T>& ragged(std::string_view column) const { return std::get<Ragged<T>>(required(column).data); }
    /// Columns in the order they were added.
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    [[nodiscard]] std::vector<Column>& columns() { return columns_; }

private:
    [[nodiscard]] const Column& required(std::string_view column) const;

    std::string name_;
    std::size_t size_ = 0;
    std::vector<Column> columns_;
    std::unordered_map<std::string, Index> row_of_id_;
};

}  // namespace citytwin
