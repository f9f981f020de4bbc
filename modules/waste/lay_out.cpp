#include "modules/waste/lay_out.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/city/numbers.hpp"
#include "core/city/spatial_index.hpp"
#include "modules/waste/read/waste_tables.hpp"
#include "modules/waste/truck_roads.hpp"

namespace citytwin::waste {
namespace {

constexpr double by_need = -1;     ///< a rate that nobody gave
constexpr double reach_m = 200;   ///< farther from a street nobody carries a bin
constexpr double shift_begin_s = 6 * 3600, shift_end_s = 14 * 3600;

struct Bins {
    std::vector<std::string> id;
    std::vector<double> x, y, capacity_kg, start_kg, beside_kg, offset_m;
    std::vector<std::int32_t> fraction;
    std::vector<std::uint32_t> link, building;
    std::vector<std::uint8_t> synthetic;
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

struct Sites {
    std::vector<std::string> id, kind;
    std::vector<double> x, y, offset_m, opens_s, closes_s, unloading_s, rate;
    std::vector<std::uint32_t> link, place;
    std::vector<std::uint8_t> synthetic;
    void add(std::string name, std::string of_kind, double px, double py, Index on, double offset, Index of_place, bool made) {
        id.push_back(std::move(name)), rate.push_back(of_kind == "incinerator" ? by_need : 20), kind.push_back(std::move(of_kind)), x.push_back(px), y.push_back(py), link.push_back(on), offset_m.push_back(offset);
        place.push_back(of_place), opens_s.push_back(0), closes_s.push_back(86400), unloading_s.push_back(900), synthetic.push_back(made);
    }
};

class LayOut {
public:
    explicit LayOut(CityBuilder& builder) : b_(builder), roads_(geodata::load_road_network(builder.city)), usable_(roads_.usable({})), index_(roads_.network().link_shape, usable_) {}

    void run() {
        place_sites();
        const std::string table = b_.parameters.path("bins");
        if (table.empty()) make_bins();
        else read_table(table);
        store_bins();
        size_incinerators();
        store_sites();
        store_trucks();
    }

private:
    struct Foot {
        Index link = no_index;
        double offset_m = 0;
    };
    // On a street that trucks use, within reach; else none.
    [[nodiscard]] Foot foot_of(double x, double y) const {
        const auto near = index_.nearest(x, y, reach_m);
        if (!near) return {};
        const auto shape = roads_.network().link_shape[near->item];
        double drawn = 0;
        for (std::size_t k = 2; k + 1 < shape.size(); k += 2) drawn += std::sqrt((shape[k] - shape[k - 2]) * (shape[k] - shape[k - 2]) + (shape[k + 1] - shape[k - 1]) * (shape[k + 1] - shape[k - 1]));
        return {near->item, drawn > 0 ? near->offset_m / drawn * roads_.network().link_length_m[near->item] : 0.0};
    }

    void place_sites() {
        const std::string table = b_.parameters.path("sites");
        if (!table.empty()) {
            for (const SiteRow& row : read_sites(table, shift_begin_s, shift_end_s, b_.diagnostics)) {
                const Foot foot = foot_of(row.x, row.y);
                if (foot.link == no_index) b_.diagnostics.error("CT-WASTE-028", {table}, "site '" + row.id + "' is farther than 200 m from any street that trucks use");
                sites_.add(row.id, row.kind, row.x, row.y, foot.link, foot.offset_m, no_index, false);
                sites_.opens_s.back() = row.opens_s, sites_.closes_s.back() = row.closes_s, sites_.unloading_s.back() = row.unloading_s;
                sites_.rate.back() = row.has_rate ? row.rate_kg_per_s : row.kind == "incinerator" ? by_need : row.rate_kg_per_s;
            }
        } else if (const EntitySet* places = b_.city.find("place"); places != nullptr && places->has("kind")) {
            sites_of_places(*places);
        }
        complete_sites();
    }

