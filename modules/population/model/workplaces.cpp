#include "modules/population/model/workplaces.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/whole_shares.hpp"

namespace citytwin::population {

namespace {

struct ZoneMargins {
    std::vector<std::int32_t> workers, jobs;
};

/// Workers by home zone and the jobs they fill; jobs are cut in proportion where there are too few workers.
ZoneMargins margins_of(const Places& places, const People& people, Arena& arena) {
    const std::size_t n = places.zones.size();
    ZoneMargins m{std::vector<std::int32_t>(n, 0), std::vector<std::int32_t>(n, 0)};
    arena.each(n, [&](std::size_t z) {
        for (Index i = people.persons.first_of_zone[z]; i < people.persons.first_of_zone[z + 1]; ++i) m.workers[z] += people.persons.role[i] == Role::worker;
        for (Index s = places.zones.first_site[z]; s < places.zones.first_site[z + 1]; ++s) m.jobs[z] += places.sites.jobs[s];
    }, 8);
    const std::int64_t workers = std::accumulate(m.workers.begin(), m.workers.end(), std::int64_t{0});
    if (workers < std::accumulate(m.jobs.begin(), m.jobs.end(), std::int64_t{0})) {
        const std::vector<double> weights(m.jobs.begin(), m.jobs.end());
        m.jobs = whole_shares(static_cast<std::uint64_t>(workers), weights);
    }
    return m;
}

/// Number of the job that the q-th arriving worker of a zone takes: a bijection on [0, jobs) that mixes the sites.
std::int64_t mixed_job(std::int64_t q, std::int64_t jobs, std::uint64_t zone_key) {
    auto step = static_cast<std::int64_t>(mix64(zone_key) % static_cast<std::uint64_t>(jobs));
    while (std::gcd(step, jobs) != 1) ++step;
    const auto shift = static_cast<std::int64_t>(mix64(zone_key + 1) % static_cast<std::uint64_t>(jobs));
    return (q * (step % jobs) + shift) % jobs;
}

/// Workers of a zone in the order of a draw, so that neither age nor address decides who travels far.
std::vector<Index> shuffled_workers(const Persons& persons, Index first, Index last, const Random& random) {
    std::vector<std::pair<std::uint64_t, Index>> drawn;
    for (Index i = first; i < last; ++i) {
        if (persons.role[i] == Role::worker) drawn.emplace_back(random.bits(persons.key[i], 0), i);
    }
    std::sort(drawn.begin(), drawn.end());
    std::vector<Index> order;
    order.reserve(drawn.size());
    for (const auto& [draw, person] : drawn) order.push_back(person);
    return order;
}

/// First worker number of each cell of the table within its destination zone.
std::vector<std::int64_t> first_arrival_of_cells(const CommuterTable& table, std::size_t zones) {
    std::vector<std::int64_t> arrived(zones, 0), first(table.zone.size());
    for (std::size_t cell = 0; cell < table.zone.size(); ++cell) {
        first[cell] = arrived[table.zone[cell]];
        arrived[table.zone[cell]] += table.persons[cell];
    }
    return first;
}

void deal_jobs(const Places& places, const CommuterTable& table, const std::vector<std::int32_t>& jobs, const SiteChoice& sites, const Random& random,
               Persons& persons, Arena& arena) {
    const std::size_t n = places.zones.size();
    const auto first_arrival = first_arrival_of_cells(table, n);
    arena.each(n, [&](std::size_t z) {
        const auto workers = shuffled_workers(persons, persons.first_of_zone[z], persons.first_of_zone[z + 1], random);
        std::size_t next = 0;
        for (std::size_t cell = table.offsets[z]; cell < table.offsets[z + 1]; ++cell) {
            const Index there = table.zone[cell];
            for (std::int32_t k = 0; k < table.persons[cell]; ++k) {
                const std::int64_t job = mixed_job(first_arrival[cell] + k, jobs[there], places.zones.key[there]);
                persons.main_site[workers[next++]] = sites.of_job(there, job);
            }
        }
    }, 8);
}

/// Reserve workers draw their zone from the row of the balanced table.
void place_reserve(const Places& places, const GravityFit& fit, const SiteChoice& sites, const Random& random, Persons& persons, Arena& arena) {
    const std::size_t n = places.zones.size();
    arena.each(n, [&](std::size_t z) {
        std::vector<double> cumulated;
        for (Index i = persons.first_reserve_of_zone[z]; i < persons.first_reserve_of_zone[z + 1]; ++i) {
            if (persons.role[i] != Role::worker) continue;
            if (cumulated.empty()) {
                double sum = 0;
                for (std::size_t j = 0; j < n; ++j) cumulated.push_back(sum += fit.column_factor[j] * static_cast<double>(fit.deterrence[z * n + j]));
            }
            const double wanted = random.uniform(persons.key[i], 1) * cumulated.back();
            const auto found = std::upper_bound(cumulated.begin(), cumulated.end(), wanted);
            if (found == cumulated.end()) continue;
            persons.main_site[i] = sites.by_jobs(static_cast<Index>(found - cumulated.begin()), random.uniform(persons.key[i], 2));
        }
    }, 8);
}

std::int64_t place_learners(const Places& places, const Parameters& p, Persons& persons, Arena& arena) {
    const SchoolChoice schools(places, false, p.school_decay_m, arena), universities(places, true, p.school_decay_m * 4, arena);
    const Random random(p.seed, "population.school");
    std::vector<std::int64_t> without((persons.size() + 4095) / 4096, 0);
    arena.each(without.size(), [&](std::size_t block) {
        for (std::size_t i = block * 4096; i < std::min(persons.size(), (block + 1) * 4096); ++i) {
            const bool student = persons.role[i] == Role::student;
            if (!student && persons.role[i] != Role::pupil) continue;
            const SchoolChoice& choice = student && !universities.empty() ? universities : schools;
            if (choice.empty()) {
                without[block] += i < persons.residents;
                continue;
            }
            persons.main_site[i] = choice.choose(places.sites.zone[persons.home_site[i]], random.uniform(persons.key[i], 0));
        }
    }, 1);
    return std::accumulate(without.begin(), without.end(), std::int64_t{0});
}

}  // namespace

WorkplaceReport assign_workplaces(const Places& places, const Parameters& p, const ZoneDistances& distances, People& people, Arena& arena) {
    const ZoneMargins margins = margins_of(places, people, arena);
    const std::vector<double> rows(margins.workers.begin(), margins.workers.end()), columns(margins.jobs.begin(), margins.jobs.end());
    const GravityFit fit = fit_gravity(distances, rows, columns, p.work_decay_m, p.mean_commute_m, arena);
    const SiteChoice sites(places);
    const Random random(p.seed, "population.workplace");
    const CommuterTable table = whole_commuters(fit, distances, margins.workers, margins.jobs);
    deal_jobs(places, table, margins.jobs, sites, random, people.persons, arena);
    place_reserve(places, fit, sites, random, people.persons, arena);
    WorkplaceReport report{fit.decay_m, fit.mean_distance_m, fit.sweeps, fit.error, 0};
    report.pupils_without_school = place_learners(places, p, people.persons, arena);
    return report;
}

}  // namespace citytwin::population
