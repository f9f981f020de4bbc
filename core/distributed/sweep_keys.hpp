#pragma once
// The keys of a sweep file, once for its reader and for the JSON Schema.
#include "core/scenario/table_reader.hpp"

namespace citytwin::keys {

inline constexpr KeySpec sweep[] = {
    {"name", KeyKind::text, "", "What the sweep is called; else the scenario's name"},
    {"description", KeyKind::text, "", "What it is for, in a sentence or two"},
    {"scenario", KeyKind::path, "", "The scenario file that every run starts from", true},
    {"replications", KeyKind::integer, "", "Runs of each point, with the seeds S, S+1, … that are the same at every point; 1 where it isn't given"},
    {"seed", KeyKind::integer, "", "The first seed S; else the scenario's"},
    {"until", KeyKind::text, "", "End earlier than the scenario: a time, or a duration such as \"6 h\""},
    {"axis", KeyKind::tables, "", "What is varied; the points are all combinations of the axes' values"},
    {"point", KeyKind::tables, "", "Points written out one by one; combined with the axes"},
    {"change", KeyKind::tables, "", "Interventions that axes and points choose from by name; one that none of them names is part of every run"},
};
inline constexpr KeySpec axis[] = {
    {"set", KeyKind::text, "", "Dotted path of the scenario's value that is varied, such as \"modules.population.ev_share\""},
    {"change", KeyKind::any, "", "Interventions by name, one or a list of them a value; \"none\" for none of those on the axis"},
    {"scenario", KeyKind::paths, "", "Scenario files instead of the sweep's own"},
    {"values", KeyKind::any, "", "A list, or a table: { range = N, low, high }, { step, low, high }, { latin_hypercube = N, low, high } or { random = N, low, high }"},
    {"whole", KeyKind::boolean, "", "Whole numbers only"},
};
inline constexpr KeySpec drawn_values[] = {
    {"range", KeyKind::integer, "", "So many values at equal distances, both ends included"},
    {"step", KeyKind::any, "", "Values from low on, this far apart, up to high"},
    {"latin_hypercube", KeyKind::integer, "", "So many values, one drawn from each of as many equal parts; axes of this kind are one design of that many points"},
    {"random", KeyKind::integer, "", "So many values drawn uniformly; axes of this kind are one design of that many points"},
    {"low", KeyKind::any, "", "Least value: a number, or a quantity such as \"10 min\"", true},
    {"high", KeyKind::any, "", "Greatest value, in the same unit", true},
};
inline constexpr KeySpec point[] = {
    {"name", KeyKind::text, "", "What the point is called, once in the sweep", true},
    {"set", KeyKind::table, "", "Values of the scenario that differ, as tables or dotted keys"},
    {"change", KeyKind::texts, "", "Interventions by name; \"none\" for none"},
    {"scenario", KeyKind::path, "", "A scenario file instead of the sweep's own"},
};

}  // namespace citytwin::keys