    void sites_of_places(const EntitySet& places) {
        const auto& kind = places.get<std::string>("kind");
        const auto x = numbers_of(places, "x"), y = numbers_of(places, "y");
        for (Index p = 0; p < places.size(); ++p) {
            if (kind[p] != "landfill" && kind[p] != "depot" && kind[p] != "incinerator" && kind[p] != "sorting" && kind[p] != "transfer") continue;
            Foot foot = foot_of(x[p], y[p]);
            if (foot.link == no_index) {   // out of town: its own street, or the nearest one however far
                const auto near = index_.nearest(x[p], y[p]);
                if (near) foot = {near->item, 0};
            }
            if (foot.link == no_index) continue;
            sites_.add(places.id_of(p), kind[p], x[p], y[p], foot.link, foot.offset_m, p, false);
            if (kind[p] == "landfill") make_plants(x[p], y[p], foot, p);
        }
    }

    // A city's landfill gets its plants beside it where the city names none.
    void make_plants(double x, double y, Foot foot, Index place) {
        if (std::find(sites_.kind.begin(), sites_.kind.end(), "sorting") == sites_.kind.end()) sites_.add("sorting-1", "sorting", x, y, foot.link, foot.offset_m, place, true);
        if (std::find(sites_.kind.begin(), sites_.kind.end(), "incinerator") == sites_.kind.end()) sites_.add("incinerator-1", "incinerator", x, y, foot.link, foot.offset_m, place, true);
    }

    void complete_sites() {
        Index first = no_index;
        for (Index link = 0; link < usable_.size() && first == no_index; ++link) {
            if (usable_[link]) first = link;
        }
        if (first == no_index) return;
        const auto shape = roads_.network().link_shape[first];
        const double x = shape.empty() ? 0 : shape[0], y = shape.empty() ? 0 : shape[1];
        const auto lacks = [&](const char* kind) { return std::find(sites_.kind.begin(), sites_.kind.end(), kind) == sites_.kind.end(); };
        if (lacks("landfill") && lacks("incinerator") && lacks("transfer")) {
            sites_.add("landfill-1", "landfill", x, y, first, 0, no_index, true);
            make_plants(x, y, {first, 0}, no_index);
            b_.diagnostics.warning("CT-WASTE-030", {}, "the city names no place for waste: a landfill was laid at its first street", "add a place of kind landfill, or modules.waste.sites");
        }
        if (lacks("depot")) sites_.add("depot-1", "depot", x, y, sites_.link[0], 0, no_index, true);
    }

    // What the people of each building make a week, by fraction.
    void make_bins() {
        const EntitySet* buildings = b_.city.find("building");
        if (buildings == nullptr || !buildings->has("road_link")) return;
        const auto residents = numbers_of(*buildings, "residents"), jobs = numbers_of(*buildings, "jobs"), x = numbers_of(*buildings, "x"), y = numbers_of(*buildings, "y"), offset = numbers_of(*buildings, "road_offset");
        const auto& link = buildings->get<std::uint32_t>("road_link");
        std::map<Index, std::vector<Index>> by_link;
        for (Index b = 0; b < buildings->size(); ++b) {
            if (residents[b] + jobs[b] <= 0) continue;
            Foot foot = link[b] != no_index && usable_[link[b]] ? Foot{link[b], offset[b]} : foot_of(x[b], y[b]);
            if (foot.link == no_index) ++unreached_;
            else by_link[foot.link].push_back(b);
        }
        for (auto& column : bin_of_) column.assign(buildings->size(), no_index);
        for (const auto& [on, members] : by_link) {
            double persons = 0, workers = 0, middle = 0, cx = 0, cy = 0;
            for (Index b : members) persons += residents[b], workers += jobs[b], middle += offset[b] / static_cast<double>(members.size()), cx += x[b] / static_cast<double>(members.size()), cy += y[b] / static_cast<double>(members.size());
            for (std::size_t f = 0; f < fraction_count; ++f) {
                const double week_kg = 7 * persons * fractions[f].kg_per_person_day + 5 * workers * fractions[f].kg_per_job_day;
                for (Index b : members) bin_of_[f][b] = static_cast<std::uint32_t>(bins_.size());
                add_bin("bin-" + roads_.network().link_id[on] + "-" + std::string(fractions[f].name), f, cx, cy, containers_l(week_kg * 1.4 / fractions[f].density_kg_per_m3 * 1000) * 1e-3 * fractions[f].density_kg_per_m3, {on, middle}, members.front(), true);
            }
        }
    }

