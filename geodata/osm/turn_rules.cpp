// Restrictions and signals of the file as references to the links and nodes of the network.
#include <algorithm>
#include <numeric>

#include "geodata/osm/network_build.hpp"

#include "core/base/union_find.hpp"

namespace citytwin::geodata::osm {
namespace {

/// Rows of road ways by id.
class WayFinder {
public:
    explicit WayFinder(const std::vector<ObjectId>& ids) : ids_(ids), order_(ids.size()) {
        std::iota(order_.begin(), order_.end(), Index{0});
        if (!std::is_sorted(ids.begin(), ids.end())) std::sort(order_.begin(), order_.end(), [&](Index a, Index b) { return ids[a] < ids[b]; });
    }
    [[nodiscard]] Index operator()(ObjectId id) const {
        const auto found = std::lower_bound(order_.begin(), order_.end(), id, [&](Index way, ObjectId wanted) { return ids_[way] < wanted; });
        return found != order_.end() && ids_[*found] == id ? *found : no_index;
    }

private:
    const std::vector<ObjectId>& ids_;
    std::vector<Index> order_;
};

/// Links of a way that end (or begin) at a node.
std::vector<Index> links_at(const BuildInput& in, const NetworkDraft& draft, Index way, Index node, bool ends_there) {
    std::vector<Index> links;
    if (way == no_index) return links;
    for (Index p = in.pieces.first_of_way[way]; p < in.pieces.first_of_way[way + 1]; ++p) {
        for (const Index link : {draft.forward_link[p], draft.backward_link[p]}) {
            if (link == no_index) continue;
            if ((ends_there ? draft.road.link_to[link] : draft.road.link_from[link]) == node) links.push_back(link);
        }
    }
    return links;
}

Index node_of(const BuildInput& in, const NetworkDraft& draft, ObjectId id) {
    const auto& ids = in.data.nodes.id;
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    if (found == ids.end() || *found != id) return no_index;
    const Index junction = in.pieces.junction_of_node[static_cast<std::size_t>(found - ids.begin())];
    return junction == no_index ? no_index : draft.node_of_junction[junction];
}

Index node_of_row(const BuildInput& in, const NetworkDraft& draft, Index row) {
    const Index junction = in.pieces.junction_of_node[row];
    return junction == no_index ? no_index : draft.node_of_junction[junction];
}

}  // namespace

TurnRules match_restrictions(const BuildInput& in, const NetworkDraft& draft) {
    TurnRules result;
    if (in.data.restrictions.empty()) return result;
    const WayFinder way_of(in.data.roads.id);
    for (Index r = 0; r < in.data.restrictions.size(); ++r) {
        const Restriction& restriction = in.data.restrictions[r];
        const Index node = node_of(in, draft, restriction.via_node);
        const auto from = node == no_index ? std::vector<Index>() : links_at(in, draft, way_of(restriction.from_way), node, true);
        const auto to = node == no_index ? std::vector<Index>() : links_at(in, draft, way_of(restriction.to_way), node, false);
        // A way that runs on through the via node would leave open which of its links is meant.
        if (from.size() == 1 && to.size() == 1) {
            result.restrictions.push_back({from[0], to[0], restriction.only});
        } else {
            result.unmatched.push_back(r);
        }
    }
    return result;
}

std::vector<SignalGroup> group_controllers(const BuildInput& in, const NetworkDraft& draft, const SignalPlaces& signals) {
    const RoadNetwork& road = draft.road;
    std::vector<std::uint8_t> is_controlled(road.nodes(), 0);
    for (const auto& place : signals.places) {
        if (const Index node = node_of_row(in, draft, place.controlled_node); node != no_index) is_controlled[node] = 1;
    }
    UnionFind groups(road.nodes());
    for (std::size_t link = 0; link < road.links(); ++link) {
        const Index from = road.link_from[link], to = road.link_to[link];
        if (is_controlled[from] && is_controlled[to] && road.link_length_m[link] <= in.defaults.signal_join_m) groups.join(from, to);
    }
    std::vector<Index> number(road.nodes(), no_index);
    std::vector<SignalGroup> controllers;
    for (Index node = 0; node < road.nodes(); ++node) {
        if (!is_controlled[node]) continue;
        Index& own = number[groups.find(node)];
        if (own == no_index) {
            own = static_cast<Index>(controllers.size());
            controllers.push_back({road.node_id[node], {}});
        }
        controllers[own].nodes.push_back(node);
    }
    return controllers;
}

std::vector<SignalHead> signal_heads(const BuildInput& in, const NetworkDraft& draft, const SignalPlaces& signals) {
    std::vector<double> x, y;
    for (const auto& place : signals.places) {
        x.push_back(in.data.nodes.lon(place.signal_node));
        y.push_back(in.data.nodes.lat(place.signal_node));
    }
    CoordinateTransform::from_degrees(draft.road.crs).forward(x, y);
    std::vector<SignalHead> heads;
    for (std::size_t i = 0; i < signals.places.size(); ++i) {
        const Index node = node_of_row(in, draft, signals.places[i].controlled_node);
        if (node == no_index) continue;
        heads.push_back({in.data.nodes.id[signals.places[i].signal_node], x[i] - draft.road.origin_x, y[i] - draft.road.origin_y, node});
    }
    return heads;
}

}  // namespace citytwin::geodata::osm
