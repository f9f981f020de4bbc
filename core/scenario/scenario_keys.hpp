#pragma once
// The keys of a scenario and of a city description, once for their readers and for the JSON Schema.
#include "core/scenario/table_reader.hpp"

namespace citytwin::keys {

inline constexpr KeySpec scenario[] = {
    {"name", KeyKind::text, "", "What the run is called", true},
    {"description", KeyKind::text, "", "What it is for, in a sentence or two"},
    {"base", KeyKind::path, "", "A scenario file of which this one only says what differs: tables merge, lists of changes append"},
    {"city", KeyKind::path, "", "City description (.toml), cached city (.h5), OpenStreetMap extract or SUMO network", true},
    {"start", KeyKind::time, "", "First instant, local in `zone` or with its offset from UTC", true},
    {"end", KeyKind::time, "", "Last instant", true},
    {"zone", KeyKind::text, "", "IANA time zone such as \"Europe/Berlin\"; needed where a time has no offset"},
    {"seed", KeyKind::integer, "", "Seed of all random numbers; 1 where it isn't given"},
    {"tick", KeyKind::quantity, "s", "Base tick; else the greatest common divisor of all periods"},
    {"days", KeyKind::tables, "", "Representative days: only these are run, each from midnight to midnight, and their key figures weighted"},
    {"modules", KeyKind::table, "", "One table a module: those named here run"},
    {"checkpoint", KeyKind::table, "", "When the run's state is saved"},
    {"record", KeyKind::table, "", "What goes to results.h5"},
    {"observations", KeyKind::tables, "", "Sensor history replayed against the model"},
    {"change", KeyKind::tables, "", "Interventions: a what-if is a list of these"},
    {"phase", KeyKind::tables, "", "Phases of a rollout, in the order of their starts"},
};
inline constexpr KeySpec day[] = {
    {"date", KeyKind::time, "", "The day, in `zone`", true},
    {"weight", KeyKind::number, "", "How many days it stands for", true},
};
inline constexpr KeySpec phase[] = {
    {"name", KeyKind::text, "", "What it is called", true},
    {"area", KeyKind::text, "", "Where: the cluster of a stepped wedge"},
    {"start", KeyKind::time, "", "When its changes begin, unless an earlier phase holds", true},
    {"changes", KeyKind::texts, "", "Names of its [[change]] tables; they have no at or when of their own", true},
    {"gate", KeyKind::tables, "", "What must hold before the next phase begins"},
    {"guardrail", KeyKind::tables, "", "What must never break: the phase is rolled back at the first look that shows it"},
    {"on_fail", KeyKind::text, "", "\"roll_back\" (where it isn't given) or \"hold\""},
    {"max_hold", KeyKind::quantity, "s", "How long an undecided gate may wait; then on_fail is done"},
    {"look_every", KeyKind::quantity, "s", "Time between looks at guardrails and at a gate that holds"},
};
inline constexpr KeySpec gate[] = {
    {"kpi", KeyKind::text, "", "Id of the key figure", true},
    {"max", KeyKind::any, "", "The plan's figure is at most this"},
    {"min", KeyKind::any, "", "The plan's figure is above this"},
    {"max_increase", KeyKind::any, "", "Plan less base is at most this; % is of the base"},
    {"max_decrease", KeyKind::any, "", "Base less plan is at most this; % is of the base"},
    {"min_increase", KeyKind::any, "", "Plan less base is above this; % is of the base"},
    {"min_decrease", KeyKind::any, "", "Base less plan is above this; % is of the base"},
    {"side", KeyKind::text, "", "End of the interval over seeds that must keep it: upper95, lower95 …, mean; the pessimistic one where it isn't given"},
    {"exposure", KeyKind::quantity, "s", "Counted time before the gate is judged"},
    {"lead_in", KeyKind::quantity, "s", "Time for the effect to build up, before the exposure"},
    {"min_seeds", KeyKind::integer, "", "Seeds with a figure that are needed, 5 or more"},
};
inline constexpr KeySpec checkpoint[] = {
    {"every", KeyKind::quantity, "s", "Simulated time between checkpoints"},
    {"keep", KeyKind::integer, "", "How many are kept, 2 or more"},
};
inline constexpr KeySpec record[] = {
    {"fields", KeyKind::texts, "", "Fields as set.field; set.* for all of a set"},
    {"interval", KeyKind::quantity, "s", "Time between rows"},
    {"digits", KeyKind::table, "", "Rounding before compression: set.field = step in the field's SI unit"},
    {"streams", KeyKind::texts, "", "Streams recorded as tables"},
};
inline constexpr KeySpec observations[] = {
    {"name", KeyKind::text, "", "What the table is called; the first file's name where it isn't given"},
    {"file", KeyKind::paths, "", "Sensor history: long or wide CSV, SensorThings or NGSI-LD JSON, plain or gzip", true},
    {"map", KeyKind::path, "", "CSV with sensor, set, id (or x and y), field, unit", true},
    {"use", KeyKind::text, "", "\"score\" compares, \"force\" drives the boundary, \"assimilate\" corrects the state"},
    {"zone", KeyKind::text, "", "IANA zone of times without an offset, where it isn't the scenario's"},
    {"origin", KeyKind::time, "", "Times that are numbers count seconds from here; a table without times begins here"},
    {"columns", KeyKind::table, "", "Names of the file's columns, where they are others"},
    {"decimal_comma", KeyKind::boolean, "", "Numbers are written as 12,5"},
    {"period", KeyKind::quantity, "s", "Time between a sensor's values; 15 min where neither this nor the map says"},
    {"lateness", KeyKind::quantity, "s", "How long after newer rows a row may still arrive; 30 min and one period where it isn't given"},
    {"stamp", KeyKind::text, "", "\"begin\" or \"end\": what of its slot a time names; \"begin\" where it isn't given"},
    {"gap", KeyKind::text, "", "What drives an entity while its sensor is silent: \"refuse\", \"hold\", \"profile\" or \"model\""},
    {"max_age", KeyKind::quantity, "s", "How long a value is held; needed with gap = \"hold\""},
    {"gain", KeyKind::number, "", "Assimilation: share of the difference taken back within the relaxation time, above 0 and up to 1"},
    {"relaxation", KeyKind::quantity, "s", "Assimilation: relaxation time"},
    {"withhold", KeyKind::number, "", "Share of the sensors that are scored only, chosen by id hash"},
    {"quality", KeyKind::table, "", "Rules that flag doubtful cells"},
};
inline constexpr KeySpec observation_columns[] = {
    {"time", KeyKind::text, "", "Column of the time of measurement"},
    {"received", KeyKind::text, "", "Column of the time of arrival"},
    {"sensor", KeyKind::text, "", "Column of the sensor's id (long form)"},
    {"value", KeyKind::text, "", "Column of the value (long form)"},
    {"sequence", KeyKind::text, "", "Column of the source's sequence number"},
};
inline constexpr KeySpec observation_quality[] = {
    {"history", KeyKind::paths, "", "Earlier weeks of the same sensors, to learn what is usual"},
    {"above", KeyKind::number, "", "Plausible values lie above, in the file's unit"},
    {"below", KeyKind::number, "", "Plausible values lie below, in the file's unit"},
    {"stuck", KeyKind::integer, "", "Repeats of one value that are too many"},
    {"spike", KeyKind::number, "", "Least step from the median of five that is a spike, in the file's unit"},
    {"drift", KeyKind::number, "", "Least lasting difference from the neighbours that is a drift, in the file's unit"},
    {"unit_factor", KeyKind::number, "", "What a mixed-up unit multiplies by, such as 1.609344"},
    {"unit_floor", KeyKind::number, "", "Values below it are never taken for another unit"},
    {"repair", KeyKind::boolean, "", "Replaces doubtful cells where they drive the model; raw values are kept"},
};
inline constexpr KeySpec change[] = {
    {"name", KeyKind::text, "", "What it is called, once in the scenario", true},
    {"at", KeyKind::time, "", "When it begins; from the start where neither at nor when is given"},
    {"until", KeyKind::time, "", "When what it changed is restored"},
    {"when", KeyKind::text, "", "A condition such as \"power_bus.voltage < 0.9\", true for any entity, tested at step end"},
    {"hold", KeyKind::quantity, "s", "How long the condition must hold before the change begins"},
    {"where", KeyKind::table, "", "Entities: set = \"SQL WHERE\", or within = a file of polygons, or ids"},
    {"within", KeyKind::path, "", "A file of polygons: the entities inside"},
    {"ids", KeyKind::texts, "", "Ids of the entities"},
    {"sample", KeyKind::number, "", "Share of the selected entities, chosen by id hash"},
    {"set", KeyKind::table, "", "Attributes: absolute (2, true, \"30 km/h\") or relative (\"+1\", \"*1.1\")"},
    {"add", KeyKind::table, "", "Entities that come with the change"},
    {"remove", KeyKind::boolean, "", "Takes the selected entities out of service"},
};
inline constexpr KeySpec addition[] = {
    {"set", KeyKind::text, "", "The entity set they join", true},
    {"file", KeyKind::path, "", "A CSV, or a vector file: a row or feature an entity, its columns named as the set's attributes", true},
    {"layer", KeyKind::text, "", "Layer, where the file has several"},
    {"connect", KeyKind::text, "", "Id of what they hang on: for the first reference that the file leaves out or blank"},
    {"like", KeyKind::text, "", "Id of an entity of the set from which all that the file doesn't say is taken"},
};
inline constexpr KeySpec city[] = {
    {"name", KeyKind::text, "", "What the city is called"},
    {"base", KeyKind::path, "", "A city description of which this one only says what differs"},
    {"crs", KeyKind::text, "", "Projected metric coordinate system, such as \"EPSG:31982\""},
    {"roads", KeyKind::table, "", "Road network: an OpenStreetMap extract or a SUMO .net.xml"},
    {"zones", KeyKind::table, "", "Zones with people and jobs"},
    {"buildings", KeyKind::table, "", "Building footprints"},
    {"places", KeyKind::table, "", "Facilities: schools, hospitals, depots"},
    {"terrain", KeyKind::table, "", "Heights: a GeoTIFF raster"},
    {"generate", KeyKind::table, "", "A procedural city instead of files"},
    {"synthetic", KeyKind::table, "", "What is laid out where the city has none of its own"},
    {"links", KeyKind::paths, "", "Explicit mappings between entities: CSV with from,to[,weight]"},
};
inline constexpr KeySpec generate[] = {
    {"population", KeyKind::integer, "", "Residents", true},
    {"seed", KeyKind::integer, "", "Seed of the city; 1 where it isn't given"},
};
inline constexpr KeySpec terrain[] = {
    {"file", KeyKind::path, "", "GeoTIFF with heights in metres", true},
    {"crs", KeyKind::text, "", "Coordinate system of the file, where it doesn't say"},
};
inline constexpr KeySpec synthetic[] = {
    {"buildings", KeyKind::boolean, "", "Buildings along the streets from the zones' people and jobs, where the city has none; true where it isn't given"},
    {"seed", KeyKind::integer, "", "Seed of what is laid out; 1 where it isn't given"},
};
inline constexpr KeySpec roads[] = {
    {"file", KeyKind::path, "", "The network", true},
    {"defaults", KeyKind::path, "", "Lanes, speeds and signal rules by road class, instead of the built-in table"},
    {"overrides", KeyKind::path, "", "Corrections by source id, applied after the import"},
    {"keep", KeyKind::text, "", "\"all\", or \"largest\" for the largest strongly connected part only"},
};
inline constexpr KeySpec zones[] = {
    {"file", KeyKind::path, "", "GeoPackage, FlatGeobuf, shapefile, GeoJSON, or CSV with lon and lat", true},
    {"layer", KeyKind::text, "", "Layer, where the file has several"},
    {"id", KeyKind::text, "", "Column of the id"},
    {"name", KeyKind::text, "", "Column of the name"},
    {"population", KeyKind::text, "", "Column of the residents"},
    {"jobs", KeyKind::text, "", "Column of the jobs"},
    {"lon", KeyKind::text, "", "Column of the longitude (CSV)"},
    {"lat", KeyKind::text, "", "Column of the latitude (CSV)"},
    {"x", KeyKind::text, "", "Column of the projected x (CSV)"},
    {"y", KeyKind::text, "", "Column of the projected y (CSV)"},
    {"crs", KeyKind::text, "", "Coordinate system of the file, where it doesn't say"},
};
inline constexpr KeySpec buildings[] = {
    {"file", KeyKind::path, "", "GeoPackage, FlatGeobuf, shapefile, GeoJSON or CityJSON", true},
    {"layer", KeyKind::text, "", "Layer, where the file has several"},
    {"id", KeyKind::text, "", "Column of the id"},
    {"height", KeyKind::text, "", "Column of the height in metres"},
    {"levels", KeyKind::text, "", "Column of the storeys"},
    {"use", KeyKind::text, "", "Column of the use"},
    {"year", KeyKind::text, "", "Column of the year of construction"},
    {"population", KeyKind::text, "", "Column of the residents"},
    {"jobs", KeyKind::text, "", "Column of the jobs"},
    {"lon", KeyKind::text, "", "Column of the longitude (CSV)"},
    {"lat", KeyKind::text, "", "Column of the latitude (CSV)"},
    {"crs", KeyKind::text, "", "Coordinate system of the file, where it doesn't say"},
};
inline constexpr KeySpec places[] = {
    {"file", KeyKind::path, "", "GeoPackage, FlatGeobuf, shapefile, GeoJSON, or CSV with lon and lat", true},
    {"layer", KeyKind::text, "", "Layer, where the file has several"},
    {"id", KeyKind::text, "", "Column of the id"},
    {"name", KeyKind::text, "", "Column of the name"},
    {"kind", KeyKind::text, "", "Column of the kind: school, hospital, depot …"},
    {"capacity", KeyKind::text, "", "Column of the capacity"},
    {"lon", KeyKind::text, "", "Column of the longitude (CSV)"},
    {"lat", KeyKind::text, "", "Column of the latitude (CSV)"},
    {"x", KeyKind::text, "", "Column of the projected x (CSV)"},
    {"y", KeyKind::text, "", "Column of the projected y (CSV)"},
    {"crs", KeyKind::text, "", "Coordinate system of the file, where it doesn't say"},
};

/// Keys that interfaces.md knows and this version refuses by name.
struct NotBuilt {
    const char* key;
    const char* code;
    const char* what;
};
inline constexpr NotBuilt not_built_in_scenario[] = {
    {"group", "CT-SCENARIO-023", "groups of modules that iterate to convergence ([[group]]) aren't built in this version"},
    {"groups", "CT-SCENARIO-023", "groups of modules that iterate to convergence (`groups`) aren't built in this version"},
};
inline constexpr NotBuilt not_built_in_city[] = {
    {"transit", "CT-SCENARIO-062", "public transport (GTFS) isn't read in this version"},
    {"power", "CT-SCENARIO-063", "the power grid isn't read in this version"},
    {"water", "CT-SCENARIO-064", "the water network isn't read in this version"},
};

}  // namespace citytwin::keys
