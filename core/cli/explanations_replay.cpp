// Codes of sensor history.
#include "core/cli/explanations.hpp"

namespace citytwin::cli {
namespace {

constexpr Explanation all[] = {
    {"CT-REPLAY-001", "A gzip file that can't be unpacked", "The file begins like gzip, but is damaged, cut short, or larger than 10 GiB once unpacked. Pack it again from its source."},
    {"CT-REPLAY-010", "Not a time", "Times are RFC 3339 (2025-06-03T07:00:00+02:00, also -0700 and Z), local times of a declared zone, or numbers: seconds, milliseconds or microseconds since 1970, told by their size; with `origin` seconds since it."},
    {"CT-REPLAY-011", "A local time without a zone", "Without an offset and without a zone nobody can say when it was. Write `zone` in the [[observations]] table."},
    {"CT-REPLAY-012", "A time that the clocks skip", "When clocks are set forward, an hour doesn't exist. A row in it was written by a clock that wasn't set forward, or has another zone than declared."},
    {"CT-REPLAY-013", "Not a number", "A value is a number, or blank, null, NaN or - where there is none. A decimal comma has to be declared (decimal_comma = true); thousands marks are never read, since 1,234 may be both."},
    {"CT-REPLAY-014", "The last line is half written", "The file was copied while its program wrote. Everything before is used; the half line isn't."},
    {"CT-REPLAY-015", "No time column", "Name it with columns = { time = \"…\" }. A table without times is read with `origin`: a row a period from there on."},
    {"CT-REPLAY-016", "Times in the hour that comes twice", "When clocks are set back, a local time may mean two instants. A sensor's first row of it is the first pass, its second row the second; rows without a partner are taken for the first."},
    {"CT-REPLAY-017", "A row without a sensor", "Each row says which sensor it comes from: the sensor column, or the Datastream it belongs to."},
    {"CT-REPLAY-018", "Not JSON", "The file begins like JSON, but isn't. The message says where it stops being so."},
    {"CT-REPLAY-019", "Neither SensorThings nor NGSI-LD", "Read are SensorThings lists of Datastreams with their Observations, of Observations with their Datastream, dataArrays, and NGSI-LD entities whose properties have observedAt."},
    {"CT-REPLAY-020", "A sensor without a place", "Each row of the map names sensor, set and field, and the entity by id or by x and y."},
    {"CT-REPLAY-021", "A field of the map that can't be read", "unit is a UDUNITS unit (veh counts as a number), period a time, combine sum or mean, valid_from and valid_until are times."},
    {"CT-REPLAY-022", "A sensor in two places at once", "The map has the same sensor twice for the same time. Give each row its valid_from and valid_until."},
    {"CT-REPLAY-023", "A sensor was moved", "The map has the sensor in two places one after the other: its rows go to the place that it had then."},
    {"CT-REPLAY-024", "Two sensors measure the same", "Two names stand at the same field of the same entity. If one was renamed, give the old one a valid_until."},
    {"CT-REPLAY-025", "No such set of entities", "The map's set isn't in the city. `citytwin city info` lists the sets."},
    {"CT-REPLAY-026", "No such entity", "The map's id isn't in the set. Ids are those of the source files, as results.h5 has them."},
    {"CT-REPLAY-027", "No entity near the sensor", "The nearest entity is more than 200 m away, or the set has no coordinates. x and y are in the city's coordinate system."},
    {"CT-REPLAY-028", "A sensor was given to an entity some way off", "More than 50 m lie between the sensor and the nearest entity of its set. Look whether it is the right one."},
    {"CT-REPLAY-030", "Sensors that the map doesn't know", "Their rows are left out; sensor_fit.json lists them."},
    {"CT-REPLAY-031", "Sensors without rows", "The map names sensors that the files don't have. Were they renamed?"},
    {"CT-REPLAY-033", "Rows outside the time of a place", "They lie before valid_from or after valid_until of all places of their sensor."},
    {"CT-REPLAY-034", "Late rows", "They arrived after their slot had been given to the model. Scores count them, no step uses them."},
    {"CT-REPLAY-035", "Rows measured after they were received", "The clock of the sensor or of its gateway is wrong. The cells are flagged skew, and don't make other rows late."},
    {"CT-REPLAY-036", "Deliveries that contradict one another", "Two rows of one sensor and time arrived at the same moment with different values. The larger value is used, whatever their order."},
    {"CT-REPLAY-037", "Doubtful cells", "The quality rules flagged them. Raw values are kept in sensor_cells.csv; they are left out of scores and, unless repaired, don't drive the model."},
    {"CT-REPLAY-040", "A field that can't be observed", "Sensors are compared with fields that a loaded module writes. With use = \"force\" they may also drive what modules only read."},
    {"CT-REPLAY-041", "A unit that doesn't fit the field", "The sensor's unit can't be converted into the field's. Counts (veh, 1) go with fields in 1/s, over the sensor's period."},
    {"CT-REPLAY-042", "Two sensors drive the same entity", "Only one can. Keep the better one in the map."},
    {"CT-REPLAY-043", "A gap that isn't bridged", "A forced entity needs a value in each slot. gap = \"hold\" keeps the last value up to max_age, \"profile\" takes the median of that time of day before the run, \"model\" leaves the slot to the module."},
    {"CT-REPLAY-044", "No model behind the gap", "gap = \"model\" leaves silent slots to the module that writes the field; no loaded module writes this one."},
    {"CT-REPLAY-045", "A field that can't be corrected", "use = \"assimilate\" asks the field's module to correct its own state by measurements; only modules that offer it can (`citytwin modules`). Compare with use = \"score\", or overwrite the field with use = \"force\"."},
    {"CT-FIELD-009", "A sum that measurements drive", "The field is the sum of parts that several modules write. Which of them should be wrong can't be said: force the parts."},
};

}  // namespace

std::span<const Explanation> replay_explanations() { return all; }

}  // namespace citytwin::cli