    // In whole containers: 120, 240, 660 l, then multiples of 1100 l.
    static double containers_l(double wanted_l) {
        for (double size : {120.0, 240.0, 660.0}) {
            if (wanted_l <= size) return size;
        }
        return 1100 * std::ceil(wanted_l / 1100);
    }

    void add_bin(std::string id, std::size_t fraction, double x, double y, double capacity_kg, Foot foot, Index building, bool made) {
        bins_.id.push_back(std::move(id)), bins_.fraction.push_back(static_cast<std::int32_t>(fraction)), bins_.x.push_back(x), bins_.y.push_back(y), bins_.capacity_kg.push_back(capacity_kg);
        bins_.start_kg.push_back(0), bins_.beside_kg.push_back(0), bins_.link.push_back(foot.link), bins_.offset_m.push_back(foot.offset_m), bins_.building.push_back(building), bins_.synthetic.push_back(made);
    }

    // The user's bins; each building brings each fraction to the nearest bin for it.
    void read_table(const std::string& table) {
        std::array<std::vector<double>, fraction_count> xs, ys;
        std::array<std::vector<Index>, fraction_count> rows;
        for (const BinRow& row : read_bins(table, b_.diagnostics)) {
            const Foot foot = foot_of(row.x, row.y);
            if (foot.link == no_index) b_.diagnostics.warning("CT-WASTE-031", {table}, "bin '" + row.id + "' is farther than 200 m from any street that trucks use; it isn't served");
            const double density = fractions[row.fraction].density_kg_per_m3 * 1e-3;
            if (foot.link != no_index) xs[row.fraction].push_back(row.x), ys[row.fraction].push_back(row.y), rows[row.fraction].push_back(static_cast<Index>(bins_.size()));
            add_bin(row.id, row.fraction, row.x, row.y, row.capacity_l * density, foot, no_index, false);
            bins_.start_kg.back() = row.fill_l * density;
            bins_.beside_kg.back() = row.overflow_l * density;
        }
        const EntitySet* buildings = b_.city.find("building");
        if (buildings == nullptr) return;
        const auto x = numbers_of(*buildings, "x"), y = numbers_of(*buildings, "y");
        for (std::size_t f = 0; f < fraction_count; ++f) {
            bin_of_[f].assign(buildings->size(), no_index);
            if (rows[f].empty()) continue;
            const SpatialIndex near(xs[f], ys[f]);
            for (Index b = 0; b < buildings->size(); ++b) bin_of_[f][b] = rows[f][near.nearest(x[b], y[b])->item];
        }
    }

    void store_bins() {
        if (unreached_ > 0) b_.diagnostics.warning("CT-WASTE-032", {}, std::to_string(unreached_) + " buildings with people have no street for trucks within 200 m; their waste isn't collected");
        EntitySet& set = b_.city.add_set("bin", bins_.size());
        set.ids = std::move(bins_.id);
        set.add("x", "m", std::move(bins_.x), {}, "Local frame");
        set.add("y", "m", std::move(bins_.y), {}, "Local frame");
        set.add("capacity", "kg", std::move(bins_.capacity_kg), {}, "What it holds of its fraction");
        set.add("start_fill", "kg", std::move(bins_.start_kg), {}, "In it at the start");
        set.add("start_beside", "kg", std::move(bins_.beside_kg), {}, "Beside it at the start");
        set.add("fraction", "1", std::move(bins_.fraction), {}, "0 residual, 1 organic, 2 paper, 3 packaging");
        set.add("road_link", "1", std::move(bins_.link), "road_link", "Street from which it is emptied; missing = not served");
        set.add("road_offset", "m", std::move(bins_.offset_m), {}, "Metres from the link's start");
        set.add("building", "1", std::move(bins_.building), "building", "First of the buildings that it serves");
        set.add("synthetic", "1", std::move(bins_.synthetic), {}, "1 = laid out, not from a file");
        if (EntitySet* buildings = b_.city.find("building"); buildings != nullptr) {
            for (std::size_t f = 0; f < fraction_count; ++f) {
                if (bin_of_[f].size() == buildings->size()) buildings->add("bin_" + std::string(fractions[f].name), "1", std::move(bin_of_[f]), "bin", "Bin for this fraction");
            }
        }
    }

