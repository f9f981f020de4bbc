#include "core/study/packing.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

#include "core/base/hash.hpp"

namespace citytwin {

std::string base64(std::string_view bytes) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t b = 0; b < 3; ++b) group = group << 8 | (b < have ? static_cast<unsigned char>(bytes[i + b]) : 0u);
        for (std::size_t c = 0; c < 4; ++c) text += c <= have ? letters[group >> (18 - 6 * c) & 63] : '=';
    }
    return text;
}

std::string deflated(std::string_view bytes) {
    constexpr int level = 9;
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(libdeflate_alloc_compressor(level), libdeflate_free_compressor);
    if (!compressor) throw std::bad_alloc();
    std::string packed(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()), '\0');
    packed.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size()));
    return packed;
}

std::string packed_u16(std::span<const std::uint16_t> values) {
    std::string planes(values.size() * 2, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        planes[i] = static_cast<char>(values[i] & 0xFF);
        planes[values.size() + i] = static_cast<char>(values[i] >> 8);
    }
    return base64(deflated(planes));
}

std::string csp_hash(std::string_view text) {
    const std::string hex = sha256_hex(text);
    std::string digest;
    for (std::size_t i = 0; i < hex.size(); i += 2) digest += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return "sha256-" + base64(digest);
}

}  // namespace citytwin
