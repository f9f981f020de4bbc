#pragma once
// What every source gives to every receptor, once for each class of weather: 36 wind sectors x 6 stability classes, for 1 g/s and 1 m/s.
// Concentration goes with 1/u, so that a year of hours and every scenario on the same streets need these matrices only; an hour is a
// sparse matrix times the emissions. Of each source, contributions below `cut` of its largest one are left out; the share lost is stated.
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/emissions/model/line_source.hpp"

namespace citytwin::emissions {

inline constexpr std::size_t wind_sectors = 36;

struct MatrixStatement {
    std::uint64_t pairs = 0, kept = 0;   ///< source-receptor pairs with any contribution, and those kept
    double lost_share = 0;               ///< of the summed contributions, over all sources with 1 g/s each
    std::uint64_t bytes = 0;
};

/// Sources are the lines first, then the points.
class SourceReceptorMatrix {
public:
    SourceReceptorMatrix(const LineSources& lines, const PointSources& points, const Receptors& receptors, const Weather& weather, double cut, Arena& arena);
    /// concentration[receptor] += matrix x strength / u, receptors side by side, sources in their order.
    void add(std::span<const double> strength_gps, double wind_mps, std::span<double> concentration, Arena& arena) const;
    [[nodiscard]] const MatrixStatement& statement() const { return statement_; }

private:
    std::vector<std::uint64_t> first_;   ///< by receptor
    std::vector<Index> source_;
    std::vector<float> share_;
    MatrixStatement statement_;
};

/// Matrices of one set of sources and receptors, made when their weather first comes up and kept.
class MatrixStore {
public:
    MatrixStore(LineSources lines, PointSources points, Receptors receptors, Terrain terrain, double cut);
    /// The matrix of the sector and class that this weather falls in; the wind's direction is the sector's middle.
    const SourceReceptorMatrix& of(const Weather& weather, Arena& arena);
    static std::size_t sector_of(double wind_from_rad);
    [[nodiscard]] std::size_t made() const;
    [[nodiscard]] MatrixStatement statement() const;   ///< of all made so far: sums, the largest share lost
    [[nodiscard]] std::size_t sources() const { return lines_.size() + points_.size(); }
    [[nodiscard]] const Receptors& receptors() const { return receptors_; }

private:
    LineSources lines_;
    PointSources points_;
    Receptors receptors_;
    Terrain terrain_;
    double cut_;
    std::array<std::unique_ptr<SourceReceptorMatrix>, wind_sectors * stability_count> matrices_;
};

}  // namespace citytwin::emissions
