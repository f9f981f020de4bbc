// Figures per person divide by the people who are there: who moves in during the run counts from then on, in every sector.
#include <catch2/catch.hpp>

#include "core/city/numbers.hpp"
#include "support/emission_town.hpp"

using namespace citytwin;

namespace {

const std::vector<std::string> all{"population", "weather", "buildings", "water", "emissions", "waste"};

std::shared_ptr<const City> town() {
    auto city = testing::streets({}, {"population", "weather", "buildings", "water", "waste"});
    city->add_set("city", 1);
    return city;
}

/// What a module that steps seldom sees of the city's residents.
class Counter final : public Module {
public:
    explicit Counter(Setup& setup) : residents_(setup.reads("city", "residents", "1").mean().otherwise(-1)), seen_(setup.ledger("person hours", "h")) { setup.period("7 min"); }
    void step(const Step& now) override { seen_.in += residents_[0] * now.seconds() / 3600; }

private:
    Read residents_;
    Ledger& seen_;
};

struct Town : testing::ToyRun {
    explicit Town(std::shared_ptr<const City> of, std::vector<std::string> modules = all) {
        city = std::move(of);
        for (const auto& name : modules) factories.push_back(*Registry::process().module(name));
        factories.push_back(testing::toy<Counter>("counter"));
        settings.calendar = Calendar(parse_time("2025-06-03T00:00:00", "Europe/Berlin"), "Europe/Berlin");
        settings.end = day;
        settings.seed = 5;
        values["population"] = {{"travel", "planned"}};
        values["waste"] = {{"travel", "planned"}};
        values["emissions"] = {{"air", "false"}};
    }
    /// From noon on the reserve lives here too.
    void move_in() {
        const auto& reserve = city->at("person").get<std::uint8_t>("reserve");
        Change change;
        change.name = "they move in";
        change.at = 12 * hour;
        change.set = "person";
        for (Index person = 0; person < reserve.size(); ++person) {
            if (reserve[person] != 0) change.rows.push_back(person);
        }
        added = static_cast<double>(change.rows.size());
        change.assignments.push_back({"active", ChangeOperation::set, 1.0, {}});
        settings.changes = [change](const DeclaredNames&) { return std::vector<Change>{change}; };
    }
    [[nodiscard]] double value(const char* id) const { return kpi(id).value.value(); }
    [[nodiscard]] double detail(const char* id, const std::string& name) const {
        for (const auto& [key, figure] : kpi(id).details)
            if (key == name) return figure;
        return -1;
    }
    [[nodiscard]] double waste_kg() const {
        double sum = 0;
        for (const char* fraction : {"residual", "organic", "paper", "packaging"}) sum += ledger(std::string("waste_") + fraction).in;
        return sum;
    }
    /// Each figure is its sum over the persons present on average.
    void check_figures(double persons) {
        CHECK(value("water_use") == Approx(ledger("volume").out * 1000 / persons).epsilon(1e-9));
        CHECK(value("energy_per_capita") == Approx((ledger("electricity").out + ledger("fuel").out) * 1e-9 / persons).epsilon(1e-9));
        CHECK(value("waste_per_capita") == Approx(waste_kg() / persons * 365.25).epsilon(1e-9));
        CHECK(value("ghg_per_capita") == Approx(ledger("CO2 by activity").in / 1000 / persons).epsilon(1e-9));
        for (const char* id : {"water_use", "energy_per_capita", "waste_per_capita", "ghg_per_capita"}) CHECK(detail(id, "residents, mean over the run") == Approx(persons).epsilon(1e-12));
    }
    double added = 0;
};

}  // namespace

TEST_CASE("who moves in at noon counts half in a day's figures per person; the figure over the base is told beside it") {
    const auto city = town();
    const double base = residents_of(*city);
    Town before(city), after(city);
    after.move_in();
    before.run_to_end().close();
    after.run_to_end().close();
    REQUIRE(after.added > 100);
    before.check_figures(base);
    after.check_figures(base + after.added / 2);
    CHECK(after.ledger("person hours").in == Approx(24 * base + 12 * after.added).epsilon(1e-12));
    CHECK(before.detail("water_use", "over the residents of the base") == -1);
    CHECK(after.detail("water_use", "over the residents of the base") == Approx(after.value("water_use") * (base + after.added / 2) / base));
    CHECK(after.ledger("volume").out > 1.02 * before.ledger("volume").out);
}

TEST_CASE("person hours survive a stop; without the population the city's own residents hold") {
    const auto city = town();
    Town straight(city), first(city), second(city);
    for (Town* run : {&straight, &first, &second}) run->move_in();
    straight.run_to_end().close();
    Engine& before = first.make();
    before.start();
    while (before.now() < 13 * hour) before.advance();
    second.make().load(before.save());
    while (!second.engine->finished()) second.engine->advance();
    CHECK(second.engine->state_hash() == straight.engine->state_hash());
    second.engine->close();
    for (const char* id : {"water_use", "energy_per_capita", "waste_per_capita", "ghg_per_capita"}) CHECK(second.value(id) == straight.value(id));
    Town alone(city, {"weather", "buildings", "water", "emissions", "waste"});
    alone.settings.end = 6 * hour;
    alone.run_to_end().close();
    CHECK(alone.detail("waste_per_capita", "residents, mean over the run") == Approx(residents_of(*city)));
    CHECK(alone.ledger("person hours").in == Approx(-6));   // nobody writes the field
}
