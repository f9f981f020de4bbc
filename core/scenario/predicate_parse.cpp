// Recursive descent over a WHERE expression; each error names the column in the expression.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/base/text.hpp"
#include "core/scenario/predicate_nodes.hpp"

namespace citytwin {
namespace {

using Node = Predicate::Node;
using NodePointer = std::shared_ptr<const Node>;

struct Token {
    enum class Kind { end, word, name, number, text, symbol };
    Kind kind = Kind::end;
    std::string text;
    std::size_t column = 1;
};

constexpr std::size_t longest_expression = 1 << 20, deepest_expression = 200;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_name_part(char c) { return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '.' || c == ':'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }

class Parser {
public:
    Parser(std::string_view text, const SourcePlace& place) : text_(text), place_(place) {
        if (text.size() > longest_expression) fail("CT-SCENARIO-041", place, "an expression longer than 1 MB", "select by ids = […] instead");
        advance();
    }

    NodePointer parse() {
        if (token_.kind == Token::Kind::end) refuse("is empty", "write e.g. \"lanes >= 2\", or leave the selection out for all");
        NodePointer node = disjunction();
        if (token_.kind != Token::Kind::end) refuse(fmt::format("'{}' isn't expected here", token_.text), "join tests with AND or OR");
        return node;
    }

private:
    // one token ahead
    void advance() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
        token_ = {Token::Kind::end, "the end", at_ + 1};
        if (at_ >= text_.size()) return;
        const char c = text_[at_];
        if (c == '\'' || c == '"') return quoted(c);
        if (is_digit(c) || ((c == '-' || c == '+' || c == '.') && at_ + 1 < text_.size() && (is_digit(text_[at_ + 1]) || text_[at_ + 1] == '.'))) {
            return number();
        }
        if (is_name_start(c)) return take(Token::Kind::word, [](char x) { return is_name_part(x); });
        for (const std::string_view symbol : {"<>", "!=", "<=", ">=", "==", "<", ">", "=", "(", ")", ","}) {
            if (text_.substr(at_, symbol.size()) == symbol) {
                token_ = {Token::Kind::symbol, std::string(symbol), at_ + 1};
                at_ += symbol.size();
                return;
            }
        }
        token_.text = std::string(1, c);
        refuse(fmt::format("unexpected character '{}'", c), "texts stand in single quotes");
    }

