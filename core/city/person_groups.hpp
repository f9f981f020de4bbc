#pragma once
// Whose figures are told apart: persons by district of the home, age and household income, as far as the city knows them.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/city/city.hpp"

namespace citytwin {

struct PersonGrouping {
    static constexpr std::uint16_t none = 65535;
    std::string by;                          ///< "district", "age", "income"
    std::vector<std::string> names;
    std::vector<std::uint16_t> of_person;    ///< by row of `person`
    std::vector<double> persons;             ///< residents of each group
};

/// District: the zones' column `district`, else the zones themselves where there are at most 64, else up to 32 areas of about equal
/// population, cut east-west and north-south in turn. Age: person.age_group. Income: fifths of household.income_group. Without persons: nothing.
std::vector<PersonGrouping> person_groupings(const City& city);

/// District of each zone, for what is known by zone only; the same as above.
PersonGrouping zone_districts(const City& city);

/// Groups with fewer persons behind a figure than this aren't told (evaluation.md section 4: small cells point at people).
inline constexpr double fewest_persons = 10;

}  // namespace citytwin
