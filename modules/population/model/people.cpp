#include "modules/population/model/people.hpp"

#include <algorithm>

#include "core/random/distributions.hpp"
#include "core/base/whole_shares.hpp"

namespace citytwin::population {

namespace {

/// Households and persons of one zone before they are joined to the city's columns.
struct ZonePeople {
    std::vector<Index> household_site, household_size;
    std::vector<std::uint8_t> household_cars, household_income;
    std::vector<AgeGroup> age;
    std::vector<std::uint8_t> has_car;
};

/// Which of a zone's people: a different part of the key, so that reserve and residents never share a draw.
constexpr std::uint64_t reserve_mark = 0x5245534552564544ULL;

std::uint64_t person_key(std::uint64_t zone_key, bool reserve, std::size_t number) {
    return mix64(zone_key ^ (reserve ? reserve_mark : 0)) + number;
}

class ZoneMaker {
public:
    ZoneMaker(const Places& places, const Parameters& parameters, Index zone, bool reserve)
        : places_(places), p_(parameters), random_(parameters.seed, "population.people"), zone_(zone), reserve_(reserve),
          zone_key_(places.zones.key[zone]) {}

    ZonePeople make() {
        const Index first = places_.zones.first_site[zone_], last = places_.zones.first_site[zone_ + 1];
        double carried = 0;
        for (Index site = first; site < last; ++site) {
            const std::int32_t residents = places_.sites.residents[site];
            if (!reserve_) {
                fill_site(site, residents, places_.sites.dwellings[site]);
                continue;
            }
            carried += residents * p_.reserve;  // the zone's reserve is its residents times the share, rounded along the sites
            const auto extra = static_cast<std::int32_t>(carried);
            carried -= extra;
            fill_site(site, extra, 0);
        }
        if (reserve_ && carried > 0 && first < last) fill_site(last - 1, 1, 0);
        return std::move(out_);
    }

private:
    /// Every dwelling has one person; each further person joins a dwelling drawn at random.
    void fill_site(Index site, std::int32_t residents, std::int32_t dwellings) {
        if (residents <= 0) return;
        if (dwellings <= 0) dwellings = static_cast<std::int32_t>(residents / p_.residents_per_household + random_.uniform(key(site), 0));
        dwellings = std::clamp(dwellings, 1, residents);
        const std::size_t first = out_.household_size.size();
        out_.household_size.resize(first + static_cast<std::size_t>(dwellings), 1);
        out_.household_site.resize(out_.household_size.size(), site);
        for (std::int32_t person = dwellings; person < residents; ++person) {
            const double u = random_.uniform(key(site), static_cast<std::uint64_t>(person) + 1);
            out_.household_size[first + static_cast<std::size_t>(u * dwellings)] += 1;
        }
        for (std::size_t h = first; h < out_.household_size.size(); ++h) fill_household(h);
    }

    void fill_household(std::size_t household) {
        const std::size_t first = out_.age.size();
        const Index size = out_.household_size[household];
        for (Index member = 0; member < size; ++member) out_.age.push_back(draw_age(person_key(zone_key_, reserve_, out_.age.size()), member == 0));
        out_.has_car.resize(out_.age.size(), 0);
        give_cars(household, first, size);
    }

    /// The first member is an adult, so the others take the children's share of all.
    AgeGroup draw_age(std::uint64_t person, bool first_member) const {
        const double others = 1 - 1 / p_.residents_per_household;
        const double small = first_member ? 0 : p_.share_age_0_5 / others, school = first_member ? 0 : p_.share_age_6_17 / others;
        const double adults = 1 - p_.share_age_0_5 - p_.share_age_6_17;
        double u = random_.uniform(person, 0);
        if (u < small) return AgeGroup::from_0_to_5;
        if (u < small + school) return AgeGroup::from_6_to_17;
        u = (u - small - school) / std::max(1e-9, 1 - small - school);
        if (u < p_.share_age_65 / adults) return AgeGroup::from_65;
        return u < (p_.share_age_65 + p_.share_age_18_24) / adults ? AgeGroup::from_18_to_24 : AgeGroup::from_25_to_64;
    }

