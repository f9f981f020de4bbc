// Traffic as a module: trips come in as requests, are driven by the queue model, and go out as events; links get their flow, density,
// speed, travel time and queue. What it reads, writes and lets a user choose is declared here; the model is in model/.
#include <memory>
#include <unordered_map>

#include "core/module/citytwin/module.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/traffic/link_fields.hpp"
#include "modules/traffic/other_modes.hpp"
#include "modules/traffic/queue_columns.hpp"
#include "modules/traffic/scaled_demand.hpp"
#include "modules/traffic/traffic_figures.hpp"
#include "modules/traffic/vehicle_trips.hpp"

namespace citytwin::traffic {

class Traffic final : public Module {
public:
    explicit Traffic(Setup& setup)
        : city_(setup.city()), arena_(setup.arena()), requests_(setup.receives(trip_request_schema())), events_(setup.sends(trip_event_schema())),
          traversals_(setup.sends(link_traversal_schema())),
          fields_(setup), scaled_(setup), closed_(setup.attribute("road_link", "closed", "1", 0.0)), lanes_(setup.attribute("road_link", "lanes", "1")),
          speed_limit_(setup.attribute("road_link", "speed_limit", "m/s")), program_(setup.attribute("signal", "program", "1", 0.0)),
          offset_(setup.attribute("signal", "offset", "s", 0.0)),
          powered_(setup.reads_previous("power_connection", "powered", "1").through("signal.power_connection").last().otherwise(1.0)),
          vehicles_(setup.owns_dynamic_set("vehicle")), vehicle_link_(vehicles_.add_reference("link", "road_link")),
          vehicle_position_(vehicles_.add_number("position", "m")), vehicle_speed_(vehicles_.add_number("speed", "m/s")),
          vehicle_class_(vehicles_.add_reference("class", "travel_mode")), ledger_(setup.ledger("vehicles", "1")), figures_(setup),
          teleported_(setup.warning("CT-TRAFFIC-010", "vehicles that stood too long were moved on (teleported)")),
          removed_(setup.warning("CT-TRAFFIC-011", "trips without a way were removed")),
          late_(setup.warning("CT-TRAFFIC-012", "trips were asked for after their departure and left at once")), speed_factors_(setup.random("speed factor")),
          replanning_(setup.random("replanning")) {
        setup.period("1 s");
        setup.wakes_on("road_link");
        setup.wakes_on("signal");
        declare_parameters(setup);
    }

    void prepare() override {
        network_ = geodata::load_road_network(city_);
        columns_ = std::make_unique<QueueColumns>(network_);
        std::vector<QueueVehicleType> types;
        for (const auto& kind : vehicle_kinds()) types.push_back(kind.type);
        model_ = std::make_unique<QueueModel>(columns_->input(), types, options_);
        model_->record_passages(traversals_.is_received());
        planner_ = std::make_unique<RoutePlanner>(network_, turn_costs_, arena_);
        trips_ = std::make_unique<VehicleTrips>(*model_, *planner_, network_, speed_factors_);
        others_ = std::make_unique<OtherModes>(other_speeds_);
        fields_.prepare(network_, *model_);
        scaled_.prepare(network_);
        powered_before_.assign(network_.signals.size(), 1);
        apply_links(all_rows(network_.links()));
        apply_signals(all_rows(network_.signals.size()));
        plan_with_current_times();
    }

    void start(const Step& now) override {
        fields_.write(*model_, 0.0, *now.arena);
        scaled_.write();
    }

    void step(const Step& now) override {
        take_power();
        if (closures_changed_) leave_closed_links(*now.arena);
        if (replan_every_ > 0 && now.from >= next_replan_) replan(now);
        // Few requests: the workers that will drive the vehicles are called first, and are there when it begins.
        const bool few = requests_.records().size() < worth_workers && (requests_.records().empty() || planner_->is_prepared());
        if (!few) take_requests(now);
        model_->together(*now.arena, [&] {
            if (few) take_requests(now);
            model_->advance(now.to / millisecond, *now.arena);
            fields_.write(*model_, now.seconds(), *now.arena);
        });
        send_events(now);
        if (publish_vehicles_) publish();
        close_ledger();
    }

    void expect_observations(std::string_view, std::string_view, std::span<const Index> rows) override {
        scaled_.watch(rows);
        model_->record_passages(true);
    }

