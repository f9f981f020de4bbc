#pragma once
// The folder of `run --seeds N`: one run folder a seed, and ensemble.json (interfaces.md section 4).
#include <string>
#include <vector>

#include "core/output/json_text.hpp"
#include "core/output/run_record.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

class Ensemble {
public:
    struct Member {
        std::uint64_t seed = 0;
        std::string state = "waiting";   ///< waiting, finished, failed, interrupted
        std::string state_hash;
    };
    /// Makes the folder and writes ensemble.json; `folder` empty = runs/NAME-UTC-HASH8.
    Ensemble(std::string folder, const Scenario& scenario, std::uint64_t seeds);

    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] std::vector<Member>& members() { return members_; }
    [[nodiscard]] std::string folder_of(const Member& member) const;
    /// True if the member's run folder holds a finished run.
    [[nodiscard]] bool is_finished(Member& member) const;
    void finished(Member& member, const RunRecord& record);
    [[nodiscard]] Json json() const;

private:
    void write() const;

    std::string folder_, name_, scenario_hash_;
    std::vector<Member> members_;
};

}  // namespace citytwin
