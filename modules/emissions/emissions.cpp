// Emissions as a module: what the vehicles on the streets and the heating of buildings give off, where the wind carries it, who breathes it,
// and the city's greenhouse gases. What it reads, writes and lets a user choose is declared here; the equations are in model/.
#include <fmt/format.h>

#include <memory>

#include "core/city/numbers.hpp"
#include "core/module/citytwin/module.hpp"
#include "modules/emissions/air_quality.hpp"
#include "modules/emissions/building_emissions.hpp"
#include "modules/emissions/emission_choices.hpp"
#include "modules/emissions/exposure_groups.hpp"
#include "modules/emissions/greenhouse_gases.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/emissions/road_emissions.hpp"
#include "modules/emissions/weather_mean.hpp"

namespace citytwin::emissions {

class Emissions final : public Module {
public:
    static void build(CityBuilder& builder) {
        if (!builder.parameters.boolean("air", true)) return;
        add_grid(builder.city, builder.parameters.quantity("air_cell", "m", "100 m"), 200);
        if (const auto files = builder.parameters.paths("receptors"); !files.empty()) add_receptors(builder.city, files.front(), builder.diagnostics);
    }

    explicit Emissions(Setup& setup)
        : city_(setup.city()), choices_(setup), fleet_(setup, choices_.classes, choices_.mix), roads_(choices_.classes, fleet_, choices_.rule),
          speed_limit_(setup.attribute("road_link", "speed_limit", "m/s")), zone_(setup.attribute("road_link", "low_emission_zone", "1", 0.0)),
          heating_(setup, choices_.heating), load_(meter(setup)),
          intensity_(setup.reads("city", "carbon_intensity", "kg/J").mean().otherwise(choices_.carbon_intensity_kg_per_J)), weather_(setup, choices_),
          link_rates_(write_rates(setup, "road_link", "exhausts")),
          traction_power_(setup.writes("road_link", "traction_power", "W").described("Power that electric vehicles draw from their batteries").recorded_as(Aggregation::mean)),
          greenhouse_(choices_.classes, choices_.heating.co2_kg_per_J()), persons_(setup, residents_of(city_)),
          ghg_per_capita_(setup.kpi("ghg_per_capita", "t CO2e/person", Kpi::Better::less,
                                    "sum(emission factor x activity) / mean residents of the run, scopes 1 and 2, for the run's time", "Greenhouse gas per capita")),
          nox_mean_(setup.kpi("nox_mean", "ug/m3", Kpi::Better::less,
                              "NOx (as NO2 mass) of the modelled sources, population-weighted mean over the run", "NOx, population weighted")),
          pm25_exposure_(setup.kpi("pm25_exposure", "ug/m3", Kpi::Better::less,
                                   "sum(C_i people_i) / people, exhaust particles of the modelled sources, no background", "PM2.5, population weighted")),
          clamped_(setup.warning("CT-EMISSIONS-030", "a mean speed was outside a class's curve and was clamped to its range")),
          refused_(setup.warning("CT-EMISSIONS-031", "a passage of a link had no time, no link or a speed above 80 m/s; it emits nothing")),
          calm_(setup.warning("CT-EMISSIONS-032", "a calm interval (wind below 0.5 m/s): no concentration was computed")),
          unverified_(setup.warning("CT-EMISSIONS-033", "figures of these classes weren't compared with their source's text")) {
        setup.period("60 s");
        if (city_.find("grid_load") != nullptr) profile_load_ = setup.reads("power_connection", "profile_load", "W").mean().otherwise(0.0);
        fleet_.set_zone_rule(choices_.zone_excludes, choices_.zone_replacement);
        if (choices_.traversals) {
            traversals_ = setup.receives(link_traversal_schema());
            if (const EntitySet* cars = city_.find("car"); cars != nullptr && cars->size() > 0) {
                car_energy_ = setup.writes("car", "electric_energy", "J").described("Electricity that the car drove with since the start");
            }
        } else {
            flow_ = setup.reads("road_link", "flow", "1/s").mean().otherwise(0.0);
            density_ = setup.reads("road_link", "density", "1/m").mean().otherwise(0.0);
        }
        if (choices_.air && city_.find("grid_cell") != nullptr) {
            nox_field_ = setup.writes("grid_cell", "concentration_nox", "kg/m3").described("NOx of the modelled sources, mean of the last interval");
            pm_field_ = setup.writes("grid_cell", "concentration_pm25", "kg/m3").described("Exhaust particles of the modelled sources, mean of the last interval");
            if (city_.find("receptor") != nullptr) {
                receptor_nox_ = setup.writes("receptor", "concentration_nox", "kg/m3").described("NOx of the modelled sources, mean of the last interval");
                receptor_pm_ = setup.writes("receptor", "concentration_pm25", "kg/m3").described("Exhaust particles of the modelled sources, mean of the last interval");
            }
        }
        for (std::size_t p = 0; p < pollutant_count; ++p) {
            const bool energy = p == at(Pollutant::electricity);
            ledgers_[p] = &setup.ledger(energy ? "traction energy" : fmt::format("emitted {}", pollutant_names[p]), energy ? "J" : "kg");
        }
        carbon_ledger_ = &setup.ledger("CO2 by activity", "kg");
    }

