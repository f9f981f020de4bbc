#pragma once
// A MATPOWER case (.m, format version 2) as tables. The distribution's cases carry executable statements after the tables
// (ohm to per unit, kW to MW, power factors): they are carried out, and what can't be is refused with its line.
// Format: MATPOWER User's Manual, appendix B; index names: idx_bus, idx_brch, idx_gen.
#include <map>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "modules/energy/model/power_network.hpp"

namespace citytwin::energy {

struct MatpowerTable {
    std::size_t columns = 0;
    std::vector<double> values;          ///< row by row
    std::vector<std::uint32_t> line;     ///< of each row in the file
    [[nodiscard]] std::size_t rows() const { return line.size(); }
    [[nodiscard]] double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

struct MatpowerCase {
    std::string path;
    double base_mva = 0;
    std::size_t statements = 0;          ///< executable ones that were carried out
    std::map<std::string, MatpowerTable> tables;   ///< "bus", "gen", "branch", "gencost", …
};

/// Throws InputError CT-ENERGY-0xx with the line.
MatpowerCase read_matpower(const std::string& path);

/// Checks what the tables say (20 errors are collected) and turns them into a network in per unit.
PowerNetwork to_network(const MatpowerCase& matpower, DiagnosticList& diagnostics);

}  // namespace citytwin::energy
