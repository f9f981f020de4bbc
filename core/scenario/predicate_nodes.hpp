#pragma once
// The parsed form of a WHERE expression: shared by its parser and its evaluation, of no use to others.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario/predicate.hpp"

namespace citytwin {

struct PredicateLiteral {
    bool is_text = false;
    double number = 0;
    std::string text;
};

struct Predicate::Node {
    enum class Kind { all_of, any_of, negation, comparison, like, ilike, in, between, is_null };
    Kind kind = Kind::comparison;
    std::vector<std::shared_ptr<const Node>> children;  ///< of all_of, any_of, negation
    std::string attribute;
    Comparison comparison = Comparison::equal;
    std::vector<PredicateLiteral> literals;             ///< one, two for between, many for in
    std::size_t column = 0;                             ///< 1-based, of the attribute in the expression
};

/// Throws InputError CT-SCENARIO-041.
std::shared_ptr<const Predicate::Node> parse_predicate(std::string_view expression, const SourcePlace& place);

}  // namespace citytwin
