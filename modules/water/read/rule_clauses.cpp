// [RULES]: RULE id / IF … AND|OR … / THEN … AND … / ELSE … / PRIORITY n / DISABLED.
#include <fmt/format.h>

#include <array>

#include "modules/water/read/builder.hpp"

namespace citytwin::water {
namespace {

enum class State { none, rule, premises, then_actions, else_actions, priority, broken };

class RuleReader {
public:
    explicit RuleReader(NetworkBuilder& builder) : builder_(builder) {}

    void take(RowReader& row) {
        if (row.is(0, "RULE")) return begin(row);
        if (state_ == State::broken) return;
        const bool in_actions = state_ == State::then_actions || state_ == State::else_actions;
        if (row.is(0, "IF") && state_ == State::rule) step(State::premises, premise(row, false));
        else if (row.is(0, "AND") && state_ == State::premises) step(state_, premise(row, false));
        else if (row.is(0, "OR") && state_ == State::premises) step(state_, premise(row, true));
        else if (row.is(0, "THEN") && state_ == State::premises) step(State::then_actions, action(row, rule().then_actions));
        else if (row.is(0, "ELSE") && state_ == State::then_actions) step(State::else_actions, action(row, rule().else_actions));
        else if (row.is(0, "AND") && in_actions) step(state_, action(row, state_ == State::else_actions ? rule().else_actions : rule().then_actions));
        else if (row.is(0, "PRIO") && in_actions) rule().priority = row.number(1, "priority").value_or(0), state_ = State::priority;
        else if (row.is(0, "DISABLED") && (in_actions || state_ == State::priority)) rule().enabled = false;
        else refuse(row, fmt::format("'{}' is out of place in a rule", row[0]), "the order is RULE, IF, AND or OR, THEN, AND, ELSE, AND, PRIORITY");
    }

private:
    Rule& rule() { return builder_.network.rules.back(); }
    void step(State next, bool good) { state_ = good ? next : State::broken; }
    bool refuse(RowReader& row, std::string message, std::string hint = {}) {
        row.error("CT-WATER-025", std::move(message), std::move(hint));
        state_ = State::broken;
        return false;
    }
    void begin(RowReader& row) {
        state_ = State::rule;
        builder_.network.rules.push_back({});
        rule().id = row[1];
        if (row.size() != 2) refuse(row, "a rule needs one word as its name", "RULE name");
    }

    static std::optional<Relation> relation(RowReader& row, std::size_t i) {
        static constexpr std::pair<const char*, Relation> words[] = {{"=", Relation::equal}, {"<>", Relation::not_equal}, {"<=", Relation::less_equal}, {">=", Relation::greater_equal}, {"<", Relation::less},
                                                                     {">", Relation::greater}, {"IS", Relation::equal}, {"NOT", Relation::not_equal}, {"BELOW", Relation::less}, {"ABOVE", Relation::greater}};
        for (const auto& [word, meaning] : words)
            if (row.is(i, word)) return meaning;
        return std::nullopt;
    }
    static std::optional<RuleVariable> variable(RowReader& row, std::size_t i) {
        static constexpr std::pair<const char*, RuleVariable> words[] = {{"DEMAND", RuleVariable::demand}, {"HEAD", RuleVariable::head}, {"GRADE", RuleVariable::head}, {"LEVEL", RuleVariable::level}, {"PRESSURE", RuleVariable::pressure},
                                                                         {"FLOW", RuleVariable::flow}, {"STATUS", RuleVariable::status}, {"SETTING", RuleVariable::setting}, {"TIME", RuleVariable::time}, {"CLOCKTIME", RuleVariable::clock_time},
                                                                         {"FILLTIME", RuleVariable::fill_time}, {"DRAINTIME", RuleVariable::drain_time}};
        for (const auto& [word, meaning] : words)
            if (row.is(i, word)) return meaning;
        return std::nullopt;
    }
    static std::optional<LinkStatus> status(RowReader& row, std::size_t i) {
        if (row.is(i, "OPEN")) return LinkStatus::open;
        if (row.is(i, "CLOSED")) return LinkStatus::closed;
        if (row.is(i, "ACTIVE")) return LinkStatus::active;
        return std::nullopt;
    }

