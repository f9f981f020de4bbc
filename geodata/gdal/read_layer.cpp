// Vector layers through GDAL 3.6: GeoPackage, FlatGeobuf, shapefile, GeoJSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"
#include "geodata/gdal/gdal_session.hpp"
#include "geodata/gdal/read_raster.hpp"
#include "geodata/gdal/ring_check.hpp"
#include "geodata/gdal/write_layer.hpp"
#include "geodata/vector/vector_layer.hpp"

namespace citytwin::geodata {
namespace {

constexpr const char* drivers[] = {"GPKG", "FlatGeobuf", "ESRI Shapefile", "GeoJSON", nullptr};

Dataset opened(const std::string& path, const GdalSession& session) {
    Dataset dataset(static_cast<GDALDataset*>(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, nullptr, nullptr)));
    if (!dataset) {
        fail("CT-VECTOR-006", {path}, "the file is no GeoPackage, FlatGeobuf, shapefile or GeoJSON that can be read" +
                                          (session.failure().empty() ? std::string() : ": " + session.failure()));
    }
    return dataset;
}

std::vector<std::string> names_of_layers(GDALDataset& dataset) {
    std::vector<std::string> names;
    for (int i = 0; i < dataset.GetLayerCount(); ++i) names.emplace_back(dataset.GetLayer(i)->GetName());
    return names;
}

OGRLayer& chosen_layer(GDALDataset& dataset, const std::string& path, const std::string& wanted) {
    const auto names = names_of_layers(dataset);
    if (wanted.empty()) {
        if (names.size() == 1) return *dataset.GetLayer(0);
        fail("CT-VECTOR-007", {path}, names.empty() ? "the file has no layer" : fmt::format("the file has {} layers: {}", names.size(), fmt::join(names, ", ")),
             names.empty() ? "" : "name one: layer = \"…\"");
    }
    if (OGRLayer* layer = dataset.GetLayerByName(wanted.c_str())) return *layer;
    fail("CT-VECTOR-007", {path}, fmt::format("there is no layer '{}'; {}", wanted, suggestion(wanted, names)));
}

/// "EPSG:n" where the system says so, else WKT2; "" without a system.
std::string crs_of(OGRLayer& layer) {
    const OGRSpatialReference* system = layer.GetSpatialRef();
    if (system == nullptr) return {};
    const char* authority = system->GetAuthorityName(nullptr);
    const char* code = system->GetAuthorityCode(nullptr);
    if (authority && code && std::string(authority) == "EPSG") return std::string("EPSG:") + code;
    char* text = nullptr;
    const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
    std::string wkt;
    if (system->exportToWkt(&text, options) == OGRERR_NONE && text) wkt = text;
    CPLFree(text);
    // A .prj file carries no code: ask PROJ's database which system it is.
    OGRSpatialReference named(*system);
    if (named.AutoIdentifyEPSG() == OGRERR_NONE && named.GetAuthorityCode(nullptr)) return std::string("EPSG:") + named.GetAuthorityCode(nullptr);
    int matches = 0;
    int* confidence = nullptr;
    OGRSpatialReferenceH* found = system->FindMatches(nullptr, &matches, &confidence);
    if (matches > 0 && confidence[0] >= 90) {
        const auto* best = OGRSpatialReference::FromHandle(found[0]);
        const char* best_code = best->GetAuthorityCode(nullptr);
        const char* best_authority = best->GetAuthorityName(nullptr);
        if (best_code && best_authority && std::string(best_authority) == "EPSG") wkt = std::string("EPSG:") + best_code;
    }
    OSRFreeSRSArray(found);
    CPLFree(confidence);
    return wkt;
}

class FeatureReader {
public:
    FeatureReader(VectorLayer& out, bool check_validity) : out_(out), check_validity_(check_validity) {}

    void add(OGRGeometry* geometry, GIntBig feature) {
        GeometryKind kind = GeometryKind::none;
        if (geometry != nullptr && !geometry->IsEmpty()) {
            ++counts_[wkbFlatten(geometry->getGeometryType())];
            std::unique_ptr<OGRGeometry> straight;
            if (geometry->hasCurveGeometry()) straight.reset(geometry->getLinearGeometry());
            kind = add_geometry(straight ? *straight : *geometry, feature);
        }
        if (kind == GeometryKind::none) ++out_.without_geometry;
        out_.kind.push_back(kind);
        out_.parts.push_back(out_.is_hole.size());
    }

