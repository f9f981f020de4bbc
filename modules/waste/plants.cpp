#include "modules/waste/plants.hpp"

#include <algorithm>

namespace citytwin::waste {
namespace {

SiteKind kind_named(const std::string& word) {
    if (word == "incinerator") return SiteKind::incinerator;
    if (word == "sorting") return SiteKind::sorting;
    return word == "transfer" ? SiteKind::transfer : SiteKind::landfill;   // a depot takes nothing: which kind it is doesn't matter
}

Index first_of(const std::vector<std::string>& kinds, const char* kind) {
    const auto found = std::find(kinds.begin(), kinds.end(), kind);
    return found == kinds.end() ? no_index : static_cast<Index>(found - kinds.begin());
}

double sum(const MassByFraction& mass) {
    double total = 0;
    for (double kg : mass) total += kg;
    return total;
}

}  // namespace

Plants::Plants(Setup& setup) : city_(setup.city()), stored_(setup.writes("waste_site", "stored", "kg").described("Mass waiting or buried there")) {
    if (city_.find("power_connection") == nullptr) return;
    powered_ = setup.reads_previous("power_connection", "powered", "1").mean().otherwise(1);
    electric_load_ = setup.accumulates("power_connection", "electric_load", "W").recorded_as(Aggregation::mean);
}

void Plants::prepare(double incinerator_efficiency) {
    const EntitySet& sites = city_.at("waste_site");
    const auto& kinds = sites.get<std::string>("kind");
    const auto& rate = sites.get<double>("rate");
    const Index landfill = first_of(kinds, "landfill"), incinerator = first_of(kinds, "incinerator");
    std::vector<Site> list(kinds.size());
    for (Index s = 0; s < kinds.size(); ++s) {
        list[s].rate_kg_per_s = rate[s];
        list[s].efficiency = incinerator_efficiency;
        list[s].kind = kind_named(kinds[s]);
        if (list[s].kind == SiteKind::sorting || list[s].kind == SiteKind::transfer) list[s].next = incinerator != no_index ? incinerator : landfill;
        if (list[s].kind == SiteKind::incinerator) list[s].next = landfill;
    }
    facilities_ = std::make_unique<Facilities>(std::move(list));
    running_.assign(kinds.size(), 1.0);
    choose_destinations(kinds);
    connect_power(sites);
}

void Plants::choose_destinations(const std::vector<std::string>& kinds) {
    const auto has = [&](const char* kind) { return first_of(kinds, kind) != no_index; };
    for (std::size_t f = 0; f < fraction_count; ++f) {
        const char* wanted = fractions[f].is_sorted && has("sorting") ? "sorting" : has("incinerator") ? "incinerator" : has("landfill") ? "landfill" : "transfer";
        for (Index s = 0; s < kinds.size(); ++s) {
            if (kinds[s] == wanted) destinations_[f].push_back(s);
        }
    }
}

// Power connections by place, where energy gave places one.
void Plants::connect_power(const EntitySet& sites) {
    connection_.assign(sites.size(), no_index);
    const EntitySet* places = city_.find("place");
    if (places == nullptr || !places->has("power_connection") || !electric_load_) return;
    const auto& of_place = places->get<std::uint32_t>("power_connection");
    const auto& place = sites.get<std::uint32_t>("place");
    for (std::size_t s = 0; s < connection_.size(); ++s) {
        if (place[s] != no_index) connection_[s] = of_place[place[s]];
    }
}

void Plants::receive(Index site, const MassByFraction& load) {
    for (std::size_t f = 0; f < fraction_count; ++f) facilities_->receive(site, f, load[f]);
}

void Plants::work(double seconds) {
    for (std::size_t s = 0; s < running_.size(); ++s) running_[s] = powered_ && connection_[s] != no_index ? (*powered_)[connection_[s]] : 1.0;
    facilities_->work(seconds, running_);
}

void Plants::write() {
    const auto& stores = facilities_->stores();
    for (std::size_t s = 0; s < stores.size(); ++s) stored_[s] = sum(stores[s].waiting) + sum(stores[s].buried);
    if (!electric_load_) return;
    for (std::size_t c = 0; c < electric_load_->size(); ++c) (*electric_load_)[c] = 0;
    for (std::size_t s = 0; s < connection_.size(); ++s) {
        if (connection_[s] != no_index) (*electric_load_)[connection_[s]] -= stores[s].power_W;
    }
}

}  // namespace citytwin::waste
