#include "core/output/run_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "core/output/json_text.hpp"

namespace citytwin {

RunLog::RunLog(const std::string& run_folder) {
    if (!run_folder.empty()) file_ = std::make_unique<AppendFile>(run_folder + "/log.ndjson");
}

void RunLog::add(const std::string& level, const std::string& event, const Fields& fields) {
    if (!file_) return;
    Json row = {{"time", utc_now()}, {"level", level}, {"event", event}};
    for (const auto& [key, text] : fields) row[key] = text;
    const std::lock_guard<std::mutex> guard(mutex_);
    file_->write(json_line(row) + "\n");
}

std::string utc_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))); }

std::string utc_now_compact() {
    return fmt::format("{:%Y%m%dT%H%M%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

}  // namespace citytwin
