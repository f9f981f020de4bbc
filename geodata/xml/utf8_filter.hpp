#pragma once
// Files that say UTF-8 (or nothing) and hold Latin-1 names: bytes that are no UTF-8 are read as Latin-1, and counted.
#include <cstdint>
#include <string>
#include <string_view>

namespace citytwin::geodata {

class Utf8Filter {
public:
    /// The chunk with invalid bytes recoded; valid until the next call. A sequence cut by the chunk's end waits for the next one.
    std::string_view pass(std::string_view chunk, bool last);
    [[nodiscard]] std::uint64_t recoded() const { return recoded_; }

private:
    std::string pending_, out_;
    std::uint64_t recoded_ = 0;
};

}  // namespace citytwin::geodata
