// The calendar of collections: which bins are emptied on which day, what stands in them at the start, and plants that lose their power.
#include <catch2/catch.hpp>

#include "geodata/generate/city_generator.hpp"
#include "modules/waste/collection_calendar.hpp"
#include "modules/waste/model/waste_fractions.hpp"
#include "support/toy_engine.hpp"

using namespace citytwin;

namespace {

Calendar from(const char* time) { return Calendar(parse_time(time, "Europe/Berlin"), "Europe/Berlin"); }

std::shared_ptr<City> town() {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = 1'500;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    MapParameters parameters;
    DiagnosticList diagnostics;
    CityBuilder builder{*city, parameters, arena, 5, diagnostics};
    Registry::process().module("waste")->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

/// Bins whose fill fell since the last look, as a ledger each.
class BinWatcher final : public Module {
public:
    explicit BinWatcher(Setup& setup) : fill_(setup.reads("bin", "fill", "1").last()) {
        setup.period("15 min");
        for (std::size_t b = 0; b < setup.city().at("bin").size(); ++b) emptied_.push_back(&setup.ledger("emptied " + std::to_string(b), "1"));
    }
    void step(const Step&) override {
        before_.resize(fill_.size(), 0.0);
        for (std::size_t b = 0; b < fill_.size(); ++b) {
            emptied_[b]->in += fill_[b] < before_[b] - 1e-12 ? 1 : 0;
            before_[b] = fill_[b];
        }
    }

private:
    Read fill_;
    std::vector<double> before_;
    std::vector<Ledger*> emptied_;
};

/// The grid is dark until ten o'clock; remembers what was fed in then and later.
class DarkMorning final : public Module {
public:
    explicit DarkMorning(Setup& setup)
        : powered_(setup.writes("power_connection", "powered", "1").initially(0)), load_(setup.reads("power_connection", "electric_load", "W").mean()), fed_in_(setup.ledger("fed in", "J")) {
        setup.period("15 min");
    }
    void step(const Step& now) override {
        (now.from < 10 * hour ? fed_in_.in : fed_in_.out) -= load_[0] * now.seconds();
        powered_[0] = now.to < 10 * hour ? 0 : 1;
    }

private:
    Write powered_;
    Read load_;
    Ledger& fed_in_;
};

struct WasteRun : testing::ToyRun {
    WasteRun(std::shared_ptr<const City> of, const char* start, Microseconds length) {
        factories = {*Registry::process().module("waste")};
        city = std::move(of);
        settings.calendar = from(start);
        settings.end = length;
        settings.seed = 5;
        values["waste"] = {{"travel", "planned"}};
    }
    [[nodiscard]] double total(double Ledger::*part) const {
        double sum = 0;
        for (const auto& f : waste::fractions) sum += ledger("waste_" + std::string(f.name)).*part;
        return sum;
    }
};

}  // namespace

TEST_CASE("days since a bin's last turn are counted back over the weekend") {
    EntitySet bins("bin", 3);
    bins.add("x", "m", std::vector<double>{600, 100, 100 + 4 * 500});   // parts 1, 0, 4: Tuesday, Monday, Friday
    bins.add("y", "m", std::vector<double>{100, 100, 100});
    bins.add("fraction", "1", std::vector<std::int32_t>{0, 0, 0});
    waste::CollectionCalendar calendar(from("2025-06-03T00:00:00"), 6 * 3600);   // a Tuesday
    calendar.prepare(bins);
    CHECK(calendar.is_day_of(0, 6 * hour));
    CHECK_FALSE(calendar.is_day_of(1, 6 * hour));
    CHECK(calendar.is_day_of(1, 6 * day + 6 * hour));
    CHECK(calendar.since_last(0).days == Approx(6.75));
    CHECK(calendar.since_last(0).workdays == Approx(4.75));
    CHECK(calendar.since_last(1).days == Approx(0.75));
    CHECK(calendar.since_last(1).workdays == Approx(0.75));
    CHECK(calendar.since_last(2).days == Approx(3.75));
    CHECK(calendar.since_last(2).workdays == Approx(1.75));
    CHECK(calendar.next_after(0) == 6 * hour);
    CHECK(calendar.next_after(6 * hour) == day + 6 * hour);
    CHECK(calendar.is_weekend(4 * day + hour));
}

TEST_CASE("by calendar exactly the day's bins are emptied, with about a day's waste; at weekends none") {
    const auto city = town();
    WasteRun tuesday(city, "2025-06-03T00:00:00", day), sunday(city, "2025-06-08T00:00:00", day);
    for (WasteRun* run : {&tuesday, &sunday}) {
        run->factories.push_back(testing::toy<BinWatcher>("watcher"));
        run->run_to_end().close();
    }
    waste::CollectionCalendar calendar(from("2025-06-03T00:00:00"), 6 * 3600);
    calendar.prepare(city->at("bin"));
    std::size_t due = 0;
    for (Index b = 0; b < city->at("bin").size(); ++b) {
        INFO(city->at("bin").id_of(b));
        due += calendar.is_day_of(b, 6 * hour) ? 1 : 0;
        CHECK((tuesday.ledger("emptied " + std::to_string(b)).in > 0) == calendar.is_day_of(b, 6 * hour));
        CHECK(sunday.ledger("emptied " + std::to_string(b)).in == 0);
    }
    CHECK(due > city->at("bin").size() / 10);
    // Each part holds a week's waste on its day: what stands in all bins stays about the same, within what the parts differ in size.
    const double made = tuesday.total(&Ledger::in), gone = tuesday.total(&Ledger::out);
    CHECK(gone > 0.2 * made);
    CHECK(tuesday.total(&Ledger::stored_at_start) > 2 * made);
    CHECK(tuesday.total(&Ledger::stored_at_start) < 4.5 * made);
    WasteRun empty(city, "2025-06-03T00:00:00", hour);
    empty.values["waste"]["first_fill"] = "empty";
    empty.run_to_end();
    CHECK(empty.total(&Ledger::stored_at_start) == 0);
}

TEST_CASE("bins for which the shift had no time stay due, and are emptied on the next days") {
    const auto city = town();
    waste::CollectionCalendar calendar(from("2025-06-03T00:00:00"), 6 * 3600);
    calendar.prepare(city->at("bin"));
    std::array<double, 2> emptied{};
    for (const int days : {1, 2}) {
        WasteRun run(city, "2025-06-03T00:00:00", days * day);
        run.values["waste"]["shift"] = "2700 s";
        run.values["waste"]["trucks"] = "4";
        run.factories.push_back(testing::toy<BinWatcher>("watcher"));
        run.run_to_end().close();
        for (Index b = 0; b < city->at("bin").size(); ++b) emptied[static_cast<std::size_t>(days - 1)] += calendar.is_day_of(b, 6 * hour) ? run.ledger("emptied " + std::to_string(b)).in : 0;
    }
    CHECK(emptied[0] > 0);
    CHECK(emptied[1] > emptied[0]);
}

TEST_CASE("what residents make is the table's kilograms a day, by the standard day too") {
    const auto city = town();
    WasteRun week(city, "2025-06-02T00:00:00", 7 * day);
    week.run_to_end().close();
    double residents = 0, jobs = 0;
    for (const auto n : city->at("building").get<std::int32_t>("residents")) residents += n;
    for (const auto n : city->at("building").get<std::int32_t>("jobs")) jobs += n;
    CHECK(week.total(&Ledger::in) == Approx(7 * residents * 1.38 + 5 * jobs * 0.45).epsilon(0.05));
}

TEST_CASE("a plant without power stands still: its waste waits, nothing is fed in, and it goes on when the power is back") {
    auto city = town();
    city->add_set("power_connection", 1);
    EntitySet& places = *city->find("place");
    places.add("power_connection", "1", std::vector<std::uint32_t>(places.size(), 0), "power_connection");
    WasteRun run(city, "2025-06-03T00:00:00", day);
    run.factories.push_back(testing::toy<DarkMorning>("energy"));
    run.run_to_end().close();
    REQUIRE(run.city->at("waste_site").get<std::uint32_t>("place").front() != no_index);
    CHECK(run.ledger("fed in").in == 0);
    CHECK(run.ledger("fed in").out > 0);
    for (const auto& f : waste::fractions) CHECK(run.ledger("waste_" + std::string(f.name)).closing_error() < 1e-9);
}
