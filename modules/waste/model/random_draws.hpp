#pragma once
// A sequence of draws with a name: (seed, purpose, entity) fixes all of it, so parallel offspring never share one.
#include <utility>
#include <vector>

#include "core/random/distributions.hpp"

namespace citytwin::waste {

class Draws {
public:
    Draws(const Random& random, std::uint64_t entity) : random_(random), entity_(entity) {}
    std::uint32_t below(std::size_t n) { return uniform_below(random_, entity_, counter_++, static_cast<std::uint32_t>(n)); }
    double uniform() { return random_.uniform(entity_, counter_++); }
    template <class T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t k = values.size(); k > 1; --k) std::swap(values[k - 1], values[below(k)]);
    }

private:
    Random random_;
    std::uint64_t entity_, counter_ = 0;
};

}  // namespace citytwin::waste
