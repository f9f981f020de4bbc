#include "core/replay/fit.hpp"

#include <cmath>

namespace citytwin {

void Fit::add(double observed, double model) {
    ++n_;
    const double error = model - observed;
    observed_ += observed;
    observed_size_ += std::abs(observed);
    model_ += model;
    error_ += error;
    error_size_ += std::abs(error);
    error_square_ += error * error;
}

Fit& Fit::operator+=(const Fit& other) {
    n_ += other.n_;
    expected_ += other.expected_;
    observed_ += other.observed_;
    observed_size_ += other.observed_size_;
    model_ += other.model_;
    error_ += other.error_;
    error_size_ += other.error_size_;
    error_square_ += other.error_square_;
    return *this;
}

std::optional<double> Fit::bias() const { return n_ == 0 ? std::nullopt : std::optional(error_ / static_cast<double>(n_)); }
std::optional<double> Fit::mae() const { return n_ == 0 ? std::nullopt : std::optional(error_size_ / static_cast<double>(n_)); }
std::optional<double> Fit::rmse() const { return n_ == 0 ? std::nullopt : std::optional(std::sqrt(error_square_ / static_cast<double>(n_))); }
std::optional<double> Fit::wape() const { return observed_size_ == 0 ? std::nullopt : std::optional(error_size_ / observed_size_); }

double geh(double model_veh_h, double counted_veh_h) {
    const double sum = model_veh_h + counted_veh_h, difference = model_veh_h - counted_veh_h;
    return sum <= 0 ? 0 : std::sqrt(2 * difference * difference / sum);
}

}  // namespace citytwin
