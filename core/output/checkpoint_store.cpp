#include "core/output/checkpoint_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hash.hpp"
#include "core/output/json_text.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;
constexpr int checkpoint_format = 1;
constexpr const char* manifest_name = "manifest.json";
constexpr std::string_view seal_key = ",\n  \"manifest_sha256\": \"";

std::string seal_of(std::string_view body) { return std::string(seal_key) + sha256_hex(body) + "\"\n}\n"; }

/// The manifest's text ends in a hash of everything before it, so that a flipped bit in the manifest is found too.
std::string sealed(const Json& manifest) {
    std::string body = manifest.dump(2, ' ', false, Json::error_handler_t::replace);
    body.erase(body.rfind("\n}"));
    return body + seal_of(body);
}

bool is_sealed(std::string_view text) {
    const std::size_t at = text.rfind(seal_key);
    return at != std::string_view::npos && text.substr(at) == seal_of(text.substr(0, at));
}

Json manifest_of(const CheckpointInfo& info, const CheckpointBlobs& blobs) {
    Json files = Json::array();
    for (const auto& [name, bytes] : blobs) {
        files.push_back({{"file", name}, {"size", bytes.size()}, {"sha256", sha256_hex(bytes)}});
    }
    return {{"format", checkpoint_format}, {"step", info.step}, {"time_us", info.time_us},
            {"scenario_hash", info.scenario_hash}, {"build_hash", info.build_hash},
            {"interface_version", info.interface_version}, {"state_hash", info.state_hash},
            {"results", Json::parse(info.results.json())}, {"files", std::move(files)}};
}

void check_blob_names(const CheckpointBlobs& blobs) {
    std::set<std::string> names{manifest_name};
    for (const auto& [name, bytes] : blobs) {
        const bool plain = !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) || c == '_' || c == '-' || c == '.';
        });
        if (!plain || !names.insert(name).second) throw std::logic_error("bad or repeated checkpoint blob name '" + name + "'");
    }
}

/// A checkpoint read back, or why it can't be.
struct Reading {
    Checkpoint checkpoint;
    int format = 0;
    std::string defect;
};

/// Checks one file against the manifest; keeps its bytes where they are wanted.
std::string read_blob(const fs::path& folder, const Json& entry, bool keep_bytes, CheckpointBlobs& blobs) {
    const std::string name = entry.at("file");
    const fs::path path = folder / name;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return fmt::format("{} is missing", path.string());
    const std::uint64_t size = entry.at("size");
    if (fs::file_size(path, error) != size) {
        return fmt::format("{} has {} bytes, its manifest says {}", path.string(), fs::file_size(path, error), size);
    }
    std::string bytes = keep_bytes ? read_file(path.string()) : std::string();
    const std::string sum = keep_bytes ? sha256_hex(bytes) : sha256_of_file(path.string());
    if (sum != entry.at("sha256")) return fmt::format("{} doesn't match its SHA-256 sum", path.string());
    blobs.emplace_back(name, std::move(bytes));
    return {};
}

std::string extra_file(const fs::path& folder, const CheckpointBlobs& blobs) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        const bool listed = name == manifest_name || std::any_of(blobs.begin(), blobs.end(), [&](const auto& b) { return b.first == name; });
        if (!listed) return fmt::format("{} isn't listed in the manifest", entry.path().string());
    }
    return {};
}

CheckpointInfo info_of(const Json& manifest) {
    CheckpointInfo info;
    info.step = manifest.at("step");
    info.time_us = manifest.at("time_us");
    info.scenario_hash = manifest.at("scenario_hash");
    info.build_hash = manifest.at("build_hash");
    info.interface_version = manifest.at("interface_version");
    info.state_hash = manifest.at("state_hash");
    info.results = ResultsPosition::from_json(manifest.at("results").dump());
    return info;
}

Reading read_checkpoint(const std::string& folder, std::uint64_t step, bool keep_bytes) {
    Reading reading;
    const fs::path path = fs::path(folder) / std::to_string(step);
    const fs::path manifest_path = path / manifest_name;
    std::error_code error;
    if (!fs::is_regular_file(manifest_path, error)) {
        reading.defect = fmt::format("{} is missing", manifest_path.string());
        return reading;
    }
    const std::string text = read_file(manifest_path.string());
    const Json manifest = Json::parse(text, nullptr, false);
    if (!is_sealed(text) || manifest.is_discarded()) {
        reading.defect = fmt::format("{} doesn't match its own SHA-256 sum", manifest_path.string());
        return reading;
    }
    reading.format = manifest.at("format");
    if (reading.format > checkpoint_format) return reading;  // whole, but not ours to read
    reading.checkpoint.info = info_of(manifest);
    if (reading.checkpoint.info.step != step) reading.defect = fmt::format("{} is of step {}", manifest_path.string(), reading.checkpoint.info.step);
    for (const Json& entry : manifest.at("files")) {
        if (reading.defect.empty()) reading.defect = read_blob(path, entry, keep_bytes, reading.checkpoint.blobs);
    }
    if (reading.defect.empty()) reading.defect = extra_file(path, reading.checkpoint.blobs);
    return reading;
}

