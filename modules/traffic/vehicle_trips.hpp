#pragma once
// From trip requests to vehicles of the queue model, and back from its events to the stream: routes, types, stops, who asked.
#include <memory>
#include <span>
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/module/shared_streams.hpp"
#include "core/random/philox.hpp"
#include "modules/traffic/model/queue_model.hpp"
#include "modules/traffic/route_planner.hpp"

namespace citytwin::traffic {

/// Kinds of vehicles by travel mode: row = mode, with the permission bit that opens lanes for them.
struct VehicleKind {
    QueueVehicleType type;
    std::uint32_t permission = 0;
    double speed_deviation = 0.1;   ///< of the speed factor, normal around 1, cut to [0.2, 2] (SUMO's default)
};
std::vector<VehicleKind> vehicle_kinds();
/// True for the modes that are driven on links.
bool is_driven(TravelMode mode);

class VehicleTrips {
public:
    VehicleTrips(QueueModel& model, RoutePlanner& planner, const geodata::RoadNetwork& network, Random speed_factors);

    /// Plans the trips (all on the same frozen travel times) and hands them to the model. Trips without a path come back as
    /// removed events.
    void add(std::span<const TripRequest> requests, Microseconds now, Arena& arena, std::vector<citytwin::TripEvent>& failed);
    /// The model's event in the words of the stream.
    [[nodiscard]] citytwin::TripEvent event_of(const TripEvent& event) const;
    [[nodiscard]] LinkTraversal traversal_of(const LinkPassage& passage) const;

    /// Plans anew for these rows; a vehicle keeps its way unless the new one is better (or `must`: its way is closed; without
    /// another one it is removed). Returns how many ways were changed.
    std::size_t replan(std::span<const Index> rows, bool must, Arena& arena);
    /// Rows on the road whose id was drawn for replanning.
    [[nodiscard]] std::vector<Index> replanning_rows(double share, Random draw) const;
    [[nodiscard]] std::uint32_t permission_of(Index row) const { return kinds_[trips_[row].kind].permission; }
    [[nodiscard]] std::int64_t mode_of(Index row) const { return trips_[row].mode; }
    [[nodiscard]] Index origin_of(Index row) const { return static_cast<Index>(trips_[row].origin); }

    void save(StateWriter& out) const { out.column("vehicle_trips", trips_); }
    void load(StateReader& in) { in.column("vehicle_trips", trips_); }

private:
    struct Trip {
        std::int64_t request_id = 0, who_set = 0, who = 0, mode = 0, kind = 0, origin = 0;
        double payload_kg = 0;
    };
    struct Plan {
        std::vector<Index> route;
        bool found = false;
    };
    std::vector<Plan> plan(std::span<const TripRequest> requests, Arena& arena);
    void hand_over(const TripRequest& request, const Plan& plan, Microseconds now);

    QueueModel& model_;
    RoutePlanner& planner_;
    const geodata::RoadNetwork& network_;
    Random speed_factors_;
    std::vector<VehicleKind> kinds_;
    std::vector<Trip> trips_;   ///< by row of the model
};

}  // namespace citytwin::traffic
