// CityJSON: any bytes give a model whose offsets and vertices are inside of their tables and can be measured, or an InputError.
#include <cmath>
#include <cstdint>

#include "core/parallel/arena.hpp"
#include "geodata/cityjson/measures.hpp"
#include "tests/fuzz/scratch_file.hpp"

namespace {

void check_offsets(const std::vector<std::uint64_t>& offsets, std::size_t rows, std::size_t below) {
    if (offsets.size() != rows + 1 || offsets.front() != 0 || offsets.back() != below) std::abort();
    for (std::size_t k = 0; k < rows; ++k)
        if (offsets[k] > offsets[k + 1]) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static fuzz::ScratchFile file;
    static Arena arena(1);
    file.write(fuzz::text_of(data, size));
    try {
        const auto model = geodata::cityjson::read_city_model(file.path());
        check_offsets(model.shells, model.size(), model.surfaces.size() - 1);
        check_offsets(model.surfaces, model.surfaces.size() - 1, model.rings.size() - 1);
        check_offsets(model.rings, model.rings.size() - 1, model.corners.size() - 1);
        check_offsets(model.corners, model.corners.size() - 1, model.vertex.size());
        for (const auto vertex : model.vertex)
            if (vertex >= model.x.size()) std::abort();
        if (model.meaning.size() != model.rings.size() - 1) std::abort();
        const auto measured = geodata::cityjson::measure(model, arena);
        if (measured.height_m.size() != model.size()) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
