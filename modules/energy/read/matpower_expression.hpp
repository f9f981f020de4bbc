#pragma once
// The arithmetic of MATPOWER case files: numbers, names, `mpc.table(rows, columns)`, lists, ranges, + - * / ^ with and without
// dots, and a few functions. Matrices meet element by element; a true matrix product is refused.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin::energy {

struct Matrix {
    std::size_t rows = 1, columns = 1;
    std::vector<double> values{0.0};
    [[nodiscard]] bool is_scalar() const { return rows == 1 && columns == 1; }
    [[nodiscard]] double scalar() const { return values[0]; }
    static Matrix of(double value) { return {1, 1, {value}}; }
};

using Names = std::map<std::string, Matrix, std::less<>>;

class MatpowerExpression {
public:
    /// `names`: variables and, as "mpc.bus", fields. Errors carry `place` and the text.
    MatpowerExpression(std::string_view text, const Names& names, SourcePlace place) : text_(text), names_(names), place_(std::move(place)) {}

    /// The whole text as one expression.
    Matrix value();
    /// "(rows, columns)" after a name, as zero-based indices into a rows x columns table; for the left side of an assignment.
    struct Selection {
        std::vector<std::size_t> rows, columns;
    };
    Selection selection(std::size_t rows, std::size_t columns);

private:
    Matrix sum();
    Matrix product();
    Matrix power();
    Matrix signed_value();
    Matrix primary();
    Matrix number();
    Matrix named();
    Matrix list();
    Matrix call(std::string_view name);
    std::vector<std::size_t> index_list(std::size_t size);
    std::string_view word();
    bool take(char c);
    void blanks();
    [[nodiscard]] bool ends_list_item() const;
    [[noreturn]] void refuse(const std::string& why) const;

    std::string_view text_;
    const Names& names_;
    SourcePlace place_;
    std::size_t at_ = 0;
    int list_depth_ = 0;
    int depth_ = 0;
};

}  // namespace citytwin::energy
