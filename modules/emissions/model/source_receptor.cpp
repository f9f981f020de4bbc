#include "modules/emissions/model/source_receptor.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::emissions {
namespace {

constexpr double full_turn = 6.283185307179586;

/// One source's contributions that are kept, receptors ascending.
struct SourceColumn {
    std::vector<Index> receptor;
    std::vector<float> share;
    std::uint64_t pairs = 0;
    double all = 0, lost = 0;
};

void keep(std::span<const double> values, double cut, SourceColumn& column) {
    const double least = cut * *std::max_element(values.begin(), values.end());
    for (std::size_t r = 0; r < values.size(); ++r) {
        if (values[r] <= 0) continue;
        ++column.pairs;
        column.all += values[r];
        if (values[r] < least) {
            column.lost += values[r];
            continue;
        }
        column.receptor.push_back(static_cast<Index>(r));
        column.share.push_back(static_cast<float>(values[r]));
    }
}

std::vector<SourceColumn> columns_of(const LineSources& lines, const PointSources& points, const Receptors& receptors, const Weather& weather, double cut, Arena& arena) {
    const WindAxes axes(weather);
    const Spread spread = briggs(weather.terrain, weather.stability);
    std::vector<SourceColumn> columns(lines.size() + points.size());
    arena.ranges(columns.size(), [&](std::size_t begin, std::size_t end) {
        std::vector<double> values(receptors.size());
        for (std::size_t s = begin; s < end; ++s) {
            if (s < lines.size()) {
                const LineShape line(lines, s, axes);
                for (std::size_t r = 0; r < values.size(); ++r) values[r] = line.at(receptors.x_m[r], receptors.y_m[r], receptors.height_m, spread, weather.lid_m);
            } else {
                const std::size_t p = s - lines.size();
                for (std::size_t r = 0; r < values.size(); ++r) {
                    const double dx = receptors.x_m[r] - points.x_m[p], dy = receptors.y_m[r] - points.y_m[p];
                    values[r] = plume_of_unit(dx * axes.along_x + dy * axes.along_y + points.upwind_m[p], dy * axes.along_x - dx * axes.along_y, receptors.height_m,
                                              points.height_m[p], spread, points.crosswind_m2[p], points.vertical_m2[p], weather.lid_m);
                }
            }
            if (!values.empty()) keep(values, cut, columns[s]);
        }
    }, 4);
    return columns;
}

}  // namespace

SourceReceptorMatrix::SourceReceptorMatrix(const LineSources& lines, const PointSources& points, const Receptors& receptors, const Weather& weather, double cut,
                                           Arena& arena) {
    const std::vector<SourceColumn> columns = columns_of(lines, points, receptors, weather, cut, arena);
    // By receptor: counted, then filled source by source, so that each row has its sources ascending.
    first_.assign(receptors.size() + 1, 0);
    double all = 0, lost = 0;
    for (const auto& column : columns) {
        for (Index r : column.receptor) ++first_[r + 1];
        statement_.pairs += column.pairs;
        all += column.all;
        lost += column.lost;
    }
    for (std::size_t r = 0; r < receptors.size(); ++r) first_[r + 1] += first_[r];
    source_.resize(first_.back());
    share_.resize(first_.back());
    std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t s = 0; s < columns.size(); ++s) {
        for (std::size_t k = 0; k < columns[s].receptor.size(); ++k) {
            const std::uint64_t at = next[columns[s].receptor[k]]++;
            source_[at] = static_cast<Index>(s);
            share_[at] = columns[s].share[k];
        }
    }
    statement_.kept = source_.size();
    statement_.lost_share = all > 0 ? lost / all : 0.0;
    statement_.bytes = first_.size() * sizeof(first_[0]) + source_.size() * (sizeof(Index) + sizeof(float));
}

void SourceReceptorMatrix::add(std::span<const double> strength_gps, double wind_mps, std::span<double> concentration, Arena& arena) const {
    arena.each(first_.size() - 1, [&](std::size_t r) {
        double sum = 0;
        for (std::uint64_t k = first_[r]; k < first_[r + 1]; ++k) sum += static_cast<double>(share_[k]) * strength_gps[source_[k]];
        concentration[r] += sum / wind_mps;
    }, 64);
}

MatrixStore::MatrixStore(LineSources lines, PointSources points, Receptors receptors, Terrain terrain, double cut)
    : lines_(std::move(lines)), points_(std::move(points)), receptors_(std::move(receptors)), terrain_(terrain), cut_(cut) {}

std::size_t MatrixStore::sector_of(double wind_from_rad) {
    const double turns = wind_from_rad / full_turn;
    const auto sector = static_cast<std::size_t>((turns - std::floor(turns)) * wind_sectors + 0.5);
    return sector % wind_sectors;   // 360 degrees is north again
}

const SourceReceptorMatrix& MatrixStore::of(const Weather& weather, Arena& arena) {
    const std::size_t sector = sector_of(weather.wind_from_rad);
    auto& matrix = matrices_[sector * stability_count + static_cast<std::size_t>(weather.stability)];
    if (!matrix) {
        Weather middle = weather;
        middle.wind_mps = 1;
        middle.terrain = terrain_;
        middle.wind_from_rad = static_cast<double>(sector) * (full_turn / wind_sectors);
        matrix = std::make_unique<SourceReceptorMatrix>(lines_, points_, receptors_, middle, cut_, arena);
    }
    return *matrix;
}

std::size_t MatrixStore::made() const {
    return static_cast<std::size_t>(std::count_if(matrices_.begin(), matrices_.end(), [](const auto& matrix) { return matrix != nullptr; }));
}

MatrixStatement MatrixStore::statement() const {
    MatrixStatement sum;
    for (const auto& matrix : matrices_) {
        if (!matrix) continue;
        sum.pairs += matrix->statement().pairs;
        sum.kept += matrix->statement().kept;
        sum.bytes += matrix->statement().bytes;
        sum.lost_share = std::max(sum.lost_share, matrix->statement().lost_share);
    }
    return sum;
}

}  // namespace citytwin::emissions
