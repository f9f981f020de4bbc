// Two SimBench grids over their profiles against pandapower (two days, each quarter-hour) and power-grid-model (a year): voltages
// 1e-7 p.u., loadings 1e-4 percent, energies 1e-6 relative, the steps of the lowest and highest voltage equal.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/csv.hpp"
#include "modules/energy/simbench_series.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::energy;

namespace {

struct Reference {
    explicit Reference(const std::string& folder) : folder_(folder) {
        CsvReader csv(folder + "/index.csv");
        while (csv.next()) id_[std::string(csv.text(0))][std::to_string(csv.integer(1))] = std::string(csv.text(2));
    }
    /// Largest difference of a table "step, one column an element" from ours.
    double difference(const std::string& table, const std::string& element, const std::vector<std::string>& ids, const std::vector<double>& ours) const {
        std::map<std::string, std::size_t> row;
        for (std::size_t k = 0; k < ids.size(); ++k) row[ids[k]] = k;
        CsvReader csv(folder_ + "/" + table + ".csv");
        double worst = 0;
        for (std::size_t step = 0; csv.next(); ++step) {
            for (std::size_t c = 1; c < csv.header().size(); ++c) {
                const double mine = ours.at(step * ids.size() + row.at(id_.at(element).at(csv.header()[c])));
                worst = std::max(worst, std::isfinite(mine) ? std::fabs(mine - csv.number(c)) : 1e9);
            }
        }
        return worst;
    }

private:
    std::string folder_;
    std::map<std::string, std::map<std::string, std::string>> id_;
};

void compare_year(SimbenchSeries& series, const SimbenchGrid& grid, const nlohmann::json& expected) {
    Arena arena(2, 1);
    double load = 0, generation = 0, import = 0, exported = 0, loss = 0, low = 9, high = 0;
    std::size_t low_step = 0, high_step = 0;
    SeriesBlock b;
    for (std::size_t first = 0; first < grid.steps(); first += 4096) {
        series.solve(first, 1, std::min<std::size_t>(4096, grid.steps() - first), b, arena);
        for (std::size_t k = 0; k < b.step.size(); ++k) {
            REQUIRE(b.converged[k] == 1);
            load += b.load_mw[k] / 4;
            generation += b.generation_mw[k] / 4;
            import += std::max(0.0, b.grid_mw[k]) / 4;
            exported += std::max(0.0, -b.grid_mw[k]) / 4;
            loss += (b.line_loss_mw[k] + b.transformer_loss_mw[k]) / 4;
            for (std::size_t bus = 0; bus < grid.bus_id.size(); ++bus) {
                const double v = b.voltage[k * grid.bus_id.size() + bus];
                if (v < low) low = v, low_step = b.step[k];
                if (v > high) high = v, high_step = b.step[k];
            }
        }
    }
    CHECK(grid.steps() == expected["steps"].get<std::size_t>());
    CHECK(load == Approx(expected["load_mwh"].get<double>()).epsilon(1e-6));
    CHECK(generation == Approx(expected["sgen_mwh"].get<double>()).epsilon(1e-6));
    CHECK(import == Approx(expected["import_mwh"].get<double>()).epsilon(1e-6));
    CHECK(exported == Approx(expected["export_mwh"].get<double>()).epsilon(1e-6));
    CHECK(loss == Approx(expected["loss_mwh"].get<double>()).epsilon(1e-6));
    CHECK(low == Approx(expected["vmin"].get<double>()).margin(1e-7));
    CHECK(high == Approx(expected["vmax"].get<double>()).margin(1e-7));
    CHECK(low_step == expected["vmin_step"].get<std::size_t>());
    CHECK(high_step == expected["vmax_step"].get<std::size_t>());
}

void compare(const std::string& code) {
    const auto data = citytwin::testing::shared_file("data/energy/simbench/" + code), folder = citytwin::testing::shared_file("ref/energy/simbench/" + code);
    if (!data || !folder) {
        WARN("skipped: shared energy data is not there");
        return;
    }
    DiagnosticList diagnostics;
    const SimbenchGrid grid = read_simbench(*data, diagnostics);
    SimbenchSeries series(grid);
    CHECK(series.is_radial());
    const Reference reference(*folder);
    Arena arena(2, 1);
    for (const auto& [day, first] : {std::pair{"winter", 1344}, std::pair{"summer", 17376}}) {
        SeriesBlock block;
        series.solve(static_cast<std::size_t>(first), 1, 96, block, arena);
        const std::string prefix(day);
        CHECK(reference.difference(prefix + ".vm_pu", "bus", grid.bus_id, block.voltage) < 1e-7);
        CHECK(reference.difference(prefix + ".line_loading_percent", "line", grid.line_id, block.line_loading) < 1e-4);
        CHECK(reference.difference(prefix + ".trafo_loading_percent", "trafo", grid.transformer_id, block.transformer_loading) < 1e-4);
    }
    std::ifstream in(*folder + "/year.json");
    compare_year(series, grid, nlohmann::json::parse(in));
}

}  // namespace

TEST_CASE("a low-voltage SimBench grid runs through its year as in pandapower and power-grid-model") { compare("1-LV-urban6--0-no_sw"); }
TEST_CASE("a medium-voltage SimBench grid with open rings runs through its year as in pandapower and power-grid-model") { compare("1-MV-semiurb--0-no_sw"); }