    /// What was read, by the names of simple features; call it at the end.
    void finish() {
        for (const auto& [type, count] : counts_) out_.types[geometry_name(type)] = count;
    }

private:
    static std::string geometry_name(OGRwkbGeometryType type) {
        switch (type) {
            case wkbPoint: return "Point";
            case wkbMultiPoint: return "MultiPoint";
            case wkbLineString: return "LineString";
            case wkbMultiLineString: return "MultiLineString";
            case wkbPolygon: return "Polygon";
            case wkbMultiPolygon: return "MultiPolygon";
            case wkbGeometryCollection: return "GeometryCollection";
            default: return OGRGeometryTypeToName(type);
        }
    }

    GeometryKind add_geometry(OGRGeometry& geometry, GIntBig feature) {
        const int dimension = geometry.getDimension();
        if (dimension == 2 && check_validity_) {
            if (auto repaired = repair(geometry, feature)) {
                add_parts(*repaired, 2);
                return GeometryKind::polygon;
            }
        }
        const std::size_t before = out_.is_hole.size();
        add_parts(geometry, dimension);
        if (out_.is_hole.size() == before) return GeometryKind::none;
        return dimension == 2 ? GeometryKind::polygon : dimension == 1 ? GeometryKind::line : GeometryKind::point;
    }

    /// A valid copy, or nothing when the geometry is fine as it is.
    std::unique_ptr<OGRGeometry> repair(OGRGeometry& geometry, GIntBig feature) {
        const std::uint64_t unclosed = close_rings(geometry);
        out_.unclosed += unclosed;
        const bool valid = is_surely_valid(geometry) || geometry.IsValid();
        if (!valid) ++out_.invalid;
        if ((!valid || unclosed != 0) && out_.repaired_features.size() < 5) out_.repaired_features.push_back(std::to_string(feature));
        if (valid) return nullptr;
        return std::unique_ptr<OGRGeometry>(geometry.MakeValid());
    }

    /// Parts of the wanted dimension only: a repaired polygon may have thrown off lines and points.
    void add_parts(const OGRGeometry& geometry, int dimension) {
        const auto type = wkbFlatten(geometry.getGeometryType());
        if (type == wkbPolygon || type == wkbTriangle) {
            const auto& polygon = *geometry.toPolygon();
            if (dimension != 2 || polygon.IsEmpty()) return;
            add_curve(*polygon.getExteriorRing(), false);
            for (int i = 0; i < polygon.getNumInteriorRings(); ++i) add_curve(*polygon.getInteriorRing(i), true);
        } else if (type == wkbLineString) {
            if (dimension == 1) add_curve(*geometry.toLineString(), false);
        } else if (type == wkbPoint) {
            const auto& point = *geometry.toPoint();
            if (dimension != 0 || point.IsEmpty() || !std::isfinite(point.getX() + point.getY())) return;
            out_.x.push_back(point.getX());
            out_.y.push_back(point.getY());
            end_part(false);
        } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
            for (const auto* part : *geometry.toGeometryCollection()) add_parts(*part, dimension);
        }
    }

    void add_curve(const OGRSimpleCurve& curve, bool hole) {
        const auto points = static_cast<std::size_t>(curve.getNumPoints());
        const std::size_t begin = out_.x.size();
        out_.x.resize(begin + points);
        out_.y.resize(begin + points);
        curve.getPoints(out_.x.data() + begin, sizeof(double), out_.y.data() + begin, sizeof(double));
        for (std::size_t i = begin; i < out_.x.size(); ++i) {
            if (std::isfinite(out_.x[i] + out_.y[i])) continue;
            out_.x.resize(begin);  // a part with a broken coordinate has no shape
            out_.y.resize(begin);
            ++out_.invalid;
            return;
        }
        if (points != 0) end_part(hole);
    }

    void end_part(bool hole) {
        out_.is_hole.push_back(hole);
        out_.vertices.push_back(out_.x.size());
    }

