#pragma once
// Where a person goes who isn't bound to one place: a zone by attraction times deterrence, then a site within the zone.
#include <cstdint>
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/random/philox.hpp"
#include "modules/population/model/gravity.hpp"

namespace citytwin::population {

/// Chooses a zone with probability attraction_j e^(-d_ij / decay) / sum: a table of cumulated weights, one row a zone.
class ZoneChoice {
public:
    ZoneChoice(const ZoneDistances& distances, std::span<const double> attraction, double decay_m, Arena& arena);
    /// Zone for a uniform draw; no_index when nothing attracts.
    [[nodiscard]] Index choose(Index from, double draw) const;

private:
    std::size_t n_;
    std::vector<float> cumulated_;
};

/// Chooses among the few schools near a zone, by capacity times deterrence.
class SchoolChoice {
public:
    SchoolChoice(const Places& places, bool university, double decay_m, Arena& arena);
    [[nodiscard]] bool empty() const { return nearest_.empty(); }
    /// Site of a school; must not be called when empty.
    [[nodiscard]] Index choose(Index from_zone, double draw) const;

private:
    std::size_t nearby_ = 0;
    std::vector<Index> nearest_;        ///< sites, `nearby_` a zone
    std::vector<double> cumulated_;
};

/// Chooses a site of a zone by its jobs (a shop, an office) or by its residents (a visit); any site when there are none.
class SiteChoice {
public:
    explicit SiteChoice(const Places& places);
    [[nodiscard]] Index by_jobs(Index zone, double draw) const { return choose(jobs_before_, zone, draw); }
    [[nodiscard]] Index by_residents(Index zone, double draw) const { return choose(residents_before_, zone, draw); }
    /// Site of the zone's job with this number, 0 … jobs of the zone - 1.
    [[nodiscard]] Index of_job(Index zone, std::int64_t job) const;

private:
    [[nodiscard]] Index choose(const std::vector<std::int64_t>& before, Index zone, double draw) const;
    const Zones& zones_;
    std::vector<std::int64_t> jobs_before_, residents_before_;  ///< cumulated over all sites, size sites + 1
};

}  // namespace citytwin::population
