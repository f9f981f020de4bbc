#pragma once
// Where collected mass goes: plants that pass on, sort, burn or bury. For each fraction and step: in = out + stored + residue sent on.
// Electricity of burning: E = m LHV eta.
#include <array>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/waste/model/waste_fractions.hpp"

namespace citytwin::waste {

enum class SiteKind : std::uint8_t { landfill, incinerator, sorting, transfer };

using MassByFraction = std::array<double, fraction_count>;

struct Site {
    SiteKind kind = SiteKind::landfill;
    double rate_kg_per_s = 5;              ///< what it works off; a landfill takes all
    Index next = no_index;                 ///< where residues go (sites' rows): ash, rejects, everything of a transfer station
    double efficiency = 0.22, ash = 0.22;  ///< of an incinerator: electric efficiency (0.20-0.25), ash by input mass
};

struct SiteStore {
    MassByFraction waiting{}, buried{};            ///< kg there
    MassByFraction received{}, product{}, burned{}, passed_on{};   ///< kg since the start
    double electric_J = 0, power_W = 0;
};

class Facilities {
public:
    explicit Facilities(std::vector<Site> sites) : sites_(std::move(sites)), stores_(sites_.size()) {}
    void receive(Index site, std::size_t fraction, double kg) {
        stores_[site].waiting[fraction] += kg;
        stores_[site].received[fraction] += kg;
    }
    /// Works for `seconds`, each site for its share of them (landfills always; none given: all). Sites pass residues on in row order; what arrives in a step is worked off in the next one at the latest.
    void work(double seconds, std::span<const double> running = {});
    [[nodiscard]] const std::vector<Site>& sites() const { return sites_; }
    [[nodiscard]] std::vector<SiteStore>& stores() { return stores_; }
    [[nodiscard]] const std::vector<SiteStore>& stores() const { return stores_; }
    [[nodiscard]] double stored_kg(std::size_t fraction) const;
    [[nodiscard]] double left_kg(std::size_t fraction) const;       ///< products and flue gas
    [[nodiscard]] double product_kg(std::size_t fraction) const;

private:
    std::vector<Site> sites_;
    std::vector<SiteStore> stores_;
};

}  // namespace citytwin::waste
