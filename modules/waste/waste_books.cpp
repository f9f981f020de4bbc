#include "modules/waste/waste_books.hpp"

#include "core/city/numbers.hpp"

namespace citytwin::waste {

WasteBooks::WasteBooks(Setup& setup)
    : persons_(setup, residents_of(setup.city())),
      per_capita_(setup.kpi("waste_per_capita", "kg/yr", Kpi::Better::less, "waste made / mean residents of the run, a year")),
      diverted_(setup.kpi("waste_diverted_share", "%", Kpi::Better::more, "products of sorting and composting / waste that left the plants or was buried")),
      truck_km_(setup.kpi("waste_truck_distance", "km", Kpi::Better::less, "distance of refuse trucks on finished tours")),
      overflow_(setup.kpi("waste_overflow", "kg h", Kpi::Better::less, "mass beside full bins x time")) {
    for (std::size_t f = 0; f < fraction_count; ++f) ledgers_[f] = &setup.ledger("waste_" + std::string(fractions[f].name), "kg");
}

void WasteBooks::begin(const Bins& bins) {
    const MassByFraction stored = bins.stored_kg();
    for (std::size_t f = 0; f < fraction_count; ++f) ledgers_[f]->stored_at_start = stored[f];
}

void WasteBooks::balance(const Bins& bins, const TruckFleet& trucks, const Plants& plants) {
    const MassByFraction stored = bins.stored_kg();
    for (std::size_t f = 0; f < fraction_count; ++f) {
        ledgers_[f]->in = bins.generated_kg()[f];
        ledgers_[f]->out = plants.stores().left_kg(f);
        ledgers_[f]->stored = stored[f] + trucks.aboard_kg(f) + plants.stores().stored_kg(f);
    }
}

void WasteBooks::close(const Bins& bins, const TruckFleet& trucks, const Plants& plants, bool by_traffic) {
    constexpr double year_s = 365.25 * 86'400;
    double products = 0, handled = 0, generated = 0;
    for (std::size_t f = 0; f < fraction_count; ++f) {
        products += plants.stores().product_kg(f);
        handled += plants.stores().left_kg(f);
        generated += bins.generated_kg()[f];
        for (const auto& store : plants.stores().stores()) handled += store.buried[f];
    }
    if (persons_.person_seconds() > 0) per_capita_.set(generated / persons_.person_seconds() * year_s);
    else per_capita_.reason = "nobody lives here";
    persons_.tell(per_capita_);
    if (handled > 0) diverted_.set(100 * products / handled);
    else diverted_.reason = "no plant has worked yet";
    if (by_traffic) truck_km_.set(trucks.distance_m() * 1e-3);
    else truck_km_.reason = "trucks move by their plan (travel = \"planned\")";
    overflow_.set(bins.overflow_kg_h());
}

}  // namespace citytwin::waste
