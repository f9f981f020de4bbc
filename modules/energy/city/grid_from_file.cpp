#include "modules/energy/city/grid_from_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/base/whole_shares.hpp"
#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"
#include "modules/energy/read/matpower_case.hpp"
#include "modules/energy/read/simbench_grid.hpp"

namespace citytwin::energy {
namespace {

class Reading {
public:
    Reading(CityBuilder& builder, const std::string& file) : builder_(builder), file_(file) {}

    FileGrid run(const std::string& bus_places) {
        if (is_simbench_folder(file_)) read_simbench_grid();
        else read_case();
        const std::size_t n = grid().network.buses.size();
        grid().bus_kind.assign(n, "bus_without_place");
        grid().bus_x.assign(n, 0);
        grid().bus_y.assign(n, 0);
        grid().bus_synthetic.assign(n, 0);
        name_branches();
        name_units();
        place_buildings(bus_places);
        replace_loads();
        return std::move(out_);
    }

private:
    CityGrid& grid() { return out_.grid; }

    void read_case() {
        const MatpowerCase matpower = read_matpower(file_);
        grid().network = to_network(matpower, builder_.diagnostics);
        const MatpowerTable& bus = matpower.tables.at("bus");
        for (std::size_t b = 0; b < bus.rows(); ++b) grid().bus_id.push_back(fmt::format("{}", bus.at(b, 0)));
        for (const Complex& demand : grid().network.buses.demand) load_.push_back(std::max(0.0, demand.re));
    }

    void read_simbench_grid() {
        simbench_ = read_simbench(file_, builder_.diagnostics);
        const SimbenchGrid& read = *simbench_;
        grid().network = read.network;
        grid().bus_id = read.bus_id;
        load_.assign(grid().bus_id.size(), 0);
        std::size_t generators = 0;
        for (const auto& injection : read.injections) {
            if (injection.is_load) load_[injection.bus] += injection.p;
            else ++generators;
        }
        if (generators > 0) {
            builder_.diagnostics.warning("CT-ENERGY-043", {file_},
                fmt::format("{} generators with profiles are left out: what feeds in are the city's own buildings and plants", generators));
        }
        for (std::size_t l = 0; l < read.line_id.size(); ++l) branch_names_[read.line_branch[l]] = read.line_id[l];
        for (std::size_t t = 0; t < read.transformer_id.size(); ++t) branch_names_[read.transformer_branch[t]] = read.transformer_id[t];
    }

    void name_branches() {
        const Branches& b = grid().network.branches;
        for (Index k = 0; k < b.size(); ++k) {
            const auto name = branch_names_.find(k);
            grid().branch_id.push_back(name != branch_names_.end() ? name->second : fmt::format("branch-{}", k));
            const auto& volts = grid().network.buses.nominal_V;
            const bool transformer = b.ratio[k] != 1 || b.shift_rad[k] != 0 || volts[b.from[k]] != volts[b.to[k]];
            grid().branch_kind.emplace_back(transformer ? "transformer" : "line");
            grid().branch_shape.push_row({});
        }
        grid().branch_length_m.assign(b.size(), 0);
        grid().branch_parallel.assign(b.size(), 1);
        grid().branch_tie.assign(b.size(), 0);
        for (std::size_t k = 0; k < b.size(); ++k) grid().branch_tie[k] = b.closed[k] != 0 ? 0 : 1;
        grid().branch_regulated.assign(b.size(), 0);
        grid().branch_synthetic.assign(b.size(), 0);
    }

    void name_units() {
        const Units& u = grid().network.units;
        for (std::size_t k = 0; k < u.size(); ++k) {
            grid().unit_id.push_back(fmt::format("unit-{}", k));
            grid().unit_kind.emplace_back(grid().network.buses.kind[u.bus[k]] == BusKind::slack ? "grid_supply" : "generator");
        }
        grid().unit_synthetic.assign(u.size(), 0);
    }

    void place_buildings(const std::string& bus_places) {
        const EntitySet* set = builder_.city.find("building");
        if (set == nullptr || set->size() == 0) fail("CT-ENERGY-044", builder_.parameters.place("network_file"),
            "this city has no buildings to hang on the grid", "add buildings = { file = … } to city.toml");
        x_ = numbers_of(*set, "x");
        y_ = numbers_of(*set, "y");
        if (bus_places.empty()) share_out();
        else to_nearest(bus_places);
    }

