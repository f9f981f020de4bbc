#pragma once
// An instant as a value of a scenario document, for edits of it.
#include "core/scenario/document.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

inline Value utc_value(UtcMicroseconds time) {
    Value value;
    value.data = ParsedTime{civil_of_utc(time), 0};
    return value;
}

}  // namespace citytwin
