#include "geodata/osm/import.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/routing/csr_graph.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/import_report/issue_tally.hpp"
#include "geodata/osm/import_issues.hpp"
#include "geodata/road/junctions.hpp"

namespace citytwin::geodata {
namespace {

using namespace osm;

/// Middle of the roads' bounding box in degrees.
std::pair<double, double> centre_of(const LocatedWays& located, const NodeTable& nodes) {
    std::int32_t west = INT32_MAX, south = INT32_MAX, east = INT32_MIN, north = INT32_MIN;
    for (const Index row : located.nodes) {
        west = std::min(west, nodes.x[row]), east = std::max(east, nodes.x[row]);
        south = std::min(south, nodes.y[row]), north = std::max(north, nodes.y[row]);
    }
    return {(west / 1e7 + east / 1e7) / 2, (south / 1e7 + north / 1e7) / 2};
}

/// Strong components of what cars use: arcs over the junctions of the pieces.
routing::StrongComponents usable_components(const Pieces& pieces, const std::vector<WayPlan>& plans) {
    std::vector<Index> tails, heads;
    const auto add = [&](Index from, Index to) { tails.push_back(from), heads.push_back(to); };
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        const WayPlan& plan = plans[pieces.way[p]];
        if (!plan.is_usable || plan.is_deleted) continue;
        if (plan.direction >= 0) add(pieces.from[p], pieces.to[p]);
        if (plan.direction <= 0) add(pieces.to[p], pieces.from[p]);
    }
    return routing::strong_components(routing::CsrGraph(pieces.junctions(), tails, heads));
}

/// By piece, 1 outside the largest component; counts the junctions that are left out.
std::vector<std::uint8_t> pieces_outside(const Pieces& pieces, const std::vector<WayPlan>& plans, std::uint64_t& nodes_cut_off) {
    const auto components = usable_components(pieces, plans);
    const Index largest = components.largest();
    std::vector<std::uint8_t> dropped(pieces.size(), 0);
    std::vector<std::uint8_t> is_cut_off(pieces.junctions(), 0);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        for (const Index junction : {pieces.from[p], pieces.to[p]}) {
            if (components.component_of[junction] == largest) continue;
            dropped[p] = 1;
            is_cut_off[junction] = 1;
        }
    }
    for (const auto cut_off : is_cut_off) nodes_cut_off += cut_off;
    return dropped;
}

std::string simulation_json(const RoadNetwork& road, const DefaultedShares& defaulted) {
    nlohmann::ordered_json json;
    double link_m = 0, lane_m = 0;
    for (std::size_t link = 0; link < road.links(); ++link) {
        link_m += road.link_length_m[link];
        lane_m += road.link_length_m[link] * road.link_lanes[link];
    }
    json["nodes"] = road.nodes();
    json["links"] = road.links();
    json["lanes"] = road.lanes();
    json["connections"] = road.connections();
    json["signals"] = road.signals.size();
    json["link_km"] = link_m / 1000;
    json["lane_km"] = lane_m / 1000;
    json["lanes_defaulted_share"] = defaulted.lanes;
    json["speed_defaulted_share"] = defaulted.speed;
    return json.dump();
}

/// The texts of turn:lanes that links use, numbered anew.
std::vector<std::string> gather_turn_texts(std::vector<std::uint32_t>& link_turns, const TextPool& texts) {
    std::vector<std::uint32_t> number(texts.size(), no_index);
    std::vector<std::string> gathered;
    for (auto& text : link_turns) {
        if (text == no_index) continue;
        if (number[text] == no_index) {
            number[text] = static_cast<std::uint32_t>(gathered.size());
            gathered.push_back(texts[text]);
        }
        text = number[text];
    }
    return gathered;
}

void add_junction_issues(const JunctionReport& report, const RoadNetwork& road, City& city) {
    IssueTally turns("CT-OSM-124", "warning", "turn_lanes_do_not_fit_the_junction", "dropped",
                     "no road leads where an arrow points, or the turn comes after the next node; the usual lane rules were taken");
    for (const Index link : report.unusable_turn_links) {
        const Index node = road.link_to[link];
        turns.add("link " + road.link_id[link], road.node_lon[node], road.node_lat[node]);
    }
    turns.finish(city, report.turn_texts_used + report.turn_texts_unusable);
    IssueTally ignored("CT-OSM-146", "warning", "turn_restriction_ignored", "dropped", "it would leave a road without any way on, or contradicts another one");
    ignored.add_count(report.ignored_restrictions);
    ignored.finish(city, report.restricted_turns + report.ignored_restrictions);
}

