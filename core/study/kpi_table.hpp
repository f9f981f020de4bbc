#pragma once
// KPIs of one scenario over seeds, for the whole city and by groups of its people: what compare reads of a run or an ensemble, and what an
// ensemble keeps in kpis.h5 (`/kpi/values`: KPI x group x seed), so that a comparison of thousands of runs opens two files.
#include <cstdint>
#include <string>
#include <vector>

#include "core/output/run_record.hpp"

namespace citytwin {

/// What must be the same under two scenarios before their difference can be called an effect.
struct StudyBasis {
    std::string name, scenario_hash, demand_key, start_utc, end_utc, build_hash, days;
    std::vector<std::string> changes;
};

struct KpiTable {
    struct Description {
        std::string id, name, unit, more_is, reason;   ///< `reason`: why no seed has a value, "" else
        std::string status = "ok";
        double coverage = 0;                           ///< least over seeds
    };
    struct Group {
        std::string by, name;                          ///< "district", "zone 3"; both empty = the whole city
        double persons = 0;                            ///< mean over seeds, 0 if not known
    };
    std::vector<Description> kpis;
    std::vector<Group> groups;                         ///< the whole city first
    std::vector<std::uint64_t> seeds;
    std::vector<double> values;                        ///< NaN = no value

    [[nodiscard]] double& at(std::size_t kpi, std::size_t group, std::size_t seed) { return values[(kpi * groups.size() + group) * seeds.size() + seed]; }
    [[nodiscard]] double at(std::size_t kpi, std::size_t group, std::size_t seed) const { return values[(kpi * groups.size() + group) * seeds.size() + seed]; }
};

/// A member that gives no value, and why.
struct UnfinishedMember {
    std::uint64_t seed = 0;
    std::string state;
};

struct StudySide {
    std::string folder, label;
    bool is_ensemble = false;
    StudyBasis basis;
    KpiTable table;
    std::vector<std::string> folders;                  ///< run folder by seed of the table
    std::vector<std::string> city_keys;                ///< by seed of the table: who lives in the city is drawn by seed
    std::vector<UnfinishedMember> unfinished;
};

/// A run folder (one seed) or an ensemble's, by kpis.h5 where it was made of the finished members as they are. Throws InputError CT-STUDY-001, -003.
StudySide read_study_side(const std::string& folder);

/// Writes kpis.h5 into an ensemble's folder from its finished members; nothing while there are none.
void write_kpi_table(const std::string& ensemble_folder);

}  // namespace citytwin