    /// Cars by household size and a draw for wealth (0.3 to 1.7 times the mean); each car goes to one adult for the day.
    void give_cars(std::size_t household, std::size_t first, Index size) {
        const std::uint64_t person = person_key(zone_key_, reserve_, first);
        const double wealth = random_.uniform(person, 1);
        out_.household_income.push_back(static_cast<std::uint8_t>(5 * wealth));
        const double wanted = p_.cars_per_resident * size * (0.3 + 1.4 * wealth) + random_.uniform(person, 2);
        auto cars = static_cast<std::int32_t>(wanted);
        std::int32_t given = 0;
        for (std::size_t m = first; m < first + size && given < cars; ++m) {
            if (out_.age[m] < AgeGroup::from_18_to_24) continue;
            out_.has_car[m] = 1;
            ++given;
        }
        if (out_.household_cars.size() <= household) out_.household_cars.resize(household + 1, 0);
        out_.household_cars[household] = static_cast<std::uint8_t>(std::min(given, 255));
    }

    [[nodiscard]] std::uint64_t key(Index site) const {
        return mix64(zone_key_ + 0x51ULL + (reserve_ ? reserve_mark : 0)) + (site - places_.zones.first_site[zone_]);
    }

    const Places& places_;
    const Parameters& p_;
    Random random_;
    Index zone_;
    bool reserve_;
    std::uint64_t zone_key_;
    ZonePeople out_;
};

void join_zone(const ZonePeople& zone, std::uint64_t zone_key, bool reserve, People& people) {
    std::size_t member = 0;
    for (std::size_t h = 0; h < zone.household_size.size(); ++h) {
        const auto household = static_cast<Index>(people.households.size());
        people.households.home_site.push_back(zone.household_site[h]);
        people.households.first_person.push_back(static_cast<Index>(people.persons.size()));
        people.households.cars.push_back(zone.household_cars[h]);
        people.households.income_group.push_back(zone.household_income[h]);
        for (Index m = 0; m < zone.household_size[h]; ++m, ++member) {
            people.persons.key.push_back(person_key(zone_key, reserve, member));
            people.persons.household.push_back(household);
            people.persons.home_site.push_back(zone.household_site[h]);
            people.persons.age.push_back(zone.age[member]);
            people.persons.has_car.push_back(zone.has_car[member]);
        }
    }
}

void make_part(const Places& places, const Parameters& parameters, bool reserve, Arena& arena, People& people) {
    std::vector<ZonePeople> parts(places.zones.size());
    arena.each(parts.size(), [&](std::size_t z) { parts[z] = ZoneMaker(places, parameters, static_cast<Index>(z), reserve).make(); }, 8);
    std::vector<Index>& first = reserve ? people.persons.first_reserve_of_zone : people.persons.first_of_zone;
    for (std::size_t z = 0; z < parts.size(); ++z) {
        first.push_back(static_cast<Index>(people.persons.size()));
        join_zone(parts[z], places.zones.key[z], reserve, people);
        parts[z] = {};
    }
    first.push_back(static_cast<Index>(people.persons.size()));
}

bool may_work(AgeGroup age) { return age == AgeGroup::from_18_to_24 || age == AgeGroup::from_25_to_64; }

Role role_without_work(AgeGroup age, double draw) {
    switch (age) {
        case AgeGroup::from_0_to_5: return Role::child;
        case AgeGroup::from_6_to_17: return Role::pupil;
        case AgeGroup::from_18_to_24: return draw < 0.6 ? Role::student : Role::adult;
        case AgeGroup::from_25_to_64: return Role::adult;
        default: return Role::retired;
    }
}

/// Workers of each zone: all jobs of the city shared by the zones' persons of working age, never more than there are.
std::vector<std::int32_t> workers_of_zones(const std::vector<std::int32_t>& able, std::int64_t jobs) {
    std::vector<double> weights(able.begin(), able.end());
    std::int64_t all = 0;
    for (const std::int32_t n : able) all += n;
    return whole_shares(static_cast<std::uint64_t>(std::min(jobs, all)), weights);
}

/// The `wanted` persons of working age with the smallest draw become workers; the young less often (0.6 of the others' chance).
void choose_workers(Persons& persons, Index first, Index last, std::size_t wanted, const Random& random) {
    struct Candidate {
        double draw;
        Index person;
    };
    std::vector<Candidate> candidates;
    for (Index i = first; i < last; ++i) {
        const std::uint64_t key = persons.key[i];
        persons.role[i] = role_without_work(persons.age[i], random.uniform(key, 1));
        if (may_work(persons.age[i])) candidates.push_back({random.uniform(key, 0) / (persons.age[i] == AgeGroup::from_18_to_24 ? 0.6 : 1.0), i});
    }
    wanted = std::min(wanted, candidates.size());
    const auto less = [](const Candidate& a, const Candidate& b) { return a.draw != b.draw ? a.draw < b.draw : a.person < b.person; };
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted), candidates.end(), less);
    for (std::size_t c = 0; c < wanted; ++c) persons.role[candidates[c].person] = Role::worker;
}

