#include "geodata/osm/import_issues.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/import_report/issue_tally.hpp"

namespace citytwin::geodata::osm {
namespace {

struct CauseText {
    TagCause cause;
    const char *code, *grade, *key, *action, *hint;
};
constexpr CauseText tag_causes[] = {
    {TagCause::lanes_from_default, "CT-OSM-101", "note", "lanes_from_default", "defaulted", "lanes are the class's default; change the table with --defaults, single ways with an overrides file"},
    {TagCause::lanes_not_whole, "CT-OSM-102", "warning", "lanes_not_a_number", "defaulted", "lanes must be a whole number; correct the way in OpenStreetMap or override it"},
    {TagCause::lanes_zero, "CT-OSM-103", "warning", "lanes_zero", "defaulted", "lanes=0 says nothing; correct the way or override it"},
    {TagCause::lanes_capped, "CT-OSM-104", "warning", "lanes_capped", "repaired", "more lanes than any street has; correct the way or override it"},
    {TagCause::lanes_shared, "CT-OSM-105", "note", "one_lane_for_both_directions", "repaired", "each direction gets a lane of its own"},
    {TagCause::speed_from_default, "CT-OSM-111", "note", "speed_from_default", "defaulted", "speeds are the class's default; change the table with --defaults"},
    {TagCause::speed_list_lowered, "CT-OSM-112", "note", "speed_list_lowest_taken", "repaired", "of several values the lowest is taken"},
    {TagCause::speed_country_table, "CT-OSM-113", "note", "speed_from_country_zone", "defaulted", "maxspeed names a zone; set [speed] urban, rural, motorway in the defaults file"},
    {TagCause::speed_variable, "CT-OSM-114", "note", "speed_variable", "defaulted", "a variable speed; the class's default is taken"},
    {TagCause::speed_unreadable, "CT-OSM-115", "warning", "speed_unreadable", "defaulted", "correct maxspeed in OpenStreetMap or override it"},
    {TagCause::speed_out_of_range, "CT-OSM-116", "warning", "speed_out_of_range", "defaulted", "outside 1 to 300 km/h; correct maxspeed or override it"},
    {TagCause::access_value_unknown, "CT-OSM-121", "note", "access_value_unknown", "read", "an unknown access value counts as yes"},
    {TagCause::oneway_value_unknown, "CT-OSM-122", "warning", "oneway_value_unknown", "read", "an unknown oneway value (reversible, alternating …) counts as both directions; override it"},
    {TagCause::turn_lanes_mismatch, "CT-OSM-123", "warning", "turn_lanes_do_not_fit_lanes", "dropped", "turn:lanes lists another number of lanes than the way has; correct one of them"}};
static_assert(std::size(tag_causes) == tag_cause_count);

class Reporter {
public:
    Reporter(const ImportFindings& findings, City& city) : f_(findings), city_(city), data_(findings.in.data), ways_(f_.counts.ways) {}

    void report() {
        report_tags();
        report_unusable_ways();
        report_restrictions();
        report_signals();
        report_source();
        report_links();
        report_overrides();
    }

private:
    void add_way(IssueTally& tally, Index way, double length_m) {
        const auto nodes = f_.in.located[way];
        if (nodes.empty()) return;
        tally.add(fmt::format("way {}", data_.roads.id[way]), data_.nodes.lon(nodes[0]), data_.nodes.lat(nodes[0]), length_m);
    }
    void add_node(IssueTally& tally, Index row) {
        tally.add(fmt::format("node {}", data_.nodes.id[row]), data_.nodes.lon(row), data_.nodes.lat(row));
    }
    void count_only(const char* code, const char* grade, const char* cause, const char* action, std::uint64_t count, std::uint64_t all, const char* hint) {
        IssueTally tally(code, grade, cause, action, hint);
        tally.add_count(count);
        tally.finish(city_, all);
    }