    /// IF|AND|OR object id variable relation value, or … SYSTEM variable relation value [AM|PM].
    bool premise(RowReader& row, bool is_or) {
        if (row.size() != 5 && row.size() != 6) return refuse(row, "a premise has 5 or 6 words", "IF TANK id LEVEL ABOVE value");
        RulePremise p;
        p.is_or = is_or;
        std::size_t at = 3;
        if (row.is(1, "SYSTEM")) {
            at = 2;
        } else {
            const bool is_node = row.is(1, "NODE") || row.is(1, "JUNC") || row.is(1, "RESER") || row.is(1, "TANK");
            if (!is_node && !row.is(1, "LINK") && !row.is(1, "PIPE") && !row.is(1, "PUMP") && !row.is(1, "VALV")) return refuse(row, fmt::format("'{}' in a premise", row[1]), "use NODE, LINK or SYSTEM or one of their kinds");
            p.object = is_node ? RuleObject::node : RuleObject::link;
            p.index = is_node ? row.id(2, builder_.nodes, "node") : row.id(2, builder_.links, "link");
            if (p.index == no_index) return false;
        }
        const auto v = variable(row, at);
        const auto r = relation(row, at + 1);
        if (!v || !fits(*v, p)) return refuse(row, fmt::format("'{}' can't be tested there", row[at]));
        if (!r) return refuse(row, fmt::format("'{}' is no relation", row[at + 1]), "use =, <>, <, >, <=, >=, IS, NOT, BELOW or ABOVE");
        p.variable = *v;
        p.relation = *r;
        if (!premise_value(row, at + 2, p)) return false;
        rule().premises.push_back(p);
        return true;
    }
    [[nodiscard]] bool fits(RuleVariable v, const RulePremise& p) const {
        switch (p.object) {
            case RuleObject::system: return v == RuleVariable::demand || v == RuleVariable::time || v == RuleVariable::clock_time;
            case RuleObject::link: return v == RuleVariable::flow || v == RuleVariable::status || v == RuleVariable::setting;
            default: break;
        }
        if (v == RuleVariable::fill_time || v == RuleVariable::drain_time) return !builder_.network.is_junction(p.index);
        return v == RuleVariable::demand || v == RuleVariable::head || v == RuleVariable::level || v == RuleVariable::pressure;
    }
    bool premise_value(RowReader& row, std::size_t at, RulePremise& p) {
        if (p.variable == RuleVariable::time || p.variable == RuleVariable::clock_time) {
            const auto hours = hours_of(row[at], row.size() > at + 1 ? row[at + 1] : std::string_view{});
            if (!hours || *hours < 0) return refuse(row, fmt::format("'{}' is not a time", row[at]), "write hours, h:mm or h AM");
            p.value = *hours * 3600;
            return true;
        }
        const std::size_t last = row.size() - 1;
        if (const auto s = status(row, last)) {
            p.tests_status = true;
            p.status = *s;
            return true;
        }
        const auto number = row.number(last, "a premise");
        if (!number) return state_ = State::broken, false;
        p.value = p.variable == RuleVariable::fill_time || p.variable == RuleVariable::drain_time ? *number * 3600 : *number;
        return true;
    }

    /// THEN|ELSE|AND link id STATUS|SETTING IS value.
    bool action(RowReader& row, std::vector<RuleAction>& actions) {
        if (row.size() != 6) return refuse(row, "an action has 6 words", "THEN PUMP id STATUS IS OPEN");
        RuleAction a;
        a.link = row.id(2, builder_.links, "link");
        if (a.link == no_index) return false;
        const LinkKind kind = builder_.network.link_kind[a.link];
        if (kind == LinkKind::check_valve_pipe) return refuse(row, fmt::format("the pipe '{}' has a check valve and can't be controlled", row[2]));
        if (const auto s = status(row, 5)) {
            a.status = *s;
        } else {
            const auto number = row.not_negative(5, "a setting");
            if (!number) return false;
            if (kind == LinkKind::general_purpose) return refuse(row, fmt::format("the setting of the general-purpose valve '{}' can't be controlled", row[2]));
            if (kind == LinkKind::pipe) a.status = *number == 0 ? LinkStatus::closed : LinkStatus::open;
            else a.setting = setting_in_si(builder_.network, a.link, *number);
        }
        actions.push_back(a);
        return true;
    }

    NetworkBuilder& builder_;
    State state_ = State::none;
};

}  // namespace

void NetworkBuilder::read_rules() {
    RuleReader reader(*this);
    each_row(Section::rules, [&](RowReader& row) { reader.take(row); });
}

}  // namespace citytwin::water