    VectorLayer& out_;
    bool check_validity_;
    std::map<OGRwkbGeometryType, std::uint64_t> counts_;
};

void add_fields(VectorLayer& out, OGRFeatureDefn& definition) {
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        const OGRFieldDefn& field = *definition.GetFieldDefn(i);
        const auto type = field.GetType();
        const bool whole = type == OFTInteger || type == OFTInteger64;
        out.fields.push_back({field.GetNameRef(), whole || type == OFTReal, whole, {}, {}});
    }
}

void add_values(VectorLayer& out, OGRFeature& feature) {
    for (std::size_t i = 0; i < out.fields.size(); ++i) {
        VectorField& field = out.fields[i];
        const int at = static_cast<int>(i);
        const bool blank = !feature.IsFieldSetAndNotNull(at);
        if (field.is_number) {
            const double value = blank ? std::numeric_limits<double>::quiet_NaN() : feature.GetFieldAsDouble(at);
            field.numbers.push_back(std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN());
        }
        if (!field.is_number || field.is_integer) field.texts.emplace_back(blank ? "" : feature.GetFieldAsString(at));
    }
}

/// Room for what the file promises, within reason: a damaged header must not ask for the whole memory.
void reserve(VectorLayer& out, GIntBig promised) {
    const auto rows = static_cast<std::size_t>(std::clamp<GIntBig>(promised, 0, 4'000'000));
    out.kind.reserve(rows);
    out.parts.reserve(rows + 1);
    out.vertices.reserve(rows + 1);
    out.is_hole.reserve(rows);
    for (auto& field : out.fields) {
        if (field.is_number) field.numbers.reserve(rows);
        if (!field.is_number || field.is_integer) field.texts.reserve(rows);
    }
}

std::string encoding_note(const std::string& path, OGRLayer& layer) {
    const auto file = std::filesystem::path(path);
    const std::string extension = file.extension().string();
    if (extension != ".shp" && extension != ".SHP") return {};
    if (std::filesystem::exists(std::filesystem::path(path).replace_extension(".cpg")) ||
        std::filesystem::exists(std::filesystem::path(path).replace_extension(".CPG"))) return {};
    const char* source = layer.GetMetadataItem("SOURCE_ENCODING", "SHAPEFILE");
    return fmt::format("the shapefile has no .cpg; its text is taken as {}", source && *source ? source : "ISO-8859-1");
}

VectorLayer read(const std::string& path, const VectorReadOptions& options) {
    GdalSession session;
    const Dataset dataset = opened(path, session);
    OGRLayer& layer = chosen_layer(*dataset, path, options.layer);
    VectorLayer out;
    out.file = path;
    out.name = layer.GetName();
    out.crs = crs_of(layer);
    out.encoding_note = encoding_note(path, layer);
    add_fields(out, *layer.GetLayerDefn());
    reserve(out, layer.GetFeatureCount(FALSE));
    FeatureReader reader(out, options.check_validity);
    layer.ResetReading();
    session.clear();
    while (const OGRFeatureUniquePtr feature{layer.GetNextFeature()}) {
        reader.add(feature->GetGeometryRef(), feature->GetFID());
        add_values(out, *feature);
    }
    reader.finish();
    if (out.size() == 0 && !session.failure().empty()) fail("CT-VECTOR-008", {path}, "layer '" + out.name + "' can't be read: " + session.failure());
    const GIntBig promised = layer.GetFeatureCount(FALSE);
    if (!session.failure().empty() && promised > static_cast<GIntBig>(out.size())) {
        fail("CT-VECTOR-008", {path}, fmt::format("layer '{}' breaks off after {} of {} features: {}", out.name, out.size(), promised, session.failure()));
    }
    return out;
}

std::vector<std::string> layers(const std::string& path) {
    GdalSession session;
    return names_of_layers(*opened(path, session));
}

}  // namespace

}  // namespace citytwin::geodata

extern "C" __attribute__((visibility("default"))) const citytwin::geodata::GdalPlugin* citytwin_gdal_plugin() {
    using namespace citytwin::geodata;
    static const GdalPlugin plugin{gdal_plugin_version, &read, &layers, &write_layers, &read_raster};
    return &plugin;
}
