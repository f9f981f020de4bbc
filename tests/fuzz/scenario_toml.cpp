// Scenario files: any bytes give a document or an InputError, and a document written out reads back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "core/scenario/document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    try {
        const Value root = read_toml_text({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
        const std::string written = to_toml(*root.table());
        if (to_toml(*read_toml_text(written, "again.toml").table()) != written) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
