#pragma once
// Puts the engine's recorded rows and records into the results writer.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/output/results_writer.hpp"
#include "core/run/engine.hpp"
#include "core/scenario/scenario.hpp"

namespace citytwin {

class ResultsSink final : public RecordSink {
public:
    /// `resume`: the position of the checkpoint from which the run goes on.
    ResultsSink(const Engine& engine, const RecordDescription& record, const std::string& folder, const std::optional<ResultsPosition>& resume);

    void row(const std::string& set, Microseconds time, std::span<const std::span<const double>> columns) override;
    void records(const StreamSchema& schema, const StreamTable& table) override;
    [[nodiscard]] ResultsWriter& writer() { return *writer_; }

private:
    std::map<std::string, std::size_t> set_rows_, stream_rows_;
    std::unique_ptr<ResultsWriter> writer_;
};

}  // namespace citytwin
