#pragma once
// Which entities a change means: SQL WHERE over attributes in the dialect of GDAL's OGR SQL, ids, a share by id hash;
// and the conditions of `when`.
//   expression := and-terms with OR · NOT · parentheses
//   test       := attribute (= <> != < <= > >=) literal | [NOT] LIKE 'a%_' | [NOT] ILIKE '…' | [NOT] IN (…) |
//                 [NOT] BETWEEN a AND b | IS [NOT] NULL
// As in OGR SQL: texts are compared with = and <> without regard to case, LIKE with regard to it; a missing value (NaN, empty text,
// missing reference) makes a comparison unknown, and unknown rows aren't selected. `id` is the entity's id; a reference
// is compared by the id of the entity it points to; "quoted attribute" where a name has blanks.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/base/ids.hpp"
#include "core/city/city.hpp"
#include "core/event/change.hpp"

namespace citytwin {

class Predicate {
public:
    struct Node;
    /// Throws InputError CT-SCENARIO-041 with the column within the expression.
    static Predicate parse(std::string_view expression, SourcePlace place = {});
    /// Rows for which the expression is true, ascending. Throws InputError CT-SCENARIO-042 (unknown attribute, with the
    /// nearest), -043 (text against number). `city` resolves references; without it they can't be compared.
    [[nodiscard]] std::vector<Index> select(const EntitySet& set, const City* city = nullptr) const;
    /// Attributes that the expression names, in order of appearance.
    [[nodiscard]] std::vector<std::string> attributes() const;
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    SourcePlace place_;
    std::shared_ptr<const Node> root_;
};

/// Rows of the ids, in ascending order; an id that isn't there is an error CT-SCENARIO-044 with the nearest one.
std::vector<Index> rows_of_ids(const EntitySet& set, const std::vector<std::string>& ids, const SourcePlace& place);

/// The share of `rows` whose id hash is below `share`: the same entities in every run, and a larger share contains a smaller one.
std::vector<Index> sampled(const EntitySet& set, const std::vector<Index>& rows, double share);

/// "power_bus.voltage < 0.9" of a `when`: true as soon as one entity of the set fulfils it.
struct WhenCondition {
    std::string set, field;
    Comparison comparison = Comparison::less;
    std::string limit;        ///< as written: "0.9", "5 min"
    std::string text;         ///< the whole
    SourcePlace place;

    /// The limit in the field's unit. Throws InputError CT-SCENARIO-046: a bare number where the field has a unit, or another quantity.
    [[nodiscard]] double limit_in(std::string_view unit) const;
};
/// Throws InputError CT-SCENARIO-045 with the column within the text.
WhenCondition parse_condition(std::string_view text, SourcePlace place = {});

}  // namespace citytwin
