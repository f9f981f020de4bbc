#include "core/study/ensemble.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>

#include "core/base/durable_file.hpp"
#include "core/output/run_folder.hpp"

namespace citytwin {
namespace {

std::string default_folder(const std::string& name, const std::string& hash) {
    std::string safe = name;
    for (char& c : safe) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || (static_cast<unsigned char>(c) & 0x80);
        if (!plain) c = '-';
    }
    return fmt::format("runs/{}-{:%Y%m%dT%H%M%SZ}-{}", safe, fmt::gmtime(std::time(nullptr)), hash.substr(0, 8));
}

}  // namespace

Ensemble::Ensemble(std::string folder, const Scenario& scenario, std::uint64_t seeds)
    : folder_(folder.empty() ? default_folder(scenario.name, scenario.hash()) : std::move(folder)), name_(scenario.name), scenario_hash_(scenario.hash()) {
    for (std::uint64_t i = 0; i < seeds; ++i) members_.push_back({scenario.seed + i, "waiting", ""});
    make_folder(folder_);
    for (auto& member : members_) (void)is_finished(member);
    write();
}

std::string Ensemble::folder_of(const Member& member) const { return fmt::format("{}/seed-{:04}", folder_, member.seed); }

bool Ensemble::is_finished(Member& member) const {
    if (!std::filesystem::exists(folder_of(member) + "/run.json")) return false;
    const RunRecord record = read_run_record(folder_of(member));
    if (record.status != RunStatus::finished) return false;
    member.state = name_of(record.status);
    member.state_hash = record.state_hash;
    return true;
}

void Ensemble::finished(Member& member, const RunRecord& record) {
    member.state = name_of(record.status);
    member.state_hash = record.state_hash;
    write();
}

Json Ensemble::json() const {
    Json seeds = Json::array(), members = Json::array();
    for (const auto& member : members_) {
        seeds.push_back(member.seed);
        members.push_back({{"seed", member.seed}, {"folder", fmt::format("seed-{:04}", member.seed)}, {"state", member.state}, {"state_hash", member.state_hash}});
    }
    return {{"name", name_}, {"scenario_hash", scenario_hash_}, {"seeds", seeds}, {"members", members}};
}

void Ensemble::write() const { write_file(folder_ + "/ensemble.json", json().dump(2) + "\n"); }

}  // namespace citytwin
