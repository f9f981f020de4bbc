#pragma once
// Shared emission files as text: some are compressed, some begin with a comment.
#include <string>

#include "tests/support/gzip_csv.hpp"

namespace citytwin::testing {

inline std::string unpacked(const std::string& path) {
    const std::string text = gunzip(path);
    return text.starts_with('#') ? text.substr(text.find('\n') + 1) : text;
}

}  // namespace citytwin::testing
