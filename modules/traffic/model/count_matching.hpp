#pragma once
// Least squares behind the matching of demand to counts: which relative change of each district explains what was counted.
#include <span>
#include <vector>

namespace citytwin::traffic {

/// Counts as A x = observed - modelled, solved with a prior around 0 (Cascetta 1984) and Huber's weights (1964): where a jam stands in
/// one of both only, counts say little about demand, and no single one may pull far.
class CountMatching {
public:
    explicit CountMatching(std::size_t areas) : areas_(areas) {}

    void clear();
    /// One count: `contribution` by area (their sum is the modelled count); `jammed`: share of the time on the link that its vehicles lost.
    void add(std::span<const double> contribution, double observed, double modelled, double jammed);
    /// The change of each area, 0 = as planned.
    [[nodiscard]] std::vector<double> change() const;

    template <class Self, class Visit>
    static void each_column(Self& self, Visit&& visit) {
        visit("demand.rows", self.rows_);
        visit("demand.differences", self.differences_);
    }

private:
    static constexpr double prior_deviation = 0.4;   ///< of a district's demand from its plan
    static constexpr double model_deviation = 0.1;   ///< share of a count by which routes differ, beside its Poisson deviation
    static constexpr double jam_deviation = 0.5;     ///< the same where all of the time is lost: a jam's outflow says little of who wants in
    static constexpr double huber = 1.345;           ///< standard deviations up to which a residual counts in full
    static constexpr int rounds = 20;

    std::size_t areas_;
    std::vector<double> rows_, differences_;         ///< both divided by the count's standard deviation
};

}  // namespace citytwin::traffic
