// Streams .rou.xml and additional files: one handler, since SUMO allows the same elements in both.
#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "geodata/sumo/raw_demand.hpp"
#include "geodata/sumo/read_program.hpp"
#include "geodata/sumo/sumo_words.hpp"

namespace citytwin::geodata {

namespace {

constexpr long long most_repeats = 1'000'000;

class DemandHandler : public XmlHandler {
public:
    DemandHandler(const LinkRows& links, RawDemand& demand, DiagnosticList& diagnostics)
        : links_(links), demand_(demand), diagnostics_(diagnostics), programs_(diagnostics) {}

    void begin(const XmlElement& element) override {
        if (skipped_depth_ > 0) {
            ++skipped_depth_;
            return;
        }
        try {
            if (!root_seen_) begin_root(element);
            else dispatch(element);
        } catch (const InputError& error) {
            for (const auto& diagnostic : error.diagnostics()) diagnostics_.add(diagnostic);
        }
    }

    void end(std::string_view name) override {
        if (skipped_depth_ > 0 && --skipped_depth_ > 0) return;
        if (name == "vehicle" || name == "trip" || name == "flow") end_vehicle();
        else if (name == "route" && route_ != nullptr && !vehicle_open_) route_ = nullptr;
        else if (name == "routeDistribution") distribution_ = nullptr;
        else if (name == "vTypeDistribution") demand_.types.end_distribution();
        else if (name == "tlLogic") end_program();
    }

private:
    void begin_root(const XmlElement& element) {
        root_seen_ = true;
        const std::string_view name = element.name();
        if (name != "routes" && name != "additional" && name != "add" && name != "additionals" && name != "vtypes" && name != "tlLogics" && name != "demand")
            fail("CT-SUMO-001", element.place(), "the root element is <" + std::string(name) + ">, expected <routes> or <additional>", "name a .rou.xml or an additional file");
    }

    void dispatch(const XmlElement& element) {
        const std::string_view name = element.name();
        if (name == "vehicle" || name == "trip" || name == "flow") begin_vehicle(element);
        else if (name == "route") begin_route(element);
        else if (name == "stop") stop(element);
        else if (name == "vType") demand_.types.begin_type(element);
        else if (name == "vTypeDistribution") demand_.types.begin_distribution(element);
        else if (name.starts_with("carFollowing-")) demand_.types.car_following(element);
        else if (name == "routeDistribution") begin_distribution(element);
        else if (name == "busStop" || name == "trainStop") bus_stop(element);
        else if (name == "tlLogic") programs_.begin(element);
        else if (name == "phase") programs_.phase(element);
        else if (name != "param" && name != "include" && name != "access") {
            ++demand_.ignored[std::string(name)];
            skipped_depth_ = 1;  // with everything inside it
        }
    }

    std::uint32_t type_name(std::string_view name) {
        const auto [at, is_new] = type_rows_.try_emplace(std::string(name), static_cast<std::uint32_t>(demand_.type_names.size()));
        if (is_new) {
            const auto known = std::find(demand_.type_names.begin(), demand_.type_names.end(), name);
            if (known != demand_.type_names.end()) at->second = static_cast<std::uint32_t>(known - demand_.type_names.begin());
            else demand_.type_names.emplace_back(name);
        }
        return at->second;
    }

    static double time(const XmlElement& element, std::string_view attribute, double otherwise) {
        const auto text = element.find(attribute);
        if (!text) return otherwise;
        const auto seconds = sumo_time(*text);
        if (!seconds)
            fail("CT-XML-007", element.place(), element.label() + ": " + std::string(attribute) + "=\"" + std::string(*text) + "\" is not a time", "write seconds or hours:minutes:seconds");
        return *seconds;
    }

    void begin_vehicle(const XmlElement& element) {
        vehicle_open_ = false;
        has_vehicle_ = false;
        RawVehicle raw;
        raw.vehicle.id = element.required("id");
        raw.vehicle.line = element.line();
        raw.file = static_cast<std::uint32_t>(demand_.files.size() - 1);
        raw.is_flow = element.name() == "flow";
        raw.type_name = type_name(element.text("type", "DEFAULT_VEHTYPE"));
        if (raw.is_flow) read_flow(element, raw.flow);
        else raw.vehicle.depart_s = depart(element);
        read_ends(element, raw.vehicle);
        raw.route_name = element.text("route");
        if (element.find("from") || element.find("to") || element.name() == "trip") read_trip(element, raw.vehicle);
        current_ = std::move(raw);
        has_vehicle_ = vehicle_open_ = true;
    }

