#pragma once
// A small generated town with a power grid along its streets, loads that a test chooses, and a look at what is recorded.
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "geodata/generate/city_generator.hpp"
#include "tests/support/toy_engine.hpp"

namespace citytwin::testing {

using Values = std::map<std::string, std::string, std::less<>>;

inline std::shared_ptr<const City> grid_town(std::uint64_t population = 2'000, const Values& energy = {}, std::uint64_t seed = 3) {
    Arena arena(2);
    geodata::CityGeneratorOptions options;
    options.population = population;
    options.seed = seed;
    auto city = std::make_shared<City>(geodata::generate_city(options, arena));
    if (city->find("city") == nullptr) city->add_set("city", 1);
    MapParameters values(energy);
    DiagnosticList diagnostics;
    CityBuilder builder{*city, values, arena, seed, diagnostics};
    Registry::process().module("energy")->build(builder);
    for (auto& set : city->sets()) set.build_id_index();
    return city;
}

/// Every connection draws the same power all day; one may draw something else.
struct SteadyLoad : Module {
    explicit SteadyLoad(Setup& setup)
        : load_(setup.accumulates("power_connection", "electric_load", "W")), each_W_(setup.parameter("each", "1500 W", "Of every connection", -1e7, 1e7)),
          special_(setup.parameter_integer("special", -1, "Row of the other one", -1, 1e9)), special_W_(setup.parameter("special_load", "0 W",
              "Its load", -1e9, 1e9)) {
        setup.period("15 min");
    }
    void step(const Step&) override {
        for (std::size_t c = 0; c < load_.size(); ++c) load_[c] = static_cast<std::int64_t>(c) == special_ ? special_W_ : each_W_;
    }
    Accumulate load_;
    double each_W_;
    std::int64_t special_;
    double special_W_;
};

/// Time integral of each recorded field by row, and the last row.
struct Integrals : RecordSink {
    explicit Integrals(const Engine& engine) {
        for (const auto& field : engine.recorded_fields()) fields_[field.set].push_back(field.field);
    }
    void row(const std::string& set, Microseconds time, std::span<const std::span<const double>> columns) override {
        const double seconds = to_seconds(time - last_[set]);
        last_[set] = time;
        for (std::size_t f = 0; f < columns.size(); ++f) {
            auto& sum = integral[set + "." + fields_[set][f]];
            sum.resize(columns[f].size(), 0.0);
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += columns[f][i] * seconds;
            last[set + "." + fields_[set][f]].assign(columns[f].begin(), columns[f].end());
            history[set + "." + fields_[set][f]].emplace_back(columns[f].begin(), columns[f].end());
        }
    }
    void records(const StreamSchema& schema, const StreamTable& table) override {
        if (events.empty()) events = StreamTable(schema);
        for (std::size_t r = 0; r < table.size(); ++r) events.append_from(table, r);
    }
    std::map<std::string, std::vector<double>> integral, last;
    std::map<std::string, std::vector<std::vector<double>>> history;   ///< row by row
    StreamTable events;

private:
    std::map<std::string, std::vector<std::string>> fields_;
    std::map<std::string, Microseconds> last_;
};

/// The energy module and a steady load on a town.
struct GridRun : ToyRun {
    explicit GridRun(std::shared_ptr<const City> of, const Values& energy = {}, const Values& load = {}) {
        factories = {*Registry::process().module("energy"), toy<SteadyLoad>("steady_load")};
        city = std::move(of);
        settings.end = day;
        settings.seed = 5;
        settings.record_interval = 15 * minute;
        settings.recorded_fields = {"power_bus.energised", "power_bus.voltage", "power_branch.loading", "power_branch.in_service", "power_connection.powered"};
        values["energy"] = energy;
        values["steady_load"] = load;
    }
    /// Runs to the end; what was recorded.
    std::unique_ptr<Integrals> record() {
        make();
        auto seen = std::make_unique<Integrals>(*engine);
        engine->set_sink(seen.get());
        engine->start();
        while (!engine->finished()) engine->advance();
        engine->close();
        return seen;
    }
};

inline Change set_rows(const std::string& set, std::vector<Index> rows, const std::string& attribute, double value, Microseconds at = 0,
    std::optional<Microseconds> until = {}) {
    Change change;
    change.name = attribute + " of " + set;
    change.set = set;
    change.at = at;
    if (until) change.until = *until;
    change.rows = std::move(rows);
    change.assignments.push_back({attribute, ChangeOperation::set, value, {}});
    return change;
}

/// Buses without a way of closed branches to the upstream bus when these branches are out: a search that knows nothing of the module.
inline std::vector<std::uint8_t> dark_buses(const City& city, const std::vector<Index>& out) {
    const EntitySet& branches = city.at("power_branch");
    const auto &from = branches.get<Index>("from"), &to = branches.get<Index>("to");
    const auto& closed = branches.get<std::uint8_t>("closed");
    const auto& kind = city.at("power_bus").get<std::string>("kind");
    std::vector<std::uint8_t> dark(kind.size(), 1);
    for (std::size_t b = 0; b < kind.size(); ++b) dark[b] = kind[b] == "grid" ? 0 : 1;
    for (bool more = true; more;) {
        more = false;
        for (Index k = 0; k < from.size(); ++k) {
            if (closed[k] == 0 || std::find(out.begin(), out.end(), k) != out.end() || dark[from[k]] == dark[to[k]]) continue;
            dark[from[k]] = dark[to[k]] = 0;
            more = true;
        }
    }
    return dark;
}

}  // namespace citytwin::testing
