// Codes of rollouts.
#include "core/cli/explanations.hpp"

namespace citytwin::cli {
namespace {

constexpr Explanation all[] = {
    {"CT-ROLLOUT-001", "No phases", "`citytwin rollout` needs [[phase]] tables: groups of changes with a start and gates."},
    {"CT-ROLLOUT-002", "A gate on a figure that the run doesn't make", "No loaded module makes this key figure. kpis.json of a run lists what there is."},
    {"CT-ROLLOUT-003", "A threshold in another unit", "A threshold is a bare number in the figure's unit, a quantity that can be converted into it, or, for increases and decreases, a share of the base's mean in %."},
    {"CT-ROLLOUT-004", "A gate after the end", "Start, lead-in and exposure together lie behind the scenario's end: the gate would never be judged."},
    {"CT-ROLLOUT-005", "A rollout over representative days", "Gates are judged while every day passes; `days` leave most of them out."},
    {"CT-ROLLOUT-010", "Not what was registered", "Thresholds, sides, figures, exposures, phases and seeds are registered before the first figure exists, so that nobody chooses them to fit. Changing them means another rollout, in another folder."},
    {"CT-ROLLOUT-011", "The registration was edited", "registration.json no longer has the hash that it was sealed with."},
    {"CT-ROLLOUT-012", "A look that can't be followed", "The figures in the look's file don't give the decision that stands beside them: it was edited, or another build judged them."},
    {"CT-COST-001", "No such key figure", "A benefit names a key figure that one of the two folders doesn't have, or has no value of in some seed. kpis.json lists them."},
    {"CT-COST-002", "A rate or a year that can't be", "Discount rates lie above -1 (0.03 is 3 %); investments fall into the years that are counted."},
    {"CT-COST-003", "Two kinds of money", "All amounts are of one currency and one price base: real of a year, or nominal. Convert them before."},
    {"CT-WEDGE-001", "Cells are missing", "A stepped wedge has one row for each cluster and period, the untreated ones with dose 0."},
    {"CT-WEDGE-002", "A dose that can't be", "Doses go from 0 to 1 and are never taken back."},
    {"CT-WEDGE-003", "The effect can't be told", "If all clusters start at once, or none does, the effect can't be told from the calendar's; at least 3 clusters are needed, and outcomes that vary."},
    {"CT-WEDGE-004", "Variances are needed", "Before there are outcomes the power needs variances: within a cluster from period to period, and between clusters. Earlier data or an A/A run give them."},
};

}  // namespace

std::span<const Explanation> rollout_explanations() { return all; }

}  // namespace citytwin::cli