    /// Neighbours in the set stay together, so that an outage is a district.
    void share_out() {
        double total = 0;
        for (const double load : load_) total += load;
        if (total <= 0) std::fill(load_.begin(), load_.end(), 1.0);
        const auto counts = whole_shares(x_.size(), load_);
        std::size_t next = 0;
        for (Index b = 0; b < counts.size(); ++b) {
            for (std::int32_t k = 0; k < counts[b]; ++k) out_.bus_of_building.push_back(b);
            if (counts[b] == 0) continue;
            for (std::int32_t k = 0; k < counts[b]; ++k, ++next) {
                grid().bus_x[b] += x_[next] / counts[b];
                grid().bus_y[b] += y_[next] / counts[b];
            }
            grid().bus_kind[b] = "bus";
        }
        builder_.diagnostics.warning("CT-ENERGY-048", {file_},
            "buses have no places: buildings are shared out in their order, each bus as many as its share of the file's load",
            "name places: bus_places = \"places.csv\" with bus, x and y");
    }

    void to_nearest(const std::string& bus_places) {
        std::map<std::string, Index> row_of;
        for (Index b = 0; b < grid().bus_id.size(); ++b) row_of.emplace(grid().bus_id[b], b);
        CsvReader csv(bus_places);
        const std::size_t bus = csv.column("bus"), x = csv.column("x"), y = csv.column("y");
        std::vector<Index> placed;
        std::vector<double> px, py;
        while (csv.next()) {
            const auto found = row_of.find(std::string(csv.text(bus)));
            if (found == row_of.end()) fail("CT-ENERGY-049", csv.place(bus), fmt::format("the grid has no bus '{}'", csv.text(bus)),
                suggestion(std::string(csv.text(bus)), grid().bus_id));
            grid().bus_x[found->second] = csv.number(x);
            grid().bus_y[found->second] = csv.number(y);
            grid().bus_kind[found->second] = "bus";
        }
        for (Index b = 0; b < grid().bus_id.size(); ++b) {   // consumers hang on the lowest voltage that has places
            if (grid().bus_kind[b] != "bus" || grid().network.buses.nominal_V[b] > lowest_placed_V()) continue;
            placed.push_back(b);
            px.push_back(grid().bus_x[b]);
            py.push_back(grid().bus_y[b]);
        }
        if (placed.empty()) fail("CT-ENERGY-049", {bus_places}, "no bus has a place", "a row for each bus: bus, x, y");
        const SpatialIndex index(px, py);
        for (std::size_t i = 0; i < x_.size(); ++i) out_.bus_of_building.push_back(placed[index.nearest(x_[i], y_[i])->item]);
    }
    double lowest_placed_V() {
        if (lowest_V_ > 0) return lowest_V_;
        lowest_V_ = std::numeric_limits<double>::infinity();
        for (Index b = 0; b < grid().bus_id.size(); ++b) {
            if (grid().bus_kind[b] == "bus") lowest_V_ = std::min(lowest_V_, grid().network.buses.nominal_V[b]);
        }
        return lowest_V_;
    }

    void replace_loads() {
        double sum_VA = 0;
        for (const double load : load_) sum_VA += load * grid().network.base_VA;
        double kept_W = 0;
        if (simbench_) {
            out_.profile_loads = loads_without_buildings(*simbench_, out_.bus_of_building);
            out_.profiles = std::move(simbench_->profiles);
            out_.profile_times = std::move(simbench_->time);
            for (const ProfileLoad& load : out_.profile_loads) kept_W += load.active_W;
        }
        builder_.diagnostics.warning("CT-ENERGY-043", {file_}, fmt::format("the file's loads ({:.6g} MW) are replaced by the city's consumers", (sum_VA - kept_W) * 1e-6) +
            (out_.profile_loads.empty() ? "" : fmt::format("; {} loads ({:.6g} MW) at buses without buildings draw by their profiles", out_.profile_loads.size(), kept_W * 1e-6)));
    }

    CityBuilder& builder_;
    const std::string& file_;
    FileGrid out_;
    std::optional<SimbenchGrid> simbench_;
    std::vector<double> load_, x_, y_;
    std::map<Index, std::string> branch_names_;
    double lowest_V_ = 0;
};

}  // namespace

FileGrid grid_from_file(CityBuilder& builder, const std::string& file, const std::string& bus_places) { return Reading(builder, file).run(bus_places); }

}  // namespace citytwin::energy
