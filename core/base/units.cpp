#include "core/base/units.hpp"

#include <udunits2.h>

#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"

namespace citytwin {
namespace {

// UDUNITS isn't thread-safe. It is used at the edge only, so one lock around one system is enough.
std::mutex& lock() {
    static std::mutex mutex;
    return mutex;
}

struct UnitFree {
    void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, UnitFree>;

ut_system* unit_system() {
    static ut_system* const system = [] {
        ut_set_error_message_handler(ut_ignore);
        return ut_read_xml(nullptr);
    }();
    return system;
}

Unit parsed(std::string_view text) {
    std::string spelled(trimmed(text));
    if (spelled == "veh" || spelled == "persons" || spelled.empty()) spelled = "1";
    if (spelled.rfind("veh/", 0) == 0) spelled = "1" + spelled.substr(3);
    return Unit(ut_parse(unit_system(), spelled.c_str(), UT_UTF8));
}

}  // namespace

bool is_unit(std::string_view unit) {
    const std::scoped_lock guard(lock());
    return parsed(unit) != nullptr;
}

bool are_convertible(std::string_view from, std::string_view to) {
    const std::scoped_lock guard(lock());
    const Unit a = parsed(from), b = parsed(to);
    return a && b && ut_are_convertible(a.get(), b.get()) != 0;
}

bool is_same_unit(std::string_view a, std::string_view b) {
    if (a == b) return true;
    const std::scoped_lock guard(lock());
    const Unit x = parsed(a), y = parsed(b);
    return x && y && ut_compare(x.get(), y.get()) == 0;
}

double convert(double value, std::string_view from, std::string_view to) {
    if (from == to) return value;
    const std::scoped_lock guard(lock());
    const Unit a = parsed(from), b = parsed(to);
    if (!a || !b) {
        fail("CT-UNIT-001", {}, "unknown unit '" + std::string(a ? to : from) + "'", "write a unit such as m/s, km/h, min, kWh");
    }
    std::unique_ptr<cv_converter, void (*)(cv_converter*)> converter(ut_get_converter(a.get(), b.get()), cv_free);
    if (!converter) {
        fail("CT-UNIT-002", {}, "unit '" + std::string(from) + "' can't be turned into '" + std::string(to) + "'",
             "give the value in a unit of the same quantity");
    }
    return cv_convert_double(converter.get(), value);
}

double parse_quantity(std::string_view text, std::string_view unit) {
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) || text[end] == '.' || text[end] == '+' ||
                                 text[end] == '-' || ((text[end] == 'e' || text[end] == 'E') && end + 1 < text.size() && end > 0 &&
                                                      (std::isdigit(static_cast<unsigned char>(text[end + 1])) || text[end + 1] == '-' || text[end + 1] == '+')))) {
        ++end;
    }
    const auto number = parse_number(text.substr(0, end));
    const std::string_view spelled = trimmed(text.substr(end));
    if (!number) fail("CT-UNIT-003", {}, "'" + std::string(text) + "' is not a quantity", "write a number and a unit, e.g. \"15 min\"");
    if (spelled.empty()) {
        if (unit == "1") return *number;
        fail("CT-UNIT-004", {}, "'" + std::string(text) + "' has no unit, expected one like '" + std::string(unit) + "'",
             "write the unit beside the number, e.g. \"" + std::string(text) + " " + std::string(unit) + "\"");
    }
    return convert(*number, spelled, unit);
}

}  // namespace citytwin
