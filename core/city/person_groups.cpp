#include "core/city/person_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/city/numbers.hpp"

namespace citytwin {
namespace {

constexpr std::size_t most_zones_told = 64, most_areas = 32;

/// "north-east" of the middle of all, or "centre".
std::string direction_of(double dx, double dy, double near) {
    if (std::fabs(dx) < near && std::fabs(dy) < near) return "centre";
    std::string text;
    if (std::fabs(dy) >= near) text = dy > 0 ? "north" : "south";
    if (std::fabs(dx) >= near) text += (text.empty() ? "" : "-") + std::string(dx > 0 ? "east" : "west");
    return text;
}

class Areas {
public:
    explicit Areas(const EntitySet& zones) : x_(zones.get<double>("x")), y_(zones.get<double>("y")), people_(numbers_of(zones, "population")) {
        std::vector<std::uint32_t> all(zones.size());
        std::iota(all.begin(), all.end(), 0u);
        cut(std::move(all), most_areas);
    }

    PersonGrouping take() {
        PersonGrouping grouping;
        grouping.by = "district";
        grouping.of_person.assign(x_.size(), PersonGrouping::none);
        double all = 0, cx = 0, cy = 0, spread = 0;
        for (std::size_t z = 0; z < x_.size(); ++z) all += people_[z], cx += people_[z] * x_[z], cy += people_[z] * y_[z];
        if (all > 0) cx /= all, cy /= all;
        for (std::size_t z = 0; z < x_.size(); ++z) spread += people_[z] * (std::fabs(x_[z] - cx) + std::fabs(y_[z] - cy)) / 2;
        const double near = all > 0 ? 0.4 * spread / all : 0;
        for (std::size_t a = 0; a < areas_.size(); ++a) {
            double sum = 0, ax = 0, ay = 0;
            for (const auto zone : areas_[a]) {
                grouping.of_person[zone] = static_cast<std::uint16_t>(a);
                sum += people_[zone], ax += people_[zone] * x_[zone], ay += people_[zone] * y_[zone];
            }
            grouping.names.push_back(fmt::format("{} {}", a + 1, direction_of(sum > 0 ? ax / sum - cx : 0, sum > 0 ? ay / sum - cy : 0, near)));
        }
        return grouping;
    }

private:
    void cut(std::vector<std::uint32_t> zones, std::size_t pieces) {
        if (pieces == 1 || zones.size() <= 1) {
            if (!zones.empty()) areas_.push_back(std::move(zones));
            return;
        }
        const auto [left, right] = std::minmax_element(zones.begin(), zones.end(), [&](auto a, auto b) { return x_[a] < x_[b]; });
        const auto [low, high] = std::minmax_element(zones.begin(), zones.end(), [&](auto a, auto b) { return y_[a] < y_[b]; });
        const std::vector<double>& along = x_[*right] - x_[*left] >= y_[*high] - y_[*low] ? x_ : y_;
        std::stable_sort(zones.begin(), zones.end(), [&](auto a, auto b) { return along[a] < along[b]; });
        const double all = std::accumulate(zones.begin(), zones.end(), 0.0, [&](double sum, auto z) { return sum + people_[z]; });
        double sum = 0;
        std::size_t first = 0;
        while (first + 1 < zones.size() && (first == 0 || sum + people_[zones[first]] / 2 < all / 2)) sum += people_[zones[first++]];
        cut({zones.begin(), zones.begin() + static_cast<std::ptrdiff_t>(first)}, pieces / 2);
        cut({zones.begin() + static_cast<std::ptrdiff_t>(first), zones.end()}, pieces / 2);
    }

