#include "core/scenario/predicate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/scenario/predicate_nodes.hpp"

namespace citytwin {
namespace {

using Node = Predicate::Node;

/// SQL's three values: a comparison with a missing value is neither true nor false.
enum class Truth : std::uint8_t { no, unknown, yes };
Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

int compare_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return lower(a[i]) < lower(b[i]) ? -1 : 1;
    }
    return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

/// % = any text, _ = any one character (a UTF-8 sequence counts as one). Greedy with one point of return: linear in practice.
bool is_like(std::string_view text, std::string_view pattern, bool with_case) {
    const auto same = [&](char a, char b) {
        return a == b || (!with_case && std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)));
    };
    const auto character_end = [&](std::size_t i) {
        ++i;
        while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) ++i;
        return i;
    };
    std::size_t t = 0, p = 0, star = std::string_view::npos, star_t = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '%') {
            star = p++;
            star_t = t;
        } else if (p < pattern.size() && pattern[p] == '_') {
            t = character_end(t);
            ++p;
        } else if (p < pattern.size() && same(text[t], pattern[p])) {
            ++t;
            ++p;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_t;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%') ++p;
    return p == pattern.size();
}

template <class Value>
bool is_true(Comparison comparison, const Value& a, const Value& b) {
    switch (comparison) {
        case Comparison::less: return a < b;
        case Comparison::less_equal: return a <= b;
        case Comparison::greater: return a > b;
        case Comparison::greater_equal: return a >= b;
        case Comparison::equal: return a == b;
        default: return a != b;
    }
}

/// One attribute as numbers or texts by row, whatever its column's type.
struct Attribute {
    bool is_text = false;
    std::function<double(Index)> number;           ///< NaN = missing
    std::function<std::string_view(Index)> text;   ///< empty = missing
};

class Evaluation {
public:
    Evaluation(const EntitySet& set, const City* city, const SourcePlace& place) : set_(set), city_(city), place_(place) {}

    std::vector<Truth> run(const Node& node) {
        switch (node.kind) {
            case Node::Kind::all_of:
            case Node::Kind::any_of: return combined(node);
            case Node::Kind::negation: {
                auto values = run(*node.children.front());
                for (auto& value : values) value = value == Truth::unknown ? value : truth(value == Truth::no);
                return values;
            }
            default: return tested(node);
        }
    }

private:
    std::vector<Truth> combined(const Node& node) {
        auto values = run(*node.children.front());
        for (std::size_t c = 1; c < node.children.size(); ++c) {
            const auto other = run(*node.children[c]);
            for (std::size_t i = 0; i < values.size(); ++i) {
                values[i] = node.kind == Node::Kind::all_of ? std::min(values[i], other[i]) : std::max(values[i], other[i]);
            }
        }
        return values;
    }

    std::vector<Truth> tested(const Node& node) {
        const Attribute attribute = find(node);
        check_literals(node, attribute);
        std::vector<Truth> values(set_.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto row = static_cast<Index>(i);
            values[i] = attribute.is_text ? text_test(node, attribute.text(row)) : number_test(node, attribute.number(row));
        }
        return values;
    }

    static Truth number_test(const Node& node, double value) {
        if (node.kind == Node::Kind::is_null) return truth(std::isnan(value));
        if (std::isnan(value)) return Truth::unknown;
        const auto& literals = node.literals;
        if (node.kind == Node::Kind::between) return truth(value >= literals[0].number && value <= literals[1].number);
        if (node.kind == Node::Kind::in) {
            return truth(std::any_of(literals.begin(), literals.end(), [&](const auto& literal) { return value == literal.number; }));
        }
        return truth(is_true(node.comparison, value, literals[0].number));
    }

    static Truth text_test(const Node& node, std::string_view value) {
        if (node.kind == Node::Kind::is_null) return truth(value.empty());
        const auto& literals = node.literals;
        const bool against_empty = node.kind == Node::Kind::comparison && literals[0].text.empty();
        if (value.empty() && !against_empty) return Truth::unknown;
        switch (node.kind) {
            case Node::Kind::like: return truth(is_like(value, literals[0].text, true));
            case Node::Kind::ilike: return truth(is_like(value, literals[0].text, false));
            case Node::Kind::between: return truth(value >= literals[0].text && value <= literals[1].text);
            case Node::Kind::in:
                return truth(std::any_of(literals.begin(), literals.end(), [&](const auto& l) { return compare_without_case(value, l.text) == 0; }));
            default: break;
        }
        if (node.comparison == Comparison::equal) return truth(compare_without_case(value, literals[0].text) == 0);
        if (node.comparison == Comparison::not_equal) return truth(compare_without_case(value, literals[0].text) != 0);
        return truth(is_true(node.comparison, value, std::string_view(literals[0].text)));
    }