    // An incinerator burns day and night what the town sends it, with a quarter in reserve: its power is steady, however the trucks come.
    void size_incinerators() {
        double week_kg = 0;
        if (const EntitySet* buildings = b_.city.find("building"); buildings != nullptr) {
            const auto residents = numbers_of(*buildings, "residents"), jobs = numbers_of(*buildings, "jobs");
            for (const Fraction& f : fractions) {
                const double sent = f.is_sorted ? 1 - f.recovered : 1;
                for (std::size_t b = 0; b < residents.size(); ++b) week_kg += sent * (7 * residents[b] * f.kg_per_person_day + 5 * jobs[b] * f.kg_per_job_day);
            }
        }
        week_kg *= b_.parameters.quantity("generation", "1", "1");
        const auto plants = static_cast<double>(std::count(sites_.rate.begin(), sites_.rate.end(), by_need));
        for (double& rate : sites_.rate) {
            if (rate == by_need) rate = week_kg > 0 ? 1.25 * week_kg / (7 * 86'400) / plants : 5;
        }
    }

    void store_sites() {
        EntitySet& set = b_.city.add_set("waste_site", sites_.id.size());
        set.ids = sites_.id;
        set.add("kind", "", sites_.kind, {}, "depot, landfill, incinerator, sorting, transfer");
        set.add("x", "m", std::move(sites_.x), {}, "Local frame");
        set.add("y", "m", std::move(sites_.y), {}, "Local frame");
        set.add("road_link", "1", sites_.link, "road_link", "Street of its gate");
        set.add("road_offset", "m", std::move(sites_.offset_m), {}, "Metres from the link's start");
        set.add("opens", "s", std::move(sites_.opens_s), {}, "Local time of day");
        set.add("closes", "s", std::move(sites_.closes_s), {}, "Local time of day");
        set.add("unloading_time", "s", std::move(sites_.unloading_s), {}, "Of one truck");
        set.add("rate", "kg/s", std::move(sites_.rate), {}, "What it works off");
        set.add("place", "1", std::move(sites_.place), "place", "Its place, if it is one of the city's");
        set.add("synthetic", "1", std::move(sites_.synthetic), {}, "1 = laid out, not from the city or a file");
    }

    void store_trucks() {
        std::vector<std::uint32_t> depots, depot;
        for (Index s = 0; s < sites_.kind.size(); ++s) {
            if (sites_.kind[s] == "depot") depots.push_back(s);
        }
        double day_kg = 0;
        if (const EntitySet* buildings = b_.city.find("building")) {
            const auto residents = numbers_of(*buildings, "residents");
            for (double persons : residents) day_kg += persons * 1.38;
        }
        // Two loads of 9 t a truck on each of five days, never fewer than a truck a fraction.
        const std::int64_t needed = std::max<std::int64_t>(fraction_count, static_cast<std::int64_t>(day_kg * 7 / (5 * 2 * 9000)) + 1);
        const std::int64_t wanted = b_.parameters.integer("trucks", 0);   // 0 = by need, as scenario.resolved.toml says it
        const std::int64_t count = depots.empty() || b_.city.at("bin").size() == 0 ? 0 : wanted > 0 ? wanted : needed;
        std::vector<std::string> ids;
        for (std::int64_t t = 0; t < count; ++t) {
            ids.push_back("refuse-truck-" + std::to_string(t + 1));
            depot.push_back(depots[static_cast<std::size_t>(t) % depots.size()]);
        }
        EntitySet& set = b_.city.add_set("truck", ids.size());
        set.ids = std::move(ids);
        set.add("depot", "1", std::move(depot), "waste_site", "Where it stands at night");
    }

    CityBuilder& b_;
    TruckRoads roads_;
    std::vector<std::uint8_t> usable_;
    SpatialIndex index_;
    Bins bins_;
    Sites sites_;
    std::array<std::vector<std::uint32_t>, fraction_count> bin_of_;
    std::size_t unreached_ = 0;
};

}  // namespace

void lay_out(CityBuilder& builder) {
    if (builder.city.find("road_link") == nullptr) return;
    LayOut(builder).run();
    builder.diagnostics.throw_if_errors();
}

}  // namespace citytwin::waste
