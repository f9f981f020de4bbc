// A change of a car's class holds from its next trip on, also for a car that a low-emission zone has replaced.
#include <catch2/catch.hpp>

#include <map>

#include "core/module/shared_streams.hpp"
#include "support/emission_town.hpp"

using namespace citytwin;

namespace {

/// Passages of the driver of the first car, 1000 m each, told when they end.
class Driver final : public Module {
public:
    explicit Driver(Setup& setup) : out_(setup.sends(link_traversal_schema())), who_(setup.city().at("car").get<std::uint32_t>("driver").front()) { setup.period("60 s"); }
    void step(const Step& now) override {
        struct Way {
            std::int64_t request;
            int enter_min, leave_min;
            Index link;
        };
        // A trip before, one under way at 01:00 whose passage then is a long one, one after.
        for (const Way& way : {Way{1, 30, 32, 0}, Way{2, 55, 58, 0}, Way{2, 58, 62, 1}, Way{2, 62, 64, 0}, Way{3, 70, 72, 0}}) {
            const Microseconds leave = way.leave_min * minute;
            if (leave <= now.from || leave > now.to) continue;
            LinkTraversal t;
            t.request_id = way.request;
            t.who = who_;
            t.link = way.link;
            t.enter = way.enter_min * minute;
            t.leave = leave;
            t.distance_m = 1000;
            send(out_, now.to, t.who, t);
        }
    }

private:
    StreamSender out_;
    std::int64_t who_;
};

/// Kilometres by class after the day; at 01:00 the car gets the class.
std::map<std::string, double> kilometres(const std::shared_ptr<const City>& city, const std::string& first, const std::string& then, bool with_zone, Microseconds stop = 0) {
    const auto configured = [&](testing::EmissionRun& run) {
        run.values["emissions"] = {{"activity", "traversals"}, {"air", "false"}};
        run.settings.end = 2 * hour;
        run.settings.changes = [=](const DeclaredNames&) {
            const auto car = [](Microseconds at, const std::string& word) {
                Change change;
                change.name = "class " + word;
                change.at = at;
                change.set = "car";
                change.rows = {0};
                change.assignments.push_back({"emission_class", ChangeOperation::set, 0.0, word});
                return change;
            };
            Change zone;
            zone.name = "zone";
            zone.set = "road_link";
            if (with_zone) zone.rows = {1};
            zone.assignments.push_back({"low_emission_zone", ChangeOperation::set, 1.0, {}});
            return std::vector<Change>{car(0, first), car(hour, then), zone};
        };
    };
    testing::EmissionRun run(city, testing::toy<Driver>("traffic")), resumed(city, testing::toy<Driver>("traffic"));
    configured(run);
    configured(resumed);
    testing::EmissionRun& last = stop > 0 ? resumed : run;
    run.make().start();
    while (!run.engine->finished() && (stop == 0 || run.engine->now() < stop)) run.engine->advance();
    if (stop > 0) resumed.make().load(run.engine->save());
    while (!last.engine->finished()) last.engine->advance();
    last.engine->close();
    std::map<std::string, double> found;
    for (const auto& [name, value] : last.kpi("ghg_per_capita").details) {
        if (const auto at = name.find(" [km]"); at != std::string::npos) found[name.substr(0, at)] = value;
    }
    return found;
}

}  // namespace

TEST_CASE("a car made electric by a change burns fuel until its trip under way ends") {
    const auto city = testing::streets({}, {"population"});
    using Expected = std::map<std::string, double>;
    CHECK(kilometres(city, "car_petrol_euro4", "car_electric", false) == Expected{{"car_petrol_euro4", 4}, {"car_electric", 1}});
    CHECK(kilometres(city, "car_petrol_euro4", "car_electric", false, 61 * minute) == Expected{{"car_petrol_euro4", 4}, {"car_electric", 1}});   // stopped on the way
    CHECK(kilometres(city, "car_electric", "car_petrol_euro4", false) == Expected{{"car_petrol_euro4", 1}, {"car_electric", 4}});
}

TEST_CASE("a car that the zone replaced takes the class of a later change, if that one may come in") {
    const auto city = testing::streets({}, {"population"});
    using Expected = std::map<std::string, double>;
    // On its second trip the diesel car comes into the zone: a petrol car of Euro 6 from there to the trip's end; then the change holds.
    CHECK(kilometres(city, "car_diesel_euro4", "car_electric", true) == Expected{{"car_diesel_euro4", 2}, {"car_petrol_euro6", 2}, {"car_electric", 1}});
    CHECK(kilometres(city, "car_petrol_euro3", "car_diesel_euro5", true) == Expected{{"car_petrol_euro3", 2}, {"car_petrol_euro6", 3}});
}