    void check_literals(const Node& node, const Attribute& attribute) const {
        if (!attribute.is_text && (node.kind == Node::Kind::like || node.kind == Node::Kind::ilike)) {
            fail("CT-SCENARIO-043", place_, fmt::format("'{}' (column {}) holds numbers, LIKE needs a text", node.attribute, node.column), "compare with = or <");
        }
        for (const auto& literal : node.literals) {
            if (literal.is_text == attribute.is_text) continue;
            fail("CT-SCENARIO-043", place_,
                 fmt::format("'{}' (column {}) holds {}, but is compared with {}{}{}", node.attribute, node.column, attribute.is_text ? "texts" : "numbers",
                             literal.is_text ? "the text '" : "the number ", literal.text, literal.is_text ? "'" : ""),
                 attribute.is_text ? "put the value into single quotes" : "write the number without quotes");
        }
    }

    Attribute find(const Node& node) const {
        const Column* column = set_.find(node.attribute);
        if (column == nullptr && node.attribute == "id") return ids_of(set_);
        if (column == nullptr) unknown(node);
        Attribute attribute;
        std::visit([&](const auto& values) { this->fill(attribute, node, *column, values); }, column->data);
        return attribute;
    }

    static Attribute ids_of(const EntitySet& set) {
        Attribute attribute;
        attribute.is_text = true;
        if (!set.ids.empty()) {
            attribute.text = [&set](Index row) { return std::string_view(set.ids[row]); };
        } else {
            attribute.text = [buffer = std::string()](Index row) mutable { return std::string_view(buffer = std::to_string(row)); };
        }
        return attribute;
    }

    template <class Values>
    void fill(Attribute& attribute, const Node& node, const Column& column, const Values& values) const {
        if constexpr (std::is_same_v<Values, std::vector<std::string>>) {
            attribute.is_text = true;
            attribute.text = [&values](Index row) { return std::string_view(values[row]); };
        } else if constexpr (requires { values.offsets; }) {
            fail("CT-SCENARIO-043", place_, fmt::format("'{}' (column {}) holds a list in each row and can't be compared", node.attribute, node.column));
        } else if (column.refers_to.empty()) {
            attribute.number = [&values](Index row) { return static_cast<double>(values[row]); };
        } else {
            reference(attribute, node, column, values);
        }
    }

    template <class Values>
    void reference(Attribute& attribute, const Node& node, const Column& column, const Values& values) const {
        const EntitySet* target = city_ == nullptr ? nullptr : city_->find(column.refers_to);
        if (target == nullptr) {
            fail("CT-SCENARIO-043", place_,
                 fmt::format("'{}' (column {}) refers to '{}', which isn't in this city", node.attribute, node.column, column.refers_to));
        }
        attribute.is_text = true;
        attribute.text = [&values, target, id = ids_of(*target).text](Index row) {
            const auto referred = static_cast<std::uint64_t>(values[row]);
            return referred < target->size() ? id(static_cast<Index>(referred)) : std::string_view{};
        };
    }

    [[noreturn]] void unknown(const Node& node) const {
        std::vector<std::string> names{"id"};
        for (const auto& column : set_.columns()) names.push_back(column.name);
        fail("CT-SCENARIO-042", place_, fmt::format("'{}' has no attribute '{}' (column {}); {}", set_.name(), node.attribute, node.column, suggestion(node.attribute, names)),
             "`citytwin city info CITY` lists the attributes");
    }

    const EntitySet& set_;
    const City* city_;
    const SourcePlace& place_;
};

void collect_attributes(const Node& node, std::vector<std::string>& names) {
    if (!node.attribute.empty() && std::find(names.begin(), names.end(), node.attribute) == names.end()) names.push_back(node.attribute);
    for (const auto& child : node.children) collect_attributes(*child, names);
}

}  // namespace

Predicate Predicate::parse(std::string_view expression, SourcePlace place) {
    Predicate predicate;
    predicate.text_ = std::string(expression);
    predicate.place_ = std::move(place);
    predicate.root_ = parse_predicate(predicate.text_, predicate.place_);
    return predicate;
}

