#include <algorithm>
#include <cmath>
#include <tuple>

#include "geodata/layout/power_rings.hpp"

namespace citytwin::geodata {

namespace {

/// A ring that takes on average less than its limit of stations: share of the limit that chosen substations are planned with.
constexpr double usual_ring_filling = 0.75;

class Splitter {
public:
    Splitter(std::vector<RingStation>& stations, const PowerLayoutOptions& options) : stations_(stations), options_(options) {}

    std::vector<StreetPoint> split() {
        std::vector<Index> all(stations_.size());
        PowerDemand sum;
        for (std::size_t s = 0; s < all.size(); ++s) {
            all[s] = static_cast<Index>(s);
            sum += stations_[s].demand;
        }
        const double va = sum.peak_w(options_.dwelling_peak_w) / options_.power_factor;
        const double by_rating = va / (options_.substation_va * options_.substation_loading);
        const double ring_va = std::sqrt(3.0) * options_.medium_voltage_v * medium_voltage_cables.back().ampacity_a * options_.ring_loading_fault;
        const double rings = static_cast<double>(options_.half_rings) / 2 * usual_ring_filling;
        const double by_stations = static_cast<double>(all.size()) / (rings * static_cast<double>(options_.ring_stations));
        const auto parts = static_cast<std::size_t>(std::ceil(std::max({1.0, by_rating, by_stations, va / (rings * ring_va)})));
        divide(all, parts);
        return std::move(chosen_);
    }

    /// Halves the share of each substation that is marked: the first half keeps the number, the second is put behind all others.
    std::vector<StreetPoint> halve(std::vector<StreetPoint> places, const std::vector<std::uint8_t>& overfull) {
        chosen_ = std::move(places);
        std::vector<std::vector<Index>> shares(chosen_.size());
        for (std::size_t s = 0; s < stations_.size(); ++s) shares[stations_[s].substation].push_back(static_cast<Index>(s));
        for (std::size_t k = 0; k < overfull.size(); ++k) {
            if (overfull[k] == 0 || shares[k].size() < 2) continue;
            const auto [low, high] = cut(shares[k], 0.5);
            settle(low, k);
            settle(high, chosen_.size());
        }
        return std::move(chosen_);
    }

private:
    [[nodiscard]] double load(Index s) const { return stations_[s].demand.peak_w(options_.dwelling_peak_w) + 1; }

    void divide(std::vector<Index>& part, std::size_t parts) {
        if (parts <= 1 || part.size() <= 1) return settle(part, chosen_.size());
        auto [low, high] = cut(part, static_cast<double>(parts / 2) / static_cast<double>(parts));
        divide(low, parts / 2);
        divide(high, parts - parts / 2);
    }

    /// Two parts along the longer side of the box, the first with about `share` of the load.
    [[nodiscard]] std::pair<std::vector<Index>, std::vector<Index>> cut(std::vector<Index>& part, double share) const {
        const auto range = [&](double StreetPoint::*side) {
            const auto [low, high] = std::minmax_element(part.begin(), part.end(), [&](Index a, Index b) { return stations_[a].place.*side < stations_[b].place.*side; });
            return stations_[*high].place.*side - stations_[*low].place.*side;
        };
        const auto side = range(&StreetPoint::x) >= range(&StreetPoint::y) ? &StreetPoint::x : &StreetPoint::y;
        std::sort(part.begin(), part.end(), [&](Index a, Index b) { return std::tuple(stations_[a].place.*side, a) < std::tuple(stations_[b].place.*side, b); });
        double total = 0, sum = 0;
        for (const Index s : part) total += load(s);
        std::size_t middle = 0;
        while (middle + 1 < part.size() && (sum += load(part[middle])) < total * share) ++middle;
        const auto at = part.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(middle, 1, part.size() - 1));
        return {{part.begin(), at}, {at, part.end()}};
    }

    /// The station nearest to the load-weighted centre is the substation of all of them.
    void settle(const std::vector<Index>& part, std::size_t number) {
        double x = 0, y = 0, total = 0;
        for (const Index s : part) {
            x += stations_[s].place.x * load(s);
            y += stations_[s].place.y * load(s);
            total += load(s);
        }
        const auto away = [&](Index s) {
            const double dx = stations_[s].place.x - x / total, dy = stations_[s].place.y - y / total;
            return std::pair(dx * dx + dy * dy, s);
        };
        const Index centre = *std::min_element(part.begin(), part.end(), [&](Index a, Index b) { return away(a) < away(b); });
        for (const Index s : part) stations_[s].substation = static_cast<Index>(number);
        if (number == chosen_.size()) chosen_.emplace_back();
        chosen_[number] = stations_[centre].place;
    }

    std::vector<RingStation>& stations_;
    const PowerLayoutOptions& options_;
    std::vector<StreetPoint> chosen_;
};

}  // namespace

std::vector<StreetPoint> choose_substations(std::vector<RingStation>& stations, const PowerLayoutOptions& options) {
    return Splitter(stations, options).split();
}

std::vector<StreetPoint> halve_substations(std::vector<RingStation>& stations, std::vector<StreetPoint> places, const std::vector<std::uint8_t>& overfull, const PowerLayoutOptions& options) {
    return Splitter(stations, options).halve(std::move(places), overfull);
}

}  // namespace citytwin::geodata
