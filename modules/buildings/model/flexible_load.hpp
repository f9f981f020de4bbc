#pragma once
// Loads that may wait: when a feeder's load would pass its limit, they are put off within a window and within comfort (the energy that
// their tank or buffer can lack), and made up for when there is room, the oldest first. What the window or comfort doesn't allow to
// wait is served, limit or not, and counted as overload: nobody freezes for the feeder.
// Energy put off = made up for + lost (debts that faded in a cooler tank) + still owed.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace citytwin::buildings {

struct FlexibleTotals {
    double shifted_J = 0, returned_J = 0, lost_J = 0, overload_J = 0;
};

class FlexibleLoads {
public:
    /// `window` = steps a load may wait. `fading_per_step` = share of a debt that need not be made up, each step.
    explicit FlexibleLoads(std::size_t window = 1) : window_(window) {}
    void add(double comfort_J, double power_limit_W, double fading_per_step);
    [[nodiscard]] std::size_t size() const { return comfort_J_.size(); }

    /// Rows [first, last) hang on one feeder. `wanted_W` by row becomes what is served. `other_W` = the feeder's load that can't wait.
    void balance(std::size_t first, std::size_t last, double other_W, double limit_W, double seconds, std::span<double> wanted_W, FlexibleTotals& totals);
    /// A row that goes away (a car that leaves) takes its debt with it: lost, returned here for the report.
    double forget(std::size_t row, FlexibleTotals& totals);
    [[nodiscard]] double owed_J(std::size_t row) const;
    [[nodiscard]] double owed_J() const;
    void set_power_limit(std::size_t row, double watts) { power_limit_W_[row] = watts; }

    template <class Visitor>
    void for_each_column(Visitor&& visit) {
        visit("debt", debt_J_);
    }
    template <class Visitor>
    void for_each_column(Visitor&& visit) const {
        visit("debt", debt_J_);
    }

private:
    void age(std::size_t row, FlexibleTotals& totals);
    void make_up(std::size_t first, std::size_t last, double left_W, double seconds, std::span<double> wanted_W, FlexibleTotals& totals);

    std::size_t window_;
    std::vector<double> comfort_J_, power_limit_W_, fading_;
    std::vector<double> debt_J_;   ///< window_ + 1 values a row: by age in steps, the youngest first
};

}  // namespace citytwin::buildings
