#pragma once
// Reads one [[change]].
#include <string>
#include <vector>

#include "core/scenario/scenario.hpp"

namespace citytwin {

/// `before`: the changes read so far, for names that come twice. Errors CT-SCENARIO-03x are collected.
ChangeDescription read_change(const Value& value, const std::string& zone, const std::vector<ChangeDescription>& before, DiagnosticList& errors);

}  // namespace citytwin
