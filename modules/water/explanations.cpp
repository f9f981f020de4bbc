// Codes of the water module.
#include "core/module/registry.hpp"

namespace citytwin::water {
namespace {

constexpr Explanation all[] = {
    {"CT-WATER-001", "An empty network file", "The .inp file holds nothing. Name the file that EPANET or your GIS exported."},
    {"CT-WATER-002", "Not an EPANET input file", "The file is binary, HTML or has none of the sections of an .inp. A project (.net) must be exported as .inp by EPANET; a web page must be downloaded as the raw file."},
    {"CT-WATER-003", "An unknown section", "A heading in brackets isn't one of EPANET 2.3. Its lines were skipped, all else was still checked. Correct the name or take the section out."},
    {"CT-WATER-004", "A line that is too long", "Lines have at most 1024 characters; EPANET would cut the rest silently. Break the line (patterns go on in a further line with the same id)."},
    {"CT-WATER-010", "Not a number", "A word stands where a number is needed. Decimals have a point; blanks or tabs separate the columns."},
    {"CT-WATER-011", "A number out of its range", "Lengths, diameters and roughness are above zero; levels, losses, prices and leak areas aren't negative."},
    {"CT-WATER-012", "An unknown id", "A line names a node, link, pattern or curve that no section defines. Ids keep their case. The nearest known id is given where there is one."},
    {"CT-WATER-013", "Missing columns", "The line has fewer columns than its section needs; the message lists them."},
    {"CT-WATER-014", "An unknown word", "An option, status or keyword isn't one of EPANET 2.3; the message lists what is known."},
    {"CT-WATER-015", "Pressures that leave no range", "Pressure-driven demand grows from MINIMUM to REQUIRED PRESSURE, which must be at least 0.1 (psi or m) apart."},
    {"CT-WATER-016", "Not a time", "Times are hours (6.5), clock times (6:30, 6:30 PM) or a number with SEC, MIN, HOURS or DAYS."},
    {"CT-WATER-017", "A time with too many parts", "Only hours, minutes and seconds were read of it, as EPANET does."},
    {"CT-WATER-018", "An unusable curve", "The x of a curve rise from point to point, and volume and head loss curves need two points or more."},
    {"CT-WATER-019", "A long id", "EPANET reads ids of up to 31 characters; citytwin reads longer ones."},
    {"CT-WATER-020", "An id defined twice", "Junctions, reservoirs and tanks share one set of ids, pipes, pumps and valves another. Both lines are named."},
    {"CT-WATER-021", "A line without effect", "What the line says can't apply to that element. It was left out of the model and counted here."},
    {"CT-WATER-022", "A line about an unknown element", "Coordinates, vertices and tags of unknown elements are not used."},
    {"CT-WATER-023", "A link to itself", "Both ends of the link are the same node."},
    {"CT-WATER-024", "A link that can't be controlled", "Pipes with a check valve and the settings of general-purpose valves follow their own law."},
    {"CT-WATER-025", "A rule that can't be read", "A rule is RULE name, IF, AND or OR, THEN, AND, ELSE, AND, PRIORITY, in that order. The rest of the rule was skipped."},
    {"CT-WATER-026", "Tank levels that contradict", "Minimum <= initial <= maximum level, all within the volume curve if there is one."},
    {"CT-WATER-027", "Roughness outside the formula", "Darcy-Weisbach takes roughness heights (0.001 ft or mm), some thousandths of the diameter. Values of 100 and more are usually Hazen-Williams coefficients. The run goes on with what is written."},
    {"CT-WATER-028", "A valve where it can't stand", "Pressure reducing, pressure sustaining and flow control valves end at junctions, and two of them can't act on the same node."},
    {"CT-WATER-029", "A pump without a usable curve", "A pump needs HEAD with a curve of falling heads, or POWER."},
    {"CT-WATER-030", "A network without heads", "At least two nodes and one reservoir or tank are needed."},
    {"CT-WATER-031", "A node without a link", "Connect the node or take it out of the file."},
    {"CT-WATER-040", "An option that isn't understood", "The message names the known options of `citytwin solve` for .inp files."},
    {"CT-WATER-041", "Water quality isn't built yet", "Age, trace and chemical quality of .inp files are refused by name until they are there; hydraulics run with quality=none."},
    {"CT-WATER-042", "A steady run", "The file's duration is 0, so that one solve answers it. Give --option duration=24 h to run a period."},
    {"CT-WATER-043", "Steps that are degraded", "Each solve certifies itself: CONVERGED if mass closes to 1e-6 of the demand and heads to 0.001 of the file's unit with all statuses consistent, else DEGRADED with its reason. \"accuracy of the file\" means that ACCURACY ended the trials earlier; --option certify=on goes on until the certificate holds. Nodes without an open way to a source have no head."},
    {"CT-WATER-050", "A network file that isn't named", "network = \"file\" takes the .inp of file = …; network = \"streets\" lays one along the streets."},
    {"CT-WATER-051", "A city without buildings to supply", "A network along streets is sized by the people in the buildings. Without buildings there is none; the rest of the run goes on."},
    {"CT-WATER-052", "A laid network beyond its limits", "The network along the streets misses a limit of its layout (pressure 15 to 80 m, velocity 1 m/s, meshedness 0.15): layout_breaches.csv in the run folder names each place with its figure and its limit. It is a stand-in; the run goes on."},
    {"CT-WATER-053", "A network that no building is near", "No building lies within `reach` of a junction, so that people draw nothing and demand follows the file's patterns only. Usually the coordinates are in another frame than the city's."},
    {"CT-WATER-054", "Buildings out of the network's reach", "They draw nothing and count as no customers. A larger `reach` takes them in."},
    {"CT-WATER-056", "Leaks that no change can scale", "The file has a [LEAKAGE] section. `leakage_factor` scales emitters only; these leaks stay as they are and are booked as lost."},
    {"CT-WATER-055", "Nodes without coordinates", "Buildings can't be mapped to them; they are drawn at the origin."},
    {"CT-WATER-060", "Degraded solves in a run", "A solve certifies itself: mass to 1e-6 of the demand, heads to 0.001 of the file's unit, statuses consistent. The KPI water_degraded_solves counts the others by reason. Parts that a shut main or an empty tank cuts off from any source don't degrade a solve: their customers are counted as without water (CT-WATER-061), such solves apart in the KPI's details."},
    {"CT-WATER-061", "Customers without water", "They got less than `interruption_below` of their demand; building.water_supply and water_node.supply_ratio say who and when, water_interruption_hours how long in all."},
    {"CT-WATER-064", "A city without a water network", "Networks are made by the water module: run a scenario with [modules.water], or generate a city."},
    {"CT-WATER-065", "A step that wasn't recorded in full", "An .inp of a run's step needs heads, demands, leaks, statuses and settings among [record] fields; the message names the missing one."},
    {"CT-WATER-066", "Nodes without a head in an exported step", "They were cut off; the peer program gives them heads without meaning."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::water
