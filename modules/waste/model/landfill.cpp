#include "modules/waste/model/landfill.hpp"

#include <algorithm>
#include <array>

#include "modules/waste/model/portable_functions.hpp"

namespace citytwin::waste {
namespace {

constexpr std::array<DecayStream, 6> streams{{{"food", 0.15, 0.185}, {"garden", 0.20, 0.10}, {"paper", 0.40, 0.06}, {"wood", 0.43, 0.03}, {"textiles", 0.24, 0.06}, {"nappies", 0.24, 0.10}}};
constexpr double methane_of_carbon = 16.0 / 12.0;

}  // namespace

std::span<const DecayStream> decay_streams() { return streams; }

Landfill::Landfill(std::span<const DecayStream> of, LandfillFactors factors) : streams_(of.begin(), of.end()), factors_(factors), stock_(of.size(), 0.0) {}

MethaneYear Landfill::year(std::span<const double> deposited, double recovered) {
    MethaneYear result;
    for (std::size_t s = 0; s < streams_.size(); ++s) {
        const double kept = portable_exp(-streams_[s].k_per_year);
        const double decomposable = deposited[s] * streams_[s].doc * factors_.doc_f * factors_.mcf;   // eq. 3.2
        const double decayed = stock_[s] * (1 - kept);                                                 // eq. 3.5
        stock_[s] = decomposable + stock_[s] * kept;                                                   // eq. 3.4
        result.generated += decayed * factors_.methane_share * methane_of_carbon;                      // eq. 3.6
        potential_ += decomposable * factors_.methane_share * methane_of_carbon;
        result.stock += stock_[s];
    }
    result.recovered = std::clamp(recovered, 0.0, result.generated);
    result.emitted = (result.generated - result.recovered) * (1 - factors_.oxidised);                 // eq. 3.1
    return result;
}

double Landfill::remaining() const {
    double sum = 0;
    for (double s : stock_) sum += s;
    return sum * factors_.methane_share * methane_of_carbon;
}

}  // namespace citytwin::waste