    void prepare() override {
        const EntitySet& links = city_.at("road_link");
        roads_.prepare(links.get<double>("length"), link_slopes(city_));
        fleet_.refresh();
        if (nox_field_) air_ = std::make_unique<AirQuality>(city_, choices_.air_options);
        next_air_ = choices_.air_interval;
        car_J_.assign(car_energy_ ? city_.at("car").size() : 0, 0.0);
    }

    void step(const Step& now) override {
        const double seconds = now.seconds();
        stepped_to_ = now.to;
        if (seconds <= 0) return;
        if (traversals_) follow_vehicles(now);
        else roads_.from_links({flow_.values(), density_.values()}, speed_limit_.values(), seconds, *now.arena);
        write_links(now);
        const double burnt_J = heating_.step(seconds, air_.get());
        greenhouse_.add_heat(burnt_J);
        persons_.add(seconds);
        book_carbon(seconds);
        if (air_) carry(now);
        count(now);
    }

    void changed(std::string_view set, std::span<const Index> /*rows*/) override {
        if (set == "car" || set == "truck") fleet_.change(stepped_to_);
    }

    void close(const Step& now) override {
        if (air_ && air_begun_ < now.to) finish_interval(now);
        greenhouse_.report(ghg_per_capita_, persons_);
        report_kilometres(now.to);
        if (!air_) {
            nox_mean_.reason = pm25_exposure_.reason = choices_.air ? "the city has no grid of cells" : "air = false";
            return;
        }
        const double share = air_->seconds() > 0 ? 1 - air_->calm_seconds() / air_->seconds() : 0;
        if (air_->people() <= 0 || share <= 0) {
            nox_mean_.reason = pm25_exposure_.reason = air_->people() <= 0 ? "nobody lives in a cell" : "every interval was calm";
            return;
        }
        for (Kpi* kpi : {&nox_mean_, &pm25_exposure_}) {
            kpi->details.emplace_back("people outside the grid", air_->people_outside());
            kpi->details.emplace_back("sources outside the grid, left out", static_cast<double>(air_->sources_outside()));
            kpi->details.emplace_back("streets are line sources", air_->streets_are_sources() ? 1.0 : 0.0);
        }
        nox_mean_.set(air_->mean_exposure(AirSubstance::nox, *now.arena) * 1e9, share);
        pm25_exposure_.set(air_->mean_exposure(AirSubstance::pmx, *now.arena) * 1e9, share);
        tell_exposure_groups(city_, *air_, AirSubstance::pmx, pm25_exposure_);
    }

    void save(StateWriter& out) const override {
        roads_.save(out);
        fleet_.save(out);
        greenhouse_.save(out);
        persons_.save(out);
        out.column("car_J", car_J_);
        weather_.save(out);
        if (air_) air_->save(out);
        out.value("stepped_to", stepped_to_);
        out.value("next_air", next_air_);
        out.value("air_begun", air_begun_);
        out.value("told", told_);
        out.value("zone_nox_g", zone_nox_g_);
    }

