#include "modules/water/city/build_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"
#include "geodata/layout/breach_list.hpp"
#include "geodata/layout/water_layout.hpp"
#include "modules/water/city/street_network.hpp"
#include "modules/water/read/inp_network.hpp"

namespace citytwin::water {
namespace {

constexpr double gravity = 9.81, water_density = 1000;

class Build {
public:
    explicit Build(CityBuilder& builder) : b_(builder) {}

    void run() {
        const std::string file = b_.parameters.path("file"), kind = b_.parameters.text("network", file.empty() ? "streets" : "file");
        from_file_ = kind == "file";
        if (from_file_ && file.empty()) b_.parameters.refuse("network", "CT-WATER-050", "network = \"file\" needs a file", "file = \"net.inp\"");
        const EntitySet* buildings = b_.city.find("building");
        if (!from_file_ && (buildings == nullptr || buildings->size() == 0)) {
            none("the city has no buildings to lay a water network for");
            return;
        }
        const std::string text = from_file_ ? read_file_text(file) : lay();
        if (text.empty()) return;
        store(text);
        if (buildings != nullptr) map_buildings(*b_.city.find("building"));
    }

private:
    void none(const std::string& why) {
        b_.diagnostics.warning("CT-WATER-051", b_.parameters.place("network"), why + "; there is no water network in this run", "give the city buildings with residents, or name file = \"net.inp\"");
    }
    std::string read_file_text(const std::string& file) {
        const InpDocument document = InpDocument::read(file, b_.diagnostics);
        network_ = read_network(document, b_.diagnostics);
        placed_.resize(network_.nodes());
        std::size_t without = 0;
        for (Index n = 0; n < network_.nodes(); ++n) {
            placed_[n] = std::isfinite(network_.x[n]) && std::isfinite(network_.y[n]);
            if (!placed_[n]) network_.x[n] = network_.y[n] = 0, ++without;
        }
        if (without > 0) b_.diagnostics.warning("CT-WATER-055", {file}, fmt::format("{} of {} nodes have no coordinates; they are drawn at the origin and supply no building", without, network_.nodes()));
        if (!network_.leaks.empty()) b_.diagnostics.warning("CT-WATER-056", {file}, fmt::format("leakage_factor acts on [EMITTERS]; the {} leaks of [LEAKAGE] keep their size", network_.leaks.size()));
        return document.text();
    }

    std::string lay() {
        StreetNetworkOptions options;
        options.leakage_share = std::clamp(b_.parameters.quantity("leakage_share", "1", "0.1"), 0.0, 0.95);
        options.tank_hours = std::max(0.1, b_.parameters.quantity("tank_hours", "h", "6 h"));
        options.pressure_required_m = std::max(0.1, b_.parameters.quantity("pressure_required", "m", "15 m"));
        const geodata::WaterLayoutOptions laid;
        geodata::DemandAssumptions assumptions;
        assumptions.water_l_per_resident_day = b_.parameters.quantity("resident_demand", "1", "130");
        assumptions.water_l_per_job_day = b_.parameters.quantity("job_demand", "1", "30");
        const geodata::UtilityInput input = geodata::utility_input(b_.city, assumptions);
        const auto& draws = input.consumers.water_mean_m3_per_s;
        if (std::all_of(draws.begin(), draws.end(), [](double draw) { return draw <= 0; })) {
            none("no building of the city has residents or jobs, so that nobody needs water");
            return {};
        }
        const geodata::WaterLayout layout = geodata::lay_water(input, laid, b_.arena);
        if (!layout.breaches.empty()) {
            const std::string worst = geodata::list_breaches(b_.city, "water", layout.breaches, [&](const geodata::LayoutBreach& breach) { return id_of_breach(layout, breach); });
            b_.diagnostics.warning("CT-WATER-052", {}, fmt::format("the water network laid along the streets misses {} of its planning limits: {}; layout_breaches.csv of the run lists each", layout.breaches.size(), worst),
                                   "bring the utility's own network: file = \"net.inp\"");
        }
        const std::string text = street_network_inp(layout, laid, options);
        DiagnosticList own;
        network_ = read_network(InpDocument::from_text(text, "water network along streets", own), own);
        own.throw_if_errors();
        // Junctions keep their order in the text, so that the first consumers' nodes are found again by counting them.
        std::vector<Index> row(layout.nodes(), no_index);
        Index junction = 0;
        for (Index n = 0; n < layout.nodes(); ++n)
            if (layout.node_kind[n] == geodata::WaterNodeKind::junction) row[n] = junction++;
        for (const Index node : layout.connection_node) node_of_building_.push_back(node == no_index ? no_index : static_cast<std::uint32_t>(row[node]));
        return text;
    }