void refuse_other(const std::string& path, const Reading& reading, const CheckpointExpectation& expected) {
    const CheckpointInfo& info = reading.checkpoint.info;
    if (reading.format > checkpoint_format || info.interface_version > expected.interface_version) {
        fail("CT-OUT-023", {path},
             fmt::format("the checkpoint has format {} and interface version {}; this program reads up to format {} and version {}",
                         reading.format, info.interface_version, checkpoint_format, expected.interface_version),
             "resume with the program that wrote it, or a newer one");
    }
    if (expected.forced) return;
    if (info.scenario_hash != expected.scenario_hash && !expected.any_scenario) {
        fail("CT-OUT-021", {path}, fmt::format("the checkpoint is of scenario {}, this run is {}", info.scenario_hash, expected.scenario_hash),
             "resume with the scenario and inputs that the run started with, or force it");
    }
    if (info.build_hash != expected.build_hash) {
        fail("CT-OUT-022", {path}, fmt::format("the checkpoint was written by build {}, this is {}", info.build_hash, expected.build_hash),
             "digits may differ between builds: resume with the same build, or force it");
    }
}

}  // namespace

const std::string& Checkpoint::blob(const std::string& name) const {
    for (const auto& [blob_name, bytes] : blobs) {
        if (blob_name == name) return bytes;
    }
    fail("CT-OUT-024", {}, fmt::format("the checkpoint of step {} has no part '{}'", info.step, name), "it was written by a run with other modules");
}

CheckpointStore::CheckpointStore(const std::string& run_folder) : folder_(run_folder + "/checkpoints") {
    make_folder(folder_);
    std::vector<std::string> leftovers;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().filename().string().starts_with(".tmp-")) leftovers.push_back(entry.path().string());
    }
    for (const std::string& path : leftovers) remove_durably(path);
}

void CheckpointStore::write(const CheckpointInfo& info, const CheckpointBlobs& blobs) {
    check_blob_names(blobs);
    const std::string final_path = fmt::format("{}/{}", folder_, info.step);
    const std::string aside = fmt::format("{}/.tmp-{}", folder_, info.step);
    remove_durably(aside);
    make_folder(aside);
    for (const auto& [name, bytes] : blobs) write_file(aside + "/" + name, bytes);
    write_file(aside + "/" + manifest_name, sealed(manifest_of(info, blobs)));
    sync_folder(aside);
    if (fs::exists(final_path)) {  // the same step again, after resuming from an older checkpoint
        rename_durably(final_path, aside + "-replaced");
        remove_durably(aside + "-replaced");
    }
    rename_durably(aside, final_path);
    if (const std::string bad = defect(info.step); !bad.empty()) {
        throw RunError(ExitCode::run_failed, "the checkpoint just written doesn't verify: " + bad);
    }
    // The one before stays. Later ones are damaged or of a future that was given up: resuming took an older one.
    std::vector<std::uint64_t> old = steps();
    const auto self = std::find(old.begin(), old.end(), info.step);
    old.erase(self == old.begin() ? self : self - 1, self + 1);
    for (const std::uint64_t step : old) {
        const std::string dropped = fmt::format("{}/.tmp-{}-old", folder_, step);
        rename_durably(fmt::format("{}/{}", folder_, step), dropped);
        remove_durably(dropped);
    }
}

CheckpointStore::~CheckpointStore() {
    if (writing_.valid()) writing_.wait();
}

void CheckpointStore::write_later(CheckpointInfo info, CheckpointBlobs blobs) {
    wait();
    writing_ = std::async(std::launch::async, [this, info = std::move(info), blobs = std::move(blobs)] { write(info, blobs); });
}

void CheckpointStore::wait() {
    if (writing_.valid()) writing_.get();
}

std::vector<std::uint64_t> CheckpointStore::steps() const {
    std::vector<std::uint64_t> found;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        const std::string name = entry.path().filename().string();
        const bool number = !name.empty() && name.size() < 20 && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
        if (number && entry.is_directory()) found.push_back(std::stoull(name));
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string CheckpointStore::defect(std::uint64_t step) const { return read_checkpoint(folder_, step, false).defect; }

std::optional<Checkpoint> CheckpointStore::load_newest(const CheckpointExpectation& expectation) const {
    std::vector<std::uint64_t> newest_first = steps();
    std::reverse(newest_first.begin(), newest_first.end());
    std::vector<std::string> warnings;
    for (const std::uint64_t step : newest_first) {
        Reading reading = read_checkpoint(folder_, step, true);
        if (!reading.defect.empty()) {
            warnings.push_back(fmt::format("checkpoint of step {} passed over: {}", step, reading.defect));
            continue;
        }
        refuse_other(fmt::format("{}/{}/{}", folder_, step, manifest_name), reading, expectation);
        reading.checkpoint.warnings = std::move(warnings);
        return std::move(reading.checkpoint);
    }
    if (warnings.empty()) return std::nullopt;
    std::vector<Diagnostic> all;
    for (const std::string& warning : warnings) all.push_back({Severity::error, "CT-OUT-020", {folder_}, warning, "run again from the start"});
    throw InputError(std::move(all));
}

}  // namespace citytwin
