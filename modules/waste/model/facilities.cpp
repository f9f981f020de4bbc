#include "modules/waste/model/facilities.hpp"

#include <algorithm>

namespace citytwin::waste {

void Facilities::work(double seconds, std::span<const double> running) {
    for (std::size_t s = 0; s < sites_.size(); ++s) {
        const Site& site = sites_[s];
        SiteStore& store = stores_[s];
        double waiting = 0, heat_J = 0;
        for (double kg : store.waiting) waiting += kg;
        const double worked_kg = site.rate_kg_per_s * seconds * (running.empty() ? 1.0 : running[s]);
        const bool all = site.kind == SiteKind::landfill || waiting <= worked_kg;
        const double share = all ? 1.0 : worked_kg / waiting;
        for (std::size_t f = 0; f < fraction_count; ++f) {
            const double kg = all ? store.waiting[f] : store.waiting[f] * share;
            if (kg == 0) continue;
            store.waiting[f] = all ? 0.0 : store.waiting[f] - kg;
            double rest = kg;   // goes on, or stays where nothing follows
            if (site.kind == SiteKind::sorting) rest = kg * (1 - fractions[f].recovered), store.product[f] += kg - rest;
            if (site.kind == SiteKind::incinerator) rest = kg * site.ash, store.burned[f] += kg - rest, heat_J += kg * fractions[f].heat_MJ_per_kg * 1e6;
            if (site.kind == SiteKind::landfill || site.next == no_index) {
                store.buried[f] += rest;
            } else {
                store.passed_on[f] += rest;
                receive(site.next, f, rest);
            }
        }
        const double electric_J = heat_J * site.efficiency;
        store.electric_J += electric_J;
        store.power_W = seconds > 0 ? electric_J / seconds : 0;
    }
}

double Facilities::stored_kg(std::size_t f) const {
    double sum = 0;
    for (const auto& store : stores_) sum += store.waiting[f] + store.buried[f];
    return sum;
}

double Facilities::left_kg(std::size_t f) const {
    double sum = 0;
    for (const auto& store : stores_) sum += store.product[f] + store.burned[f];
    return sum;
}

double Facilities::product_kg(std::size_t f) const {
    double sum = 0;
    for (const auto& store : stores_) sum += store.product[f];
    return sum;
}

}  // namespace citytwin::waste
