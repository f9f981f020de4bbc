#pragma once
// The streets as refuse trucks see them: which links they can use, and what it takes to go from one to another at an hour of the day.
#include <span>
#include <vector>

#include "core/parallel/arena.hpp"
#include "core/routing/turn_graph.hpp"
#include "geodata/road/road_network.hpp"

namespace citytwin::waste {

class TruckRoads {
public:
    explicit TruckRoads(geodata::RoadNetwork network);
    [[nodiscard]] const geodata::RoadNetwork& network() const { return network_; }
    /// 1 for each link that trucks may use and that lies in the largest part where everything reaches everything.
    [[nodiscard]] std::vector<std::uint8_t> usable(std::span<const double> closed) const;
    /// Milliseconds from the end of each of `links` to the end of each other; infinite where closed.
    [[nodiscard]] std::vector<routing::Weight> matrix_ms(std::span<const Index> links, std::span<const double> travel_time_s, std::span<const double> closed, Arena& arena) const;
    [[nodiscard]] double free_time_s(std::size_t link) const { return network_.link_length_m[link] / network_.link_speed_mps[link]; }

private:
    [[nodiscard]] bool open(std::size_t link, std::span<const double> closed) const;
    geodata::RoadNetwork network_;
    routing::TurnGraph turns_;
};

}  // namespace citytwin::waste