    void load(StateReader& in) override {
        roads_.load(in);
        fleet_.load(in);
        greenhouse_.load(in);
        persons_.load(in);
        in.column("car_J", car_J_);
        weather_.load(in);
        if (air_) air_->load(in);
        in.value("stepped_to", stepped_to_);
        in.value("next_air", next_air_);
        in.value("air_begun", air_begun_);
        in.value("told", told_);
        in.value("zone_nox_g", zone_nox_g_);
    }

private:
    /// Electricity through meters: of the power connections where the city has them, else of the buildings.
    static Read meter(Setup& setup) {
        if (setup.city().find("power_connection") != nullptr) return setup.reads("power_connection", "electric_load", "W").mean().otherwise(0.0);
        return setup.reads("building", "electric_power", "W").mean().otherwise(0.0);
    }

    void follow_vehicles(const Step& now) {
        const StreamTable& records = traversals_->records();
        fleet_.follow(records, zone_.values());
        roads_.from_traversals(records, speed_limit_.values(), *now.arena);
        for (const auto& [car, joules] : roads_.step_by_car()) {
            car_J_[car] += joules;
            (*car_energy_)[car] = car_J_[car];
        }
    }

    void write_links(const Step& now) {
        const auto by_link = roads_.step_by_link();
        const double seconds = now.seconds();
        now.each(link_rates_[0], [&](std::size_t link) {
            for (std::size_t p = 0; p < link_rates_.size(); ++p) link_rates_[p][link] = by_link[link][p] * 1e-3 / seconds;
            traction_power_[link] = by_link[link][at(Pollutant::electricity)] / seconds;
        });
        for (Index link = 0; link < by_link.size(); ++link) zone_nox_g_ += zone_[link] != 0 ? by_link[link][at(Pollutant::nox)] : 0.0;
        if (!air_) return;
        for (Index link = 0; link < by_link.size(); ++link) {
            air_->emit_from_link(AirSubstance::nox, link, by_link[link][at(Pollutant::nox)]);
            air_->emit_from_link(AirSubstance::pmx, link, by_link[link][at(Pollutant::pmx)]);
        }
    }

    void book_carbon(double seconds) {
        const double intensity = intensity_.size() > 0 ? intensity_[0] : choices_.carbon_intensity_kg_per_J;
        greenhouse_.set_vehicles(roads_.run_by_class());
        greenhouse_.add_traction(roads_.step_cars_J(), roads_.step_others_J(), intensity);
        double watts = 0;
        meters_W_.assign(load_.values().begin(), load_.values().end());
        for (std::size_t m = 0; profile_load_ && m < meters_W_.size(); ++m) meters_W_[m] += (*profile_load_)[m];
        for (double value : meters_W_) watts += value;
        greenhouse_.add_connections(watts * seconds, intensity);
        greenhouse_.watch(meters_W_, roads_.step_by_link(), heating_.co2_kgps(), seconds, intensity);
    }

    /// Whatever drove, trucks and buses too: its way, and whether its figures are to be trusted.
    void report_kilometres(Microseconds now) {
        for (Index c = 0; c < choices_.classes.size(); ++c) {
            if (roads_.run_km_by_class()[c] <= 0) continue;
            const auto& row = choices_.classes[c];
            const std::string unverified = row.unverified_names();
            ghg_per_capita_.details.emplace_back(row.name + (unverified.empty() ? " [km]" : " [km], unverified figures"), roads_.run_km_by_class()[c]);
            if (!unverified.empty()) unverified_.add(fmt::format("{}: {}", row.name, unverified), now);
        }
        const Amounts& total = roads_.run_over_links();
        ghg_per_capita_.details.emplace_back("CO2 from exhausts [kg]", total[at(Pollutant::co2)] * 1e-3);
        pm25_exposure_.details.emplace_back("PM2.5 from exhausts [kg]", total[at(Pollutant::pmx)] * 1e-3);
        nox_mean_.details.emplace_back("NOx from exhausts [kg]", total[at(Pollutant::nox)] * 1e-3);
        if (zone_nox_g_ == 0) return;
        nox_mean_.details.emplace_back("NOx from exhausts inside the low-emission zone [kg]", zone_nox_g_ * 1e-3);
        nox_mean_.details.emplace_back("cars replaced for the low-emission zone", static_cast<double>(fleet_.replaced()));
    }

