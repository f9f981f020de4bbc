#include "core/city/spatial_index.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin {
namespace {

bool is_before(const NearItem& a, const NearItem& b) {
    if (a.distance_m != b.distance_m) return a.distance_m < b.distance_m;
    if (a.item != b.item) return a.item < b.item;
    return a.offset_m < b.offset_m;
}

/// Sorted, each item once (its nearest segment), at most k.
void keep_best(std::vector<NearItem>& found, std::size_t k) {
    std::sort(found.begin(), found.end(), [](const NearItem& a, const NearItem& b) { return a.item != b.item ? a.item < b.item : is_before(a, b); });
    found.erase(std::unique(found.begin(), found.end(), [](const NearItem& a, const NearItem& b) { return a.item == b.item; }), found.end());
    std::sort(found.begin(), found.end(), is_before);
    if (found.size() > k) found.resize(k);
}

}  // namespace

SpatialIndex::SpatialIndex(const Ragged<double>& lines, std::span<const std::uint8_t> use) {
    for (std::size_t item = 0; item < lines.size(); ++item) {
        if (use.empty() || use[item] != 0) add_line(lines[item], static_cast<Index>(item));
    }
    build();
}

SpatialIndex::SpatialIndex(std::span<const double> x, std::span<const double> y) {
    for (std::size_t item = 0; item < x.size(); ++item) {
        const double point[2] = {x[item], y[item]};
        add_line(point, static_cast<Index>(item));
    }
    build();
}

void SpatialIndex::add_line(std::span<const double> points, Index item) {
    const std::size_t n = points.size() / 2;
    double along = 0;
    for (std::size_t i = 0; i < std::max<std::size_t>(n, 1) - 1 || (n == 1 && i == 0); ++i) {
        const std::size_t next = n == 1 ? 0 : i + 1;
        const Segment segment{points[2 * i], points[2 * i + 1], points[2 * next], points[2 * next + 1], along, item};
        if (!std::isfinite(segment.x0 + segment.y0 + segment.x1 + segment.y1)) continue;
        segments_.push_back(segment);
        along += std::hypot(segment.x1 - segment.x0, segment.y1 - segment.y0);
    }
}

/// Cells that a segment touches, row of cells by row: a long diagonal one doesn't fill its whole box. A hair wider than
/// exact, so that rounding never loses a cell.
template <class Visit>
void SpatialIndex::cells_of(const Segment& s, Visit&& visit) const {
    const double hair = cell_m_ * 1e-6;
    const auto cell_at = [&](double position, double origin, std::int64_t cells) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor((position - origin) / cell_m_)), 0, cells - 1);
    };
    const double low = std::min(s.y0, s.y1) - hair, high = std::max(s.y0, s.y1) + hair;
    for (std::int64_t row = cell_at(low, bottom_, rows_); row <= cell_at(high, bottom_, rows_); ++row) {
        double from = s.x0, to = s.x1;
        if (s.y0 != s.y1) {
            const double begin = bottom_ + static_cast<double>(row) * cell_m_ - hair, end = begin + cell_m_ + 2 * hair;
            const double t0 = std::clamp((begin - s.y0) / (s.y1 - s.y0), 0.0, 1.0);
            const double t1 = std::clamp((end - s.y0) / (s.y1 - s.y0), 0.0, 1.0);
            from = s.x0 + t0 * (s.x1 - s.x0);
            to = s.x0 + t1 * (s.x1 - s.x0);
        }
        const std::int64_t last = cell_at(std::max(from, to) + hair, left_, columns_);
        for (std::int64_t column = cell_at(std::min(from, to) - hair, left_, columns_); column <= last; ++column) {
            visit(static_cast<std::size_t>(row * columns_ + column));
        }
    }
}

void SpatialIndex::build() {
    if (segments_.empty()) return;
    left_ = bottom_ = std::numeric_limits<double>::infinity();
    double right = -left_, top = -left_;
    for (const auto& s : segments_) {
        left_ = std::min({left_, s.x0, s.x1});
        bottom_ = std::min({bottom_, s.y0, s.y1});
        right = std::max({right, s.x0, s.x1});
        top = std::max({top, s.y0, s.y1});
    }
    // About one cell a segment, and no side of more than 8,192 cells.
    const double width = right - left_, height = top - bottom_;
    cell_m_ = std::max({std::sqrt(width * height / static_cast<double>(segments_.size())), width / 8192, height / 8192, 1e-3});
    columns_ = static_cast<std::int64_t>(width / cell_m_) + 1;
    rows_ = static_cast<std::int64_t>(height / cell_m_) + 1;
    first_in_cell_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
    for (const auto& s : segments_) cells_of(s, [&](std::size_t cell) { ++first_in_cell_[cell + 1]; });
    for (std::size_t cell = 1; cell < first_in_cell_.size(); ++cell) first_in_cell_[cell] += first_in_cell_[cell - 1];
    in_cell_.resize(first_in_cell_.back());
    std::vector<std::uint32_t> next(first_in_cell_.begin(), first_in_cell_.end() - 1);
    for (std::uint32_t i = 0; i < segments_.size(); ++i) cells_of(segments_[i], [&](std::size_t cell) { in_cell_[next[cell]++] = i; });
}

