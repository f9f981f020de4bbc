#pragma once
// How much more or less the districts send out than the plan says, from counts on links. Each observed link's count is the sum of what
// the areas contribute, c = sum over areas of A (1 + x): A is what the model's own vehicles did, x is found by least squares with
// a prior (Cascetta 1984, Transportation Research B 18; the Kalman gain of a state that stays).
#include <span>
#include <vector>

#include "core/city/city.hpp"
#include "core/exchange/state_io.hpp"
#include "geodata/road/road_network.hpp"
#include "modules/traffic/model/count_matching.hpp"

namespace citytwin::traffic {

/// Districts by which demand is scaled: zones, or groups of neighbouring zones with about the same population where there are many.
struct DemandAreas {
    std::vector<Index> zone_of_link;   ///< the zone whose centre is nearest; no_index in a city without zones
    std::vector<Index> area_of_zone;
    std::size_t areas = 1;

    static DemandAreas of(const City& city, const geodata::RoadNetwork& network, std::size_t most);
    /// The districts that a file (zone, district) gives. Throws InputError CT-TRAFFIC-020 (a zone that isn't there), -022 (one that is missing).
    static DemandAreas from(const City& city, const geodata::RoadNetwork& network, const std::string& file);
    [[nodiscard]] Index area_of_link(Index link) const { return zone_of_link[link] == no_index ? 0 : area_of_zone[zone_of_link[link]]; }
};

class DemandEstimate {
public:
    explicit DemandEstimate(DemandAreas areas);

    [[nodiscard]] const DemandAreas& areas() const { return areas_; }
    /// Links whose counts will come.
    void watch(std::span<const Index> links);
    [[nodiscard]] bool is_watching() const { return !watched_.empty(); }
    /// A vehicle that left from `origin` passed this part of a link (1 = all of it), in a time where free flow takes another.
    void passed(Index link, Index origin, double part, double seconds, double free_seconds);
    /// Counts of a slot, observed and modelled, of links that are watched. Closes the slot's contributions.
    /// `share` of what is found goes into the factors; with `whole_run` they are what all slots so far say together, on the plan as it is.
    void take(std::span<const Index> links, std::span<const double> observed, std::span<const double> modelled, double share, bool whole_run);
    /// By area; 1 = as planned.
    [[nodiscard]] const std::vector<double>& factors() const { return factors_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    DemandAreas areas_;
    std::vector<Index> watched_;             ///< by link: row of contributions_
    std::vector<double> contributions_;      ///< watched x areas, of the open slot
    std::vector<double> seconds_, free_seconds_;   ///< by watched link, of the open slot
    CountMatching matching_;                 ///< of the slot, or of the run so far
    std::vector<double> factors_;
};

}  // namespace citytwin::traffic
