#pragma once
// Which lane leads where: the turns of one link at its end, and their lanes.
#include <optional>
#include <string_view>
#include <vector>

#include "geodata/road/junction_geometry.hpp"

namespace citytwin::geodata {

/// A way on from a link: its direction and the lanes that take it.
struct Movement {
    Index to_link = no_index;
    double angle = 0;  ///< degrees, left is positive
    Turn turn = Turn::straight;
};

struct LanePair {
    std::int32_t from, to;
};

/// The link that leads straight back where `link` came from, or no_index.
Index turnaround_of(const JunctionView& view, Index link);

/// Ways on from `link`, from right to left, without the turnaround; directions by angle as netconvert names them.
std::vector<Movement> movements_of(const JunctionView& view, Index link, Index turnaround);

/// Bits of what an arrow on a lane allows.
namespace arrow {
inline constexpr std::uint8_t right = 1, straight = 2, left = 4, back = 8;
}
/// A turn:lanes text as arrows by lane, index 0 = rightmost. Nothing if it has another number of lanes than the link.
std::optional<std::vector<std::uint8_t>> arrows_of(std::string_view turn_lanes, std::int32_t lanes);

struct LaneRule {
    std::int32_t lanes = 1;                        ///< of the link
    std::vector<std::uint8_t> arrows;              ///< may be empty
    bool sole_approach = false;                    ///< nothing else leads into the only way on: new lanes open from the last one
    std::int32_t target_shift = 0;                 ///< lanes on the right of the target that other links fill (a merge with lanes for all)
};
/// Lane pairs of movement `which` of `movements`.
std::vector<LanePair> lanes_of_movement(const std::vector<Movement>& movements, std::size_t which, std::int32_t target_lanes, const LaneRule& rule);

}  // namespace citytwin::geodata
