#pragma once
// What a link does in a solve, as results tell it and as an exported file needs it.
#include "modules/water/model/hydraulics.hpp"

namespace citytwin::water {

enum class LinkState : std::uint8_t {
    shut = 0,            ///< by a change, a control or missing power: nothing passes whatever the pressures
    closed_by_law = 1,   ///< check valve, full or empty tank, pump that can't lift, valve that holds by closing
    open = 2,
    holding = 3          ///< a valve that holds its pressure or flow
};

inline LinkState link_state(const Hydraulics& solver, Index link) {
    const Network& n = solver.network();
    const LinkStatus status = solver.status(link);
    if (status == LinkStatus::active) return LinkState::holding;
    if (!is_closed(status)) return n.link_kind[link] == LinkKind::pump && solver.setting(link) == 0 ? LinkState::shut : LinkState::open;
    if (solver.state().blocked[link]) return LinkState::shut;
    if (status != LinkStatus::closed) return LinkState::closed_by_law;
    // `closed` of a check valve or of a valve with a setting is its own doing.
    const LinkKind kind = n.link_kind[link];
    const bool acts_alone = kind == LinkKind::check_valve_pipe || ((kind == LinkKind::pressure_reducing || kind == LinkKind::pressure_sustaining) && solver.setting(link) != no_setting);
    return acts_alone ? LinkState::closed_by_law : LinkState::shut;
}

}  // namespace citytwin::water
