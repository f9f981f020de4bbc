#include "modules/buildings/energy_books.hpp"

#include <algorithm>
#include <numeric>

#include "core/city/numbers.hpp"

namespace citytwin::buildings {

namespace {
std::string per(bool annual, const char* unit) { return std::string(unit) + (annual ? "/yr" : "/d"); }

// Buildings whose city says nothing of people are lived in by their floor area.
double residents(const City& city) {
    if (const double known = residents_of(city); known > 0) return known;
    const auto stock = read_stock(city).residents;
    return std::accumulate(stock.begin(), stock.end(), 0.0);
}
}  // namespace

EnergyBooks::EnergyBooks(Setup& setup)
    : electricity_(setup.ledger("electricity", "J")), fuel_(setup.ledger("fuel", "J")), heat_(setup.ledger("heat", "J")), charging_(setup.ledger("charging", "J")),
      flexible_(setup.ledger("flexible_energy", "J")),
      // A run shorter than a year isn't expanded: its figures are per simulated day.
      per_capita_(setup.kpi("energy_per_capita", per(setup.end() >= 365 * day, "GJ/person"), Kpi::Better::less,
                            "(electricity used in buildings + fuel) / mean residents of the run; own solar power included, transport but for cars charged at home not", "End-use energy of buildings per capita")),
      public_(setup.kpi("public_building_energy", per(setup.end() >= 365 * day, "GJ/m2"), Kpi::Better::less, "(electricity + fuel of public buildings) / their floor area; details: each building alone",
                        "Energy of public buildings")),
      renewable_(setup.kpi("renewable_share", "%", Kpi::Better::more, "solar power of buildings / (electricity used in buildings + fuel); the grid's own mix isn't in it", "Renewable share, own solar power only")),
      persons_(setup, residents(setup.city())), annual_(setup.end() >= 365 * day) {
    if (setup.city().find("power_connection") != nullptr) return;   // else the grid knows the peak
    peak_ = &setup.kpi("peak_demand", "MW", Kpi::Better::less, "highest sum of the buildings' net power, mean of a step", "Peak demand");
    load_factor_ = &setup.kpi("load_factor", "1", Kpi::Better::more, "mean / peak of that", "Load factor");
}

void EnergyBooks::prepare(const BuildingStock& stock, double battery_J) {
    for (std::size_t b = 0; b < stock.size(); ++b) {
        floor_area_m2_.push_back(stock.shape[b].floor_area_m2);
        is_public_.push_back(row_of(stock.use[b]).is_public);
    }
    used_J_.assign(stock.size(), 0);
    fuel_J_.assign(stock.size(), 0);
    electricity_.stored = electricity_.stored_at_start = battery_J;
}

void EnergyBooks::electricity(const EnergyColumns& c, double seconds, double battery_J, Arena& arena) {
    const std::size_t n = c.use_W.size();
    arena.each(n, [&](std::size_t b) { used_J_[b] += c.use_W[b] * seconds; });
    const double solar_J = arena.sum(n, [&](std::size_t b) { return c.solar_W[b]; }) * seconds;
    const double import_J = arena.sum(n, [&](std::size_t b) { return std::max(0.0, c.net_W[b]); }) * seconds, export_J = arena.sum(n, [&](std::size_t b) { return std::max(0.0, -c.net_W[b]); }) * seconds;
    electricity_.in += import_J + solar_J;
    electricity_.out += export_J + arena.sum(n, [&](std::size_t b) { return c.use_W[b]; }) * seconds;
    electricity_.lost += arena.sum(n, [&](std::size_t b) { return c.battery_loss_J[b]; });
    electricity_.stored = battery_J;
    solar_J_ += solar_J;
    mean_J_ += import_J - export_J;
    peak_W_ = std::max(peak_W_, (import_J - export_J) / seconds);
}

void EnergyBooks::fuel(const std::vector<double>& fuel_W, double seconds, Arena& arena) {
    arena.each(fuel_W.size(), [&](std::size_t b) { fuel_J_[b] += fuel_W[b] * seconds; });
    const double burnt_J = arena.sum(fuel_W.size(), [&](std::size_t b) { return fuel_W[b]; }) * seconds;
    fuel_.in += burnt_J;
    fuel_.out += burnt_J;
}

void EnergyBooks::heat(double gain_J, double stored_J, double lost_J) {
    heat_.in += gain_J;
    heat_.stored += stored_J;
    heat_.lost += lost_J;
}

void EnergyBooks::charging(double wanted_J, double delivered_J, double owed_J, double unmet_J) {
    charging_.in = wanted_J;
    charging_.out = delivered_J;
    charging_.stored = owed_J;
    unmet_J_ = unmet_J;
}

void EnergyBooks::flexible(double shifted_J, double returned_J, double lost_J, double owed_J, double overload_J) {
    flexible_.in = shifted_J;
    flexible_.out = returned_J;
    flexible_.lost = lost_J;
    flexible_.stored = owed_J;
    overload_J_ = overload_J;
}

void EnergyBooks::public_buildings(const City& city, double divisor) {
    const EntitySet& set = city.at("building");
    double energy_J = 0, area_m2 = 0;
    for (Index b = 0; b < is_public_.size(); ++b) {
        if (!is_public_[b]) continue;
        const double own_J = used_J_[b] + fuel_J_[b];
        energy_J += own_J;
        area_m2 += floor_area_m2_[b];
        public_.details.emplace_back(set.id_of(b), own_J * 1e-9 / floor_area_m2_[b] / divisor);
    }
    if (area_m2 > 0) public_.set(energy_J * 1e-9 / area_m2 / divisor);
    else public_.reason = "the city has no public buildings";
}

void EnergyBooks::close(const City& city, Microseconds length) {
    const double divisor = static_cast<double>(length) / static_cast<double>(annual_ ? 365 * day : day);
    double all_J = 0;
    for (std::size_t b = 0; b < used_J_.size(); ++b) all_J += used_J_[b] + fuel_J_[b];
    if (divisor <= 0) return;
    if (persons_.persons() > 0) per_capita_.set(all_J * 1e-9 / persons_.persons() / divisor);
    else per_capita_.reason = "nobody lives in the city's buildings";
    per_capita_.details = {{"charging_unmet_GJ", unmet_J_ * 1e-9}, {"feeder_overload_GJ", overload_J_ * 1e-9}};
    persons_.tell(per_capita_);
    public_buildings(city, divisor);
    if (all_J > 0) renewable_.set(100 * solar_J_ / all_J);
    else renewable_.reason = "no energy was used";
    if (peak_ == nullptr) return;
    peak_->set(peak_W_ * 1e-6);
    if (peak_W_ > 0) load_factor_->set(mean_J_ / to_seconds(length) / peak_W_);
    else load_factor_->reason = "nothing was drawn from the grid";
}

void EnergyBooks::save(StateWriter& out) const {
    persons_.save(out);
    out.column("used", used_J_);
    out.column("fuel", fuel_J_);
    const double totals[] = {solar_J_, peak_W_, mean_J_, unmet_J_, overload_J_};
    out.column("totals", std::vector<double>(std::begin(totals), std::end(totals)));
}

void EnergyBooks::load(StateReader& in) {
    persons_.load(in);
    in.column("used", used_J_);
    in.column("fuel", fuel_J_);
    std::vector<double> totals;
    in.column("totals", totals);
    solar_J_ = totals.at(0);
    peak_W_ = totals.at(1);
    mean_J_ = totals.at(2);
    unmet_J_ = totals.at(3);
    overload_J_ = totals.at(4);
}

}  // namespace citytwin::buildings
