#include "modules/buildings/model/flexible_load.hpp"

#include <algorithm>

namespace citytwin::buildings {

void FlexibleLoads::add(double comfort_J, double power_limit_W, double fading_per_step) {
    comfort_J_.push_back(comfort_J);
    power_limit_W_.push_back(power_limit_W);
    fading_.push_back(fading_per_step);
    debt_J_.resize(debt_J_.size() + window_ + 1, 0.0);
}

double FlexibleLoads::owed_J(std::size_t row) const {
    double sum = 0;
    for (std::size_t a = 0; a <= window_; ++a) sum += debt_J_[row * (window_ + 1) + a];
    return sum;
}

double FlexibleLoads::owed_J() const {
    double sum = 0;
    for (const double debt : debt_J_) sum += debt;
    return sum;
}

double FlexibleLoads::forget(std::size_t row, FlexibleTotals& totals) {
    const double owed = owed_J(row);
    std::fill_n(debt_J_.begin() + static_cast<std::ptrdiff_t>(row * (window_ + 1)), window_ + 1, 0.0);
    totals.lost_J += owed;
    return owed;
}

/// One step older: fades, and what reaches the window's end joins the oldest, which must be made up for now.
void FlexibleLoads::age(std::size_t row, FlexibleTotals& totals) {
    double* debt = &debt_J_[row * (window_ + 1)];
    for (std::size_t a = 0; a <= window_; ++a) {
        const double faded = debt[a] * fading_[row];
        debt[a] -= faded;
        totals.lost_J += faded;
    }
    debt[window_] += debt[window_ - 1];
    for (std::size_t a = window_ - 1; a > 0; --a) debt[a] = debt[a - 1];
    debt[0] = 0;
}

/// Room: debts are made up for, the oldest first, in row order.
void FlexibleLoads::make_up(std::size_t first, std::size_t last, double left_W, double seconds, std::span<double> wanted_W, FlexibleTotals& totals) {
    for (std::size_t a = window_ + 1; a-- > 0 && left_W > 0;) {
        for (std::size_t row = first; row < last && left_W > 0; ++row) {
            double& debt = debt_J_[row * (window_ + 1) + a];
            if (debt <= 0) continue;
            const double back_W = std::min({debt / seconds, left_W, std::max(0.0, power_limit_W_[row] - wanted_W[row])});
            debt = back_W * seconds >= debt ? 0.0 : debt - back_W * seconds;
            totals.returned_J += back_W * seconds;
            wanted_W[row] += back_W;
            left_W -= back_W;
        }
    }
}

void FlexibleLoads::balance(std::size_t first, std::size_t last, double other_W, double limit_W, double seconds, std::span<double> wanted_W, FlexibleTotals& totals) {
    double wanted = 0, due = 0;
    for (std::size_t row = first; row < last; ++row) {
        age(row, totals);
        double* debt = &debt_J_[row * (window_ + 1)];
        const double back_W = std::min(debt[window_] / seconds, std::max(0.0, power_limit_W_[row] - wanted_W[row]));   // its time is up
        debt[window_] -= back_W * seconds;
        totals.returned_J += back_W * seconds;
        wanted += wanted_W[row];
        due += back_W;
        debt[0] = back_W;   // kept here until it is added to what is served below
    }
    const double room = limit_W - other_W - due;
    const double share = wanted > 0 ? std::clamp(1 - room / wanted, 0.0, 1.0) : 0.0;   // of the wishes that should wait
    double served = 0;
    for (std::size_t row = first; row < last; ++row) {
        double* debt = &debt_J_[row * (window_ + 1)];
        const double back_W = debt[0];
        debt[0] = 0;
        const double wait_J = std::min(share * wanted_W[row] * seconds, std::max(0.0, comfort_J_[row] - owed_J(row)));
        debt[0] = wait_J;
        totals.shifted_J += wait_J;
        wanted_W[row] += back_W - wait_J / seconds;
        served += wanted_W[row];
    }
    const double left = limit_W - other_W - served;
    if (left < -1e-9 * limit_W) totals.overload_J -= left * seconds;   // beyond rounding
    if (share == 0) make_up(first, last, left, seconds, wanted_W, totals);
}

}  // namespace citytwin::buildings
