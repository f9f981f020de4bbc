#pragma once
// Requests thinned or multiplied on their way into traffic, by the district they leave from: factors of a calibration, and those
// that measurements find while the run goes on.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/module/setup.hpp"
#include "core/module/module.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/traffic/demand_estimate.hpp"

namespace citytwin::traffic {

/// `who_set` of vehicles that a factor above 1 added.
inline constexpr std::int64_t added_trip_set = 5;

class ScaledDemand {
public:
    explicit ScaledDemand(Setup& setup);
    /// Throws InputError CT-TRAFFIC-020 (a zone that isn't there), -021 (a factor below 0) with the file's line.
    void prepare(const geodata::RoadNetwork& network);
    /// Counts of these links will come: contributions are kept from now on.
    void watch(std::span<const Index> links) { estimate_->watch(links); }
    [[nodiscard]] bool is_watching() const { return estimate_->is_watching(); }
    [[nodiscard]] DemandEstimate& estimate() { return *estimate_; }
    void nudge(const Nudge& nudge);

    /// How many vehicles a request becomes: 0, 1 or more. Cars without stops on their way only.
    [[nodiscard]] std::size_t vehicles_of(const TripRequest& request) const;
    /// The k-th further vehicle of a request, k >= 1: another id, up to two minutes later.
    [[nodiscard]] TripRequest further(const TripRequest& request, std::size_t k) const;
    void write();   ///< the zones' factors as a field
    void count(std::size_t vehicles) { (vehicles == 0 ? thinned_ : added_) += vehicles == 0 ? 1 : static_cast<double>(vehicles - 1); }
    /// Vehicles added less trips left out.
    [[nodiscard]] double adjusted() const { return added_ - thinned_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    const City& city_;
    std::optional<Write> factor_of_zone_;
    std::string file_, districts_;
    bool is_estimating_ = false;
    std::size_t most_areas_ = 48;
    Random draw_;
    std::vector<double> planned_;      ///< by zone
    std::unique_ptr<DemandEstimate> estimate_;
    double thinned_ = 0, added_ = 0;
};

}  // namespace citytwin::traffic
