#include "geodata/gdal/gdal_session.hpp"

#include <gdal_frmts.h>
#include <ogr_srs_api.h>

#include <mutex>

namespace citytwin::geodata {

GdalSession::GdalSession() {
    static std::once_flag once;
    std::call_once(once, [] {
        RegisterOGRShape();
        RegisterOGRGeoPackage();
        RegisterOGRFlatGeobuf();
        RegisterOGRGeoJSON();
        GDALRegister_GTiff();
        OSRSetPROJEnableNetwork(0);
    });
    CPLPushErrorHandlerEx(&GdalSession::collect, this);
    CPLErrorReset();
}

GdalSession::~GdalSession() { CPLPopErrorHandler(); }

void GdalSession::collect(CPLErr grade, CPLErrorNum, const char* text) {
    auto* session = static_cast<GdalSession*>(CPLGetErrorHandlerUserData());
    if (session == nullptr) return;
    if (grade >= CE_Failure && session->failure_.empty()) session->failure_ = text;
    if (grade == CE_Warning && session->warnings_.size() < 100) session->warnings_.emplace_back(text);
}

bool GdalSession::has_warning(const std::string& part) const {
    for (const auto& warning : warnings_) {
        if (warning.find(part) != std::string::npos) return true;
    }
    return false;
}

}  // namespace citytwin::geodata
