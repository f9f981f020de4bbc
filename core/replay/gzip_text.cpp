#include "core/replay/gzip_text.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"

namespace citytwin {
namespace {

/// One member at `at`; its text is appended. Returns the member's packed size.
std::size_t unpack_member(libdeflate_decompressor* machine, const std::string& packed, std::size_t at, std::string& text, std::uint64_t limit, const std::string& path) {
    std::size_t room = std::clamp<std::size_t>(6 * (packed.size() - at), 1 << 16, 1 << 28);
    const std::size_t begin = text.size();
    for (;;) {
        if (begin + room > limit) room = limit - begin;
        text.resize(begin + room);
        std::size_t used = 0, made = 0;
        const auto result = libdeflate_gzip_decompress_ex(machine, packed.data() + at, packed.size() - at, text.data() + begin, room, &used, &made);
        if (result == LIBDEFLATE_SUCCESS) {
            text.resize(begin + made);
            return used;
        }
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE || begin + room >= limit) {
            fail("CT-REPLAY-001", {path}, result == LIBDEFLATE_INSUFFICIENT_SPACE ? fmt::format("unpacked, the file has more than {} bytes", limit) : "the gzip file is damaged or cut short",
                 "pack it again from its source, or give the plain text");
        }
        room *= 2;
    }
}

}  // namespace

std::string read_text_or_gzip(const std::string& path, std::uint64_t limit) {
    std::string bytes = read_file(path, limit);
    if (bytes.size() < 2 || bytes[0] != '\x1f' || bytes[1] != '\x8b') return bytes;
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> machine(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) at += unpack_member(machine.get(), bytes, at, text, limit, path);
    return text;
}

}  // namespace citytwin