    void nudge(const Nudge& nudge) override {
        scaled_.nudge(nudge);
        scaled_.write();
    }

    void changed(std::string_view set, std::span<const Index> rows) override {
        if (set == "road_link") apply_links(rows);
        if (set == "signal") apply_signals(rows);
    }

    void close(const Step&) override { figures_.close(model_->counters(), others_->under_way() / 2); }

    void save(StateWriter& out) const override {
        model_->for_each_column([&](const std::string& name, auto& column) { out.column("model." + name, column); });
        trips_->save(out);
        others_->save(out);
        figures_.save(out);
        fields_.save(out);
        scaled_.save(out);
        out.value("next_replan", next_replan_);
        out.value("closures_changed", closures_changed_);
        out.column("powered_before", powered_before_);
    }

    void load(StateReader& in) override {
        model_->for_each_column([&](const std::string& name, auto& column) { in.column("model." + name, column); });
        model_->loaded();
        trips_->load(in);
        others_->load(in);
        figures_.load(in);
        fields_.load(in);
        scaled_.load(in);
        in.value("next_replan", next_replan_);
        in.value("closures_changed", closures_changed_);
        in.column("powered_before", powered_before_);
        closed_flags();
        plan_with_current_times();
    }

private:
    static constexpr std::size_t worth_workers = 64;   ///< routes searched at once that are worth a loop of their own

    void declare_parameters(Setup& setup) {
        const std::string model = setup.parameter_text("model", "queue", "How vehicles move: \"queue\"");
        if (model == "micro" || model == "mixed") {
            setup.source().refuse("model", "CT-TRAFFIC-001", "the model '" + model + "' isn't built yet", "use model = \"queue\"");
        }
        if (model != "queue") setup.source().refuse("model", "CT-TRAFFIC-002", "unknown model '" + model + "'", "known: queue");
        options_.teleport_after = setup.duration("teleport_after", "300 s", "Standing time after which a vehicle is moved on; 0 = never") / millisecond;
        options_.least_storage_m = setup.parameter("least_storage", "22.5 m", "Queue that any link holds at least: the pieces of streets inside a crossing are shorter than the room there", 0);
        replan_every_ = setup.duration("replan_every", "5 min", "How often travel times are averaged and drivers look for a better way; 0 = never");
        replan_share_ = setup.parameter("replan_share", "0.3", "Share of drivers who replan on the way, drawn by trip", 0, 1);
        memory_ = setup.parameter("travel_time_memory", "0.5", "Weight of the earlier travel times in each average", 0, 1);
        other_speeds_.detour = setup.parameter("detour", "1.3", "Way / beeline of trips that aren't driven", 1);
        other_speeds_.walk_mps = setup.parameter("walk_speed", "1.3 m/s", "Speed on foot", 0.1);
        other_speeds_.bicycle_mps = setup.parameter("bicycle_speed", "4 m/s", "Speed by bicycle", 0.1);
        other_speeds_.transit_mps = setup.parameter("transit_speed", "5 m/s", "Door-to-door speed by public transport", 0.1);
        turn_costs_.enter_destination_only_s = setup.parameter("destination_only_penalty", "300 s", "Cost of entering streets that are no through way", 0);
        publish_vehicles_ = setup.parameter_flag("publish_vehicles", true, "Publish each vehicle's link, position, speed and class");
    }

    static std::vector<Index> all_rows(std::size_t count) {
        std::vector<Index> rows(count);
        for (Index row = 0; row < count; ++row) rows[row] = row;
        return rows;
    }

    void apply_links(std::span<const Index> rows) {
        for (Index link : rows) {
            const bool closed = closed_[link] != 0 || speed_limit_[link] <= 0 || lanes_[link] <= 0;
            model_->set_closed(link, closed);
            if (closed) continue;
            const double built = std::max(1, network_.link_lanes[link]);
            const bool same_speed = speed_limit_[link] == network_.link_speed_mps[link];
            model_->set_link(link, lanes_[link] / built, same_speed ? -1.0 : speed_limit_[link]);
            if (!same_speed) fields_.set_free_speed(link, speed_limit_[link]);
        }
        const std::vector<std::uint8_t> before = closed_now_;
        closed_flags();
        closures_changed_ = closures_changed_ || before != closed_now_;
    }

