#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "geodata/crs/crs.hpp"
#include "geodata/crs/proj_handle.hpp"

namespace citytwin::geodata {

struct CoordinateTransform::Handle {
    ProjContext context;
    ProjObject object;
};

namespace {

/// The zone number of a WGS 84 UTM system (south negative), else 0.
int utm_zone(const std::string& crs) {
    if (crs.size() != 10 || !crs.starts_with("EPSG:32")) return 0;
    const int code = std::atoi(crs.c_str() + 5), zone = code % 100;
    if (zone < 1 || zone > 60) return 0;
    return code / 100 == 326 ? zone : code / 100 == 327 ? -zone : 0;
}

void transform_block(PJ* object, PJ_DIRECTION direction, double* x, double* y, std::size_t n) {
    proj_trans_generic(object, direction, x, sizeof(double), n, y, sizeof(double), n, nullptr, 0, 0, nullptr, 0, 0);
}

void transform(const PJ* original, PJ_DIRECTION direction, std::span<double> x, std::span<double> y, Arena* arena) {
    const std::size_t n = x.size(), blocks = arena == nullptr || n < 4096 ? 1 : static_cast<std::size_t>(arena->threads());
    const auto run = [&](std::size_t block) {
        const std::size_t first = n * block / blocks, last = n * (block + 1) / blocks;
        const ProjContext context;
        const ProjObject own(proj_clone(context.get(), original));
        transform_block(own.get(), direction, x.data() + first, y.data() + first, last - first);
    };
    if (blocks == 1) {
        run(0);
    } else {
        arena->each(blocks, run, 1);
    }
}

}  // namespace

CoordinateTransform::CoordinateTransform(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
CoordinateTransform::~CoordinateTransform() = default;
CoordinateTransform::CoordinateTransform(CoordinateTransform&&) noexcept = default;
CoordinateTransform& CoordinateTransform::operator=(CoordinateTransform&&) noexcept = default;

CoordinateTransform::CoordinateTransform(const std::string& from, const std::string& to, const SourcePlace& place) : handle_(std::make_unique<Handle>()) {
    const CrsInfo source = crs_info(from, place), target = crs_info(to, place);
    PJ_CONTEXT* context = handle_->context.get();
    const ProjObject raw(proj_create_crs_to_crs(context, source.id.c_str(), target.id.c_str(), nullptr));
    if (raw) handle_->object = ProjObject(proj_normalize_for_visualization(context, raw.get()));
    if (!handle_->object) {
        fail("CT-CRS-006", place, fmt::format("there is no transformation from '{}' to '{}'", source.name, target.name), "name another system with crs");
    }
}

CoordinateTransform CoordinateTransform::from_degrees(const std::string& to, const SourcePlace& place) {
    const int zone = utm_zone(to);
    if (zone == 0) return CoordinateTransform("EPSG:4326", to, place);
    auto handle = std::make_unique<Handle>();
    const std::string pipeline = fmt::format("+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=utm +zone={}{} +ellps=WGS84",
                                             std::abs(zone), zone < 0 ? " +south" : "");
    handle->object = ProjObject(proj_create(handle->context.get(), pipeline.c_str()));
    if (!handle->object) fail("CT-CRS-006", place, fmt::format("there is no transformation to '{}'", to));
    return CoordinateTransform(std::move(handle));
}

void CoordinateTransform::forward(std::span<double> x, std::span<double> y, Arena* arena) const {
    transform(handle_->object.get(), PJ_FWD, x, y, arena);
}

void CoordinateTransform::inverse(std::span<double> x, std::span<double> y, Arena* arena) const {
    transform(handle_->object.get(), PJ_INV, x, y, arena);
}

}  // namespace citytwin::geodata