void give_roles(const Places& places, const Parameters& parameters, Arena& arena, People& people) {
    Persons& persons = people.persons;
    persons.role.assign(persons.size(), Role::adult);
    const Random random(parameters.seed, "population.role");
    std::vector<std::int32_t> able(places.zones.size(), 0);
    arena.each(able.size(), [&](std::size_t z) {
        for (Index i = persons.first_of_zone[z]; i < persons.first_of_zone[z + 1]; ++i) able[z] += may_work(persons.age[i]);
    }, 8);
    for (const std::int32_t jobs : places.sites.jobs) people.jobs += jobs;
    const auto workers = workers_of_zones(able, people.jobs);
    std::int64_t filled = 0, all_able = 0;
    for (std::size_t z = 0; z < able.size(); ++z) {
        filled += workers[z];
        all_able += able[z];
    }
    people.unfilled_jobs = people.jobs - filled;
    const double rate = all_able == 0 ? 0 : static_cast<double>(filled) / static_cast<double>(all_able);
    arena.each(able.size(), [&](std::size_t z) {
        choose_workers(persons, persons.first_of_zone[z], persons.first_of_zone[z + 1], static_cast<std::size_t>(workers[z]), random);
        for (Index i = persons.first_reserve_of_zone[z]; i < persons.first_reserve_of_zone[z + 1]; ++i) {
            const std::uint64_t key = persons.key[i];
            persons.role[i] = role_without_work(persons.age[i], random.uniform(key, 1));
            if (may_work(persons.age[i]) && random.uniform(key, 0) < rate) persons.role[i] = Role::worker;
        }
    }, 8);
}

}  // namespace

const char* name_of(AgeGroup age) {
    constexpr const char* names[] = {"0-5", "6-17", "18-24", "25-64", "65+"};
    return names[static_cast<int>(age)];
}

const char* name_of(Role role) {
    constexpr const char* names[] = {"child", "pupil", "student", "worker", "adult", "retired"};
    return names[static_cast<int>(role)];
}

People make_people(const Places& places, const Parameters& parameters, Arena& arena) {
    People people;
    make_part(places, parameters, false, arena, people);
    people.persons.residents = people.persons.size();
    people.households.residents = people.households.size();
    make_part(places, parameters, true, arena, people);
    people.households.first_person.push_back(static_cast<Index>(people.persons.size()));
    people.persons.main_site.assign(people.persons.size(), no_index);
    give_roles(places, parameters, arena, people);
    return people;
}

}  // namespace citytwin::population
