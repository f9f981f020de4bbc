#pragma once
// Origin-destination matrices: long CSV (origin,destination,trips[,from,to]) and VISUM's $V (full) and $O (pairs) texts.
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin::geodata {

struct OdCell {
    std::string origin, destination;   ///< zone ids
    double trips = 0;
    double from_s = 0, to_s = 86'400;  ///< of the day
    std::size_t line = 0;
};

struct OdMatrix {
    std::string file;
    std::vector<OdCell> cells;         ///< in the file's order, zeros left out
    bool has_times = false;            ///< the file says when; else the whole day
    double total = 0;
};

/// True for a file whose first character is '$': VISUM.
bool is_visum_matrix(const std::string& path);
/// Throws InputError CT-OD-00x with file and line: missing columns, negative trips, times that don't fit, matrices of the wrong size.
OdMatrix read_od_matrix(const std::string& path);
/// Origins and destinations of a text, for tests.
OdMatrix read_visum_text(const std::string& text, const std::string& name);

}  // namespace citytwin::geodata
