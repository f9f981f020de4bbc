// Codes of results, checkpoints and comparisons; and all rooms' lists together.
#include "core/cli/explanations.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace citytwin::cli {
namespace {

constexpr Explanation all[] = {
    {"CT-CLI-001", "Not a run folder", "The folder that was named doesn't hold a run. Name the folder that `citytwin run` printed."},
    {"CT-OUT-001", "The folder holds a run already",
     "A run never overwrites another one. Choose another folder with -o, go on with the run by --resume, or remove the folder."},
    {"CT-OUT-005", "A file of the run folder can't be read",
     "run.json, kpis.json, ledgers.json, inputs.lock or warnings.ndjson isn't what citytwin wrote. It was cut or edited; run again."},
    {"CT-OUT-010", "Not a position of results",
     "A checkpoint names how far the results were on disk; this one's text can't be read. Resume from an older checkpoint or run again."},
    {"CT-OUT-011", "Results and checkpoint don't fit",
     "The checkpoint counts on segments of results (results-NNNN.h5) that are missing, damaged or of other length. Nothing is guessed: restore the files or run again from the start."},
    {"CT-OUT-012", "Nothing to recover",
     "The folder has neither committed segments nor joined results: the run stopped before its first commit."},
    {"CT-OUT-013", "Unknown layout of results",
     "Segment 0 (results-0000.h5) says how the results lie; this one was written by another version of citytwin. Recover it with that version."},
    {"CT-OUT-014", "A chunk of results is damaged",
     "Data in a segment don't decompress to what was written: the disk or a copy failed. Resume from the last checkpoint before it."},
    {"CT-OUT-020", "All checkpoints are damaged",
     "Every checkpoint of the folder has a file that is missing, extra or doesn't match its SHA-256 sum; each is named. Run again from the start; the results up to the last commit can still be recovered with `citytwin recover`."},
    {"CT-OUT-021", "Checkpoint of another scenario",
     "The scenario was changed since the run started, so that going on would mix two of them. Resume with the scenario the run started with, or start a new run."},
    {"CT-OUT-022", "Checkpoint of another build",
     "Another build may give other digits. Resume with the build that wrote the checkpoint, or force it and accept that."},
    {"CT-OUT-023", "Checkpoint of a newer version",
     "The checkpoint was written by a newer citytwin than this one. Resume with that."},
    {"CT-OUT-024", "A part of the checkpoint is missing",
     "A module asks for state that the checkpoint doesn't hold: the run was started with other modules."},
    {"CT-STUDY-001", "Not a run folder",
     "There is no run.json. Give the folder that `citytwin run` printed."},
    {"CT-STUDY-002", "An ensemble, not a run",
     "The folder holds runs of several seeds, and this command reads one. Name one of its seed-NNNN folders."},
    {"CT-STUDY-003", "An ensemble's files don't fit",
     "ensemble.json or kpis.h5 isn't what citytwin writes: it was edited, or its members were made by different versions. `run --seeds N --resume` makes both again; kpis.h5 may be removed."},
    {"CT-STUDY-005", "A base for a rollout", "A rollout's folder holds its own base members; its report and comparison are against them."},
    {"CT-STUDY-004", "No such KPI",
     "--headline and --worthwhile name KPIs of the base; the message lists them. A smallest worthwhile change is KPI=NUMBER in the KPI's unit."},
    {"CT-STUDY-020", "Nothing to calibrate to",
     "`citytwin calibrate` matches demand to counts: the scenario needs an [[observations]] table with use = \"assimilate\" whose sensors measure road_link.flow."},
    {"CT-STUDY-010", "Comparison refused",
     "Runs are compared only if they finished (of an ensemble's members nine in ten) and city, period, demand before any change and seeds are the same; otherwise the difference would not be the effect of what was changed. The message says what differs."},
};

}  // namespace

std::vector<Explanation> explanations() {
    std::vector<Explanation> list(std::begin(all), std::end(all));
    for (const auto room : {engine_explanations(), scenario_explanations(), city_explanations(), demand_explanations(), distributed_explanations(), replay_explanations(), rollout_explanations(), Registry::process().explanations()}) {
        list.insert(list.end(), room.begin(), room.end());
    }
    std::sort(list.begin(), list.end(), [](const Explanation& a, const Explanation& b) { return std::string_view(a.code) < b.code; });
    return list;
}

}  // namespace citytwin::cli
