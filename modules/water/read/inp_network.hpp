#pragma once
// What an .inp document means: the network in SI. Every error is collected with its line; warnings say what was read otherwise than written.
#include "modules/water/model/network.hpp"
#include "modules/water/read/inp_document.hpp"

namespace citytwin::water {

/// Throws InputError with everything found wrong; warnings stay in `diagnostics`.
Network read_network(const InpDocument& document, DiagnosticList& diagnostics);

}  // namespace citytwin::water