    [[nodiscard]] double length_of(Index way) const {
        double length = 0;
        for (Index p = f_.in.pieces.first_of_way[way]; p < f_.in.pieces.first_of_way[way + 1]; ++p) length += f_.in.pieces.sphere_m[p];
        return length;
    }

    void report_tags() {
        std::vector<IssueTally> tallies;
        for (const auto& text : tag_causes) tallies.emplace_back(text.code, text.grade, text.key, text.action, text.hint);
        for (Index way = 0; way < data_.roads.size(); ++way) {
            const WayPlan& plan = f_.in.plans[way];
            if (plan.causes == 0 || !plan.is_usable || plan.is_deleted) continue;
            const double length = length_of(way);
            for (std::size_t c = 0; c < tag_cause_count; ++c) {
                if (plan.causes & bit_of(tag_causes[c].cause)) add_way(tallies[c], way, length);
            }
        }
        for (auto& tally : tallies) tally.finish(city_, ways_);
    }

    void report_unusable_ways() {
        IssueTally closed("CT-OSM-131", "note", "no_access_for_cars", "dropped", "access, vehicle or motor_vehicle forbids cars; the counts hold these ways, the simulation does not");
        IssueTally destination("CT-OSM-132", "note", "no_through_traffic", "read", "cars may enter, not pass through");
        for (Index way = 0; way < data_.roads.size(); ++way) {
            if (!f_.in.plans[way].is_usable) add_way(closed, way, length_of(way));
            if (f_.in.plans[way].flags & road_flag::destination_only) add_way(destination, way, length_of(way));
        }
        closed.finish(city_, ways_);
        destination.finish(city_, ways_);
        count_only("CT-OSM-133", "warning", "missing_node_refs", "dropped", f_.counts.missing_node_refs, f_.in.located.nodes.size() + f_.counts.missing_node_refs,
                   "ways refer to nodes that the extract doesn't hold; cut extracts with complete ways");
        count_only("CT-OSM-134", "warning", "ways_without_two_located_nodes", "dropped", f_.in.located.ways_without_nodes, data_.roads.size(),
                   "nothing of these ways lies in the extract");
    }

    void report_restrictions() {
        const std::uint64_t all = data_.turn_restrictions;
        IssueTally unmatched("CT-OSM-141", "warning", "turn_restriction_without_its_roads", "dropped", "its ways don't meet at its node, or cars don't use them");
        for (const Index r : f_.rules.unmatched) {
            const auto& ids = data_.nodes.id;
            const auto found = std::lower_bound(ids.begin(), ids.end(), data_.restrictions[r].via_node);
            const bool has_place = found != ids.end() && *found == data_.restrictions[r].via_node;
            const auto row = static_cast<Index>(found - ids.begin());
            unmatched.add(fmt::format("relation {}", data_.restrictions[r].id), has_place ? data_.nodes.lon(row) : 0, has_place ? data_.nodes.lat(row) : 0);
        }
        unmatched.finish(city_, all);
        count_only("CT-OSM-142", "warning", "turn_restriction_over_a_way", "dropped", data_.restrictions_over_ways, all, "restrictions over a way are not applied");
        count_only("CT-OSM-143", "warning", "turn_restriction_incomplete", "dropped", data_.restrictions_incomplete, all, "from, via, to or the kind is missing");
        count_only("CT-OSM-144", "note", "turn_restriction_conditional", "dropped", data_.restrictions_conditional, all, "it holds at some times only");
        count_only("CT-OSM-145", "note", "turn_restriction_not_for_cars", "dropped", data_.restrictions_not_for_cars, all, "it excepts cars or is for other vehicles");
    }

