#pragma once
// The synthetic population: households in dwellings, persons with age and role, cars. Residents and jobs are kept exactly:
// each resident of a site is one person, each job is filled by one of them as long as there are adults.
#include <cstdint>
#include <vector>

#include "core/parallel/arena.hpp"
#include "modules/population/model/parameters.hpp"
#include "modules/population/model/places.hpp"

namespace citytwin::population {

enum class AgeGroup : std::uint8_t { from_0_to_5, from_6_to_17, from_18_to_24, from_25_to_64, from_65 };
enum class Role : std::uint8_t { child, pupil, student, worker, adult, retired };
const char* name_of(AgeGroup age);
const char* name_of(Role role);

/// Persons zone by zone; [0, residents) live in the city, [residents, size) are the reserve, loaded inactive.
struct Persons {
    std::size_t residents = 0;
    std::vector<std::uint64_t> key;              ///< stable id: draws hang on it, never on the row
    std::vector<Index> household, home_site, main_site;  ///< main_site: workplace or school, no_index if none
    std::vector<AgeGroup> age;
    std::vector<Role> role;
    std::vector<std::uint8_t> has_car;           ///< a household's car is his or hers today
    std::vector<Index> first_of_zone;            ///< residents of zone z: [first_of_zone[z], first_of_zone[z + 1])
    std::vector<Index> first_reserve_of_zone;    ///< the same for the reserve

    [[nodiscard]] std::size_t size() const { return key.size(); }
};

struct Households {
    std::size_t residents = 0;                   ///< households of residents; the others belong to the reserve
    std::vector<Index> home_site, first_person;  ///< first_person has size households + 1
    std::vector<std::uint8_t> cars;
    std::vector<std::uint8_t> income_group;      ///< fifth of the households by the draw for wealth, 0 = lowest

    [[nodiscard]] std::size_t size() const { return home_site.size(); }
};

struct People {
    Persons persons;
    Households households;
    std::int64_t jobs = 0, unfilled_jobs = 0;    ///< unfilled: more jobs than persons between 18 and 64
};

/// Households, persons, roles and cars; workplaces and schools come later. Same result at any thread count.
People make_people(const Places& places, const Parameters& parameters, Arena& arena);

}  // namespace citytwin::population
