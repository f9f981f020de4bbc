#pragma once
// Which road link is near a point: a uniform grid over the segments of polylines. Answers don't depend on the order of
// work: equal distances go to the lower item, then to the earlier segment.
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/city/column.hpp"

namespace citytwin {

struct NearItem {
    Index item = no_index;
    double distance_m = 0;
    double offset_m = 0;  ///< along the polyline, from its first point
    double x = 0, y = 0;  ///< the foot point
};

/// Polylines x0,y0,x1,y1,… by item. An item of one point is a point; items with `use` 0 and empty rows are left out.
class SpatialIndex {
public:
    explicit SpatialIndex(const Ragged<double>& lines, std::span<const std::uint8_t> use = {});
    /// Points as items.
    SpatialIndex(std::span<const double> x, std::span<const double> y);

    /// The nearest item, or nothing within `radius_m`.
    [[nodiscard]] std::optional<NearItem> nearest(double x, double y, double radius_m = std::numeric_limits<double>::infinity()) const;
    /// Up to `k` items within `radius_m`, each once, by (distance, item).
    [[nodiscard]] std::vector<NearItem> near(double x, double y, std::size_t k, double radius_m) const;
    [[nodiscard]] std::size_t segments() const { return segments_.size(); }

private:
    struct Segment {
        double x0, y0, x1, y1;
        double offset_m;
        Index item;
    };
    struct Span {
        std::int64_t first, last;
    };
    void add_line(std::span<const double> points, Index item);
    void build();
    template <class Visit>
    void cells_of(const Segment& segment, Visit&& visit) const;
    void search_ring(double x, double y, std::int64_t column, std::int64_t row, std::int64_t ring, double bound_m,
                     std::vector<NearItem>& found) const;
    [[nodiscard]] std::vector<NearItem> search(double x, double y, std::size_t k, double radius_m) const;
    [[nodiscard]] static NearItem measured(const Segment& segment, double x, double y);

    std::vector<Segment> segments_;
    double left_ = 0, bottom_ = 0, cell_m_ = 1;
    std::int64_t columns_ = 0, rows_ = 0;
    std::vector<std::uint32_t> first_in_cell_, in_cell_;  // CSR: segments by cell
};

}  // namespace citytwin