    void store(const std::string& text) {
        EntitySet& whole = b_.city.add_set("water_network", 1);
        whole.add("inp", "", std::vector<std::string>{text}, {}, "The network as an EPANET file");
        store_nodes();
        store_links();
        store_tanks();
    }

    void store_nodes() {
        const Network& n = network_;
        EntitySet& set = b_.city.add_set("water_node", n.nodes());
        set.ids = n.node_id;
        std::vector<std::string> kind(n.nodes(), "junction");
        std::vector<double> demand(n.nodes(), 0);
        for (const Tank& tank : n.tanks) kind[tank.node] = tank.is_reservoir() ? "reservoir" : "tank";
        for (Index j = 0; j < n.junctions; ++j)
            for (Index c = n.first_demand[j]; c < n.first_demand[j + 1]; ++c) demand[j] += n.demand_m3ps[c];
        set.add("x", "m", n.x, {}, "Local frame");
        set.add("y", "m", n.y, {}, "Local frame");
        set.add("elevation", "m", n.elevation_m, {}, "Of a reservoir: its water level; of a tank: its bottom");
        set.add("kind", "", std::move(kind), {}, "junction, reservoir, tank");
        set.add("base_demand", "m3/s", std::move(demand), {}, "Mean demand of the file or of the layout");
        set.add("leakage_factor", "1", std::vector<double>(n.nodes(), 1.0), {}, "Factor on the emitters at the node");
        set.add("synthetic", "1", std::vector<std::uint8_t>(n.nodes(), from_file_ ? 0 : 1), {}, "1 = laid out, not from a file");
    }

    void store_links() {
        const Network& n = network_;
        EntitySet& set = b_.city.add_set("water_link", n.links());
        set.ids = n.link_id;
        std::vector<std::string> kind(n.links());
        std::vector<double> x(n.links()), y(n.links()), rated(n.links(), 0.0), setting(n.links(), 0.0);
        for (Index k = 0; k < n.links(); ++k) {
            kind[k] = n.link_kind[k] <= LinkKind::pipe ? "pipe" : n.link_kind[k] == LinkKind::pump ? "pump" : "valve";
            x[k] = (n.x[n.link_from[k]] + n.x[n.link_to[k]]) / 2;
            y[k] = (n.y[n.link_from[k]] + n.y[n.link_to[k]]) / 2;
            if (n.link_kind[k] == LinkKind::pump) rated[k] = rated_power_W(n.pump_of(k));
            if (n.link_kind[k] >= LinkKind::pump && n.initial_setting[k] != no_setting) setting[k] = n.initial_setting[k];
        }
        set.add("x", "m", std::move(x), {}, "Local frame, middle of the ends");
        set.add("y", "m", std::move(y), {}, "Local frame, middle of the ends");
        set.add("kind", "", std::move(kind), {}, "pipe, pump, valve");
        set.add("from", "1", std::vector<std::uint32_t>(n.link_from.begin(), n.link_from.end()), "water_node", "First node");
        set.add("to", "1", std::vector<std::uint32_t>(n.link_to.begin(), n.link_to.end()), "water_node", "Second node");
        set.add("length", "m", n.length_m, {}, "Of pipes");
        set.add("diameter", "m", n.diameter_m, {}, "Of pipes and valves");
        set.add("rated_power", "W", std::move(rated), {}, "Of pumps: electric power at the design point");
        set.add("setting", "1", std::move(setting), {}, "Of pumps: relative speed; of valves: pressure held (m), flow (m3/s) or loss coefficient");
        set.add("closed", "1", std::vector<std::uint8_t>(n.links(), 0), {}, "1 = shut, whatever controls say: a break, works, a pump switched off");
        set.add("synthetic", "1", std::vector<std::uint8_t>(n.links(), from_file_ ? 0 : 1), {}, "1 = laid out, not from a file");
    }

