// Waste as a module: bins fill with what the people in the buildings make, trucks collect it over the live network (as trips of the
// traffic module), plants sort, burn and bury it. Fields, streams and parameters are declared here; the models are in model/.
#include <algorithm>
#include <memory>

#include "core/module/citytwin/module.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/waste/collection_day.hpp"
#include "modules/waste/lay_out.hpp"
#include "modules/waste/model/bin_fill.hpp"
#include "modules/waste/model/facilities.hpp"

namespace citytwin::waste {
namespace {

constexpr std::int64_t truck_set = 1;                        ///< of TripRequest::who_set
constexpr std::int64_t first_request = std::int64_t{1} << 60;   ///< persons' requests lie below
constexpr double home_hours = 16, work_hours = 8;            ///< of a day, in which a person makes the day's waste at home and at work

struct TruckState {
    MassByFraction load{};
    std::int64_t tour = 0;           ///< how many it has begun
    Microseconds departed = 0;
    double distance_m = 0;           ///< of all tours that ended
    std::uint64_t next_stop = 0;
    std::uint8_t busy = 0;
    std::uint8_t padding[7]{};
};

double sum(const MassByFraction& m) {
    double total = 0;
    for (double kg : m) total += kg;
    return total;
}

}  // namespace

class Waste final : public Module {
public:
    static void build(CityBuilder& builder) { lay_out(builder); }

    explicit Waste(Setup& setup)
        : city_(setup.city()), arena_(setup.arena()), calendar_(setup.calendar()), requests_(setup.sends(trip_request_schema())), events_(setup.receives(trip_event_schema())),
          count_(setup.random("waste deposits")), size_(setup.random("waste deposit sizes")), seed_(setup.seed()),
          left_out_(setup.warning("CT-WASTE-033", "bins that were due weren't taken into a plan: no truck had time, or the street is closed")),
          removed_(setup.warning("CT-WASTE-034", "refuse trucks were taken off the network; their load is unloaded with the next tour")),
          flagged_(setup.warning("CT-WASTE-035", "fill sensors were stuck or fell without a visit; the forecast was used instead")) {
        period_ = setup.period("15 min");
        declare_parameters(setup);
        declare_fields(setup);
        declare_books(setup);
    }

    void prepare() override {
        if (!present()) return;
        roads_ = std::make_unique<TruckRoads>(geodata::load_road_network(city_));
        hourly_s_.assign(24 * roads_->network().links(), 0.0F);
        const EntitySet &bins = city_.at("bin"), &sites = city_.at("waste_site");
        kg_ = bins.get<double>("start_fill");
        beside_kg_ = bins.get<double>("start_beside");
        known_kg_ = kg_;
        overflow_kg_s_.assign(kg_.size(), 0.0);
        since_visit_kg_.assign(kg_.size(), 0.0);
        visited_.assign(kg_.size(), 0);
        sensors_.assign(kg_.size(), {});
        week_kg_.assign(kg_.size(), 0.0);
        expected_kg_.assign(kg_.size(), 0.0);
        brought_kg_.assign(kg_.size(), 0.0);
        trucks_.assign(city_.at("truck").size(), {});
        tours_.assign(trucks_.size(), {});
        make_facilities(sites);
        rows_ = {&bins.get<std::uint32_t>("road_link"), &sites.get<std::uint32_t>("road_link"), &city_.at("truck").get<std::uint32_t>("depot"), &bins.get<double>("x"), &bins.get<double>("y"),
                 &sites.get<double>("x"), &sites.get<double>("y"), &sites.get<double>("opens"), &sites.get<double>("closes"), &sites.get<double>("unloading_time")};
        for (std::size_t b = 0; b < buildings_; ++b) residents_sum_ += residents_[b];
        const auto& fraction = bins.get<std::int32_t>("fraction");
        for (std::size_t f = 0; f < fraction_count; ++f) {
            for (std::size_t b = 0; b < kg_.size(); ++b) ledgers_[f]->stored_at_start += fraction[b] == static_cast<std::int32_t>(f) ? kg_[b] + beside_kg_[b] : 0.0;
        }
        expect_week();
        next_collection_ = next_at(0);
    }

    void start(const Step&) override {
        if (!present()) return;
        write_fields();
        close_ledgers();
    }

