#include "modules/waste/model/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace citytwin::waste {
namespace {

using Near = std::pair<Cost, Index>;   // five times the nearness, client

Cost nearness(const RoutingProblem& p, Index a, Index b) {
    Cost near = 5 * std::min(p.distance(a, b), p.distance(b, a));
    if (!p.has_windows) return near;
    const auto lost = [&](Index from, Index to) {
        const Cost travel = p.duration(from, to) + p.service[from];
        const Cost wait = std::max<Cost>(0, p.earliest[to] - travel - p.latest[from]), late = std::max<Cost>(0, p.earliest[from] + travel - p.latest[to]);
        return 5 * p.distance(from, to) + wait + 5 * late;
    };
    return std::min(lost(a, b), lost(b, a));
}

// Cells of a grid with about four clients each: candidates without looking at all pairs.
class ClientGrid {
public:
    explicit ClientGrid(const RoutingProblem& p) : p_(p) {
        left_ = bottom_ = 1e300;
        double right = -1e300, top = -1e300;
        for (Index c : p.clients) {
            left_ = std::min(left_, p.x[c]), right = std::max(right, p.x[c]);
            bottom_ = std::min(bottom_, p.y[c]), top = std::max(top, p.y[c]);
        }
        const double cells = std::max(1.0, static_cast<double>(p.clients.size()) / 4);
        size_ = std::max(std::sqrt(std::max(right - left_, 1e-9) * std::max(top - bottom_, 1e-9) / cells), std::max({right - left_, top - bottom_, 1e-9}) / 4096);
        columns_ = static_cast<std::int64_t>((right - left_) / size_) + 1;
        rows_ = static_cast<std::int64_t>((top - bottom_) / size_) + 1;
        cells_.resize(static_cast<std::size_t>(columns_ * rows_));
        for (Index c : p.clients) cells_[static_cast<std::size_t>(cell(p.y[c], bottom_) * columns_ + cell(p.x[c], left_))].push_back(c);
    }
    void candidates(Index client, std::size_t count, std::vector<Index>& found) const {
        found.clear();
        const std::int64_t cx = cell(p_.x[client], left_), cy = cell(p_.y[client], bottom_);
        std::int64_t more = -1;
        for (std::int64_t ring = 0; ring <= std::max(columns_, rows_) && ring != more; ++ring) {
            for (std::int64_t j = cy - ring; j <= cy + ring; ++j) {
                if (j < 0 || j >= rows_) continue;
                const bool edge = j == cy - ring || j == cy + ring;
                for (std::int64_t i = cx - ring; i <= cx + ring; i += edge || ring == 0 ? 1 : 2 * ring) {
                    if (i < 0 || i >= columns_) continue;
                    for (Index c : cells_[static_cast<std::size_t>(j * columns_ + i)]) {
                        if (c != client) found.push_back(c);
                    }
                }
            }
            if (more < 0 && found.size() >= count) more = ring + 1 + ring / 2 + 1;   // corners of the square lie farther than its sides
        }
    }

private:
    [[nodiscard]] std::int64_t cell(double at, double from) const { return static_cast<std::int64_t>((at - from) / size_); }
    const RoutingProblem& p_;
    double left_, bottom_, size_;
    std::int64_t columns_, rows_;
    std::vector<std::vector<Index>> cells_;
};

}  // namespace

Neighbours::Neighbours(const RoutingProblem& problem, std::size_t count) {
    std::vector<std::vector<Index>> lists(problem.locations());
    const bool by_grid = !problem.x.empty() && problem.clients.size() > 2000;
    std::optional<ClientGrid> grid;
    if (by_grid) grid.emplace(problem);
    std::vector<Index> found;
    std::vector<Near> near;
    for (Index client : problem.clients) {
        if (by_grid) grid->candidates(client, problem.has_windows ? 10 * count : 2 * count, found);
        else found = problem.clients;
        near.clear();
        for (Index other : found) {
            if (other != client) near.emplace_back(nearness(problem, client, other), other);
        }
        const std::size_t kept = std::min(count, near.size());
        std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
        for (std::size_t k = 0; k < kept; ++k) {
            lists[client].push_back(near[k].second);
            lists[near[k].second].push_back(client);
        }
    }
    first_.assign(1, 0);
    for (auto& list : lists) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        value_.insert(value_.end(), list.begin(), list.end());
        first_.push_back(static_cast<std::uint32_t>(value_.size()));
    }
}

}  // namespace citytwin::waste