    const std::vector<double>&x_, &y_;
    std::vector<double> people_;
    std::vector<std::vector<std::uint32_t>> areas_;
};

/// Groups in the order of their names' first zone.
PersonGrouping by_name(const std::vector<std::string>& names) {
    PersonGrouping grouping;
    grouping.by = "district";
    std::map<std::string, std::uint16_t> known;
    for (const auto& name : names) {
        if (name.empty()) {
            grouping.of_person.push_back(PersonGrouping::none);
            continue;
        }
        const auto [found, is_new] = known.try_emplace(name, static_cast<std::uint16_t>(grouping.names.size()));
        if (is_new) grouping.names.push_back(name);
        grouping.of_person.push_back(found->second);
    }
    return grouping;
}

void count(PersonGrouping& grouping, const EntitySet& persons) {
    grouping.persons.assign(grouping.names.size(), 0.0);
    const Column* reserve = persons.find("reserve");
    const auto* is_reserve = reserve == nullptr ? nullptr : std::get_if<std::vector<std::uint8_t>>(&reserve->data);
    for (std::size_t i = 0; i < persons.size(); ++i) {
        if (grouping.of_person[i] != PersonGrouping::none && (is_reserve == nullptr || (*is_reserve)[i] == 0)) grouping.persons[grouping.of_person[i]] += 1;
    }
}

}  // namespace

PersonGrouping zone_districts(const City& city) {
    const EntitySet* zones = city.find("zone");
    if (zones == nullptr || zones->size() == 0) return {};
    const Column* column = zones->find("district");
    if (column != nullptr && std::holds_alternative<std::vector<std::string>>(column->data)) return by_name(std::get<std::vector<std::string>>(column->data));
    if (zones->size() <= most_zones_told || !zones->has("x")) {
        std::vector<std::string> names;
        for (std::size_t z = 0; z < std::min<std::size_t>(zones->size(), 60'000); ++z) names.push_back(zones->id_of(static_cast<Index>(z)));
        names.resize(zones->size());
        return by_name(names);
    }
    return Areas(*zones).take();
}

std::vector<PersonGrouping> person_groupings(const City& city) {
    std::vector<PersonGrouping> groupings;
    const EntitySet* persons = city.find("person");
    if (persons == nullptr || persons->size() == 0) return groupings;
    const auto rows_of = [&](const EntitySet& set, const char* column) -> const std::vector<std::uint32_t>* {
        const Column* found = set.find(column);
        return found == nullptr ? nullptr : std::get_if<std::vector<std::uint32_t>>(&found->data);
    };
    const auto bytes_of = [&](const EntitySet* set, const char* column) -> const std::vector<std::uint8_t>* {
        const Column* found = set == nullptr ? nullptr : set->find(column);
        return found == nullptr ? nullptr : std::get_if<std::vector<std::uint8_t>>(&found->data);
    };
    if (const auto* zone = rows_of(*persons, "zone")) {
        PersonGrouping of_zone = zone_districts(city), grouping = of_zone;
        if (!of_zone.names.empty()) {
            grouping.of_person.clear();
            for (const auto row : *zone) grouping.of_person.push_back(row < of_zone.of_person.size() ? of_zone.of_person[row] : PersonGrouping::none);
            groupings.push_back(std::move(grouping));
        }
    }
    if (const auto* age = bytes_of(persons, "age_group")) {
        PersonGrouping grouping{"age", {"0 to 5", "6 to 17", "18 to 24", "25 to 64", "65 and more"}, {}, {}};
        for (const auto group : *age) grouping.of_person.push_back(group < 5 ? group : PersonGrouping::none);
        groupings.push_back(std::move(grouping));
    }
    const auto* income = bytes_of(city.find("household"), "income_group");
    const auto* household = rows_of(*persons, "household");
    if (income != nullptr && household != nullptr) {
        PersonGrouping grouping{"income", {"lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth"}, {}, {}};
        for (const auto row : *household) grouping.of_person.push_back(row < income->size() && (*income)[row] < 5 ? (*income)[row] : PersonGrouping::none);
        groupings.push_back(std::move(grouping));
    }
    for (auto& grouping : groupings) count(grouping, *persons);
    return groupings;
}

}  // namespace citytwin
