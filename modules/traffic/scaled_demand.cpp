#include "modules/traffic/scaled_demand.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/csv.hpp"

namespace citytwin::traffic {

ScaledDemand::ScaledDemand(Setup& setup) : city_(setup.city()), draw_(setup.random("scaled demand")) {
    setup.takes_observations("road_link", "flow");
    file_ = setup.parameter_path("demand_factors", "CSV with zone and factor: car trips that leave a zone are thinned or multiplied, as `citytwin calibrate` found");
    is_estimating_ = setup.parameter_text("assimilation", "nudge", "What counts with use = \"assimilate\" do: \"nudge\" scales the demand of each district while the run goes on; \"estimate\" only says by how much it is wrong", {"nudge", "estimate"}) == "estimate";
    districts_ = setup.parameter_path("demand_districts", "CSV with zone and district: the districts whose demand is found from counts");
    most_areas_ = static_cast<std::size_t>(setup.parameter_integer("assimilation_areas", 48, "Without demand_districts: groups of neighbouring zones with about equal population, at most", 1, 1000));
    const EntitySet* zones = city_.find("zone");
    if (zones != nullptr && zones->size() != 0) {
        factor_of_zone_ = setup.writes("zone", "demand_factor", "1").initially(1.0).described("car trips that leave the zone, times those planned").recorded_as(Aggregation::last);
    }
}

void ScaledDemand::prepare(const geodata::RoadNetwork& network) {
    estimate_ = std::make_unique<DemandEstimate>(districts_.empty() ? DemandAreas::of(city_, network, most_areas_) : DemandAreas::from(city_, network, districts_));
    const EntitySet* zones = city_.find("zone");
    planned_.assign(zones == nullptr ? 0 : zones->size(), 1.0);
    if (file_.empty()) return;
    CsvReader csv(file_);
    const std::size_t zone = csv.column("zone"), factor = csv.column("factor");
    while (csv.next()) {
        const Index row = zones == nullptr ? no_index : zones->row_of(csv.text(zone));
        if (row == no_index) fail("CT-TRAFFIC-020", csv.place(zone), fmt::format("the city has no zone '{}'", csv.text(zone)), "factors belong to the city that they were calibrated on");
        planned_[row] = csv.number(factor);
        if (planned_[row] < 0) fail("CT-TRAFFIC-021", csv.place(factor), fmt::format("the factor of zone '{}' is {}, expected 0 or more", csv.text(zone), planned_[row]));
    }
}

void ScaledDemand::nudge(const Nudge& nudge) {
    const double seconds = to_seconds(nudge.to - nudge.from);
    std::vector<double> observed, modelled;
    for (std::size_t i = 0; i < nudge.rows.size(); ++i) {
        observed.push_back(nudge.observed[i] * seconds);
        modelled.push_back(nudge.modelled[i] * seconds);
    }
    estimate_->take(nudge.rows, observed, modelled, nudge.share, is_estimating_);
}

std::size_t ScaledDemand::vehicles_of(const TripRequest& request) const {
    if (request.mode != TravelMode::car || request.stop_links.size() > 1) return 1;
    const DemandAreas& areas = estimate_->areas();
    const Index zone = areas.zone_of_link[request.origin];
    double factor = zone == no_index ? 1 : planned_[zone];
    if (!is_estimating_) factor *= estimate_->factors()[areas.area_of_link(request.origin)];
    if (factor == 1) return 1;
    const double whole = std::floor(factor);
    const bool one_more = draw_.uniform(static_cast<std::uint64_t>(request.request_id), 0) < factor - whole;
    return static_cast<std::size_t>(whole) + (one_more ? 1 : 0);
}

TripRequest ScaledDemand::further(const TripRequest& request, std::size_t k) const {
    TripRequest added = request;
    added.request_id = request.request_id + (static_cast<std::int64_t>(k) << 56);
    added.who_set = added_trip_set;
    added.depart += from_seconds(120 * draw_.uniform(static_cast<std::uint64_t>(request.request_id), k));
    return added;
}

void ScaledDemand::write() {
    if (!factor_of_zone_) return;
    const DemandAreas& areas = estimate_->areas();
    for (std::size_t zone = 0; zone < planned_.size(); ++zone) (*factor_of_zone_)[zone] = planned_[zone] * estimate_->factors()[areas.area_of_zone[zone]];
}

void ScaledDemand::save(StateWriter& out) const {
    estimate_->save(out);
    out.value("thinned", thinned_);
    out.value("added", added_);
}

void ScaledDemand::load(StateReader& in) {
    estimate_->load(in);
    in.value("thinned", thinned_);
    in.value("added", added_);
}

}  // namespace citytwin::traffic