    void report_signals() {
        IssueTally off("CT-OSM-151", "warning", "signal_off_the_network", "read", "on no road that cars use and near none: it holds nobody, and is listed under the nearest controller");
        IssueTally alone("CT-OSM-152", "note", "signal_between_junctions", "read", "a signal of its own where the road is cut, usually a crossing for pedestrians");
        for (const Index row : f_.signals.off_network) add_node(off, row);
        for (const auto& place : f_.signals.places) {
            if (place.signal_node == place.controlled_node && f_.in.located.use[place.signal_node] < 2) add_node(alone, place.signal_node);
        }
        off.finish(city_, data_.traffic_signal_nodes);
        count_only("CT-OSM-153", "note", "signal_beside_the_road", "read", f_.signals.beside_the_road, data_.traffic_signal_nodes,
                   "on a track or path; it belongs to the controller or junction nearby");
        alone.finish(city_, data_.traffic_signal_nodes);
    }

    void report_source() {
        if (data_.was_unsorted) count_only("CT-OSM-161", "note", "file_not_sorted", "repaired", 1, 1, "sorted in memory; osmium sort makes the next import faster");
        count_only("CT-OSM-162", "warning", "duplicate_nodes", "repaired", data_.duplicate_nodes, data_.nodes.size(), "the highest version was kept");
        count_only("CT-OSM-163", "warning", "duplicate_ways", "repaired", data_.duplicate_ways, data_.roads.size(), "the highest version was kept");
        count_only("CT-OSM-164", "warning", "duplicate_relations", "repaired", data_.duplicate_relations, data_.duplicate_relations, "the highest version was kept");
        count_only("CT-OSM-165", "note", "deleted_objects", "dropped", data_.deleted_objects, data_.deleted_objects, "the file holds deleted objects");
        count_only("CT-OSM-166", "warning", "nodes_without_place", "dropped", data_.nodes_without_place, data_.nodes.size(), "no coordinates, or coordinates outside the globe");
    }

    void report_links() {
        IssueTally shortened("CT-OSM-171", "note", "link_shorter_than_10_cm", "repaired", "lengthened to 0.1 m; merge the two nodes in OpenStreetMap");
        for (const Index link : f_.draft.shortened) {
            const Index node = f_.draft.road.link_from[link];
            shortened.add("link " + f_.draft.road.link_id[link], f_.draft.road.node_lon[node], f_.draft.road.node_lat[node]);
        }
        shortened.finish(city_, f_.draft.road.links());
        count_only("CT-OSM-172", "note", "nodes_outside_the_largest_component", "dropped", f_.nodes_cut_off, f_.counts.junction_nodes,
                   "left out because largest_component_only is set");
    }

    void report_overrides() {
        IssueTally ways("CT-OSM-181", "note", "way_overridden", "repaired", "by the overrides file"), nodes("CT-OSM-182", "note", "node_overridden", "repaired", "by the overrides file");
        for (Index way = 0; way < data_.roads.size() && !f_.overrides.ways.empty(); ++way) {
            if (f_.overrides.ways.contains(data_.roads.id[way])) add_way(ways, way, length_of(way));
        }
        nodes.add_count(f_.overrides.nodes.size());
        ways.finish(city_, ways_);
        nodes.finish(city_, data_.nodes.size());
    }

    const ImportFindings& f_;
    City& city_;
    const OsmData& data_;
    std::uint64_t ways_;
};

}  // namespace

void report_findings(const ImportFindings& findings, City& city) { Reporter(findings, city).report(); }

DefaultedShares defaulted_shares(const BuildInput& in) {
    double all = 0, lanes = 0, speed = 0;
    for (Index p = 0; p < in.pieces.size(); ++p) {
        if (!in.is_used(p)) continue;
        const std::uint32_t flags = in.plans[in.pieces.way[p]].flags;
        all += in.pieces.sphere_m[p];
        if (flags & road_flag::defaulted_lanes) lanes += in.pieces.sphere_m[p];
        if (flags & road_flag::defaulted_speed) speed += in.pieces.sphere_m[p];
    }
    return all > 0 ? DefaultedShares{lanes / all, speed / all} : DefaultedShares{};
}

}  // namespace citytwin::geodata::osm