    double depart(const XmlElement& element) {
        const std::string_view text = element.required("depart");
        if (text == "triggered" || text == "containerTriggered" || text == "split" || text == "now" || text == "begin")
            fail("CT-SUMO-039", element.place(), element.label() + ": depart=\"" + std::string(text) + "\" is not built", "write the time of departure in seconds");
        const double depart_s = time(element, "depart", 0);
        if (depart_s < 0) fail("CT-SUMO-031", element.place(), element.label() + ": departs at " + std::string(text) + " s", "0 or later");
        if (depart_s < last_depart_s_) ++demand_.unsorted;
        last_depart_s_ = depart_s;
        return depart_s;
    }

    static void read_ends(const XmlElement& element, SumoVehicle& vehicle) {
        vehicle.depart_lane = element.text("departLane", "first");
        vehicle.depart_pos = element.text("departPos", "base");
        vehicle.depart_speed = element.text("departSpeed", "0");
        if (const auto number = parse_number(vehicle.depart_pos)) vehicle.depart_pos_m = *number;
        const std::string_view arrival = element.text("arrivalPos", "max");
        if (const auto number = parse_number(arrival)) vehicle.arrival_pos_m = *number;
        else if (arrival != "max" && arrival != "random")
            fail("CT-XML-007", element.place(), element.label() + ": arrivalPos=\"" + std::string(arrival) + "\"", "a number, max or random");
    }

    void read_trip(const XmlElement& element, SumoVehicle& vehicle) const {
        for (const char* other : {"fromTaz", "toTaz", "fromJunction", "toJunction", "fromXY", "toXY", "fromLonLat", "toLonLat"})
            if (element.find(other) && !element.find("from"))
                fail("CT-SUMO-039", element.place(), element.label() + ": " + other + " is not built", "name edges with from and to (duarouter makes them)");
        vehicle.needs_routing = true;
        const std::string who = "vehicle '" + vehicle.id + "'";
        vehicle.route.push_back(links_.required(element.required("from"), element.place(), who));
        for (std::string_view via : sumo_words(element.text("via"))) vehicle.route.push_back(links_.required(via, element.place(), who));
        vehicle.route.push_back(links_.required(element.required("to"), element.place(), who));
    }

    static void read_flow(const XmlElement& element, RawFlow& flow) {
        flow.begin_s = time(element, "begin", 0);
        flow.end_s = time(element, "end", flow.end_s);
        flow.number = element.integer("number", -1, 0, 100'000'000);
        const bool per_hour = element.find("vehsPerHour") || element.find("perHour");
        const std::string_view period = element.text("period");
        if (period.starts_with("exp(") && period.ends_with(')')) {
            const auto rate = parse_number(period.substr(4, period.size() - 5));
            if (!rate || *rate <= 0) fail("CT-SUMO-034", element.place(), element.label() + ": period=\"" + std::string(period) + "\"", "exp(rate) with a rate above 0 per second");
            flow.rate_per_s = *rate;
        } else if (!period.empty()) {
            flow.period_s = time(element, "period", 0);
            if (flow.period_s <= 0) fail("CT-SUMO-034", element.place(), element.label() + ": a period of " + std::string(period) + " s", "a period above 0 s");
        } else if (per_hour) {
            const char* name = element.find("vehsPerHour") ? "vehsPerHour" : "perHour";
            const double rate = element.required_number(name);
            if (rate < 0) fail("CT-SUMO-034", element.place(), element.label() + ": " + name + " is below 0", "0 or more");
            if (rate == 0) flow.number = 0;
            else flow.period_s = 3600 / rate;
        } else if (element.find("probability")) {
            flow.probability = element.required_number("probability");
            if (flow.probability < 0 || flow.probability > 1) fail("CT-SUMO-034", element.place(), element.label() + ": a probability outside 0 to 1", "the chance of a departure in each second");
        } else if (flow.number < 0) {
            fail("CT-SUMO-034", element.place(), element.label() + " says neither number, period, vehsPerHour nor probability", "add one of them");
        } else if (flow.end_s == std::numeric_limits<double>::infinity()) {
            fail("CT-SUMO-034", element.place(), element.label() + " has a number but neither end nor period", "add end");
        }
        if (flow.end_s < flow.begin_s) fail("CT-SUMO-034", element.place(), element.label() + " ends before it begins", "set begin and end");
        if (flow.number < 0 && flow.end_s == std::numeric_limits<double>::infinity()) flow.end_s = -1;  // to the end of the run
    }