/// The signals on the street, each with its controller.
void add_signal_heads(const std::vector<SignalHead>& heads, City& city) {
    const auto& signal_of_node = city.at("road_node").get<std::uint32_t>("signal");
    std::vector<double> x, y;
    std::vector<std::uint32_t> signal;
    EntitySet& set = city.add_set("signal_head", heads.size());
    for (const auto& head : heads) {
        set.ids.push_back(std::to_string(head.id));
        x.push_back(head.x);
        y.push_back(head.y);
        signal.push_back(signal_of_node[head.node]);
    }
    set.add("x", "m", std::move(x), {}, "Local frame");
    set.add("y", "m", std::move(y), {}, "Local frame");
    set.add("signal", "1", std::move(signal), "signal", "The controller it belongs to");
}

/// The steps of one import; each leaves what the next needs and gives back what nobody needs any more.
class Import {
public:
    Import(const std::string& path, const OsmImportOptions& options, Arena& arena, DiagnosticList& diagnostics)
        : path_(path), options_(options), arena_(arena), diagnostics_(diagnostics), defaults_(road_defaults(options.defaults)),
          overrides_(read_overrides(options.overrides)), data_(read_osm_file(path, arena.threads())) {}

    City run() {
        check_overrides(overrides_, data_, diagnostics_);
        diagnostics_.throw_if_errors();
        count();
        plan();
        City city;
        city.name = std::filesystem::path(path_).filename().string();
        set_info_section(city, "network", counts_json(counts_));
        build(city);
        refresh_import_info(city);
        return city;
    }

private:
    void count() {
        located_ = locate_ways(data_.roads, data_.nodes, arena_);
        pieces_ = cut_ways(located_, data_.nodes, {}, arena_);
        counts_ = count_streets(data_, located_, pieces_);
        counts_.closed_building_way_area_m2 = closed_building_area_m2(data_, arena_);
        data_.buildings = WayTable();
        if (pieces_.size() == 0) {
            fail("CT-OSM-005", {path_}, "the file holds no drivable way with its nodes",
                 "an extract of roads needs highway ways and the nodes they refer to; osmium extract --strategy complete_ways keeps them");
        }
    }

    /// Lanes and speeds; signals; and the pieces of the simulation, which are also cut at signals between junctions.
    void plan() {
        plans_ = plan_ways(data_, defaults_, overrides_, arena_);
        signals_ = place_signals(data_, located_, pieces_, plans_, overrides_, defaults_.signal_join_m);
        if (!signals_.also_cut.empty()) pieces_ = cut_ways(located_, data_.nodes, signals_.also_cut, arena_);
        if (options_.largest_component_only) dropped_ = pieces_outside(pieces_, plans_, nodes_cut_off_);
    }

    void build(City& city) {
        const BuildInput in{data_, located_, pieces_, plans_, defaults_, dropped_};
        const auto [lon, lat] = centre_of(located_, data_.nodes);
        const SourcePlace place{path_};
        NetworkDraft draft = build_network(in, city_crs(options_.crs, lon, lat, place), place, arena_);
        const TurnRules rules = match_restrictions(in, draft);
        report_findings({in, draft, rules, signals_, counts_, overrides_, nodes_cut_off_}, city);
        const DefaultedShares shares = defaulted_shares(in);
        const std::vector<SignalGroup> groups = group_controllers(in, draft, signals_);
        const std::vector<SignalHead> heads = signal_heads(in, draft, signals_);
        pieces_ = Pieces();
        located_ = LocatedWays();
        data_.nodes = NodeTable();
        connect(draft, rules, groups, city);
        city.crs = draft.road.crs;
        city.origin_x = draft.road.origin_x;
        city.origin_y = draft.road.origin_y;
        set_info_section(city, "simulation", simulation_json(draft.road, shares));
        store_road_network(city, std::move(draft.road));
        add_signal_heads(heads, city);
        EntitySet& links = *city.find("road_link");
        links.add("sphere_length", "m", std::move(draft.link_sphere_m), {}, "Length on the sphere of the import's counts");
    }

    void connect(NetworkDraft& draft, const TurnRules& rules, const std::vector<SignalGroup>& groups, City& city) {
        for (const auto& group : groups) {
            for (const Index node : group.nodes) draft.road.node_control[node] = NodeControl::traffic_light;
        }
        const std::vector<std::string> turn_texts = gather_turn_texts(draft.link_turns, data_.texts);
        const JunctionInput input{draft.link_turns, turn_texts, rules.restrictions, groups, SignalDefaults()};
        add_junction_issues(build_junctions(draft.road, input, arena_), draft.road, city);
    }

    const std::string& path_;
    const OsmImportOptions& options_;
    Arena& arena_;
    DiagnosticList& diagnostics_;
    RoadDefaults defaults_;
    Overrides overrides_;
    OsmData data_;
    LocatedWays located_;
    Pieces pieces_;
    Counts counts_;
    std::vector<WayPlan> plans_;
    SignalPlaces signals_;
    std::vector<std::uint8_t> dropped_;
    std::uint64_t nodes_cut_off_ = 0;
};

}  // namespace

City import_osm(const std::string& path, const OsmImportOptions& options, Arena& arena, DiagnosticList& diagnostics) {
    return Import(path, options, arena, diagnostics).run();
}

}  // namespace citytwin::geodata
