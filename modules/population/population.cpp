// The population as a module: makes the people in build(), then sends each planned trip when it is due and follows its events.
#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "core/module/citytwin/module.hpp"
#include "modules/population/build_people.hpp"
#include "modules/population/car_charging.hpp"
#include "modules/population/occupancy.hpp"
#include "modules/population/parameter_table.hpp"
#include "modules/population/person_trips.hpp"
#include "modules/population/planned_travel.hpp"
#include "modules/population/scheduled_trips.hpp"

namespace citytwin::population {

class Population final : public Module {
public:
    static void build(CityBuilder& builder) {
        if (const auto files = builder.parameters.paths("demand"); !files.empty()) add_scheduled_trips(builder, files);
        else build_people(builder);
    }

    explicit Population(Setup& setup)
        : parameters_(declare_parameters(setup)), calendar_(setup.calendar()), requests_(setup.sends(trip_request_schema())),
          events_(setup.receives(trip_event_schema())), trips_ledger_(setup.ledger("trips", "1")),
          removed_(setup.warning("CT-POPULATION-031", "A trip was taken off the network; the person goes on from its destination")) {
        (void)setup.parameter_list("demand", "Trips instead of people from zones: OD matrices (.csv, VISUM), SUMO routes; any number of files");
        period_ = setup.period("60 s");
        if (setup.city().find("person") != nullptr) {
            setup.wakes_on("person");
            people_ = std::make_unique<PersonTrips>(setup, parameters_);
            if (setup.city().find("city") != nullptr) {
                residents_ = setup.writes("city", "residents", "1").recorded_as(Aggregation::mean).described("Persons who live in the city now: residents and whoever of the reserve is active");
            }
            const std::string travel = setup.parameter_text("travel", "traffic", "Who moves people: the traffic module, or the plan itself (way over speed)", {"traffic", "planned"});
            if (travel == "planned") planned_ = std::make_unique<PlannedTravel>(setup.city(), parameters_);
            if (CarCharging::is_possible(setup.city())) charging_ = std::make_unique<CarCharging>(setup, parameters_, *people_);
            if (Occupancy::is_possible(setup.city())) occupancy_ = std::make_unique<Occupancy>(setup, *people_);
        }
        if (setup.city().find("scheduled_trip") != nullptr) scheduled_ = std::make_unique<ScheduledTrips>(setup);
    }

    void prepare() override {
        if (people_) people_->prepare(calendar_.time_of_day(0));
        if (scheduled_) scheduled_->prepare();
    }

    void start(const Step& now) override {
        count_residents();
        if (occupancy_) occupancy_->recount();
        if (charging_) charging_->refresh();
        send_due(now.to);
    }

    void step(const Step& now) override {
        const StreamTable& events = events_.records();
        for (std::size_t row = 0; row < events.size(); ++row) follow(trip_event_at(events, row), now.to);
        if (planned_) planned_->events_before(now.to, [this, &now](const TripEvent& event) { follow(event, now.to); });
        send_due(now.to);
        if (charging_) {
            charging_->send_due(now.to);
            charging_->write_charge();
        }
        if (occupancy_) occupancy_->write();
        trips_ledger_.stored = static_cast<double>(under_way());
    }

    void changed(std::string_view set, std::span<const Index> /*rows*/) override {
        if (set == "person") count_residents();
        if (set == "person" && occupancy_) occupancy_->recount();
        if (set == "car" && charging_) charging_->change();
        if (set == "road_link" && people_) people_->streets_changed();
    }

    void close(const Step& /*now*/) override {
        if (people_) people_->close();
    }

    void save(StateWriter& out) const override {
        if (people_) people_->save(out);
        if (charging_) charging_->save(out);
        if (occupancy_) occupancy_->save(out);
        if (planned_) planned_->save(out);
        if (scheduled_) scheduled_->save(out);
    }
    void load(StateReader& in) override {
        if (people_) people_->load(in);
        if (charging_) charging_->load(in);
        if (occupancy_) occupancy_->load(in);
        if (planned_) planned_->load(in);
        if (scheduled_) scheduled_->load(in);
    }

private:
    void send_due(Microseconds now) {
        const auto hand_over = [this, now](StableId entity, const TripRequest& request) { begin(now, entity, request); };
        if (people_) people_->go_on(now + period_, hand_over);
        if (scheduled_) scheduled_->go_on(now + period_, hand_over);
    }

    void count_residents() {
        if (residents_) (*residents_)[0] = static_cast<double>(people_->active());
    }

    void begin(Microseconds now, StableId entity, const TripRequest& request) {
        trips_ledger_.in += 1;
        if (planned_ && request.who_set == person_set) {
            const TripName name = TripName::of(request.request_id);
            planned_->add(request, people_->origin_site(name), people_->destination_site(name));
        } else {
            send(requests_, now, entity, request);
        }
    }

    void follow(const TripEvent& event, Microseconds now) {
        const bool ended = event.kind == TripEventKind::arrived || event.kind == TripEventKind::removed;
        if (event.who_set == scheduled_trip_set && scheduled_ && ended) scheduled_->ended();
        if (event.who_set == person_set && people_) {
            if (occupancy_) occupancy_->follow(event);
            if (charging_ && ended) charging_->follow(event);
            if (ended) people_->arrived(event, now, [this, now](StableId entity, const TripRequest& request) { begin(now, entity, request); });
        } else if (event.who_set != scheduled_trip_set || !scheduled_) {
            return;
        }
        if (event.kind == TripEventKind::arrived) trips_ledger_.out += 1;
        if (event.kind == TripEventKind::removed) {
            trips_ledger_.lost += 1;
            removed_.add("request " + std::to_string(event.request_id), event.when);
        }
    }

    [[nodiscard]] std::size_t under_way() const { return (people_ ? people_->under_way() : 0) + (scheduled_ ? scheduled_->under_way() : 0); }

    Parameters parameters_;
    Calendar calendar_;
    Microseconds period_ = minute;
    StreamSender requests_;
    StreamReceiver events_;
    Ledger& trips_ledger_;
    Warning& removed_;
    std::optional<Write> residents_;   ///< of the city's only row
    std::unique_ptr<PersonTrips> people_;
    std::unique_ptr<PlannedTravel> planned_;
    std::unique_ptr<CarCharging> charging_;
    std::unique_ptr<Occupancy> occupancy_;
    std::unique_ptr<ScheduledTrips> scheduled_;
};

CITYTWIN_MODULE(Population, "population", "0.1.0")

}  // namespace citytwin::population
