#pragma once
// A table for a terminal.
#include <string>
#include <vector>

namespace citytwin {

/// Columns padded to their widest cell; the first one and the last one to the left.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace citytwin
