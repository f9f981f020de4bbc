#pragma once
// A SimBench grid (folder of CSV files with profiles; Meinecke et al., Energies 13(12):3290, 2020) as a network in per unit.
// Element formulas as pandapower has them with trafo_model = "t" (Thurner et al., IEEE Trans. Power Systems 33(6), 2018):
// lines as pi, transformers as T with the magnetising branch in the middle, turned into a pi by star-delta.
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "modules/energy/model/power_network.hpp"

namespace citytwin::energy {

struct SimbenchGrid {
    PowerNetwork network;
    std::string folder;
    std::vector<std::string> bus_id, line_id, transformer_id;
    std::vector<Index> line_branch, transformer_branch;
    std::vector<double> line_rated_current;                            ///< per unit of the line's voltage
    std::vector<double> transformer_rated_from, transformer_rated_to;  ///< currents, per unit of each side

    /// What draws or feeds: amount (per unit, drawn positive) times its profile's value; no_index = constant 1.
    struct Injection {
        Index bus;
        double p, q;
        Index p_profile, q_profile;
        bool is_load;
        std::string id;
    };
    std::vector<Injection> injections;
    std::vector<std::vector<double>> profiles;   ///< columns by step
    std::vector<std::string> time;               ///< of each step, as the file has it (local time)
    [[nodiscard]] std::size_t steps() const { return time.size(); }
};

bool is_simbench_folder(const std::string& path);
/// `path` holds Node.csv or has it in simbench_csv/. Throws InputError CT-ENERGY-03x.
SimbenchGrid read_simbench(const std::string& path, DiagnosticList& diagnostics);

}  // namespace citytwin::energy