    void step(const Step& now) override {
        if (!present()) return;
        remember_travel_times(now);
        fill_bins(now);
        follow_trucks(now);
        facilities_->work(now.seconds());
        if (now.to >= next_collection_) collect(now);
        write_fields();
        close_ledgers();
        elapsed_s_ += now.seconds();
    }

    void close(const Step&) override {
        if (!present()) return;
        set_kpis();
    }

    void save(StateWriter& out) const override {
        if (!present()) return;
        each_column([&](const char* name, const auto& column) { out.column(name, column); });
        out.column("sites", facilities_->stores());
        Ragged<Index> stops;
        Ragged<double> times;
        for (const Tour& tour : tours_) stops.push_row(tour.stops), times.push_row(tour.expected_s);
        out.column("tour_stops", stops);
        out.column("tour_times", times);
        out.value("generated", generated_kg_);
        out.value("next_collection", next_collection_);
        out.value("elapsed", elapsed_s_);
        out.value("collections", collections_);
    }

    void load(StateReader& in) override {
        if (!present()) return;
        const_cast<const Waste*>(this)->each_column([&](const char* name, const auto& column) { in.column(name, const_cast<std::remove_cvref_t<decltype(column)>&>(column)); });
        in.column("sites", facilities_->stores());
        Ragged<Index> stops;
        Ragged<double> times;
        in.column("tour_stops", stops);
        in.column("tour_times", times);
        for (std::size_t t = 0; t < tours_.size(); ++t) {
            tours_[t].truck = static_cast<Index>(t);
            tours_[t].stops.assign(stops[t].begin(), stops[t].end());
            tours_[t].expected_s.assign(times[t].begin(), times[t].end());
        }
        in.value("generated", generated_kg_);
        in.value("next_collection", next_collection_);
        in.value("elapsed", elapsed_s_);
        in.value("collections", collections_);
    }

private:
    [[nodiscard]] bool present() const { return city_.find("bin") != nullptr && city_.find("bin")->size() > 0 && city_.find("truck") != nullptr; }

    template <class Visit>
    void each_column(Visit&& visit) const {
        visit("kg", kg_), visit("beside_kg", beside_kg_), visit("known_kg", known_kg_), visit("overflow_kg_s", overflow_kg_s_), visit("since_visit_kg", since_visit_kg_);
        visit("visited", visited_), visit("sensors", sensors_), visit("hourly_s", hourly_s_), visit("trucks", trucks_);
    }

