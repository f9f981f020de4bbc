#include "modules/traffic/model/count_matching.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace citytwin::traffic {

void CountMatching::clear() {
    rows_.clear();
    differences_.clear();
}

void CountMatching::add(std::span<const double> contribution, double observed, double modelled, double jammed) {
    const double size = std::max({observed, modelled, 1.0}), share = model_deviation + jam_deviation * jammed;
    const double deviation = std::sqrt(size + share * share * size * size);
    for (const double part : contribution) rows_.push_back(part / deviation);
    differences_.push_back((observed - modelled) / deviation);
}

std::vector<double> CountMatching::change() const {
    using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto n = static_cast<Eigen::Index>(areas_), counts = static_cast<Eigen::Index>(differences_.size());
    const Eigen::Map<const Rows> rows(rows_.data(), counts, n);
    const Eigen::Map<const Eigen::VectorXd> differences(differences_.data(), counts);
    Eigen::VectorXd weights = Eigen::VectorXd::Ones(counts), change = Eigen::VectorXd::Zero(n);
    for (int round = 0; round < rounds; ++round) {
        Eigen::MatrixXd left = rows.transpose() * weights.asDiagonal() * rows;
        left.diagonal().array() += 1 / (prior_deviation * prior_deviation);
        const Eigen::VectorXd next = left.llt().solve(rows.transpose() * weights.cwiseProduct(differences));   // positive definite by the prior
        const double moved = (next - change).cwiseAbs().maxCoeff();
        change = next;
        if (moved < 1e-4) break;
        weights = (differences - rows * change).cwiseAbs().unaryExpr([](double residual) { return residual <= huber ? 1.0 : huber / residual; });
    }
    return {change.data(), change.data() + n};
}

}  // namespace citytwin::traffic
