// Codes of the waste module and its route planner.
#include "core/module/registry.hpp"

namespace citytwin::waste {
namespace {

constexpr Explanation all[] = {
    {"CT-WASTE-001", "A line or section that isn't known",
     "Routing instances are read strictly: a key or section nobody understands could change what is asked. The message names the line and the nearest known word."},
    {"CT-WASTE-002", "A kind of instance that isn't read",
     "Read are CVRP, VRPTW and MTVRPTWR with EUC_2D or EXPLICIT (FULL_MATRIX, LOWER_ROW) distances, one depot, and one reload depot for all trucks."},
    {"CT-WASTE-003", "Not a number that can be used here",
     "Coordinates, demands, times and capacities are finite numbers up to 1e9; demands and services aren't negative."},
    {"CT-WASTE-004", "The instance's parts don't fit together",
     "A section is missing, too short, names a node that isn't there or one twice. DIMENSION stands before the sections."},
    {"CT-WASTE-005", "No capacity or no vehicle",
     "CAPACITY is above 0 and VEHICLES at least 1."},
    {"CT-WASTE-006", "A stop demands more than a truck holds",
     "Split it into several stops."},
    {"CT-WASTE-007", "A time window ends before it begins",
     "Check the two columns of the window."},
    {"CT-WASTE-010", "Unknown or impossible option of the route search",
     "Known: time_limit (\"30 s\"), iterations (results that don't depend on the machine), seed, warm (a .sol file to start from)."},
    {"CT-WASTE-020", "An id stands twice",
     "Both lines are named. Ids of bins and of sites are unique."},
    {"CT-WASTE-021", "A capacity or rate of nothing",
     "Capacities and rates are above 0, unloading times 0 or more."},
    {"CT-WASTE-022", "A negative fill",
     "A bin is empty at 0."},
    {"CT-WASTE-023", "Not a finite number in a table of the waste department",
     "The message names the bin or site."},
    {"CT-WASTE-024", "Unknown fraction or kind of site",
     "Fractions: residual, organic, paper, packaging. Sites: depot, landfill, incinerator, sorting, transfer."},
    {"CT-WASTE-025", "Not a time of day",
     "Write 06:30."},
    {"CT-WASTE-026", "A bin filled above its capacity",
     "The excess is kept as overflow beside it and collected with it."},
    {"CT-WASTE-027", "A site that is closed all shift",
     "No truck could unload there. Let opens and closes overlap the shift."},
    {"CT-WASTE-028", "A site far from every street",
     "Trucks must come within 200 m of its gate. Check its coordinates and their frame."},
    {"CT-WASTE-029", "Bins or sites in degrees",
     "Bins and sites are read in the city's frame (x, y in metres)."},
    {"CT-WASTE-030", "A city without a place for waste",
     "A landfill with sorting and incineration was laid at the first street that trucks use. Add a place of kind landfill or name modules.waste.sites."},
    {"CT-WASTE-031", "A bin far from every street",
     "It lies farther than 200 m from any street that trucks use, or on a part they don't reach: it fills but isn't served."},
    {"CT-WASTE-032", "Buildings without a street for trucks",
     "Their waste isn't made into bins; check the streets' access."},
    {"CT-WASTE-033", "Bins left out of a day's plan",
     "They were due, but no truck had time within the shift or no open street leads there. They are due again at the next collection. More trucks or a longer shift helps."},
    {"CT-WASTE-034", "A refuse truck was taken off the network",
     "Traffic found no way for it (a closed street). Its load stays aboard and is unloaded with its next tour; the bins it didn't reach wait."},
    {"CT-WASTE-036", "Full trucks passed bins",
     "Tours are planned for what bins will hold at the end of the shift; where people brought still more, a truck may be full before "
     "its next unloading. What it couldn't take stays in the bin, which is due again the next day trucks go out."},
    {"CT-WASTE-035", "A fill sensor that can't be right",
     "It stood still for days though waste was due, or fell without a visit. Its word is replaced by the forecast until it moves plausibly again."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::waste
