#pragma once
// GDAL's global state, tamed: five drivers registered once, no network, errors collected instead of printed.
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <string>
#include <vector>

namespace citytwin::geodata {

/// Registers the drivers at the first call and collects this thread's errors while it lives.
class GdalSession {
public:
    GdalSession();
    ~GdalSession();
    GdalSession(const GdalSession&) = delete;
    GdalSession& operator=(const GdalSession&) = delete;
    /// The last failure GDAL reported, "" if none.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] bool has_warning(const std::string& part) const;
    void clear() { failure_.clear(); }

private:
    static void collect(CPLErr grade, CPLErrorNum number, const char* text);
    std::string failure_;
    std::vector<std::string> warnings_;
};

struct DatasetCloser {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;

}  // namespace citytwin::geodata