    template <class Test>
    void take(Token::Kind kind, Test&& test) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && test(text_[at_])) ++at_;
        token_ = {kind, std::string(text_.substr(begin, at_ - begin)), begin + 1};
    }

    void number() {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' ||
                                      ((text_[at_] == 'e' || text_[at_] == 'E')) ||
                                      ((text_[at_] == '-' || text_[at_] == '+') && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E')))) {
            ++at_;
        }
        token_ = {Token::Kind::number, std::string(text_.substr(begin, at_ - begin)), begin + 1};
        if (!parse_number(token_.text)) refuse(fmt::format("'{}' is not a number", token_.text), "texts stand in single quotes");
    }

    void quoted(char quote) {
        const std::size_t begin = at_++;
        std::string value;
        while (at_ < text_.size()) {
            if (text_[at_] == quote) {
                if (at_ + 1 >= text_.size() || text_[at_ + 1] != quote) break;
                ++at_;  // a doubled quote stands for itself
            }
            value += text_[at_++];
        }
        token_ = {quote == '\'' ? Token::Kind::text : Token::Kind::name, std::move(value), begin + 1};
        if (at_ >= text_.size()) refuse(fmt::format("the quote {} isn't closed", quote), "double a quote inside a text: 'St John''s Road'");
        ++at_;
    }

    [[nodiscard]] bool is_word(std::string_view word) const { return token_.kind == Token::Kind::word && lower(token_.text) == word; }
    [[nodiscard]] bool is_symbol(std::string_view symbol) const { return token_.kind == Token::Kind::symbol && token_.text == symbol; }
    bool accept_word(std::string_view word) {
        if (!is_word(word)) return false;
        advance();
        return true;
    }
    bool accept_symbol(std::string_view symbol) {
        if (!is_symbol(symbol)) return false;
        advance();
        return true;
    }
    void expect_word(std::string_view word, const char* shown) {
        if (!accept_word(word)) refuse(fmt::format("found '{}', expected {}", token_.text, shown), {});
    }
    void expect_symbol(std::string_view symbol) {
        if (!accept_symbol(symbol)) refuse(fmt::format("found '{}', expected '{}'", token_.text, symbol), {});
    }

    NodePointer disjunction() { return joined("or", Node::Kind::any_of, [this] { return conjunction(); }); }
    NodePointer conjunction() { return joined("and", Node::Kind::all_of, [this] { return negation(); }); }

    template <class Operand>
    NodePointer joined(std::string_view word, Node::Kind kind, Operand&& operand) {
        std::vector<NodePointer> operands{operand()};
        while (accept_word(word)) operands.push_back(operand());
        if (operands.size() == 1) return operands.front();
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->children = std::move(operands);
        return node;
    }

    NodePointer negated(NodePointer child) {
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::negation;
        node->children.push_back(std::move(child));
        return node;
    }

    NodePointer negation() {
        if (++depth_ > deepest_expression) refuse("is nested too deeply", "write it with fewer parentheses");
        NodePointer node;
        if (accept_word("not")) {
            node = negated(negation());
        } else if (accept_symbol("(")) {
            node = disjunction();
            expect_symbol(")");
        } else {
            node = test();
        }
        --depth_;
        return node;
    }

    NodePointer test() {
        if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::name) {
            refuse(fmt::format("found '{}', expected an attribute", token_.text), "an attribute stands on the left, its value on the right: lanes >= 2");
        }
        auto node = std::make_shared<Node>();
        node->attribute = token_.text;
        node->column = token_.column;
        advance();
        if (accept_word("is")) {
            const bool negate = accept_word("not");
            expect_word("null", "NULL");
            node->kind = Node::Kind::is_null;
            return negate ? negated(node) : node;
        }
        const bool negate = accept_word("not");
        if (!word_test(*node)) {
            if (negate) refuse(fmt::format("found '{}', expected LIKE, IN or BETWEEN behind NOT", token_.text), {});
            comparison(*node);
        }
        return negate ? negated(node) : NodePointer(node);
    }

    bool word_test(Node& node) {
        if (is_word("like") || is_word("ilike")) {
            node.kind = is_word("like") ? Node::Kind::like : Node::Kind::ilike;
            advance();
            node.literals.push_back(literal());
            if (!node.literals.back().is_text) refuse("LIKE needs a text", "write it in single quotes, % stands for anything");
            return true;
        }
        if (accept_word("in")) {
            node.kind = Node::Kind::in;
            expect_symbol("(");
            do node.literals.push_back(literal());
            while (accept_symbol(","));
            expect_symbol(")");
            return true;
        }
        if (accept_word("between")) {
            node.kind = Node::Kind::between;
            node.literals.push_back(literal());
            expect_word("and", "AND");
            node.literals.push_back(literal());
            return true;
        }
        return false;
    }

    void comparison(Node& node) {
        static constexpr std::pair<std::string_view, Comparison> signs[] = {
            {"=", Comparison::equal}, {"==", Comparison::equal}, {"<>", Comparison::not_equal}, {"!=", Comparison::not_equal},
            {"<", Comparison::less}, {"<=", Comparison::less_equal}, {">", Comparison::greater}, {">=", Comparison::greater_equal}};
        const auto* sign = std::find_if(std::begin(signs), std::end(signs), [&](const auto& s) { return is_symbol(s.first); });
        if (sign == std::end(signs)) {
            refuse(fmt::format("found '{}' behind '{}', expected =, <>, <, <=, >, >=, LIKE, IN, BETWEEN or IS NULL", token_.text, node.attribute), {});
        }
        advance();
        node.comparison = sign->second;
        node.literals.push_back(literal());
    }

    PredicateLiteral literal() {
        PredicateLiteral value;
        if (token_.kind == Token::Kind::text) {
            value.is_text = true;
            value.text = token_.text;
        } else if (token_.kind == Token::Kind::number) {
            value.number = *parse_number(token_.text);
            value.text = token_.text;
        } else if (is_word("true") || is_word("false")) {
            value.number = is_word("true") ? 1 : 0;
            value.text = token_.text;
        } else {
            refuse(fmt::format("found '{}', expected a number or a text", token_.text), "texts stand in single quotes: name = 'Main Street'");
        }
        advance();
        return value;
    }

    [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
        fail("CT-SCENARIO-041", place_, fmt::format("expression \"{}\", column {}: {}", text_.substr(0, 200), token_.column, what), hint);
    }

    std::string_view text_;
    const SourcePlace& place_;
    std::size_t at_ = 0, depth_ = 0;
    Token token_;
};

}  // namespace

NodePointer parse_predicate(std::string_view expression, const SourcePlace& place) { return Parser(expression, place).parse(); }

}  // namespace citytwin
