#pragma once
// Disjoint sets whose representative is always the smallest member, so that numbering never depends on the order of joins.
#include <numeric>
#include <vector>

#include "core/base/ids.hpp"

namespace citytwin {

class UnionFind {
public:
    explicit UnionFind(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), Index{0}); }
    Index find(Index i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    /// True if they were apart.
    bool join(Index a, Index b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        if (a < b) parent_[b] = a;
        else parent_[a] = b;
        return true;
    }

private:
    std::vector<Index> parent_;
};

}  // namespace citytwin
