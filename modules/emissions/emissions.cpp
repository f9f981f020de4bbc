// Emissions as a module: what the vehicles on the streets and the heating of buildings give off, where the wind carries it, who breathes it,
// and the city's greenhouse gases. What it reads, writes and lets a user choose is declared here; the equations are in model/.
#include <fmt/format.h>

#include <memory>

#include "core/module/citytwin/module.hpp"
#include "modules/emissions/air_quality.hpp"
#include "modules/emissions/emission_choices.hpp"
#include "modules/emissions/greenhouse_gases.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/emissions/road_emissions.hpp"
#include "modules/emissions/weather_mean.hpp"

namespace citytwin::emissions {

class Emissions final : public Module {
public:
    static void build(CityBuilder& builder) {
        if (builder.parameters.boolean("air", true)) add_grid(builder.city, builder.parameters.quantity("air_cell", "m", "100 m"), 200);
    }

    explicit Emissions(Setup& setup)
        : city_(setup.city()), choices_(setup), fleet_(setup, choices_.classes, choices_.mix), roads_(choices_.classes, fleet_, choices_.rule),
          flow_(setup.reads("road_link", "flow", "1/s").mean().otherwise(0.0)), density_(setup.reads("road_link", "density", "1/m").mean().otherwise(0.0)),
          speed_limit_(setup.attribute("road_link", "speed_limit", "m/s")), heat_(setup.reads("building", "fuel_power", "W").mean().otherwise(0.0)),
          load_(setup.reads("power_connection", "electric_load", "W").mean().otherwise(0.0)),
          intensity_(setup.reads("city", "carbon_intensity", "kg/J").mean().otherwise(choices_.carbon_intensity_kg_per_J)), weather_(setup, choices_),
          link_rates_(write_rates(setup, "road_link")),
          traction_power_(setup.writes("road_link", "traction_power", "W").described("Power that electric vehicles draw from their batteries").recorded_as(Aggregation::mean)),
          greenhouse_(choices_.classes, setup.city().find("power_connection") != nullptr),
          ghg_per_capita_(setup.kpi("ghg_per_capita", "t CO2e/person", Kpi::Better::less,
                                    "sum(emission factor x activity) / residents, scopes 1 and 2, for the run's time", "Greenhouse gas per capita")),
          nox_mean_(setup.kpi("nox_mean", "ug/m3", Kpi::Better::less,
                              "NOx (as NO2 mass) of the modelled sources, population-weighted mean over the run", "NOx, population weighted")),
          pm25_exposure_(setup.kpi("pm25_exposure", "ug/m3", Kpi::Better::less,
                                   "sum(C_i people_i) / people, exhaust particles of the modelled sources, no background", "PM2.5, population weighted")),
          clamped_(setup.warning("CT-EMISSIONS-030", "a mean speed was outside a class's curve and was clamped to its range")),
          refused_(setup.warning("CT-EMISSIONS-031", "a passage of a link had no time, no link or a speed above 80 m/s; it emits nothing")),
          calm_(setup.warning("CT-EMISSIONS-032", "a calm interval (wind below 0.5 m/s): no concentration was computed")),
          unverified_(setup.warning("CT-EMISSIONS-033", "figures of these classes weren't compared with their source's text")) {
        setup.period("60 s");
        if (choices_.traversals) traversals_ = setup.receives(link_traversal_schema());
        if (city_.find("building") != nullptr) building_nox_ = setup.writes("building", "emission_rate_nox", "kg/s").described("NOx from heating").recorded_as(Aggregation::mean);
        if (choices_.air && city_.find("grid_cell") != nullptr) {
            nox_field_ = setup.writes("grid_cell", "concentration_nox", "kg/m3").described("NOx of the modelled sources, mean of the last interval");
            pm_field_ = setup.writes("grid_cell", "concentration_pm25", "kg/m3").described("Exhaust particles of the modelled sources, mean of the last interval");
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
    }

    void start(const Step& now) override {
        for (const auto& share : fleet_.car_shares()) {
            if (const auto& row = choices_.classes[share.emission_class]; !row.unverified.empty()) unverified_.add(fmt::format("{}: {}", row.name, row.unverified), now.from);
        }
    }

    void step(const Step& now) override {
        const double seconds = now.seconds();
        if (seconds <= 0) return;
        if (traversals_) roads_.from_traversals(traversals_->records(), speed_limit_.values(), *now.arena);
        else roads_.from_links({flow_.values(), density_.values()}, speed_limit_.values(), seconds, *now.arena);
        write_links(now);
        heat_buildings(seconds);
        book_carbon(seconds);
        if (air_) carry(now);
        count(now);
    }

    void changed(std::string_view set, std::span<const Index> /*rows*/) override {
        if (set == "car" || set == "truck") fleet_.refresh();
    }

    void close(const Step& now) override {
        if (air_ && air_begun_ < now.to) finish_interval(now);
        greenhouse_.report(ghg_per_capita_, residents_of(city_));
        if (!air_) {
            nox_mean_.reason = pm25_exposure_.reason = choices_.air ? "the city has no grid of cells" : "air = false";
            return;
        }
        const double share = air_->seconds() > 0 ? 1 - air_->calm_seconds() / air_->seconds() : 0;
        if (air_->people() <= 0 || share <= 0) {
            nox_mean_.reason = pm25_exposure_.reason = air_->people() <= 0 ? "nobody lives in a cell" : "every interval was calm";
            return;
        }
        nox_mean_.set(air_->mean_exposure(AirSubstance::nox) * 1e9, share);
        pm25_exposure_.set(air_->mean_exposure(AirSubstance::pmx) * 1e9, share);
    }

    void save(StateWriter& out) const override {
        roads_.save(out);
        greenhouse_.save(out);
        weather_.save(out);
        if (air_) air_->save(out);
        out.value("next_air", next_air_);
        out.value("air_begun", air_begun_);
        out.value("told", told_);
        out.value("traction_J", traction_J_);
    }

    void load(StateReader& in) override {
        roads_.load(in);
        greenhouse_.load(in);
        weather_.load(in);
        if (air_) air_->load(in);
        in.value("next_air", next_air_);
        in.value("air_begun", air_begun_);
        in.value("told", told_);
        in.value("traction_J", traction_J_);
        fleet_.refresh();
    }

private:
    static std::array<Write, 5> write_rates(Setup& setup, const char* set) {
        std::array<Write, 5> rates;
        const char* names[] = {"emission_rate_co2", "emission_rate_co", "emission_rate_hc", "emission_rate_nox", "emission_rate_pm25"};
        for (std::size_t p = 0; p < rates.size(); ++p) {
            rates[p] = setup.writes(set, names[p], "kg/s").described(fmt::format("{} that leaves the exhausts", pollutant_names[p])).recorded_as(Aggregation::mean);
        }
        return rates;
    }

    void write_links(const Step& now) {
        const auto by_link = roads_.step_by_link();
        const double seconds = now.seconds();
        now.each(link_rates_[0], [&](std::size_t link) {
            for (std::size_t p = 0; p < link_rates_.size(); ++p) link_rates_[p][link] = by_link[link][p] * 1e-3 / seconds;
            traction_power_[link] = by_link[link][at(Pollutant::electricity)] / seconds;
        });
        if (!air_) return;
        for (Index link = 0; link < by_link.size(); ++link) {
            air_->emit_from_link(AirSubstance::nox, link, by_link[link][at(Pollutant::nox)]);
            air_->emit_from_link(AirSubstance::pmx, link, by_link[link][at(Pollutant::pmx)]);
        }
    }

    void heat_buildings(double seconds) {
        if (!building_nox_) return;
        double joules = 0;
        for (Index b = 0; b < heat_.size(); ++b) {
            const double watts = heat_[b];
            (*building_nox_)[b] = watts * 1e-9 * choices_.heating.g_per_MJ[at(Pollutant::nox)];
            joules += watts * seconds;
            if (!air_ || watts <= 0) continue;
            air_->emit_from_building(AirSubstance::nox, b, watts * seconds * 1e-6 * choices_.heating.g_per_MJ[at(Pollutant::nox)]);
            air_->emit_from_building(AirSubstance::pmx, b, watts * seconds * 1e-6 * choices_.heating.g_per_MJ[at(Pollutant::pmx)]);
        }
        greenhouse_.add_heat(joules, joules * 1e-9 * choices_.heating.g_per_MJ[at(Pollutant::co2)]);
    }

    void book_carbon(double seconds) {
        const double intensity = intensity_.size() > 0 ? intensity_[0] : choices_.carbon_intensity_kg_per_J;
        const double traction = roads_.run_over_links()[at(Pollutant::electricity)];
        greenhouse_.set_vehicles(roads_.run_by_class());
        greenhouse_.add_traction(traction - traction_J_, intensity);
        traction_J_ = traction;
        double watts = 0;
        for (double value : load_.values()) watts += value;
        greenhouse_.add_connections(watts * seconds, intensity);
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
    }

    // Two views of one sum: in = by vehicle class, out = over links.
    void count(const Step& now) {
        for (std::size_t p = 0; p < pollutant_count; ++p) {
            const double scale = p == at(Pollutant::electricity) ? 1.0 : 1e-3;
            double vehicles = 0;
            for (const Amounts& row : roads_.run_by_class()) vehicles += row[p];
            ledgers_[p]->in = vehicles * scale;
            ledgers_[p]->out = roads_.run_over_links()[p] * scale;
        }
        carbon_ledger_->in = greenhouse_.activities_kg();
        carbon_ledger_->out = greenhouse_.ledger().scope_kg(Scope::direct) + greenhouse_.ledger().scope_kg(Scope::grid) + greenhouse_.ledger().scope_kg(Scope::indirect);
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
    Attribute speed_limit_;
    Read heat_, load_, intensity_;
    WeatherMean weather_;
    std::array<Write, 5> link_rates_;
    Write traction_power_;
    std::optional<Write> building_nox_, nox_field_, pm_field_;
    std::optional<StreamReceiver> traversals_;
    GreenhouseGases greenhouse_;
    std::unique_ptr<AirQuality> air_;
    Kpi &ghg_per_capita_, &nox_mean_, &pm25_exposure_;
    Warning &clamped_, &refused_, &calm_, &unverified_;
    std::array<Ledger*, pollutant_count> ledgers_{};
    Ledger* carbon_ledger_ = nullptr;
    Microseconds next_air_ = 0, air_begun_ = 0;
    std::uint64_t told_[2] = {0, 0};
    double traction_J_ = 0;
};

CITYTWIN_MODULE(Emissions, "emissions", "0.1.0")

}  // namespace citytwin::emissions
