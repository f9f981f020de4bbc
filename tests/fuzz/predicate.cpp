// WHERE expressions and conditions: any text gives a selection or an InputError.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "core/base/diagnostic.hpp"
#include "core/scenario/predicate.hpp"

namespace {

const citytwin::City& city() {
    static const citytwin::City made = [] {
        citytwin::City c;
        auto& set = c.add_set("s", 3);
        set.ids = {"a", "b", "c"};
        set.add("n", "1", std::vector<double>{1, 2, std::numeric_limits<double>::quiet_NaN()});
        set.add("t", "", std::vector<std::string>{"Main Street", "", "x"});
        set.add("r", "1", std::vector<std::uint32_t>{0, 2, citytwin::no_index}, "s");
        return c;
    }();
    return made;
}

}  // namespace

// UDUNITS 2.2.28 leaks the text of a unit that it can't read; a few bytes for each error message.
extern "C" const char* __lsan_default_suppressions() { return "leak:utlex"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        (void)Predicate::parse(text).select(city().at("s"), &city());
    } catch (const InputError&) {
    }
    try {
        (void)parse_condition(text).limit_in("1");
    } catch (const InputError&) {
    }
    return 0;
}
