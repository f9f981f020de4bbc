// EPW: any bytes give a year of finite hours, or an InputError. Some inputs of fewer rows than a year are filled up with good
// ones as well, so that what lies behind the count of the rows is reached too.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "modules/weather/read/epw_gaps.hpp"
#include "tests/fuzz/scratch_file.hpp"

namespace {

constexpr std::size_t header_lines = 8, hours_of_a_year = 8760;

std::string rows_from(std::size_t first) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::string text;
    std::size_t number = 0;
    for (int month = 0; month < 12; ++month)
        for (int day = 0; day < days[month]; ++day)
            for (int hour = 1; hour <= 24; ++hour)
                if (number++ >= first)
                    text += fmt::format("2001,{},{},{},60,?9,10,5,70,100000,0,0,300,0,0,0,0,0,0,0,180,3,5,5,20,77777,9,999999999,10,0.1,0,88,0.2,0,1\n", month + 1, day + 1, hour);
    return text;
}

}  // namespace

namespace {

void parse(const std::string& text) {
    using namespace citytwin;
    try {
        DiagnosticList diagnostics;
        const auto year = weather::parse_epw(text, "fuzz.epw", diagnostics);
        if (year.hours() != hours_of_a_year + (year.leap ? 24 : 0)) std::abort();
        for (const auto* column : {&year.temperature_C, &year.wind_speed_mps, &year.global_W_per_m2, &year.direct_W_per_m2, &year.diffuse_W_per_m2})
            if (column->size() != year.hours() || !std::all_of(column->begin(), column->end(), [](double v) { return std::isfinite(v); })) std::abort();
        (void)weather::night_share(year);
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string good = rows_from(0);
    std::string text(citytwin::fuzz::text_of(data, size));
    parse(text);
    constexpr std::size_t one_of = 16;   // a whole year costs a hundred times as much
    if (size % one_of != 0) return 0;
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (lines < header_lines || lines - header_lines >= hours_of_a_year || !text.ends_with('\n')) return 0;
    std::size_t at = 0;
    for (std::size_t k = header_lines; k < lines; ++k) at = good.find('\n', at) + 1;
    parse(text + good.substr(at));
    return 0;
}
