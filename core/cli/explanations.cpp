#include "core/cli/explanations.hpp"

namespace citytwin::cli {
namespace {

constexpr Explanation all[] = {
    {"CT-CLI-001", "Not a run folder", "The folder that was named doesn't hold a run. Name the folder that `citytwin run` printed."},
};

}  // namespace

std::span<const Explanation> explanations() { return all; }

}  // namespace citytwin::cli
