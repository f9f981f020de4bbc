#pragma once
// Methane of a landfill by first-order decay: IPCC 2006 Guidelines (2019 refinement), volume 5, chapter 3, equations 3.1-3.6.
// Waste of year T decays from year T + 1 on; each stream has its own rate.
#include <span>
#include <string_view>
#include <vector>

namespace citytwin::waste {

/// DOC by wet mass (table 2.4) and k per year, wet temperate (table 3.3).
struct DecayStream {
    std::string_view name;
    double doc, k_per_year;
};
std::span<const DecayStream> decay_streams();   ///< food, garden, paper, wood, textiles, nappies

struct LandfillFactors {
    double doc_f = 0.5, mcf = 1.0, methane_share = 0.5, oxidised = 0.1;
};

struct MethaneYear {
    double generated = 0, emitted = 0, recovered = 0, stock = 0;   ///< in the unit of the deposits; `stock` is decomposable carbon
};

/// One landfill. Amounts in any mass unit; the methane comes in the same one.
class Landfill {
public:
    explicit Landfill(std::span<const DecayStream> streams, LandfillFactors factors = {});
    /// One year: first what lies there decays, then `deposited` (by stream) is added. More recovery than methane is cut to it.
    MethaneYear year(std::span<const double> deposited, double recovered = 0);
    /// Methane that all deposits so far will have made in the end.
    [[nodiscard]] double potential() const { return potential_; }
    /// Methane still to come from what lies there.
    [[nodiscard]] double remaining() const;
    [[nodiscard]] std::vector<double>& stock() { return stock_; }

private:
    std::vector<DecayStream> streams_;
    LandfillFactors factors_;
    std::vector<double> stock_;
    double potential_ = 0;
};

}  // namespace citytwin::waste
