#pragma once
// A text file, plain or gzip (told by its first bytes, not by its name).
#include <cstdint>
#include <string>

namespace citytwin {

/// Throws InputError CT-FILE-001 (can't be read), CT-REPLAY-001 (damaged gzip, or more than `limit` bytes unpacked).
std::string read_text_or_gzip(const std::string& path, std::uint64_t limit = 10ULL << 30);

}  // namespace citytwin
