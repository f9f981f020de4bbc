#pragma once
// What a person does today and where: the tours of each role, drawn from the chances in Parameters.
#include "modules/population/model/day_plan.hpp"

namespace citytwin::population {

struct SketchContext {
    const Places& places;
    const Parameters& parameters;
    const Persons& persons;
    const Random &what, &where, &when, &how;
    const SiteChoice& sites;
    const ZoneChoice &shop, &leisure, &business, &nearby;
};

class DaySketcher {
public:
    DaySketcher(const SketchContext& context, Index person);
    DaySketch make();

private:
    // --- days by role
    void worker_day();
    void learner_day();
    void free_day(double first_chance, double second_chance);
    void child_day();
    // --- parts of a day; `t` is the tour's number, the key of its draws
    bool work_tour(int t);
    bool school_tour(int t);
    void free_tour(int t, double start_s, bool by_car);
    void add_stop(Tour& tour, const Activity& activity);
    void stop_on_the_way(Tour& tour, int t, int s, double chance, Purpose purpose, Index around_zone);
    void midday_outing(Tour& tour, int t);
    void finish(Tour& tour, int t, bool by_car);
    // --- draws
    [[nodiscard]] double what(int counter) const { return c_.what.uniform(key_, static_cast<std::uint64_t>(counter)); }
    [[nodiscard]] double bell_hours(int counter, double mean_h, double deviation_h) const;
    [[nodiscard]] Index site_for(Purpose purpose, Index around_zone, const ZoneChoice& choice, int counter) const;
    [[nodiscard]] float stay_for(Purpose purpose, int counter) const;
    [[nodiscard]] Index home_zone() const { return c_.places.sites.zone[home_]; }

    const SketchContext& c_;
    const Parameters& p_;
    Index person_, home_;
    std::uint64_t key_;
    DaySketch day_;
};

}  // namespace citytwin::population
