#include "geodata/gdal/write_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "geodata/gdal/gdal_session.hpp"

namespace citytwin::geodata {
namespace {

[[noreturn]] void failed(const std::string& path, const GdalSession& session) {
    const std::string& said = session.failure();
    std::error_code error;
    const auto folder = std::filesystem::absolute(path).parent_path();
    const bool full = said.find("No space") != std::string::npos || said.find("is full") != std::string::npos ||
                      std::filesystem::space(folder, error).available < 65536;
    if (full) fail_file_operation(FileOperation::write, path, ENOSPC);
    throw RunError(ExitCode::run_failed, Diagnostic{Severity::error, "CT-VECTOR-020", {path}, "can't write the layer: " + said, {}}.text());
}

std::ptrdiff_t outer_parts(const VectorLayer& layer, std::size_t row) {
    return std::count(layer.is_hole.begin() + static_cast<std::ptrdiff_t>(layer.parts[row]),
                      layer.is_hole.begin() + static_cast<std::ptrdiff_t>(layer.parts[row + 1]), 0);
}

OGRwkbGeometryType type_of(GeometryKind kind, bool multi) {
    switch (kind) {
        case GeometryKind::point: return multi ? wkbMultiPoint : wkbPoint;
        case GeometryKind::line: return multi ? wkbMultiLineString : wkbLineString;
        case GeometryKind::polygon: return multi ? wkbMultiPolygon : wkbPolygon;
        default: return wkbNone;
    }
}

/// One type for the whole layer: several parts anywhere need the multi type; points beside polygons leave it open.
OGRwkbGeometryType type_of(const VectorLayer& layer) {
    GeometryKind kind = GeometryKind::none;
    bool multi = false;
    for (std::size_t row = 0; row < layer.size(); ++row) {
        if (layer.kind[row] == GeometryKind::none) continue;
        if (kind != GeometryKind::none && kind != layer.kind[row]) return wkbUnknown;
        kind = layer.kind[row];
        multi = multi || outer_parts(layer, row) > 1;
    }
    return type_of(kind, multi);
}

template <class Curve>
void set_points(Curve& curve, const VectorLayer& layer, std::size_t part) {
    const std::size_t begin = layer.vertices[part];
    curve.setPoints(static_cast<int>(layer.vertices[part + 1] - begin), layer.x.data() + begin, layer.y.data() + begin);
}

/// One geometry from parts [first, last); a hole belongs to the outer ring before it.
std::unique_ptr<OGRGeometry> simple_geometry(const VectorLayer& layer, GeometryKind kind, std::size_t first, std::size_t last) {
    if (kind == GeometryKind::point) return std::make_unique<OGRPoint>(layer.x[layer.vertices[first]], layer.y[layer.vertices[first]]);
    if (kind == GeometryKind::line) {
        auto line = std::make_unique<OGRLineString>();
        set_points(*line, layer, first);
        return line;
    }
    auto polygon = std::make_unique<OGRPolygon>();
    for (std::size_t part = first; part < last; ++part) {
        auto ring = std::make_unique<OGRLinearRing>();
        set_points(*ring, layer, part);
        ring->closeRings();
        polygon->addRingDirectly(ring.release());
    }
    return polygon;
}

std::unique_ptr<OGRGeometry> geometry_of(const VectorLayer& layer, std::size_t row, OGRwkbGeometryType type) {
    const std::size_t begin = layer.parts[row], end = layer.parts[row + 1];
    if (layer.kind[row] == GeometryKind::none || begin == end) return nullptr;
    if (type == wkbUnknown) type = type_of(layer.kind[row], outer_parts(layer, row) > 1);
    std::unique_ptr<OGRGeometry> collection(OGRGeometryFactory::createGeometry(type));
    for (std::size_t part = begin; part < end;) {
        std::size_t next = part + 1;
        while (next < end && layer.is_hole[next]) ++next;
        auto simple = simple_geometry(layer, layer.kind[row], part, next);
        if (!OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) return simple;
        collection->toGeometryCollection()->addGeometryDirectly(simple.release());
        part = next;
    }
    return collection;
}

void set_fields(OGRFeature& feature, const VectorLayer& layer, std::size_t row) {
    for (std::size_t i = 0; i < layer.fields.size(); ++i) {
        const VectorField& field = layer.fields[i];
        const int at = static_cast<int>(i);
        if (!field.is_number) {
            feature.SetField(at, field.texts[row].c_str());
        } else if (std::isnan(field.numbers[row])) {
            feature.SetFieldNull(at);
        } else if (field.is_integer) {
            feature.SetField(at, static_cast<GIntBig>(field.numbers[row]));
        } else {
            feature.SetField(at, field.numbers[row]);
        }
    }
}

void write_layer(GDALDataset& dataset, const VectorLayer& layer, const std::string& path, const std::map<std::string, std::string>& notes,
                 const GdalSession& session) {
    OGRSpatialReference system;
    system.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    if (!layer.crs.empty() && system.SetFromUserInput(layer.crs.c_str()) != OGRERR_NONE) failed(path, session);
    const auto type = type_of(layer);
    const auto attribution = notes.find("ATTRIBUTION");
    const std::string fid = layer.find("fid") ? "FID=ogc_fid" : "FID=fid";
    const std::string description = "DESCRIPTION=" + (attribution == notes.end() ? layer.name : attribution->second);
    const bool is_package = dataset.GetDriverName() == std::string("GPKG");
    const char* const options[] = {is_package ? fid.c_str() : "SPATIAL_INDEX=YES", is_package ? description.c_str() : nullptr, nullptr};
    OGRLayer* out = dataset.CreateLayer(layer.name.c_str(), layer.crs.empty() ? nullptr : &system, type, const_cast<char**>(options));
    if (out == nullptr) failed(path, session);
    for (const auto& field : layer.fields) {
        OGRFieldDefn definition(field.name.c_str(), !field.is_number ? OFTString : field.is_integer ? OFTInteger64 : OFTReal);
        if (out->CreateField(&definition) != OGRERR_NONE) failed(path, session);
    }
    for (const auto& [key, text] : notes) out->SetMetadataItem(key.c_str(), text.c_str());
    for (std::size_t row = 0; row < layer.size(); ++row) {
        const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(out->GetLayerDefn()));
        set_fields(*feature, layer, row);
        if (auto geometry = geometry_of(layer, row, type)) feature->SetGeometryDirectly(geometry.release());
        if (out->CreateFeature(feature.get()) != OGRERR_NONE) failed(path, session);
    }
}

}  // namespace