    void begin_route(const XmlElement& element) {
        if (vehicle_open_ && has_vehicle_) {
            inline_route(element);
            return;
        }
        route_ = nullptr;
        if (distribution_ != nullptr && element.find("refId")) {
            distribution_->add(std::string(element.required("refId")), element.number("probability", 1));
            return;
        }
        std::string id(element.text("id"));
        if (id.empty() && distribution_ != nullptr) id = distribution_id_ + "#" + std::to_string(distribution_->names.size());
        if (id.empty()) (void)element.required("id");
        RawRoute route{links_of(element, "route '" + id + "'"), {}, element.number("probability", 1)};
        if (distribution_ != nullptr) distribution_->add(id, route.probability);
        const auto [at, is_new] = demand_.routes.try_emplace(id, std::move(route));
        if (!is_new) fail("CT-SUMO-005", element.place(), "the route '" + id + "' is there twice", "give each route its own id");
        route_ = &at->second;
    }

    /// A route written inside its vehicle, or choices written there.
    void inline_route(const XmlElement& element) {
        const std::string who = "vehicle '" + current_.vehicle.id + "'";
        if (distribution_ == nullptr) {
            current_.vehicle.route = links_of(element, who);
            current_.route_name.clear();
            return;
        }
        const std::string id = element.find("refId") ? std::string(element.required("refId")) : distribution_id_ + "#" + std::to_string(distribution_->names.size());
        const double weight = element.number("probability", 1);
        if (!element.find("refId")) demand_.routes.try_emplace(id, RawRoute{links_of(element, who), {}, weight});
        distribution_->add(id, weight);
    }

    [[nodiscard]] std::vector<Index> links_of(const XmlElement& element, const std::string& who) const {
        std::vector<Index> links;
        for (std::string_view id : sumo_words(element.required("edges"))) links.push_back(links_.required(id, element.place(), who));
        const auto repeat = element.integer("repeat", 1, 0, most_repeats);
        const std::size_t once = links.size();
        if (once * static_cast<std::size_t>(std::max(repeat, 1LL)) > 10'000'000) fail("CT-SUMO-031", element.place(), element.label() + ": the repeated route is longer than 10 million edges", "repeat it less often");
        for (long long r = 1; r < repeat; ++r)
            for (std::size_t i = 0; i < once; ++i) links.push_back(links[i]);
        return links;
    }

    void begin_distribution(const XmlElement& element) {
        distribution_ = nullptr;
        distribution_id_ = vehicle_open_ ? "!" + current_.vehicle.id : std::string(element.required("id"));
        const auto [at, is_new] = demand_.route_distributions.try_emplace(distribution_id_);
        if (!is_new) fail("CT-SUMO-005", element.place(), "the routeDistribution '" + distribution_id_ + "' is there twice", "give each its own id");
        distribution_ = &at->second;
        distribution_->place = element.place();
        if (vehicle_open_) current_.route_name = distribution_id_;
        read_choice_lists(element, "routes", *distribution_);
    }

    void stop(const XmlElement& element) {
        SumoStop stop;
        if (const auto name = element.find("busStop"); name || element.find("trainStop")) {
            stop.bus_stop = name ? *name : element.text("trainStop");
        } else if (element.find("lane")) {
            place_on_lane(element, element.required("lane"), stop.link, stop.lane);
        } else if (element.find("edge")) {
            stop.link = links_.required(element.required("edge"), element.place(), "a stop");
        } else {
            ++demand_.ignored["stop at a place other than busStop, lane, edge"];
            return;
        }
        stop.duration_s = time(element, "duration", 0);
        stop.until_s = time(element, "until", -1);
        if (stop.duration_s < 0) fail("CT-SUMO-031", element.place(), "a stop of " + std::to_string(stop.duration_s) + " s", "0 s or more");
        stop.parking = element.text("parking") == "opportunistic" || (element.find("parking") && element.flag("parking", false));
        if (stop.link != no_index) {
            const double length = links_.network.link_length_m[stop.link];
            stop.end_m = from_start(element.number("endPos", length), length);
            stop.start_m = from_start(element.number("startPos", std::max(0.0, stop.end_m - 0.2)), length);
        }
        if (vehicle_open_ && has_vehicle_) current_.vehicle.stops.push_back(std::move(stop));
        else if (route_ != nullptr) route_->stops.push_back(std::move(stop));
    }

    static double from_start(double position, double length) { return position < 0 ? position + length : position; }