    void declare_parameters(Setup& setup) {
        (void)setup.parameter_path("bins", "Bins as CSV: id, x, y, capacity_l, fraction[, fill_l]; else laid out along the streets");
        (void)setup.parameter_path("sites", "Depots and plants as CSV: id, kind, x, y[, opens, closes, unloading_s, rate_kg_per_s]; else the city's places");
        (void)setup.parameter_integer("trucks", 0, "Refuse trucks; 0 = by what the people make", 0, 10'000);
        const std::string policy = setup.parameter_text("policy", "calendar", "Which bins are collected: calendar (each once a week), threshold, forecast", {"calendar", "threshold", "forecast"});
        rule_.policy = policy == "calendar" ? CollectionPolicy::calendar : policy == "threshold" ? CollectionPolicy::threshold : CollectionPolicy::forecast;
        rule_.threshold = setup.parameter("threshold", "0.8", "Policy threshold: forecast fill at the next visit above which a bin is collected", 0.01, 1);
        rule_.chance = setup.parameter("overflow_chance", "0.05", "Policy forecast: chance of overflow before the next visit above which a bin is collected", 0, 1);
        has_sensors_ = setup.parameter_flag("sensors", true, "Bins report their fill; else the planner forecasts from the last visit");
        capacity_kg_ = setup.parameter("truck_capacity", "9000 kg", "Payload of a truck", 1);
        begin_s_ = setup.parameter("collection_start", "21600 s", "Local time of day at which the trucks leave", 0, 86399);
        shift_s_ = setup.parameter("shift", "28800 s", "Time by which a truck is back", 60);
        stop_s_ = setup.parameter("stop_time", "40 s", "Of a stop, without lifting", 0);
        lift_s_per_kg_ = setup.parameter("lift_time", "0.2 s/kg", "Lifting and compacting a kilogram", 0);
        iterations_ = static_cast<std::size_t>(setup.parameter_integer("plan_iterations", 2, "Rounds of the route search for each plan", 0, 100'000));
        generation_ = setup.parameter("generation", "1", "Factor on what people make (1 = 1.38 kg a resident and day)", 0);
        efficiency_ = setup.parameter("incinerator_efficiency", "0.22", "Electric efficiency of burning waste", 0, 1);
        deposit_.mean_kg = setup.parameter("deposit", "2 kg", "Mean mass of what is brought at once", 0.01);
        deposit_.deviation_kg = setup.parameter("deposit_deviation", "1 kg", "Its standard deviation", 0);
        by_traffic_ = setup.parameter_text("travel", "traffic", "Who moves trucks: the traffic module, or the plan itself", {"traffic", "planned"}) == "traffic";
    }

    void declare_fields(Setup& setup) {
        if (!present()) return;
        if (const EntitySet* buildings = city_.find("building")) {
            buildings_ = buildings->size();
            occupants_ = setup.reads("building", "occupants", "1").mean().otherwise(-1);
            at_home_ = setup.reads("building", "at_home", "1").mean().otherwise(-1);
            residents_ = numbers_of(*buildings, "residents");
            jobs_ = numbers_of(*buildings, "jobs");
            for (std::size_t f = 0; f < fraction_count; ++f) {
                const std::string name(fractions[f].name);
                generation_field_[f] = setup.writes("building", "waste_generation_" + name, "kg/s").recorded_as(Aggregation::mean).described("Expected " + name + " waste made");
                bin_of_[f] = buildings->has("bin_" + name) ? buildings->get<std::uint32_t>("bin_" + name) : std::vector<std::uint32_t>(buildings_, no_index);
            }
        }
        travel_time_ = setup.reads_previous("road_link", "travel_time", "s").mean().otherwise(-1);
        closed_ = setup.attribute("road_link", "closed", "1", 0.0);
        fill_ = setup.writes("bin", "fill", "1").described("Mass in the bin over what it holds");
        beside_ = setup.writes("bin", "overflow", "kg").described("Mass beside the bin");
        site_stored_ = setup.writes("waste_site", "stored", "kg").described("Mass waiting or buried there");
        payload_ = setup.writes("truck", "payload", "kg").described("Mass aboard");
        if (city_.find("power_connection") != nullptr) electric_load_ = setup.accumulates("power_connection", "electric_load", "W").recorded_as(Aggregation::mean);
    }

    void declare_books(Setup& setup) {
        if (!present()) return;
        for (std::size_t f = 0; f < fraction_count; ++f) ledgers_[f] = &setup.ledger("waste_" + std::string(fractions[f].name), "kg");
        per_capita_ = &setup.kpi("waste_per_capita", "kg/yr", Kpi::Better::less, "waste made / residents, a year");
        diverted_ = &setup.kpi("waste_diverted_share", "%", Kpi::Better::more, "products of sorting and composting / waste that left the plants or was buried");
        truck_km_ = &setup.kpi("waste_truck_distance", "km", Kpi::Better::less, "distance of refuse trucks on finished tours");
        overflow_ = &setup.kpi("waste_overflow", "kg h", Kpi::Better::less, "mass beside full bins x time");
    }

    void make_facilities(const EntitySet& sites) {
        const auto& kinds = sites.get<std::string>("kind");
        const auto& rate = sites.get<double>("rate");
        std::vector<Site> list(kinds.size());
        const auto first_of = [&](const char* kind) { return static_cast<Index>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin()); };
        const auto or_none = [&](Index site) { return site < kinds.size() ? site : no_index; };
        const Index landfill = or_none(first_of("landfill")), incinerator = or_none(first_of("incinerator")), sorting = or_none(first_of("sorting"));
        for (Index s = 0; s < kinds.size(); ++s) {
            list[s].rate_kg_per_s = rate[s];
            list[s].efficiency = efficiency_;
            list[s].kind = kinds[s] == "incinerator" ? SiteKind::incinerator : kinds[s] == "sorting" ? SiteKind::sorting : kinds[s] == "transfer" ? SiteKind::transfer : SiteKind::landfill;
            if (list[s].kind == SiteKind::sorting || list[s].kind == SiteKind::transfer) list[s].next = incinerator != no_index ? incinerator : landfill;
            if (list[s].kind == SiteKind::incinerator) list[s].next = landfill;
        }
        facilities_ = std::make_unique<Facilities>(std::move(list));
        for (std::size_t f = 0; f < fraction_count; ++f) {
            const char* wanted = fractions[f].is_sorted && sorting != no_index ? "sorting" : incinerator != no_index ? "incinerator" : landfill != no_index ? "landfill" : "transfer";
            for (Index s = 0; s < kinds.size(); ++s) {
                if (kinds[s] == wanted) destinations_[f].push_back(s);
            }
        }
        connect_power(sites);
    }

    // The incinerators' power connections, by their place, where energy gave places one.
    void connect_power(const EntitySet& sites) {
        connection_.assign(sites.size(), no_index);
        const EntitySet* places = city_.find("place");
        if (places == nullptr || !places->has("power_connection") || city_.find("power_connection") == nullptr) return;
        const auto& of_place = places->get<std::uint32_t>("power_connection");
        const auto& place = sites.get<std::uint32_t>("place");
        for (std::size_t s = 0; s < connection_.size(); ++s) {
            if (place[s] != no_index) connection_[s] = of_place[place[s]];
        }
    }

    // What a standard week brings to each bin, for forecasts.
    void expect_week() {
        for (std::size_t f = 0; f < fraction_count; ++f) {
            for (std::size_t b = 0; b < buildings_; ++b) {
                if (bin_of_[f][b] != no_index) week_kg_[bin_of_[f][b]] += generation_ * (7 * residents_[b] * fractions[f].kg_per_person_day + 5 * jobs_[b] * fractions[f].kg_per_job_day);
            }
        }
    }

    void remember_travel_times(const Step& now) {
        const std::size_t links = roads_->network().links();
        const auto hour_of_day = static_cast<std::size_t>(calendar_.seconds_of_day(now.from) / 3600);
        now.each(links, [&](std::size_t l) { hourly_s_[hour_of_day * links + l] = static_cast<float>(travel_time_[l] > 0 ? travel_time_[l] : roads_->free_time_s(l)); });
    }

    void fill_bins(const Step& now) {
        std::fill(expected_kg_.begin(), expected_kg_.end(), 0.0);
        const double hour_of_day = calendar_.seconds_of_day(now.from) / 3600;
        const double standard_home = hour_of_day >= 8 && hour_of_day < 17 ? 0.35 : 0.85, standard_work = hour_of_day >= 8 && hour_of_day < 17 && calendar_.day_of_week(now.from) < 5 ? 0.85 : 0.05;
        for (std::size_t f = 0; f < fraction_count; ++f) {
            const double home = generation_ * fractions[f].kg_per_person_day / (home_hours * 3600), work = generation_ * fractions[f].kg_per_job_day / (work_hours * 3600);
            for (std::size_t b = 0; b < buildings_; ++b) {
                const double at_home = at_home_[b] >= 0 ? at_home_[b] : residents_[b] * standard_home;
                const double others = occupants_[b] >= 0 ? std::max(0.0, occupants_[b] - at_home) : jobs_[b] * standard_work;
                const double rate = at_home * home + others * work;
                generation_field_[f][b] = rate;
                if (bin_of_[f][b] != no_index) expected_kg_[bin_of_[f][b]] += rate * now.seconds();
            }
        }
        const auto& capacity = city_.at("bin").get<double>("capacity");
        now.each(kg_.size(), [&](std::size_t b) {
            const double kg = deposited_kg(count_, size_, b, static_cast<std::uint64_t>(now.from), expected_kg_[b], deposit_);
            brought_kg_[b] = kg;
            kg_[b] += kg;
            if (kg_[b] > capacity[b]) beside_kg_[b] += kg_[b] - capacity[b], kg_[b] = capacity[b];
            overflow_kg_s_[b] += beside_kg_[b] * now.seconds();
            since_visit_kg_[b] += expected_kg_[b];
            // What the planner believes: the sensor's word, or the forecast since the last visit.
            known_kg_[b] = has_sensors_ ? sensors_[b].read(kg_[b], std::min(since_visit_kg_[b], capacity[b]), expected_kg_[b], capacity[b], visited_[b] != 0) + beside_kg_[b] : since_visit_kg_[b];
        });
        const auto& fraction = city_.at("bin").get<std::int32_t>("fraction");
        for (std::size_t b = 0; b < kg_.size(); ++b) {
            generated_kg_[static_cast<std::size_t>(fraction[b])] += brought_kg_[b];
            if (sensors_[b].fault != 0) flagged_.add(city_.at("bin").id_of(static_cast<Index>(b)), now.to);
            visited_[b] = 0;
        }
    }

    [[nodiscard]] Microseconds next_at(Microseconds t) const {
        const Microseconds wanted = from_seconds(begin_s_), today = t - calendar_.time_of_day(t) + wanted;
        return today > t ? today : calendar_.next_midnight(t) + wanted;
    }

    void collect(const Step& now) {
        ++collections_;
        next_collection_ = next_at(now.to);
        const int weekday = calendar_.day_of_week(now.to);
        std::array<DayInput, fraction_count> inputs;
        std::array<double, fraction_count> due_kg{};
        const auto &fraction = city_.at("bin").get<std::int32_t>("fraction"), &link_fraction = fraction;
        const auto &capacity = city_.at("bin").get<double>("capacity"), &x = city_.at("bin").get<double>("x"), &y = city_.at("bin").get<double>("y");
        for (Index b = 0; b < kg_.size(); ++b) {
            // The calendar: each street once a week, on the weekday of its part of the town; sorted fractions a day later each.
            const auto part = static_cast<int>((static_cast<std::int64_t>(std::floor(x[b] / 500)) + static_cast<std::int64_t>(std::floor(y[b] / 500))) % 5 + 5 + link_fraction[b]) % 5;
            const double until_next_kg = week_kg_[b] / 7;
            if (weekday >= 5 && rule_.policy == CollectionPolicy::calendar) continue;
            if (!is_due(rule_, part == weekday, known_kg_[b], capacity[b], until_next_kg, deposit_) || known_kg_[b] <= 0) continue;
            if ((*rows_.bin_link)[b] == no_index) continue;
            const auto f = static_cast<std::size_t>(fraction[b]);
            inputs[f].bins.push_back(b);
            inputs[f].bin_kg.push_back(known_kg_[b]);
            due_kg[f] += known_kg_[b] + 300;   // a stop takes as long as lifting some hundred kilograms
        }
        share_trucks(inputs, due_kg);
        for (std::size_t f = 0; f < fraction_count; ++f) send_out(now, inputs[f], f);
    }

    // Idle trucks by what each fraction needs; one at least where anything is due.
    void share_trucks(std::array<DayInput, fraction_count>& inputs, const std::array<double, fraction_count>& due_kg) const {
        std::vector<Index> idle;
        for (Index t = 0; t < trucks_.size(); ++t) {
            if (!trucks_[t].busy) idle.push_back(t);
        }
        double left_kg = sum(due_kg);
        std::size_t next = 0;
        for (std::size_t f = 0; f < fraction_count; ++f) {
            if (due_kg[f] <= 0) continue;
            auto count = static_cast<std::size_t>(std::max(1.0, std::floor(static_cast<double>(idle.size() - next) * due_kg[f] / left_kg + 0.5)));
            count = std::min(count, idle.size() - next);
            inputs[f].trucks.assign(idle.begin() + static_cast<std::ptrdiff_t>(next), idle.begin() + static_cast<std::ptrdiff_t>(next + count));
            next += count;
            left_kg -= due_kg[f];
        }
    }

    void send_out(const Step& now, DayInput& input, std::size_t f) {
        input.sites = destinations_[f];
        input.capacity_kg = capacity_kg_, input.shift_s = shift_s_, input.seconds_of_day = calendar_.seconds_of_day(now.to), input.stop_s = stop_s_, input.s_per_kg = lift_s_per_kg_;
        input.iterations = iterations_;
        input.seed = seed_ + static_cast<std::uint64_t>(collections_) * fraction_count + f;
        const std::size_t links = roads_->network().links();
        const auto hour_of_day = static_cast<std::size_t>(calendar_.seconds_of_day(now.to) / 3600);
        std::vector<double> times(links);
        for (std::size_t l = 0; l < links; ++l) {
            const float remembered = hourly_s_[hour_of_day * links + l];
            times[l] = remembered > 0 ? remembered : travel_time_[l] > 0 ? travel_time_[l] : roads_->free_time_s(l);
        }
        DayPlan plan = plan_day(rows_, input, *roads_, times, closed_.values(), arena_);
        for (Index b : plan.left_out) left_out_.add(city_.at("bin").id_of(b), now.to);
        for (Tour& tour : plan.tours) depart(now, std::move(tour));
    }

    void depart(const Step& now, Tour tour) {
        TruckState& truck = trucks_[tour.truck];
        truck.busy = 1;
        truck.next_stop = 0;
        truck.departed = now.to;
        ++truck.tour;
        if (by_traffic_) {
            TripRequest request;
            request.request_id = first_request + static_cast<std::int64_t>(tour.truck) * 65536 + truck.tour % 65536;
            request.who_set = truck_set;
            request.who = tour.truck;
            request.mode = TravelMode::truck;
            request.depart = now.to;
            const Index depot = (*rows_.truck_depot)[tour.truck];
            const auto &site_offset_m = city_.at("waste_site").get<double>("road_offset"), &bin_offset_m = city_.at("bin").get<double>("road_offset");
            request.origin = (*rows_.site_link)[depot];
            request.origin_offset_m = site_offset_m[depot];
            for (Index stop : tour.stops) {
                const bool site = stop >= site_offset;
                request.stop_links.push_back(site ? (*rows_.site_link)[stop - site_offset] : (*rows_.bin_link)[stop]);
                request.stop_offsets_m.push_back(site ? site_offset_m[stop - site_offset] : bin_offset_m[stop]);
                request.stop_service_s.push_back(site ? (*rows_.unloading_s)[stop - site_offset] : stop_s_ + lift_s_per_kg_ * std::min(known_kg_[stop], capacity_kg_));
                if (!site) request.payload_kg += 0.5 * std::min(known_kg_[stop], capacity_kg_);
            }
            request.payload_kg = std::min(request.payload_kg, 0.5 * capacity_kg_);   // on the way it is half full on average
            request.stop_links.push_back(request.origin);
            request.stop_offsets_m.push_back(request.origin_offset_m);
            request.stop_service_s.push_back(0);
            send(requests_, now.to, static_cast<StableId>(request.request_id), request);
        }
        const Index row = tour.truck;
        tours_[row] = std::move(tour);
    }

    void follow_trucks(const Step& now) {
        if (by_traffic_) {
            const StreamTable& records = events_.records();
            for (std::size_t r = 0; r < records.size(); ++r) {
                const TripEvent event = trip_event_at(records, r);
                if (event.who_set != truck_set || event.request_id < first_request) continue;
                TruckState& truck = trucks_[static_cast<std::size_t>(event.who)];
                if (event.kind == TripEventKind::stop_reached) reach(static_cast<Index>(event.who));
                if (event.kind == TripEventKind::removed) removed_.add(city_.at("truck").id_of(static_cast<Index>(event.who)), event.when);
                if (event.kind != TripEventKind::arrived && event.kind != TripEventKind::removed) continue;
                truck.distance_m += event.distance_m;
                truck.busy = 0;
            }
            return;
        }
        for (Index t = 0; t < trucks_.size(); ++t) {
            while (trucks_[t].busy && trucks_[t].departed + from_seconds(tours_[t].expected_s[trucks_[t].next_stop]) < now.to) {
                if (trucks_[t].next_stop < tours_[t].stops.size()) reach(t);
                else trucks_[t].busy = 0;
            }
        }
    }

    // The truck is at its next stop: it takes what fits, or unloads.
    void reach(Index t) {
        TruckState& truck = trucks_[t];
        if (truck.next_stop >= tours_[t].stops.size()) return;
        const Index stop = tours_[t].stops[truck.next_stop++];
        if (stop >= site_offset) {
            for (std::size_t f = 0; f < fraction_count; ++f) facilities_->receive(stop - site_offset, f, truck.load[f]);
            truck.load = {};
            return;
        }
        const auto f = static_cast<std::size_t>(city_.at("bin").get<std::int32_t>("fraction")[stop]);
        const double room = std::max(0.0, capacity_kg_ - sum(truck.load)), beside = std::min(beside_kg_[stop], room), inside = std::min(kg_[stop], room - beside);
        beside_kg_[stop] -= beside;
        kg_[stop] -= inside;
        truck.load[f] += beside + inside;
        since_visit_kg_[stop] = kg_[stop] + beside_kg_[stop];
        visited_[stop] = 1;
    }

    void write_fields() {
        const auto& capacity = city_.at("bin").get<double>("capacity");
        for (std::size_t b = 0; b < kg_.size(); ++b) fill_[b] = kg_[b] / capacity[b], beside_[b] = beside_kg_[b];
        for (std::size_t s = 0; s < facilities_->stores().size(); ++s) site_stored_[s] = sum(facilities_->stores()[s].waiting) + sum(facilities_->stores()[s].buried);
        for (std::size_t t = 0; t < trucks_.size(); ++t) payload_[t] = sum(trucks_[t].load);
        if (city_.find("power_connection") == nullptr) return;
        for (std::size_t c = 0; c < electric_load_.size(); ++c) electric_load_[c] = 0;
        for (std::size_t s = 0; s < connection_.size(); ++s) {
            if (connection_[s] != no_index) electric_load_[connection_[s]] -= facilities_->stores()[s].power_W;
        }
    }

    void close_ledgers() {
        const auto& fraction = city_.at("bin").get<std::int32_t>("fraction");
        MassByFraction bins{};
        for (std::size_t b = 0; b < kg_.size(); ++b) bins[static_cast<std::size_t>(fraction[b])] += kg_[b] + beside_kg_[b];
        for (std::size_t f = 0; f < fraction_count; ++f) {
            double aboard = 0;
            for (const auto& truck : trucks_) aboard += truck.load[f];
            ledgers_[f]->in = generated_kg_[f];
            ledgers_[f]->out = facilities_->left_kg(f);
            ledgers_[f]->stored = bins[f] + aboard + facilities_->stored_kg(f);
        }
    }

    void set_kpis() {
        double products = 0, handled = 0, distance_m = 0, overflow = 0;
        for (std::size_t f = 0; f < fraction_count; ++f) {
            products += facilities_->product_kg(f);
            handled += facilities_->left_kg(f);
            for (const auto& store : facilities_->stores()) handled += store.buried[f];
        }
        for (const auto& truck : trucks_) distance_m += truck.distance_m;
        for (double kg_s : overflow_kg_s_) overflow += kg_s / 3600;
        if (residents_sum_ > 0 && elapsed_s_ > 0) per_capita_->set(sum(generated_kg_) / residents_sum_ / elapsed_s_ * 365.25 * 86400);
        else per_capita_->reason = "nobody lives here";
        if (handled > 0) diverted_->set(100 * products / handled);
        else diverted_->reason = "no plant has worked yet";
        if (by_traffic_) truck_km_->set(distance_m * 1e-3);
        else truck_km_->reason = "trucks move by their plan (travel = \"planned\")";
        overflow_->set(overflow);
    }

    const City& city_;
    Arena& arena_;
    Calendar calendar_;
    StreamSender requests_;
    StreamReceiver events_;
    Random count_, size_;
    std::uint64_t seed_;
    Warning &left_out_, &removed_, &flagged_;
    Microseconds period_ = 0;
    CollectionRule rule_;
    DepositSize deposit_;
    bool has_sensors_ = true, by_traffic_ = true;
    double capacity_kg_ = 0, begin_s_ = 0, shift_s_ = 0, stop_s_ = 0, lift_s_per_kg_ = 0, generation_ = 1, efficiency_ = 0;
    std::size_t iterations_ = 0, buildings_ = 0;

    Read occupants_, at_home_, travel_time_;
    std::array<Write, fraction_count> generation_field_;
    Write fill_, beside_, site_stored_, payload_;
    Accumulate electric_load_;
    Attribute closed_;
    std::array<Ledger*, fraction_count> ledgers_{};
    Kpi *per_capita_ = nullptr, *diverted_ = nullptr, *truck_km_ = nullptr, *overflow_ = nullptr;

    std::unique_ptr<TruckRoads> roads_;
    std::unique_ptr<Facilities> facilities_;
    CityRows rows_{};
    std::vector<double> residents_, jobs_, week_kg_, expected_kg_, brought_kg_;
    double residents_sum_ = 0;
    std::array<std::vector<std::uint32_t>, fraction_count> bin_of_;
    std::array<std::vector<Index>, fraction_count> destinations_;
    std::vector<Index> connection_;

    std::vector<double> kg_, beside_kg_, known_kg_, overflow_kg_s_, since_visit_kg_;
    std::vector<std::uint8_t> visited_;
    std::vector<FillSensor> sensors_;
    std::vector<float> hourly_s_;
    std::vector<TruckState> trucks_;
    std::vector<Tour> tours_;
    MassByFraction generated_kg_{};
    Microseconds next_collection_ = 0;
    double elapsed_s_ = 0;
    std::int64_t collections_ = 0;
};

CITYTWIN_MODULE(Waste, "waste", "0.1.0")

}  // namespace citytwin::waste
