#include "modules/energy/read/matpower_expression.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/text.hpp"

namespace citytwin::energy {
namespace {

double apply(char op, double a, double b) {
    switch (op) {
        case '+': return a + b;
        case '-': return a - b;
        case '*': return a * b;
        case '/': return a / b;
        default: return b == 2 ? a * a : std::pow(a, b);
    }
}

bool combine(Matrix& a, const Matrix& b, char op) {
    if (a.is_scalar() && !b.is_scalar()) {
        Matrix result = b;
        for (double& value : result.values) value = apply(op, a.scalar(), value);
        a = std::move(result);
        return true;
    }
    if (!b.is_scalar() && (a.rows != b.rows || a.columns != b.columns)) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] = apply(op, a.values[i], b.is_scalar() ? b.scalar() : b.values[i]);
    return true;
}

struct Function {
    const char* name;
    double (*of)(double);
};
constexpr Function functions[] = {
    {"sin", [](double x) { return std::sin(x); }},   {"cos", [](double x) { return std::cos(x); }},   {"tan", [](double x) { return std::tan(x); }},
    {"acos", [](double x) { return std::acos(x); }}, {"asin", [](double x) { return std::asin(x); }}, {"atan", [](double x) { return std::atan(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }}, {"abs", [](double x) { return std::fabs(x); }},  {"exp", [](double x) { return std::exp(x); }}};

bool is_word_begin(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

void MatpowerExpression::refuse(const std::string& why) const {
    fail("CT-ENERGY-005", place_, fmt::format("'{}': {}", trimmed(text_), why), "numbers, names, mpc.table(rows, columns), + - * / ^ and sin cos acos sqrt can be evaluated");
}

void MatpowerExpression::blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool MatpowerExpression::take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
}

std::string_view MatpowerExpression::word() {
    blanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && is_word_begin(text_[at_])) {
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    }
    return text_.substr(begin, at_ - begin);
}

Matrix MatpowerExpression::value() {
    Matrix result = sum();
    blanks();
    if (at_ != text_.size()) refuse(fmt::format("unexpected '{}'", text_.substr(at_)));
    return result;
}

/// Within [ ], blanks part items: in "[1 -2]" the sign belongs to the second one.
bool MatpowerExpression::ends_list_item() const {
    if (list_depth_ == 0 || at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return false;
    const bool blank_before = at_ > 0 && (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t');
    const bool blank_after = at_ + 1 < text_.size() && (text_[at_ + 1] == ' ' || text_[at_ + 1] == '\t');
    return blank_before && !blank_after;
}

Matrix MatpowerExpression::sum() {
    if (++depth_ > 100) refuse("nested too deeply");
    Matrix left = product();
    for (;;) {
        blanks();
        if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-') || ends_list_item()) break;
        const char op = text_[at_++];
        if (!combine(left, product(), op)) refuse("the sizes of two matrices differ");
    }
    --depth_;
    return left;
}

Matrix MatpowerExpression::product() {
    Matrix left = signed_value();
    for (;;) {
        blanks();
        std::size_t dot = at_ + 1 < text_.size() && text_[at_] == '.' && (text_[at_ + 1] == '*' || text_[at_ + 1] == '/') ? 1 : 0;
        if (at_ + dot >= text_.size() || (text_[at_ + dot] != '*' && text_[at_ + dot] != '/')) return left;
        const char op = text_[at_ + dot];
        at_ += dot + 1;
        const Matrix right = signed_value();
        if (dot == 0 && !right.is_scalar() && (op == '/' || !left.is_scalar())) refuse("products and quotients of matrices are refused (write .* or ./)");
        if (!combine(left, right, op)) refuse("the sizes of two matrices differ");
    }
}

Matrix MatpowerExpression::signed_value() {
    if (take('-')) {
        if (++depth_ > 100) refuse("nested too deeply");
        Matrix result = signed_value();
        --depth_;
        for (double& v : result.values) v = -v;
        return result;
    }
    take('+');
    return power();
}

Matrix MatpowerExpression::power() {
    Matrix base = primary();
    blanks();
    const std::size_t dot = at_ + 1 < text_.size() && text_[at_] == '.' && text_[at_ + 1] == '^' ? 1 : 0;
    if (at_ + dot >= text_.size() || text_[at_ + dot] != '^') return base;
    at_ += dot + 1;
    const bool negative = take('-');
    Matrix exponent = primary();
    if (negative) {
        for (double& v : exponent.values) v = -v;
    }
    if (dot == 0 && (!base.is_scalar() || !exponent.is_scalar())) refuse("powers of matrices are refused (write .^)");
    if (!combine(base, exponent, '^')) refuse("the sizes of two matrices differ");
    return base;
}

Matrix MatpowerExpression::primary() {
    if (take('(')) {
        const int outer = list_depth_;
        list_depth_ = 0;
        Matrix inner = sum();
        list_depth_ = outer;
        if (!take(')')) refuse("a ')' is missing");
        return inner;
    }
    if (take('[')) return list();
    blanks();
    if (at_ >= text_.size()) refuse("it ends where a value is expected");
    if (is_word_begin(text_[at_])) return named();
    return number();
}

Matrix MatpowerExpression::number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) refuse(fmt::format("'{}' is not a value", text_.substr(at_)));
    at_ = static_cast<std::size_t>(end - text_.data());
    return Matrix::of(value);
}

Matrix MatpowerExpression::list() {
    ++list_depth_;
    Matrix result{1, 0, {}};
    while (!take(']')) {
        const Matrix item = sum();
        if (item.rows != 1) refuse("a list holds rows only");
        result.values.insert(result.values.end(), item.values.begin(), item.values.end());
        take(',');
        if (at_ >= text_.size()) refuse("a ']' is missing");
    }
    --list_depth_;
    result.columns = result.values.size();
    return result;
}

Matrix MatpowerExpression::call(std::string_view name) {
    for (const Function& function : functions) {
        if (name != function.name) continue;
        if (!take('(')) refuse(fmt::format("'{}' needs its argument", name));
        Matrix argument = sum();
        if (!take(')')) refuse("a ')' is missing");
        for (double& v : argument.values) v = function.of(v);
        return argument;
    }
    refuse(fmt::format("'{}' is not known here", name));
}

Matrix MatpowerExpression::named() {
    std::string name(word());
    if (name == "mpc" && take('.')) name.append(1, '.').append(word());
    const auto found = names_.find(name);
    if (found == names_.end()) {
        if (name == "pi") return Matrix::of(3.14159265358979323846);
        if (name == "Inf" || name == "inf") return Matrix::of(std::numeric_limits<double>::infinity());
        return call(name);
    }
    const Matrix& table = found->second;
    if (at_ >= text_.size() || text_[at_] != '(') return table;
    const Selection part = selection(table.rows, table.columns);
    Matrix result{part.rows.size(), part.columns.size(), {}};
    for (const std::size_t r : part.rows) {
        for (const std::size_t c : part.columns) result.values.push_back(table.values[r * table.columns + c]);
    }
    return result;
}

MatpowerExpression::Selection MatpowerExpression::selection(std::size_t rows, std::size_t columns) {
    if (!take('(')) refuse("a '(' is missing");
    const int outer = list_depth_;
    list_depth_ = 0;
    Selection part;
    part.rows = index_list(rows);
    if (!take(',')) refuse("both rows and columns are needed");
    part.columns = index_list(columns);
    if (!take(')')) refuse("a ')' is missing");
    list_depth_ = outer;
    return part;
}

std::vector<std::size_t> MatpowerExpression::index_list(std::size_t size) {
    std::vector<std::size_t> indices;
    blanks();
    if (take(':')) {
        for (std::size_t i = 0; i < size; ++i) indices.push_back(i);
        return indices;
    }
    Matrix wanted = sum();
    if (take(':')) {
        const Matrix last = sum();
        if (!wanted.is_scalar() || !last.is_scalar()) refuse("a range needs two numbers");
        if (last.scalar() >= wanted.scalar() && !(wanted.scalar() >= 1 && last.scalar() <= static_cast<double>(size))) {   // before it is written out
            refuse(fmt::format("the range {}:{} is outside 1 to {}", wanted.scalar(), last.scalar(), size));
        }
        Matrix range{1, 0, {}};
        for (double v = wanted.scalar(); v <= last.scalar(); v += 1) range.values.push_back(v);
        wanted = range;
    }
    for (const double v : wanted.values) {
        if (!(v >= 1 && v <= static_cast<double>(size)) || v != std::floor(v)) refuse(fmt::format("index {} is outside 1 to {}", v, size));
        indices.push_back(static_cast<std::size_t>(v) - 1);
    }
    return indices;
}

}  // namespace citytwin::energy