void write_layers(const std::string& path, const std::string& driver_name, const std::vector<VectorLayer>& layers,
                  const std::map<std::string, std::string>& notes) {
    GdalSession session;
    const std::string extension = driver_name == "GPKG" ? ".gpkg" : ".fgb", part = path + ".part" + extension;
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    before_file_operation(FileOperation::open, path);
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(driver_name.c_str());
    Dataset dataset(driver ? driver->Create(part.c_str(), 0, 0, 0, GDT_Unknown, nullptr) : nullptr);
    if (!dataset) failed(path, session);
    try {
        const bool transaction = dataset->TestCapability(ODsCTransactions) && dataset->StartTransaction() == OGRERR_NONE;
        for (const auto& layer : layers) write_layer(*dataset, layer, path, notes, session);
        for (const auto& [key, text] : notes) dataset->SetMetadataItem(key.c_str(), text.c_str());
        if (transaction && dataset->CommitTransaction() != OGRERR_NONE) failed(path, session);
        before_file_operation(FileOperation::close, path);
        session.clear();
        dataset.reset();
        if (!session.failure().empty()) failed(path, session);
        put_in_place(part, path);
    } catch (...) {
        dataset.reset();
        std::filesystem::remove(part, ignored);
        throw;
    }
}

}  // namespace citytwin::geodata
