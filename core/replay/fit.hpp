#pragma once
// How far a model is from measurements. Model less observation, in the sensor's unit.
#include <cstdint>
#include <optional>

namespace citytwin {

/// Sums of pairs; figures are made from them. Pairs are added in one fixed order, so that the digits don't depend on threads.
class Fit {
public:
    void add(double observed, double model);
    Fit& operator+=(const Fit& other);
    void expect(std::uint64_t cells = 1) { expected_ += cells; }   ///< cells that a sensor without gaps would have had

    [[nodiscard]] std::uint64_t n() const { return n_; }
    [[nodiscard]] std::uint64_t expected() const { return expected_; }
    [[nodiscard]] double coverage() const { return expected_ == 0 ? 0 : static_cast<double>(n_) / static_cast<double>(expected_); }
    [[nodiscard]] double observed_sum() const { return observed_; }
    [[nodiscard]] double model_sum() const { return model_; }
    // Nothing without a pair; WAPE also where all observations are 0.
    [[nodiscard]] std::optional<double> bias() const;    ///< mean of model - observed
    [[nodiscard]] std::optional<double> mae() const;
    [[nodiscard]] std::optional<double> rmse() const;
    [[nodiscard]] std::optional<double> wape() const;    ///< sum of |model - observed| over sum of |observed|

private:
    std::uint64_t n_ = 0, expected_ = 0;
    double observed_ = 0, observed_size_ = 0, model_ = 0, error_ = 0, error_size_ = 0, error_square_ = 0;
};

/// GEH statistic of two hourly flows in veh/h (UK Design Manual for Roads and Bridges): sqrt(2 (m - c)^2 / (m + c)), 0 where both are 0.
double geh(double model_veh_h, double counted_veh_h);

}  // namespace citytwin
