// Codes of the power grid.
#include "core/module/registry.hpp"

namespace citytwin::energy {
namespace {

constexpr Explanation all[] = {
    {"CT-ENERGY-001", "A case format that isn't read", "MATPOWER's format version 2 is read (mpc.version = '2'). Save the case with MATPOWER's savecase."},
    {"CT-ENERGY-002", "A table, list, text or comment isn't closed", "The file may be cut short. The message names the line where it begins."},
    {"CT-ENERGY-003", "Rows or tables with the wrong number of columns", "All rows of a table have as many columns; bus needs 13, gen 10, branch 11 at least."},
    {"CT-ENERGY-004", "A statement that can't be carried out",
     "Some cases convert units by statements after their tables. Scalars, index names (idx_bus, idx_brch, idx_gen, define_constants) and column assignments with + - * / ^ and sin, cos, acos, sqrt are carried out. "
     "Anything else is refused: leaving it out would give a network that looks right and isn't. Load the case in MATPOWER and write it with savecase."},
    {"CT-ENERGY-005", "An expression that can't be evaluated", "The message shows the expression and where it stops making sense."},
    {"CT-ENERGY-006", "mpc.baseMVA is missing or not positive", "All impedances are relative to it."},
    {"CT-ENERGY-007", "A table is missing or empty", "A case needs mpc.bus, mpc.gen and mpc.branch."},
    {"CT-ENERGY-008", "Not a number where one is needed", "NaN and Inf are taken only where they mean 'no limit'. The message names line, column and bus."},
    {"CT-ENERGY-009", "A bus number that comes twice", "Both lines are named. Bus numbers are unique."},
    {"CT-ENERGY-010", "A branch or generator at an unknown bus", "The message names the row and the nearest bus number."},
    {"CT-ENERGY-011", "An unknown bus type", "1 load, 2 voltage-controlled, 3 slack, 4 isolated."},
    {"CT-ENERGY-012", "A value out of range", "The message says what was found and what is expected."},
    {"CT-ENERGY-013", "An unknown or impossible option", "The message lists what is known."},
    {"CT-ENERGY-014", "A study that isn't built", "dc_opf and state_estimation come in a later version. They are refused, never replaced by another study."},
    {"CT-ENERGY-015", "The power flow has no solution",
     "Newton's method was started from the given voltages, from DC angles and from a flat profile, then again with step control (Iwamoto & Tamura 1981). The bus with the largest mismatch at the best point is named: "
     "often its demand is more than the network can carry. No results are written."},
    {"CT-ENERGY-020", "A slack bus was appointed", "Without a slack bus with a unit on line the first voltage-controlled bus takes the role, as in MATPOWER. Results depend on that choice: set the type of the right bus to 3."},
    {"CT-ENERGY-021", "A branch without impedance", "Its two buses are solved as one node, and its flow is worked out from their balance. In a loop of such branches the flow isn't determined; the last of them carries 0."},
    {"CT-ENERGY-022", "A part without a source", "It has no path to a slack bus: its buses have no voltage and their demand counts as unserved (unserved.csv)."},
    {"CT-ENERGY-023", "Voltages that are hardly true", "The equations are met, but a voltage outside 0.5 to 1.5 p.u. points to the wrong one of several solutions or to wrong data."},
    {"CT-ENERGY-024", "A unit on an isolated bus", "It is on line, but feeds nothing."},
    {"CT-ENERGY-025", "A controlling bus without a unit", "A slack or voltage-controlled bus needs a unit on line; without one it is solved as a load bus."},
    {"CT-ENERGY-026", "Outages without a solution", "Neither lanes nor a solve alone with fresh pivots found voltages; such a row has the status 'diverged' and blank figures."},
    {"CT-ENERGY-027", "A start voltage that can't be", "Vm must be above 0; 1 is taken as the start. The solution doesn't depend on it."},
    {"CT-ENERGY-030", "A file of the SimBench folder is missing", "A grid needs Node.csv, Line.csv, LineType.csv, ExternalNet.csv; with transformers Transformer.csv and TransformerType.csv."},
    {"CT-ENERGY-031", "NULL where a value is needed", "The message names file, line and column."},
    {"CT-ENERGY-032", "A reference to something unknown", "A line, transformer, load or switch names a node or type that isn't there; the nearest name is shown."},
    {"CT-ENERGY-033", "A profile column is missing", "Each load's profile needs NAME_pload and NAME_qload in LoadProfile.csv, each generator's its NAME in RESProfile.csv."},
    {"CT-ENERGY-034", "An element that isn't built", "Batteries, controllable power plants, shunts and HVDC lines of SimBench aren't solved yet; they are refused, never left out silently."},
    {"CT-ENERGY-035", "Steps outside the profiles", "from, until and step count quarter-hours from 0; the profiles' length is named."},
    {"CT-ENERGY-036", "Steps without a solution", "Their rows have the status 'diverged' and no numbers."},
    {"CT-ENERGY-037", "Elements without a meaning here", "They are named, so that nobody believes they had an effect."},
    {"CT-ENERGY-038", "A bus without voltage", "Open switches leave it without a path to the external grid; its loads count as unserved."},
    {"CT-ENERGY-040", "A carbon table that can't be used", "The CSV needs the columns hour and kg_per_kWh and one row for each hour from 0 to 23, with 0 to 3 kg of CO2 equivalent per kWh."},
    {"CT-ENERGY-041", "The laid network misses planning limits",
     "A power network laid along the streets stands in for one that isn't known. At the estimated common peak some of its cables, transformers or half rings are beyond what such networks are planned for: layout_breaches.csv in the run folder names each with its figure and its limit. The module solves the real loads every step and counts breaches apart."},
    {"CT-ENERGY-042", "network and network_file don't fit", "network = \"file\" needs network_file (a MATPOWER case or a SimBench folder); network = \"synthesise\", the default, takes none."},
    {"CT-ENERGY-043", "Loads or generators of the user's grid are replaced", "In a city its buildings, signals, places and pumps draw from the grid. The file's own loads only say how the buildings are shared out among its buses."},
    {"CT-ENERGY-044", "A city without buildings", "Somebody must hang on the grid. Name buildings in city.toml."},
    {"CT-ENERGY-045", "A city without a power grid", "Only a city in which the energy module has laid or read a grid can be exported as a MATPOWER case: a run's folder, or a generated city's file."},
    {"CT-ENERGY-046", "The run didn't record what a power flow needs", "For --at the run must record power_bus.voltage, power_bus.load_power, power_bus.load_reactive_power, power_branch.in_service and power_branch.tap_ratio (or power_bus.* and power_branch.*)."},
    {"CT-ENERGY-047", "Dead parts are left out of an export", "Buses without a way to a source have no voltage; other programs refuse or misjudge them. They and their branches are listed in the file's comments."},
    {"CT-ENERGY-048", "Buildings shared out without places", "The grid's file has no coordinates. Each bus serves as many buildings as its share of the file's load, in the order of the set; so neighbours in the set share buses. bus_places names places."},
    {"CT-ENERGY-049", "A place for an unknown bus, or none at all", "bus_places is a CSV with bus, x and y (metres, the city's frame); each bus must be one of the grid's."},
    {"CT-ENERGY-050", "Voltage below the planning band", "Counted for each bus and step, the first named. Longer or thinner cables than the load needs, or a tap changer at its end."},
    {"CT-ENERGY-051", "Voltage above the planning band", "Counted for each bus and step, the first named. Solar power at noon or a station's tap for heavier load."},
    {"CT-ENERGY-052", "More than a branch is rated for", "Counted for each branch and step, the first named. Above trip_pickup the relay's time runs (overload_trip)."},
    {"CT-ENERGY-053", "Steps without a solution of the power flow", "The loads are more than the grid can carry. The fields keep the last known voltages; nothing of such a step goes into the balance."},
    {"CT-ENERGY-054", "Ties that restoration left open", "Closing them would have overloaded a branch or left voltages below 0.9; the parts behind stay dark until the fault is over."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::energy
