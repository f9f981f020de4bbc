#pragma once
// One column of an entity set: values of one type, a unit, and for references the set they point into.
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin {

/// Rows of different length in two flat arrays (CSR): row i is values[offsets[i], offsets[i+1]).
template <class T>
struct Ragged {
    std::vector<std::uint64_t> offsets{0};
    std::vector<T> values;

    [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
    [[nodiscard]] std::span<const T> operator[](std::size_t row) const {
        return {values.data() + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
    }
    void push_row(std::span<const T> row) {
        values.insert(values.end(), row.begin(), row.end());
        offsets.push_back(values.size());
    }
    bool operator==(const Ragged&) const = default;
};

using ColumnData = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::int32_t>, std::vector<std::uint32_t>,
                                std::vector<std::uint8_t>, std::vector<std::string>, Ragged<double>, Ragged<std::uint32_t>>;

struct Column {
    std::string name;
    std::string unit = "1";    ///< "" for text
    std::string refers_to;     ///< for std::uint32_t columns: the entity set whose rows these are; no_index = missing
    std::string long_name;     ///< a sentence for people
    ColumnData data;

    [[nodiscard]] std::size_t size() const;
};

}  // namespace citytwin
