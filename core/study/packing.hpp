#pragma once
// Binary data in a page: deflated (browsers undo it with DecompressionStream) and written in base64.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace citytwin {

std::string base64(std::string_view bytes);
/// zlib format, slow and small.
std::string deflated(std::string_view bytes);
/// 16-bit numbers as one plane of low bytes and one of high bytes (they deflate better apart), deflated, base64.
std::string packed_u16(std::span<const std::uint16_t> values);
/// "sha256-…" as a content security policy names an inline script or style.
std::string csp_hash(std::string_view text);

}  // namespace citytwin
