// Codes of weather.
#include "core/module/registry.hpp"

namespace citytwin::weather {
namespace {

constexpr Explanation all[] = {
    {"CT-WEATHER-001", "Not an EPW file", "The eight header lines (LOCATION … DATA PERIODS) of an EnergyPlus weather file weren't found. Other formats must be converted first."},
    {"CT-WEATHER-002", "LOCATION can't be used", "The first line must give city, state, country, source, WMO number, latitude, longitude, time zone (hours) and elevation (m)."},
    {"CT-WEATHER-003", "Time zone and longitude don't fit", "They lie more than 3.5 hours apart, so the sun would be at the wrong place. East is positive: the sign of the longitude is the usual cause."},
    {"CT-WEATHER-004", "A zone far from its meridian", "Legal (western China lies up to three hours off), but a wrong sign or zone looks like this too."},
    {"CT-WEATHER-005", "DATA PERIODS can't be used", "One period with one record an hour is read. Split the file, or average it to hours."},
    {"CT-WEATHER-006", "Not a year of hours", "8760 rows are expected, 8784 in a leap year. The file was cut short, or holds more than a year."},
    {"CT-WEATHER-007", "A row with too few columns", "EPW rows have 35 columns; the first 22 are needed."},
    {"CT-WEATHER-008", "A value that can't be used", "The message names the column (counted from 1) and its range. Negative sunshine and text are refused."},
    {"CT-WEATHER-009", "Hours count from 0", "An EPW row holds the hour that ends at 1 … 24. With hours from 0 to 23 the whole sun would be an hour off: east walls gain, west walls lose about a tenth."},
    {"CT-WEATHER-010", "The year doesn't begin in January", "Rows are taken by date from 1 January, hour 1. Turn the rows around so that the file begins there."},
    {"CT-WEATHER-011", "Rows out of order", "Each row must follow the one before by an hour."},
    {"CT-WEATHER-012", "The year changes inside a month", "Typical years are put together from months of several years, which is fine; a change inside a month says that rows were mixed."},
    {"CT-WEATHER-013", "Missing values", "9999 (or 99.9, 999) stands for \"not measured\". Gaps of up to six hours of temperature and wind are bridged; sunshine is never made up."},
    {"CT-WEATHER-014", "Gaps were bridged", "Missing hours of temperature or wind were filled by a line between their neighbours."},
    {"CT-WEATHER-015", "Sunshine at night", "More than 2 % of the sunshine falls in hours with the sun below the horizon: the rows are probably in another time zone (UTC, daylight saving)."},
    {"CT-WEATHER-020", "A weather file and stated weather", "Both were given; only one can hold. A what-if on a file's weather sets temperature_offset or irradiance_factor on weather_cell."},
    {"CT-WEATHER-021", "Unknown or impossible option of solve", "The message names those that are known."},
    {"CT-WEATHER-030", "29 February taken from the 28th", "The weather file has no 29 February but the scenario has."},
    {"CT-WEATHER-031", "The weather file was repaired or looks odd", "The first message is shown; `citytwin solve FILE.epw` shows all."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::weather