    void place_on_lane(const XmlElement& element, std::string_view lane_id, Index& link, std::int32_t& lane) const {
        const auto bar = lane_id.rfind('_');
        const auto index = bar == std::string_view::npos ? std::nullopt : parse_integer(lane_id.substr(bar + 1));
        if (!index) fail("CT-SUMO-033", element.place(), element.label() + ": there is no lane '" + std::string(lane_id) + "'", "a lane is an edge id, _ and a number");
        link = links_.required(lane_id.substr(0, bar), element.place(), element.label());
        if (*index < 0 || *index >= links_.network.link_lanes[link])
            fail("CT-SUMO-033", element.place(), element.label() + ": the edge has no lane " + std::to_string(*index), "it has " + std::to_string(links_.network.link_lanes[link]) + " lanes, counted from 0");
        lane = static_cast<std::int32_t>(*index);
    }

    void bus_stop(const XmlElement& element) {
        BusStop stop;
        const std::string id(element.required("id"));
        place_on_lane(element, element.required("lane"), stop.link, stop.lane);
        const double length = links_.network.link_length_m[stop.link];
        stop.start_m = from_start(element.number("startPos", 0), length);
        stop.end_m = from_start(element.number("endPos", length), length);
        if (!demand_.bus_stops.try_emplace(id, stop).second) fail("CT-SUMO-005", element.place(), "the stop '" + id + "' is there twice", "give each stop its own id");
    }

    void end_vehicle() {
        if (has_vehicle_) demand_.vehicles.push_back(std::move(current_));
        current_ = RawVehicle{};
        has_vehicle_ = vehicle_open_ = false;
    }

    void end_program() {
        auto read = programs_.take();
        if (!read) return;
        const auto& signals = links_.network.signals;
        const SourcePlace place{demand_.files.back(), read->line};
        std::vector<std::string> known;
        Index row = no_index;
        for (Index s = 0; s < signals.size(); ++s) {
            if (signals[s].id == read->signal) row = s;
            known.push_back(signals[s].id);
        }
        if (row == no_index) {
            diagnostics_.error("CT-SUMO-006", place, "tlLogic '" + read->signal + "': the network has no such signal", suggestion(read->signal, known));
            return;
        }
        std::size_t width = 0;
        for (Index c = 0; c < links_.network.connections(); ++c)
            if (links_.network.connection_signal[c] == row) width = std::max(width, static_cast<std::size_t>(links_.network.connection_signal_link[c]) + 1);
        check_program_width(read->signal, read->program, width, place, diagnostics_);
        demand_.programs.insert_or_assign(read->signal, std::move(read->program));  // the last one read runs
    }

    const LinkRows& links_;
    RawDemand& demand_;
    DiagnosticList& diagnostics_;
    ProgramReader programs_;
    RawVehicle current_;
    RawRoute* route_ = nullptr;
    WeightedChoice* distribution_ = nullptr;
    std::string distribution_id_;
    TextMap<std::uint32_t> type_rows_;
    double last_depart_s_ = 0;
    std::size_t skipped_depth_ = 0;
    bool root_seen_ = false, vehicle_open_ = false, has_vehicle_ = false;
};

}  // namespace

LinkRows::LinkRows(const RoadNetwork& network_in) : network(network_in) {
    row_of.reserve(network.links());
    for (Index link = 0; link < network.links(); ++link) row_of.emplace(network.link_id[link], link);
}

Index LinkRows::required(std::string_view id, const SourcePlace& place, const std::string& who) const {
    const auto found = row_of.find(id);
    if (found == row_of.end()) fail("CT-SUMO-033", place, who + ": there is no edge '" + std::string(id) + "' in the network", suggestion(id, network.link_id));
    return found->second;
}

void read_demand_file(const std::string& path, const LinkRows& links, RawDemand& demand, DiagnosticList& diagnostics) {
    demand.files.push_back(path);
    DemandHandler handler(links, demand, diagnostics);
    parse_xml_file(path, handler);
}

SumoDemand parse_sumo_demand(std::string_view text, const std::string& name, const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed,
                             DiagnosticList& diagnostics) {
    const LinkRows links(network);
    RawDemand raw;
    raw.files.push_back(name);
    DemandHandler handler(links, raw, diagnostics);
    parse_xml_text(text, name, handler);
    diagnostics.throw_if_errors();
    return expand_demand(std::move(raw), configuration, network, seed, diagnostics);
}

SumoDemand read_sumo_demand(const SumoConfiguration& configuration, const RoadNetwork& network, std::uint64_t seed, DiagnosticList& diagnostics) {
    const LinkRows links(network);
    RawDemand raw;
    for (const auto& file : configuration.additional_files) read_demand_file(file, links, raw, diagnostics);
    for (const auto& file : configuration.route_files) read_demand_file(file, links, raw, diagnostics);
    diagnostics.throw_if_errors();
    return expand_demand(std::move(raw), configuration, network, seed, diagnostics);
}

}  // namespace citytwin::geodata