NearItem SpatialIndex::measured(const Segment& s, double x, double y) {
    const double dx = s.x1 - s.x0, dy = s.y1 - s.y0, length2 = dx * dx + dy * dy;
    const double t = length2 > 0 ? std::clamp(((x - s.x0) * dx + (y - s.y0) * dy) / length2, 0.0, 1.0) : 0.0;
    NearItem near{s.item, 0, s.offset_m + t * std::sqrt(length2), s.x0 + t * dx, s.y0 + t * dy};
    near.distance_m = std::hypot(x - near.x, y - near.y);
    return near;
}

void SpatialIndex::search_ring(double x, double y, std::int64_t column, std::int64_t row, std::int64_t ring, double bound_m,
                               std::vector<NearItem>& found) const {
    const auto cell = [&](std::int64_t c, std::int64_t r) {
        const auto at = static_cast<std::size_t>(r * columns_ + c);
        for (std::uint32_t i = first_in_cell_[at]; i < first_in_cell_[at + 1]; ++i) {
            const NearItem near = measured(segments_[in_cell_[i]], x, y);
            if (near.distance_m <= bound_m) found.push_back(near);
        }
    };
    const std::int64_t c0 = std::max<std::int64_t>(column - ring, 0), c1 = std::min(column + ring, columns_ - 1);
    const std::int64_t r0 = std::max<std::int64_t>(row - ring, 0), r1 = std::min(row + ring, rows_ - 1);
    for (std::int64_t r = r0; r <= r1; ++r) {
        if (r == row - ring || r == row + ring) {
            for (std::int64_t c = c0; c <= c1; ++c) cell(c, r);
        } else {
            if (column - ring >= 0 && column - ring < columns_) cell(column - ring, r);
            if (ring != 0 && column + ring >= 0 && column + ring < columns_) cell(column + ring, r);
        }
    }
}

std::vector<NearItem> SpatialIndex::search(double x, double y, std::size_t k, double radius_m) const {
    std::vector<NearItem> found;
    if (segments_.empty() || k == 0 || !std::isfinite(x + y)) return found;
    // The search starts at the cell of the grid that is nearest to the point; rings around it are cut at the grid's edge.
    const double inside_x = std::clamp(x, left_, left_ + static_cast<double>(columns_) * cell_m_);
    const double inside_y = std::clamp(y, bottom_, bottom_ + static_cast<double>(rows_) * cell_m_);
    const auto column = std::clamp<std::int64_t>(static_cast<std::int64_t>((inside_x - left_) / cell_m_), 0, columns_ - 1);
    const auto row = std::clamp<std::int64_t>(static_cast<std::int64_t>((inside_y - bottom_) / cell_m_), 0, rows_ - 1);
    const std::int64_t last_ring = std::max(columns_, rows_);
    double bound = radius_m;
    for (std::int64_t ring = 0; ring <= last_ring; ++ring) {
        // Whatever is still unseen lies outside the square of the rings before: at least (ring - 1) cells from the point's
        // foot in the grid, and never nearer to the point than that.
        if (ring >= 1 && static_cast<double>(ring - 1) * cell_m_ * (1 - 1e-9) > bound) break;
        search_ring(x, y, column, row, ring, bound, found);
        if (found.size() >= k) {
            keep_best(found, k);
            if (found.size() == k) bound = std::min(bound, found.back().distance_m);
        }
    }
    keep_best(found, k);
    return found;
}

std::optional<NearItem> SpatialIndex::nearest(double x, double y, double radius_m) const {
    const auto found = search(x, y, 1, radius_m);
    if (found.empty()) return std::nullopt;
    return found.front();
}

std::vector<NearItem> SpatialIndex::near(double x, double y, std::size_t k, double radius_m) const { return search(x, y, k, radius_m); }

}  // namespace citytwin