std::vector<Index> Predicate::select(const EntitySet& set, const City* city) const {
    const auto values = Evaluation(set, city, place_).run(*root_);
    std::vector<Index> rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == Truth::yes) rows.push_back(static_cast<Index>(i));
    }
    return rows;
}

std::vector<std::string> Predicate::attributes() const {
    std::vector<std::string> names;
    collect_attributes(*root_, names);
    return names;
}

std::vector<Index> rows_of_ids(const EntitySet& set, const std::vector<std::string>& ids, const SourcePlace& place) {
    std::unordered_map<std::string_view, Index> row_of;
    std::vector<std::string> numbers;
    if (set.ids.empty()) {
        for (std::size_t i = 0; i < set.size(); ++i) numbers.push_back(std::to_string(i));
    }
    const auto& names = set.ids.empty() ? numbers : set.ids;
    for (std::size_t i = 0; i < names.size(); ++i) row_of.emplace(names[i], static_cast<Index>(i));
    std::vector<Index> rows;
    DiagnosticList errors;
    for (const auto& id : ids) {
        const auto found = row_of.find(id);
        if (found != row_of.end()) {
            rows.push_back(found->second);
        } else {
            const auto near = names.size() <= 100'000 ? nearest(id, names) : std::nullopt;
            errors.error("CT-SCENARIO-044", place, fmt::format("'{}' has no entity '{}'{}", set.name(), id, near ? "; nearest id: '" + *near + "'" : ""),
                         "ids are those of the source; `citytwin city info CITY` shows how they look");
        }
    }
    errors.throw_if_errors();
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::vector<Index> sampled(const EntitySet& set, const std::vector<Index>& rows, double share) {
    if (share >= 1) return rows;
    std::vector<Index> result;
    for (const Index row : rows) {
        const double draw = static_cast<double>(hash_text(set.id_of(row)) >> 11) * 0x1.0p-53;
        if (draw < share) result.push_back(row);
    }
    return result;
}

double WhenCondition::limit_in(std::string_view unit) const {
    try {
        return parse_quantity(limit, unit);
    } catch (const InputError& error) {
        const auto& first = error.diagnostics().front();
        fail("CT-SCENARIO-046", place, fmt::format("limit of '{}': {}", text, first.message), first.hint);
    }
}

WhenCondition parse_condition(std::string_view text, SourcePlace place) {
    const auto refuse = [&](std::size_t column, const std::string& what) {
        fail("CT-SCENARIO-045", place, fmt::format("condition \"{}\", column {}: {}", text, column, what), "write it like \"power_bus.voltage < 0.9\"");
    };
    WhenCondition condition;
    condition.text = std::string(trimmed(text));
    const auto sign = text.find_first_of("<>=!");
    if (sign == std::string_view::npos) refuse(text.size() + 1, "no comparison (<, <=, >, >=, =, <>)");
    std::size_t behind = text.find_first_not_of("<>=!", sign);
    if (behind == std::string_view::npos) behind = text.size();
    static constexpr std::pair<std::string_view, Comparison> signs[] = {
        {"<", Comparison::less}, {"<=", Comparison::less_equal}, {">", Comparison::greater}, {">=", Comparison::greater_equal},
        {"=", Comparison::equal}, {"==", Comparison::equal}, {"<>", Comparison::not_equal}, {"!=", Comparison::not_equal}};
    const auto written = text.substr(sign, behind - sign);
    const auto* known = std::find_if(std::begin(signs), std::end(signs), [&](const auto& s) { return s.first == written; });
    if (known == std::end(signs)) refuse(sign + 1, fmt::format("'{}' is not a comparison", written));
    else condition.comparison = known->second;
    const auto left = split(trimmed(text.substr(0, sign)), '.');
    if (left.size() != 2 || trimmed(left[0]).empty() || trimmed(left[1]).empty()) refuse(1, "on the left stands one field as set.field");
    else {
        condition.set = std::string(trimmed(left[0]));
        condition.field = std::string(trimmed(left[1]));
    }
    condition.limit = std::string(trimmed(text.substr(behind)));
    const auto digits = condition.limit.find_first_of("0123456789");
    if (digits == std::string::npos || digits > 2) refuse(behind + 1, fmt::format("'{}' is not a limit: expected a number, with its unit where the field has one", condition.limit));
    condition.place = std::move(place);
    return condition;
}

}  // namespace citytwin
