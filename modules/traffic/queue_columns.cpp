#include "modules/traffic/queue_columns.hpp"

#include <cmath>

namespace citytwin::traffic {

LinkLetter letter_of(geodata::LinkState state) {
    using S = geodata::LinkState;
    switch (state) {
        case S::dead_end: return '-';
        case S::major: return 'M';
        case S::minor: return 'm';
        case S::equal: return '=';
        case S::stop: return 's';
        case S::all_way_stop: return 'w';
        case S::zipper: return 'Z';
        case S::traffic_light_major: return 'O';  // a signal that doesn't control this link
        case S::traffic_light_minor: case S::off_blinking: return 'o';
        case S::off: return 'O';
    }
    return 'M';
}

QueueColumns::QueueColumns(const geodata::RoadNetwork& network) : network_(network) {
    letters_.reserve(network.connections());
    for (geodata::LinkState state : network.connection_state) letters_.push_back(letter_of(state));
    const auto milliseconds = [](double s) { return static_cast<Milliseconds>(std::llround(s * 1000.0)); };
    for (const auto& signal : network.signals) {
        auto& programs = programs_.emplace_back();
        for (const auto& given : signal.programs) {
            SignalProgram& program = programs.emplace_back();
            program.offset = milliseconds(given.offset_s);
            for (std::size_t k = 0; k < given.state.size(); ++k) {
                program.duration.push_back(milliseconds(given.duration_s[k]));
                program.state.push_back(given.state[k]);
            }
        }
        if (programs.empty()) programs.emplace_back();
        active_.push_back(static_cast<std::uint32_t>(signal.active_program));
    }
}

QueueNetworkInput QueueColumns::input() const {
    QueueNetworkInput in;
    in.link_from = network_.link_from;
    in.link_to = network_.link_to;
    in.link_length_m = network_.link_length_m;
    in.link_first_lane = network_.link_first_lane;
    in.lane_speed_mps = network_.lane_speed_mps;
    in.lane_permissions = network_.lane_permissions;
    in.classes_without_queue = geodata::vehicle_class::pedestrian | geodata::vehicle_class::bicycle;
    in.connection_from_link = network_.connection_from_link;
    in.connection_to_link = network_.connection_to_link;
    in.connection_from_lane = network_.connection_from_lane;
    in.connection_to_lane = network_.connection_to_lane;
    in.connection_length_m = network_.connection_length_m;
    in.connection_speed_mps = network_.connection_speed_mps;
    in.connection_letter = letters_;
    in.connection_signal = network_.connection_signal;
    in.connection_signal_link = network_.connection_signal_link;
    in.connection_contains_waiting = network_.connection_contains_waiting;
    in.connection_foes = {network_.connection_foes.offsets, network_.connection_foes.values};
    in.connection_yields_to = {network_.connection_yields_to.offsets, network_.connection_yields_to.values};
    in.signal_programs = programs_;
    in.signal_active_program = active_;
    in.nodes = network_.nodes();
    in.node_x = network_.node_x;
    in.node_y = network_.node_y;
    return in;
}

}  // namespace citytwin::traffic
