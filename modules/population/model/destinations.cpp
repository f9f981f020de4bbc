#include "modules/population/model/destinations.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random/distributions.hpp"

namespace citytwin::population {

ZoneChoice::ZoneChoice(const ZoneDistances& distances, std::span<const double> attraction, double decay_m, Arena& arena)
    : n_(distances.zones()), cumulated_(n_ * n_) {
    arena.each(n_, [&](std::size_t i) {
        const auto row = distances.row(i);
        double sum = 0;
        for (std::size_t j = 0; j < n_; ++j) {
            if (attraction[j] > 0) sum += attraction[j] * portable_decay(static_cast<double>(row[j]) / decay_m);
            cumulated_[i * n_ + j] = static_cast<float>(sum);
        }
    }, 16);
}

Index ZoneChoice::choose(Index from, double draw) const {
    const float* row = cumulated_.data() + std::size_t{from} * n_;
    const float wanted = static_cast<float>(draw * static_cast<double>(row[n_ - 1]));
    if (!(row[n_ - 1] > 0)) return no_index;
    const float* found = std::upper_bound(row, row + n_, wanted);
    if (found == row + n_) found = std::lower_bound(row, row + n_, row[n_ - 1]);  // the draw rounded up to the whole: the last that attracts
    return static_cast<Index>(found - row);
}

SchoolChoice::SchoolChoice(const Places& places, bool university, double decay_m, Arena& arena) {
    constexpr std::size_t most_nearby = 6;
    std::vector<Index> schools;
    for (Index s = 0; s < places.schools.site.size(); ++s) {
        if ((places.schools.university[s] != 0) == university) schools.push_back(s);
    }
    nearby_ = std::min(most_nearby, schools.size());
    nearest_.resize(places.zones.size() * nearby_);
    cumulated_.resize(nearest_.size());
    if (nearby_ == 0) return;
    arena.each(places.zones.size(), [&](std::size_t z) {
        std::vector<std::pair<double, Index>> by_distance;
        by_distance.reserve(schools.size());
        for (const Index s : schools) {
            const Index site = places.schools.site[s];
            const double dx = places.zones.x_m[z] - static_cast<double>(places.sites.x_m[site]), dy = places.zones.y_m[z] - static_cast<double>(places.sites.y_m[site]);
            by_distance.emplace_back(std::sqrt(dx * dx + dy * dy), s);
        }
        std::partial_sort(by_distance.begin(), by_distance.begin() + static_cast<std::ptrdiff_t>(nearby_), by_distance.end());
        double sum = 0;
        for (std::size_t k = 0; k < nearby_; ++k) {
            const auto& [distance, school] = by_distance[k];
            sum += places.schools.capacity[school] * portable_decay((distance - by_distance[0].first) / decay_m);
            nearest_[z * nearby_ + k] = places.schools.site[school];
            cumulated_[z * nearby_ + k] = sum;
        }
    }, 16);
}

Index SchoolChoice::choose(Index from_zone, double draw) const {
    const std::size_t first = from_zone * nearby_;
    const double wanted = draw * cumulated_[first + nearby_ - 1];
    for (std::size_t k = 0; k + 1 < nearby_; ++k) {
        if (wanted < cumulated_[first + k]) return nearest_[first + k];
    }
    return nearest_[first + nearby_ - 1];
}

SiteChoice::SiteChoice(const Places& places) : zones_(places.zones), jobs_before_(places.sites.size() + 1, 0), residents_before_(places.sites.size() + 1, 0) {
    for (std::size_t s = 0; s < places.sites.size(); ++s) {
        jobs_before_[s + 1] = jobs_before_[s] + places.sites.jobs[s];
        residents_before_[s + 1] = residents_before_[s] + places.sites.residents[s];
    }
}

Index SiteChoice::of_job(Index zone, std::int64_t job) const {
    const auto first = jobs_before_.begin() + zones_.first_site[zone], last = jobs_before_.begin() + zones_.first_site[zone + 1] + 1;
    return static_cast<Index>(std::upper_bound(first, last, *first + job) - jobs_before_.begin() - 1);
}

Index SiteChoice::choose(const std::vector<std::int64_t>& before, Index zone, double draw) const {
    const Index first = zones_.first_site[zone], last = zones_.first_site[zone + 1];
    if (first == last) return no_index;
    const std::int64_t weight = before[last] - before[first];
    if (weight == 0) return first + static_cast<Index>(draw * (last - first));
    const auto wanted = before[first] + static_cast<std::int64_t>(draw * static_cast<double>(weight));
    const auto begin = before.begin() + first, end = before.begin() + last + 1;
    return static_cast<Index>(std::upper_bound(begin, end, wanted) - before.begin() - 1);
}

}  // namespace citytwin::population
