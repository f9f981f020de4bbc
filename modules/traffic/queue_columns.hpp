#pragma once
// A road network of the city as the queue model's input: letters for right of way, milliseconds for signal programs.
#include <vector>

#include "geodata/road/road_network.hpp"
#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

/// Keeps what the spans of `input()` point to; the network itself must outlive it too.
class QueueColumns {
public:
    explicit QueueColumns(const geodata::RoadNetwork& network);
    [[nodiscard]] QueueNetworkInput input() const;

private:
    const geodata::RoadNetwork& network_;
    std::vector<LinkLetter> letters_;
    std::vector<std::vector<SignalProgram>> programs_;
    std::vector<std::uint32_t> active_;
};

/// SUMO's letter of a link state.
LinkLetter letter_of(geodata::LinkState state);

}  // namespace citytwin::traffic