    void closed_flags() {
        closed_now_.resize(network_.links());
        for (std::size_t link = 0; link < closed_now_.size(); ++link) closed_now_[link] = closed_[link] != 0 || speed_limit_[link] <= 0 || lanes_[link] <= 0;
    }

    void apply_signals(std::span<const Index> rows) {
        for (Index signal : rows) {
            const std::size_t programs = network_.signals[signal].programs.size();
            if (programs == 0) continue;
            const auto wanted = static_cast<std::size_t>(std::clamp(program_[signal], 0.0, static_cast<double>(programs - 1)));
            model_->set_signal_program(signal, static_cast<std::uint32_t>(wanted));
            model_->set_signal_offset(signal, from_seconds(offset_[signal]) / millisecond);
        }
    }

    void take_power() {
        for (std::size_t signal = 0; signal < powered_before_.size(); ++signal) {
            const std::uint8_t now = signal < powered_.size() && powered_[signal] == 0 ? 0 : 1;
            if (now != powered_before_[signal]) model_->set_signal_powered(static_cast<Index>(signal), now != 0);
            powered_before_[signal] = now;
        }
    }

    void plan_with_current_times() { planner_->set_travel_times(fields_.travel_times(), closed_now_, arena_); }

    // A closure: everybody who has the link ahead must find another way at once; those inside finish it.
    void leave_closed_links(Arena& arena) {
        closures_changed_ = false;
        planner_->set_travel_times(fields_.travel_times(), closed_now_, arena);
        const std::vector<Index> rows = model_->vehicles_with_links_ahead(closed_now_);
        if (!rows.empty()) figures_.rerouted(trips_->replan(rows, true, arena));
    }

    void replan(const Step& now) {
        next_replan_ = (now.from / replan_every_ + 1) * replan_every_;
        fields_.average_travel_times(*model_, memory_);
        planner_->set_travel_times(fields_.travel_times(), closed_now_, *now.arena);
        if (replan_share_ > 0) figures_.rerouted(trips_->replan(trips_->replanning_rows(replan_share_, replanning_), false, *now.arena));
    }

    void take_requests(const Step& now) {
        const StreamTable& records = requests_.records();
        std::vector<TripRequest> driven;
        for (std::size_t row = 0; row < records.size(); ++row) {
            TripRequest request = trip_request_at(records, row);
            if (request.depart < now.from) {
                figures_.late();
                late_.add("request " + std::to_string(request.request_id), now.from);
            }
            const bool is_driven = traffic::is_driven(request.mode);
            const std::size_t vehicles = is_driven ? scaled_.vehicles_of(request) : 1;
            if (is_driven && vehicles != 1) scaled_.count(vehicles);
            figures_.requested(is_driven && vehicles > 0);
            for (std::size_t k = 1; k < vehicles; ++k) {
                figures_.requested(true);
                driven.push_back(scaled_.further(request, k));
            }
            if (is_driven && vehicles > 0) {
                driven.push_back(std::move(request));
            } else {   // a trip that a factor leaves out still brings its person there
                others_->add(request, std::max(request.depart, now.from), beeline_m(request));
            }
        }
        std::vector<citytwin::TripEvent> failed;
        trips_->add(driven, now.from, *now.arena, failed);
        for (const auto& event : failed) {
            figures_.no_path();
            removed_.add("request " + std::to_string(event.request_id), now.from);
            send(events_, now.to, static_cast<StableId>(event.request_id), event);
        }
    }

    [[nodiscard]] double beeline_m(const TripRequest& request) const {
        const Index to = request.stop_links.empty() ? request.origin : request.stop_links.back();
        const Index a = network_.link_from[request.origin], b = network_.link_to[to];
        const double dx = network_.node_x[a] - network_.node_x[b], dy = network_.node_y[a] - network_.node_y[b];
        return std::sqrt(dx * dx + dy * dy);
    }

