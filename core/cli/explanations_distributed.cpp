// Codes of sweeps.
#include "core/cli/explanations.hpp"

namespace citytwin::cli {
namespace {

constexpr Explanation all[] = {
    {"CT-SWEEP-001", "Not a design of a sweep",
     "A sweep has axes, points or replications. An axis varies one thing: a value of the scenario (set, values), interventions by name (change) or whole scenario files (scenario)."},
    {"CT-SWEEP-002", "A count or seed out of range",
     "Replications are at least 1, seeds at least 0, and a sweep has at most a million runs: all combinations of the axes' values times the replications."},
    {"CT-SWEEP-003", "An axis without values",
     "Values are a list, [0.0, 0.2, 0.5], or a table: { range = 5, low = 0.0, high = 1.0 } for equal distances with both ends, { step = 0.1, low, high }, { latin_hypercube = 64, low, high } or { random = 64, low, high }."},
    {"CT-SWEEP-004", "Bounds that can't be used",
     "low must be less than high, and low, high and step in the same unit: numbers, or quantities such as \"10 min\". With whole = true they are whole numbers, and as many as asked for must fit between them."},
    {"CT-SWEEP-005", "The sweep's scenario isn't there",
     "Relative paths start at the sweep file that names them."},
    {"CT-SWEEP-006", "Something is varied twice, or must not be",
     "Two axes that set one value would overrule each other; two points with one name couldn't be told apart. Seeds are varied by replications: they are the same at every point, so that points can be compared pair by pair."},
    {"CT-SWEEP-007", "A change that isn't known",
     "An axis or a point names an intervention that stands neither in the scenario nor as [[change]] in the sweep file. The nearest name is shown."},
    {"CT-SWEEP-008", "Drawn axes of different length",
     "Axes with latin_hypercube or random values are one design: the first point takes the first value of each of them. So they must have equally many values."},
    {"CT-SWEEP-010", "The folder of another sweep",
     "A sweep's folder belongs to one sweep file and its scenarios as they were when it was begun: runs made from different texts must not be mixed. Choose another folder, or undo the change."},
    {"CT-SWEEP-011", "Not a sweep's folder",
     "There is no sweep.json, or it isn't what citytwin wrote. Name the folder that was given to `citytwin sweep run SWEEP.toml -o`."},
    {"CT-SWEEP-012", "No such run in the sweep",
     "Runs are numbered from 1 to the number of points times replications. A Slurm array for a sweep of 64 runs is --array=1-64."},
};

}  // namespace

std::span<const Explanation> distributed_explanations() { return all; }

}  // namespace citytwin::cli
