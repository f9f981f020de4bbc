// The grid of cells over a city.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/csv.hpp"
#include "modules/emissions/air_quality.hpp"

namespace citytwin::emissions {

void add_grid(City& city, double cell_m, double margin_m) {
    const EntitySet* nodes = city.find("road_node");
    if (city.find("grid_cell") != nullptr || nodes == nullptr || nodes->size() == 0) return;
    const auto &nx = nodes->get<double>("x"), &ny = nodes->get<double>("y");
    const auto [x_low, x_high] = std::minmax_element(nx.begin(), nx.end());
    const auto [y_low, y_high] = std::minmax_element(ny.begin(), ny.end());
    // Corners on whole multiples, so that the grid of a city that grows a little stays the same.
    const double x0 = std::floor((*x_low - margin_m) / cell_m) * cell_m, y0 = std::floor((*y_low - margin_m) / cell_m) * cell_m;
    const auto columns = static_cast<std::size_t>(std::ceil((*x_high + margin_m - x0) / cell_m)), rows = static_cast<std::size_t>(std::ceil((*y_high + margin_m - y0) / cell_m));
    EntitySet& set = city.add_set("grid_cell", columns * rows);
    std::vector<double> x, y, size(columns * rows, cell_m);
    for (std::size_t j = 0; j < rows; ++j) {
        for (std::size_t i = 0; i < columns; ++i) {
            x.push_back(x0 + (static_cast<double>(i) + 0.5) * cell_m);
            y.push_back(y0 + (static_cast<double>(j) + 0.5) * cell_m);
        }
    }
    set.add("x", "m", std::move(x), {}, "Centre, local frame");
    set.add("y", "m", std::move(y), {}, "Centre, local frame");
    set.add("size", "m", std::move(size), {}, "Side of the square");
}

void add_receptors(City& city, const std::string& path, DiagnosticList& diagnostics) {
    if (city.find("receptor") != nullptr) return;
    CsvReader csv(path);
    std::vector<std::string> ids;
    std::vector<double> x, y;
    while (csv.next()) {
        const std::string id(csv.text(csv.column("id")));
        if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
            diagnostics.error("CT-EMISSIONS-013", csv.place(csv.column("id")), fmt::format("receptor '{}' stands twice", id), "ids are unique");
        }
        ids.push_back(id);
        x.push_back(csv.number(csv.column("x")));
        y.push_back(csv.number(csv.column("y")));
    }
    EntitySet& set = city.add_set("receptor", ids.size());
    set.ids = std::move(ids);
    set.add("x", "m", std::move(x), {}, "Local frame");
    set.add("y", "m", std::move(y), {}, "Local frame");
    set.build_id_index();
}

GridIndex::GridIndex(const EntitySet& cells) {
    const auto &x = cells.get<double>("x"), &y = cells.get<double>("y");
    if (x.empty()) return;
    size_ = cells.get<double>("size").front();
    x0_ = x.front() - size_ / 2;
    y0_ = y.front() - size_ / 2;
    columns_ = static_cast<std::size_t>(std::llround((x.back() - x.front()) / size_)) + 1;
    rows_ = static_cast<std::size_t>(std::llround((y.back() - y.front()) / size_)) + 1;
}

Index GridIndex::cell_at(double x, double y) const {
    const double i = std::floor((x - x0_) / size_), j = std::floor((y - y0_) / size_);
    if (i < 0 || j < 0 || i >= static_cast<double>(columns_) || j >= static_cast<double>(rows_)) return no_index;
    return static_cast<Index>(static_cast<std::size_t>(j) * columns_ + static_cast<std::size_t>(i));
}

}  // namespace citytwin::emissions
