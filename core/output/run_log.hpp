#pragma once
// log.ndjson: what happened when, one JSON object a line, with wall-clock times (so it is no part of "byte for byte").
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/durable_file.hpp"

namespace citytwin {

class RunLog {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;
    /// Appends to `run_folder`/log.ndjson. With an empty folder nothing is written.
    explicit RunLog(const std::string& run_folder);
    /// level: "info", "warning", "error". Safe from any thread.
    void add(const std::string& level, const std::string& event, const Fields& fields = {});

private:
    std::mutex mutex_;
    std::unique_ptr<AppendFile> file_;
};

/// Now as "2025-06-03T10:15:00Z", and as "20250603T101500Z".
std::string utc_now();
std::string utc_now_compact();

}  // namespace citytwin