    [[nodiscard]] double rated_power_W(const Pump& pump) const {
        const double efficiency = network_.options.pump_efficiency_percent / 100, flow = pump.flow_initial_m3ps;
        double head = 0;
        if (pump.kind == PumpKind::power_function) head = pump.shutoff_head_m - pump.coefficient * std::pow(flow, pump.exponent);
        else if (pump.kind == PumpKind::constant_power) head = pump.coefficient / flow;
        else head = network_.curves[pump.head_curve].value(flow);
        return gravity * water_density * flow * std::max(0.0, head) / efficiency;
    }

    void store_tanks() {
        std::vector<std::string> ids;
        std::vector<double> x, y, depth, start, volume;
        std::vector<std::uint32_t> node;
        for (const Tank& tank : network_.tanks) {
            if (tank.is_reservoir()) continue;
            ids.push_back(network_.node_id[tank.node]), node.push_back(tank.node), x.push_back(network_.x[tank.node]), y.push_back(network_.y[tank.node]);
            depth.push_back(tank.head_max_m - network_.elevation_m[tank.node]), start.push_back(tank.head_initial_m - network_.elevation_m[tank.node]), volume.push_back(tank.volume_max_m3);
        }
        EntitySet& set = b_.city.add_set("water_tank", ids.size());
        const std::size_t count = ids.size();
        set.ids = std::move(ids);
        set.add("x", "m", std::move(x), {}, "Local frame");
        set.add("y", "m", std::move(y), {}, "Local frame");
        set.add("water_node", "1", std::move(node), "water_node", "Its node");
        set.add("depth", "m", std::move(depth), {}, "Highest level");
        set.add("start_level", "m", std::move(start), {}, "Level at the start");
        set.add("volume", "m3", std::move(volume), {}, "At the highest level");
        set.add("synthetic", "1", std::vector<std::uint8_t>(count, from_file_ ? 0 : 1), {}, "1 = laid out, not from a file");
    }

    /// Along streets each building has its node from the layout; a file's junctions are found by their coordinates.
    void map_buildings(EntitySet& buildings) {
        if (from_file_) find_junctions(buildings);
        if (node_of_building_.size() == buildings.size()) buildings.add("water_node", "1", std::move(node_of_building_), "water_node", "Node that supplies it");
    }

    void find_junctions(const EntitySet& buildings) {
        const double reach_m = b_.parameters.quantity("reach", "m", "500 m");
        std::vector<double> x, y;
        std::vector<std::uint32_t> junction;
        for (Index j = 0; j < network_.junctions; ++j)
            if (placed_[j]) x.push_back(network_.x[j]), y.push_back(network_.y[j]), junction.push_back(j);
        node_of_building_.assign(buildings.size(), no_index);
        std::size_t found = 0;
        if (!junction.empty()) {
            const SpatialIndex near(x, y);
            const auto bx = numbers_of(buildings, "x"), by = numbers_of(buildings, "y");
            for (Index k = 0; k < buildings.size(); ++k)
                if (const auto hit = near.nearest(bx[k], by[k], reach_m)) node_of_building_[k] = junction[hit->item], ++found;
        }
        if (found == 0)
            b_.diagnostics.warning("CT-WATER-053", b_.parameters.place("file"), fmt::format("no building lies within {:g} m of a junction of the file: demand comes from the file's patterns only", reach_m),
                                   junction.empty() ? "the file has no [COORDINATES]" : "its coordinates must be metres in the city's frame");
        else if (found < buildings.size())
            b_.diagnostics.warning("CT-WATER-054", b_.parameters.place("file"), fmt::format("{} of {} buildings lie farther than {:g} m from every junction of the file; they draw nothing", buildings.size() - found, buildings.size(), reach_m));
    }

    CityBuilder& b_;
    bool from_file_ = false;
    Network network_;
    std::vector<std::uint8_t> placed_;   ///< nodes of a file that have coordinates
    std::vector<std::uint32_t> node_of_building_;
};

}  // namespace

void build_network(CityBuilder& builder) { Build(builder).run(); }

const std::string& inp_text_of(const City& city) { return city.at("water_network").get<std::string>("inp").front(); }

std::shared_ptr<const Network> network_of(const City& city) {
    if (city.find("water_network") == nullptr) return nullptr;
    DiagnosticList known;   // what there is to say was said when the city was built
    auto network = std::make_shared<Network>(read_network(InpDocument::from_text(inp_text_of(city), "water network of the city", known), known));
    return network;
}

}  // namespace citytwin::water
