#pragma once
// Entities that come and go (vehicles, agents): columns, 64-bit stable ids, birth and death at the step's end.
// An id is (creating entity, n-th birth of that entity), never a global counter, so ids don't depend on what else happens.
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin {

constexpr StableId make_stable_id(std::uint32_t creator, std::uint32_t birth) { return (StableId{creator} << 32) | birth; }

class DynamicSet {
public:
    explicit DynamicSet(std::string name) : name_(std::move(name)) {}

    struct NumberColumn {
        std::string name, unit;
        std::vector<double> values;
    };
    struct ReferenceColumn {
        std::string name, refers_to;
        std::vector<Index> values;
    };

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    [[nodiscard]] const std::vector<StableId>& ids() const { return ids_; }

    /// Columns stay at their address; add them before the run.
    NumberColumn& add_number(std::string column, std::string unit);
    ReferenceColumn& add_reference(std::string column, std::string refers_to);
    [[nodiscard]] NumberColumn* number(std::string_view column);
    [[nodiscard]] ReferenceColumn* reference(std::string_view column);

    /// Registers a birth; the row is appended at commit(), births in the order of their ids, columns zero. Returns its id.
    StableId birth(std::uint32_t creator, std::uint32_t nth) {
        births_.push_back(make_stable_id(creator, nth));
        return births_.back();
    }
    /// The row stays readable until commit().
    void death(Index row) { deaths_.push_back(row); }
    /// Removes the dead (the others keep their order), then appends the born. Returns the first row of the born.
    Index commit();
    /// Replaces all rows, for owners that keep their own order: columns get the new size, their values are the owner's to write.
    void assign(std::vector<StableId> ids);
    /// Puts rows into another order: new row i is old row order[i]. For space-filling orders.
    void reorder(std::span<const Index> order, Arena& arena);

    template <class Writer>
    void save(Writer& out) const {
        out.column("ids", ids_);
        for (const auto& c : numbers_) out.column(c.name, c.values);
        for (const auto& c : references_) out.column(c.name, c.values);
    }
    template <class Reader>
    void load(Reader& in) {
        in.column("ids", ids_);
        for (auto& c : numbers_) in.column(c.name, c.values);
        for (auto& c : references_) in.column(c.name, c.values);
    }

private:
    std::string name_;
    std::vector<StableId> ids_, births_;
    std::vector<Index> deaths_;
    std::deque<NumberColumn> numbers_;
    std::deque<ReferenceColumn> references_;
};

}  // namespace citytwin
