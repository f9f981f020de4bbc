#pragma once
// Results of a run: rows over static entity sets and records of streams, written as closed HDF5 segments while the run
// goes on and joined into results.h5 at its end (interfaces.md section 4).
//
// A kill loses nothing that was committed, because a segment only gets its name once it is on disk; and the joined file
// has the same bytes whatever the commits, kills and resumes were, because it is written row after row in chunks of a
// fixed shape. Compression happens on one background thread, off the step's path.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/time/clock.hpp"

namespace citytwin {

/// One recorded field of a set.
struct ResultField {
    std::string name;
    std::string unit = "1";
    std::string long_name;
    std::string cell_methods;          ///< CF: "time: mean" over (previous row, time], "time: point" for the last value …
    std::optional<double> rounding;    ///< values are rounded to multiples of this before compression
};

/// A static entity set with what is recorded of it. A set without fields still gets its ids and places.
struct ResultSet {
    std::string name;
    std::vector<std::string> ids;
    std::vector<double> x, y;          ///< empty where the set has no place
    std::vector<ResultField> fields;
};

enum class ResultType { real, integer, text };

struct ResultColumn {
    std::string name;
    std::string unit = "1";            ///< "" for text
    ResultType type = ResultType::real;
    std::string long_name;
    std::string refers_to;             ///< for integers that are rows of a recorded set; -1 = none
    std::vector<std::string> labels;   ///< for integers 0, 1, … that stand for words
};

/// A table of records, one dataset a column.
struct ResultStream {
    std::string name;
    std::vector<ResultColumn> columns;
};

struct ResultsSetup {
    std::string folder;                ///< the run folder
    std::string epoch;                 ///< start of the scenario in UTC: "2025-06-03T00:00:00Z"
    std::string crs;                   ///< of x and y, "" if none
    std::vector<ResultSet> sets;
    std::vector<ResultStream> streams;
};

/// One column of a batch of records, in the type that the stream declared.
using RecordColumn = std::variant<std::span<const double>, std::span<const std::int64_t>, std::span<const std::string>>;

/// How far the results are on disk; part of a checkpoint.
struct ResultsPosition {
    std::uint64_t segments = 0;                                   ///< closed segments
    std::vector<std::pair<std::string, std::uint64_t>> rows;      ///< committed rows: "road_link", "streams/trip_event" …

    [[nodiscard]] std::string json() const;
    /// Throws InputError CT-OUT-010 if the text isn't a position.
    static ResultsPosition from_json(const std::string& text);
    bool operator==(const ResultsPosition&) const = default;
};

class ResultsWriter {
public:
    /// Starts new results, or goes on behind `resume` (later segments are removed: `cut`).
    explicit ResultsWriter(ResultsSetup setup, std::optional<ResultsPosition> resume = std::nullopt);
    /// Stops the writer thread; rows that weren't committed are dropped.
    ~ResultsWriter();
    ResultsWriter(const ResultsWriter&) = delete;
    ResultsWriter& operator=(const ResultsWriter&) = delete;

    /// One row at `time_us` since the epoch; one span per field of the set, in the order of the setup. Copies.
    void add_row(std::size_t set, Microseconds time_us, std::span<const std::span<const double>> fields);
    /// A batch of records, columns in the order of the setup, all of one length. Copies.
    void add_records(std::size_t stream, std::span<const RecordColumn> columns);

    /// Time for the caller to commit: 5 s of wall time, or 256 MB of rows, since the last one with something to write.
    [[nodiscard]] bool commit_due() const;
    /// Everything added so far becomes a segment; returns at once, the writer thread does it. Nothing added: no segment.
    void commit();
    /// Commits and waits until it is on disk: the position that a checkpoint keeps.
    ResultsPosition checkpoint();
    /// Commits, joins all segments into results.h5 and stops the writer thread. The segments stay until `remove_segments`:
    /// call that once run.json durably says "finished", so that a kill in between can still be resumed.
    void finish();
    /// Seconds that the caller waited for a full queue or a checkpoint's commit.
    [[nodiscard]] double waited_s() const;

    /// Removes what was written behind `position`. Throws InputError CT-OUT-011 if segments of it are missing or damaged.
    static void cut(const std::string& folder, const ResultsPosition& position);
    /// Joins the committed segments into results.h5 without removing them; returns what is in it. Results that are joined
    /// already (their segments gone) are left as they are. Throws RunError while a living run holds the folder,
    /// InputError CT-OUT-012 if there is nothing to recover.
    static ResultsPosition recover(const std::string& folder);
    /// Removes the segments (after `finish`); fine if there are none.
    static void remove_segments(const std::string& folder);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace citytwin
