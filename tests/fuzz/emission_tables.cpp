// Emission tables (ours, polynomials, the guidebook's, electric classes, coasting): any bytes give classes, or an InputError.
#include <cstdint>

#include "modules/emissions/emission_data.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static fuzz::ScratchFile file;
    static const emissions::ClassTable shipped = [] {
        DiagnosticList none;
        return emissions::shipped_classes(none);
    }();
    file.write(fuzz::text_of(data, size));
    try {
        DiagnosticList diagnostics;
        emissions::ClassTable classes = shipped;
        const std::size_t before = classes.size();
        emissions::add_classes(classes, file.path(), diagnostics);
        diagnostics.throw_if_errors();
        if (classes.size() < before) std::abort();
        for (Index row = 0; row < classes.size(); ++row)
            if (classes.row_of(classes[row].name) != row) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    try {
        DiagnosticList diagnostics;
        const auto mix = emissions::read_fleet_mix(file.path(), shipped, diagnostics);
        diagnostics.throw_if_errors();
        for (const auto& [mode, shares] : mix.by_mode)
            for (const double draw : {0.0, 0.5, 0.999999})
                if (const Index row = mix.drawn(mode, draw); row != no_index && row >= shipped.size()) std::abort();
    } catch (const InputError&) {
        // a table of classes is no mix
    }
    return 0;
}
