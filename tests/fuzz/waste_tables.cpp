// Bins and sites of the waste department: any bytes give rows with finite places, or an InputError.
#include <cmath>
#include <cstdint>

#include "modules/waste/read/waste_tables.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static fuzz::ScratchFile file;
    file.write(fuzz::text_of(data, size));
    try {
        DiagnosticList diagnostics;
        const auto bins = waste::read_bins(file.path(), diagnostics);
        diagnostics.throw_if_errors();
        for (const auto& bin : bins)
            if (!std::isfinite(bin.x) || !std::isfinite(bin.y) || bin.fill_l > bin.capacity_l || bin.fill_l < 0) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    try {
        DiagnosticList diagnostics;
        const auto sites = waste::read_sites(file.path(), 6 * 3600.0, 14 * 3600.0, diagnostics);
        diagnostics.throw_if_errors();
        for (const auto& site : sites)
            if (!std::isfinite(site.x) || !std::isfinite(site.y) || site.rate_kg_per_s <= 0) std::abort();
    } catch (const InputError&) {
        // a table of bins is no table of sites
    }
    return 0;
}
