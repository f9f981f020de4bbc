#include "geodata/buildings/zone_buildings.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/whole_shares.hpp"

namespace citytwin::geodata::buildings {
namespace {

constexpr double office_share = 0.45, shop_share = 0.35;   // of the workplaces' lots; the rest is industry
constexpr double job_m2 = 40;
constexpr std::int32_t most_floors = 60;

std::size_t count_for(double units, double each) { return static_cast<std::size_t>(std::ceil(units / each)); }

/// Lots for homes and for work, by floor area; each has one where it has people. Not more in all than there are, unless there is one lot.
struct LotSplit {
    std::size_t homes = 0, work = 0;
};
LotSplit split(const ZonePeople& people, std::size_t lots) {
    const double home_area = static_cast<double>(people.residents) / residents_per_dwelling * dwelling_m2, work_area = static_cast<double>(people.jobs) * job_m2;
    LotSplit result;
    if (people.jobs == 0) return {lots, 0};
    if (people.residents == 0) return {0, lots};
    const auto share = static_cast<std::size_t>(static_cast<double>(lots) * work_area / (home_area + work_area) + 0.5);
    result.work = std::clamp<std::size_t>(share, 1, std::max<std::size_t>(1, lots - 1));
    result.homes = std::max<std::size_t>(1, lots - result.work);
    return result;
}

void add_homes(const ZonePeople& people, std::size_t lots, ZoneBuildings& out) {
    const double dwellings = std::ceil(static_cast<double>(people.residents) / residents_per_dwelling);
    const Archetype& type = smallest_for(homes(), dwellings / static_cast<double>(lots));
    const std::size_t count = std::min(lots, count_for(dwellings, type.units));
    const std::vector<double> equal(count, 1);
    const auto each = whole_shares(static_cast<std::uint64_t>(dwellings), equal);
    for (std::size_t i = 0; i < count; ++i) {
        const auto needed = static_cast<std::int32_t>(std::ceil(each[i] * dwelling_m2 / (type.front_m * type.depth_m)));
        out.type.push_back(&type);
        out.floors.push_back(std::clamp(needed, type.floors, most_floors));
        out.dwellings.push_back(each[i]);
    }
}

void add_work(const ZonePeople& people, std::size_t lots, const Random& random, ZoneBuildings& out) {
    const double per_lot = static_cast<double>(people.jobs) / static_cast<double>(lots);
    double placed = 0;
    for (std::size_t i = 0; i < lots && placed < static_cast<double>(people.jobs); ++i) {
        const double draw = random.uniform(people.key, 2 * i);
        const auto types = draw < office_share ? offices() : draw < office_share + shop_share ? shops() : works();
        const Archetype& type = smallest_for(types, per_lot);
        out.type.push_back(&type);
        out.floors.push_back(type.floors);
        out.dwellings.push_back(0);
        placed += type.units;
    }
}

/// Evenly over the lots: building i of n takes lot i * lots / n; homes and work alternate as their shares say.
void place(std::size_t lots, std::size_t homes, ZoneBuildings& out) {
    const std::size_t n = out.type.size(), work = n - homes;
    out.lot.resize(n);
    std::size_t next_home = 0, next_work = homes;
    for (std::size_t i = 0; i < n; ++i) {
        const bool is_work = next_home == homes || (next_work < n && (next_work - homes + 1) * n <= (i + 1) * work);
        out.lot[is_work ? next_work++ : next_home++] = n <= lots ? i * lots / n : i % lots;
    }
}

}  // namespace

ZoneBuildings plan_zone(const ZonePeople& people, std::size_t lots, const Random& random) {
    ZoneBuildings out;
    if (lots == 0 || people.residents + people.jobs == 0) return out;
    const LotSplit by = split(people, lots);
    if (people.residents != 0) add_homes(people, by.homes, out);
    const std::size_t home_count = out.type.size();
    if (people.jobs != 0) add_work(people, by.work, random, out);
    place(lots, home_count, out);
    std::vector<double> home_weight(out.type.size(), 0), work_weight(out.type.size(), 0);
    for (std::size_t b = 0; b < out.type.size(); ++b) {
        (b < home_count ? home_weight : work_weight)[b] = b < home_count ? out.dwellings[b] : out.type[b]->units;
        const double draw = random.uniform(people.key, 2 * b + 1);
        out.year.push_back(1950 + static_cast<std::int32_t>(draw * 70));
    }
    out.residents = whole_shares(people.residents, home_weight);
    out.jobs = whole_shares(people.jobs, work_weight);
    return out;
}

}  // namespace citytwin::geodata::buildings
