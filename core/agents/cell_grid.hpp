#pragma once
// Neighbours within a radius: a square grid over a torus or a plane, filled by counting sort, so that the rows of a cell are in row order.
#include <cmath>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin {

class CellGrid {
public:
    /// Cells of at least `cell` metres over [0, width) x [0, height).
    CellGrid(double width, double height, double cell, bool torus)
        : width_(width), height_(height), torus_(torus), columns_(count(width, cell)), rows_(count(height, cell)), cell_x_(width / columns_),
          cell_y_(height / rows_) {}

    [[nodiscard]] int columns() const { return columns_; }
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] Index cell_of(double x, double y) const {
        return static_cast<Index>(clamped(static_cast<int>(y / cell_y_), rows_) * columns_ + clamped(static_cast<int>(x / cell_x_), columns_));
    }
    /// Sorts rows into cells. Serial counting sort: its order is the row order within each cell.
    void fill(std::span<const double> x, std::span<const double> y);
    /// Rows by cell: the order that makes neighbours lie near each other in memory.
    [[nodiscard]] std::span<const Index> order() const { return members_; }
    [[nodiscard]] std::span<const Index> members(Index cell) const { return {members_.data() + first_[cell], first_[cell + 1] - first_[cell]}; }

    /// visit(row) for all rows of the cells around (x, y), each cell once, cells in fixed order; the caller tests the distance.
    template <class Visit>
    void each_near(double x, double y, Visit&& visit) const {
        const int column = clamped(static_cast<int>(x / cell_x_), columns_), row = clamped(static_cast<int>(y / cell_y_), rows_);
        const int span_x = columns_ < 3 && torus_ ? (columns_ - 1) / 2 : 1, span_y = rows_ < 3 && torus_ ? (rows_ - 1) / 2 : 1;
        const int last_x = columns_ == 2 && torus_ ? 1 : span_x, last_y = rows_ == 2 && torus_ ? 1 : span_y;
        for (int dy = -span_y; dy <= last_y; ++dy) {
            for (int dx = -span_x; dx <= last_x; ++dx) {
                int cx = column + dx, cy = row + dy;
                if (torus_) {
                    cx = cx < 0 ? cx + columns_ : (cx >= columns_ ? cx - columns_ : cx);
                    cy = cy < 0 ? cy + rows_ : (cy >= rows_ ? cy - rows_ : cy);
                } else if (cx < 0 || cy < 0 || cx >= columns_ || cy >= rows_) {
                    continue;
                }
                for (Index member : members(static_cast<Index>(cy * columns_ + cx))) visit(member);
            }
        }
    }

    /// visit(first, last) of order() for the same cells: contiguous where rows were put into order() before; neighbouring columns
    /// are joined into one range.
    template <class Visit>
    void each_range_near(double x, double y, Visit&& visit) const {
        const int column = clamped(static_cast<int>(x / cell_x_), columns_), row = clamped(static_cast<int>(y / cell_y_), rows_);
        const int last_dy = rows_ == 2 && torus_ ? 1 : (rows_ == 1 && torus_ ? 0 : 1), first_dy = rows_ < 3 && torus_ ? 0 : -1;
        for (int dy = first_dy; dy <= last_dy; ++dy) {
            int cy = row + dy;
            if (torus_) {
                cy = cy < 0 ? cy + rows_ : (cy >= rows_ ? cy - rows_ : cy);
            } else if (cy < 0 || cy >= rows_) {
                continue;
            }
            const int base = cy * columns_;
            if (columns_ < 3) {
                visit(first_[base], first_[base + columns_]);
            } else if (column > 0 && column + 1 < columns_) {
                visit(first_[base + column - 1], first_[base + column + 2]);
            } else {
                const int left = column == 0 ? 0 : column - 1, right = column == 0 ? 2 : columns_;
                visit(first_[base + left], first_[base + right]);
                if (torus_) {
                    const int other = column == 0 ? columns_ - 1 : 0;
                    visit(first_[base + other], first_[base + other + 1]);
                }
            }
        }
    }

private:
    static int count(double extent, double cell) { return std::max(1, static_cast<int>(std::floor(extent / cell))); }
    static int clamped(int i, int n) { return i < 0 ? 0 : (i >= n ? n - 1 : i); }

    double width_, height_;
    bool torus_;
    int columns_, rows_;
    double cell_x_, cell_y_;
    std::vector<Index> first_, members_, cell_of_row_;
};

inline void CellGrid::fill(std::span<const double> x, std::span<const double> y) {
    const std::size_t cells = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
    first_.assign(cells + 1, 0);
    cell_of_row_.resize(x.size());
    members_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) ++first_[(cell_of_row_[i] = cell_of(x[i], y[i])) + 1];
    for (std::size_t c = 0; c < cells; ++c) first_[c + 1] += first_[c];
    std::vector<Index> next(first_.begin(), first_.end() - 1);
    for (std::size_t i = 0; i < x.size(); ++i) members_[next[cell_of_row_[i]]++] = static_cast<Index>(i);
}

}  // namespace citytwin
