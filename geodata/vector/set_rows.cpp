// `add` of a change: rows of a table or of a layer that join a set of the city.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/csv.hpp"
#include "core/module/registry.hpp"
#include "geodata/vector/vector_geometry.hpp"

namespace citytwin::geodata {
namespace {

bool has_places(const std::vector<std::string>& header) {
    const auto has = [&](const char* name) { return std::find(header.begin(), header.end(), name) != header.end(); };
    return (has("lon") && has("lat")) || (has("x") && has("y"));
}

SetRows rows_of_table(CsvReader& csv, const std::string& path) {
    SetRows rows;
    rows.file = path;
    rows.columns = csv.header();
    rows.cells.resize(rows.columns.size());
    while (csv.next()) {
        for (std::size_t c = 0; c < rows.columns.size(); ++c) rows.cells[c].emplace_back(csv.text(c));
        rows.lines.push_back(csv.line());
        ++rows.size;
    }
    return rows;
}

SetRows rows_of_layer(const City& city, VectorLayer layer, Arena& arena) {
    SetRows rows;
    rows.file = layer.file;
    rows.lines = layer.lines;
    rows.size = layer.size();
    for (const auto& field : layer.fields) {
        rows.columns.push_back(field.name);
        rows.cells.emplace_back();
        for (std::size_t row = 0; row < layer.size(); ++row) rows.cells.back().push_back(field.is_blank(row) ? std::string() : field.text(row));
    }
    const bool any = std::any_of(layer.kind.begin(), layer.kind.end(), [](GeometryKind kind) { return kind != GeometryKind::none; });
    if (!any) return rows;
    move_to_city(layer, city.crs, city.origin_x, city.origin_y, "", arena);
    for (std::size_t row = 0; row < layer.size(); ++row) {
        std::vector<double> line;
        if (layer.kind[row] == GeometryKind::polygon) line = outline_of(layer, row);
        if (layer.kind[row] == GeometryKind::line) {
            const auto part = layer.parts[row];
            for (auto v = layer.vertices[part]; v < layer.vertices[part + 1]; ++v) line.insert(line.end(), {layer.x[v], layer.y[v]});
        }
        const Point at = layer.kind[row] == GeometryKind::none ? Point{} : inner_point(layer, row);
        if (layer.kind[row] == GeometryKind::none) fail("CT-SCENARIO-051", {layer.file}, fmt::format("feature {} has no geometry, others of the file have", row + 1), "draw it, or take it out");
        rows.x.push_back(at.x);
        rows.y.push_back(at.y);
        rows.shape.push_row(line);
    }
    return rows;
}

SetRows read_rows(const City& city, const std::string& path, const std::string& layer, Arena& arena) {
    if (path.ends_with(".csv")) {
        CsvReader csv(path);
        if (!has_places(csv.header())) return rows_of_table(csv, path);
        return rows_of_layer(city, read_points_csv(path), arena);
    }
    return rows_of_layer(city, read_vector(path, {layer, true}), arena);
}

const Registration reader{RowReader{"tables and vector layers", vector_extensions(), read_rows}};

}  // namespace
}  // namespace citytwin::geodata