    void send_events(const Step& now) {
        std::unordered_map<std::int64_t, Index> person_of;   // of those who arrive now, by request
        for (const TripEvent& event : model_->take_events()) {
            const citytwin::TripEvent word = trips_->event_of(event);
            if (word.kind == citytwin::TripEventKind::arrived && word.who_set == person_set && figures_.by_person()) person_of[word.request_id] = static_cast<Index>(word.who);
            if (word.kind == citytwin::TripEventKind::removed) removed_.add("request " + std::to_string(word.request_id), word.when);
            send(events_, now.to, static_cast<StableId>(word.request_id), word);
        }
        for (const LinkPassage& passage : model_->take_passages()) {
            if (scaled_.is_watching()) {
                scaled_.estimate().passed(passage.link, trips_->origin_of(passage.row), passage.distance_m / network_.link_length_m[passage.link],
                                          static_cast<double>(passage.leave - passage.enter) * 1e-3, model_->free_flow_time_s(passage.link));
            }
            if (traversals_.is_received()) send(traversals_, now.to, 0, trips_->traversal_of(passage));
        }
        for (const TripRecord& record : model_->take_records()) {
            figures_.record(record);
            if (record.removal_cause == 0) {
                const auto person = person_of.find(static_cast<std::int64_t>(record.vehicle));
                figures_.arrived(true, (record.arrival - record.planned_depart) * millisecond, person == person_of.end() ? no_index : person->second);
            }
            if (record.teleports > 0) teleported_.add("request " + std::to_string(record.vehicle), record.arrival * millisecond, record.teleports);
        }
        std::vector<OtherModes::Happening> happenings;
        others_->take(now.to, happenings);
        for (const auto& happening : happenings) {
            if (happening.event.kind == citytwin::TripEventKind::arrived) figures_.arrived(false, happening.duration, happening.event.who_set == person_set ? static_cast<Index>(happening.event.who) : no_index);
            send(events_, now.to, static_cast<StableId>(happening.event.request_id), happening.event);
        }
    }

    void publish() {
        std::vector<StableId> ids;
        published_.clear();
        for (Index row = 0; row < model_->vehicle_rows(); ++row) {
            const VehicleView view = model_->view(row);
            if (view.link == no_index) continue;
            ids.push_back(model_->trip(row).id);
            published_.push_back({view, static_cast<Index>(trips_->mode_of(row))});
        }
        vehicles_.assign(std::move(ids));
        for (std::size_t v = 0; v < published_.size(); ++v) {
            vehicle_link_.values[v] = published_[v].first.link;
            vehicle_position_.values[v] = published_[v].first.position_m;
            vehicle_speed_.values[v] = published_[v].first.speed_mps;
            vehicle_class_.values[v] = published_[v].second;
        }
    }

    void close_ledger() {
        const QueueCounters c = model_->counters();
        ledger_.in = static_cast<double>(c.loaded) - scaled_.adjusted();   // what was asked for
        ledger_.adjusted = scaled_.adjusted();
        ledger_.out = static_cast<double>(c.arrived);
        ledger_.lost = static_cast<double>(c.removed_total());
        ledger_.stored = static_cast<double>(c.waiting + c.running);
    }

    const City& city_;
    Arena& arena_;
    StreamReceiver requests_;
    StreamSender events_, traversals_;
    LinkFields fields_;
    ScaledDemand scaled_;
    Attribute closed_, lanes_, speed_limit_, program_, offset_;
    Read powered_;
    DynamicSet& vehicles_;
    DynamicSet::ReferenceColumn& vehicle_link_;
    DynamicSet::NumberColumn &vehicle_position_, &vehicle_speed_;
    DynamicSet::ReferenceColumn& vehicle_class_;
    Ledger& ledger_;
    TrafficFigures figures_;
    Warning &teleported_, &removed_, &late_;
    Random speed_factors_, replanning_;
    QueueOptions options_;
    TurnCosts turn_costs_;
    OtherModeSpeeds other_speeds_;
    Microseconds replan_every_ = 0, next_replan_ = 0;
    double replan_share_ = 0, memory_ = 0;
    bool publish_vehicles_ = true, closures_changed_ = false;

    geodata::RoadNetwork network_;
    std::unique_ptr<QueueColumns> columns_;
    std::unique_ptr<QueueModel> model_;
    std::unique_ptr<RoutePlanner> planner_;
    std::unique_ptr<VehicleTrips> trips_;
    std::unique_ptr<OtherModes> others_;
    std::vector<std::uint8_t> closed_now_, powered_before_;
    std::vector<std::pair<VehicleView, Index>> published_;
};

CITYTWIN_MODULE(Traffic, "traffic", "0.1.0")

}  // namespace citytwin::traffic
