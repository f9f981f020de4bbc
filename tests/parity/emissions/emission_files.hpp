#pragma once
// Shared emission files as text: some are compressed, some begin with a comment.
#include <zlib.h>

#include <stdexcept>
#include <string>

#include "core/base/csv.hpp"

namespace citytwin::testing {

inline std::string unpacked(const std::string& path) {
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) throw std::runtime_error("can't open " + path);
    std::string text;
    char block[1 << 16];
    for (int n = 0; (n = gzread(file, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
    gzclose(file);
    return text[0] == '#' ? text.substr(text.find('\n') + 1) : text;
}

}  // namespace citytwin::testing