    void carry(const Step& now) {
        weather_.add(now.seconds());
        if (now.to >= next_air_) finish_interval(now);
    }

    void finish_interval(const Step& now) {
        const Weather weather = weather_.take(choices_.air_options.terrain);
        if (weather.calm()) calm_.add("city", now.to);
        air_->end_interval(to_seconds(now.to - air_begun_), weather, *now.arena);
        air_begun_ = now.to;
        next_air_ = (now.to / choices_.air_interval + 1) * choices_.air_interval;
        const auto nox = air_->concentration(AirSubstance::nox), pm = air_->concentration(AirSubstance::pmx);
        for (std::size_t cell = 0; cell < nox.size(); ++cell) {
            (*nox_field_)[cell] = nox[cell];
            (*pm_field_)[cell] = pm[cell];
        }
        if (!receptor_nox_) return;
        const auto receptor_nox = air_->at_receptors(AirSubstance::nox), receptor_pm = air_->at_receptors(AirSubstance::pmx);
        for (std::size_t r = 0; r < receptor_nox.size(); ++r) {
            (*receptor_nox_)[r] = receptor_nox[r];
            (*receptor_pm_)[r] = receptor_pm[r];
        }
    }

    // Two views of one sum: in = by vehicle class, out = over links; of carbon: in = activities x factors, out = streets, chimneys and meters.
    void count(const Step& now) {
        for (std::size_t p = 0; p < pollutant_count; ++p) {
            const double scale = p == at(Pollutant::electricity) ? 1.0 : 1e-3;
            double vehicles = 0;
            for (const Amounts& row : roads_.run_by_class()) vehicles += row[p];
            ledgers_[p]->in = vehicles * scale;
            ledgers_[p]->out = roads_.run_over_links()[p] * scale;
        }
        carbon_ledger_->in = greenhouse_.ledger().recomputed_kg(false);
        carbon_ledger_->out = greenhouse_.places_kg(roads_.run_over_links()[at(Pollutant::co2)]);
        clamped_.add("link", now.to, roads_.clamped() - told_[0]);
        refused_.add("passage", now.to, roads_.refused() - told_[1]);
        told_[0] = roads_.clamped();
        told_[1] = roads_.refused();
    }

    const City& city_;
    EmissionChoices choices_;
    Fleet fleet_;
    RoadEmissions roads_;
    Read flow_, density_;
    Attribute speed_limit_, zone_;
    BuildingEmissions heating_;
    Read load_, intensity_;
    std::optional<Read> profile_load_;   ///< of a user's grid with loads of its own
    std::vector<double> meters_W_;
    WeatherMean weather_;
    std::array<Write, 5> link_rates_;
    Write traction_power_;
    std::optional<Write> car_energy_, nox_field_, pm_field_, receptor_nox_, receptor_pm_;
    std::optional<StreamReceiver> traversals_;
    GreenhouseGases greenhouse_;
    PersonTime persons_;
    std::unique_ptr<AirQuality> air_;
    Kpi &ghg_per_capita_, &nox_mean_, &pm25_exposure_;
    Warning &clamped_, &refused_, &calm_, &unverified_;
    std::array<Ledger*, pollutant_count> ledgers_{};
    Ledger* carbon_ledger_ = nullptr;
    Microseconds stepped_to_ = 0, next_air_ = 0, air_begun_ = 0;
    std::uint64_t told_[2] = {0, 0};
    double zone_nox_g_ = 0;
    std::vector<double> car_J_;
};

CITYTWIN_MODULE(Emissions, "emissions", "0.1.0")

}  // namespace citytwin::emissions
