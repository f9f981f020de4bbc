#include "core/replay/observation.hpp"

namespace citytwin {

const char* name_of_flag(std::uint16_t one) {
    switch (one) {
        case flag::missing: return "missing";
        case flag::range: return "range";
        case flag::stuck: return "stuck";
        case flag::spike: return "spike";
        case flag::drift: return "drift";
        case flag::unit: return "unit";
        case flag::skew: return "skew";
        case flag::late: return "late";
        case flag::corrected: return "corrected";
        case flag::tie: return "tie";
        default: return "repaired";
    }
}

}  // namespace citytwin
