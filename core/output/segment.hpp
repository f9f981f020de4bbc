#pragma once
// One segment of results: written by the writer thread while rows come in, named once it is on disk.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/output/chunked_rows.hpp"

namespace citytwin {

/// Data of one call of the step's thread, copied.
struct RowItem {
    std::size_t set = 0;
    Microseconds time_us = 0;
    std::vector<double> values;              ///< all fields behind each other
};
using OwnedColumn = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>>;
struct RecordItem {
    std::size_t stream = 0;
    std::vector<OwnedColumn> columns;
};

/// Columns of one stream being written.
class RecordTable {
public:
    RecordTable(Hdf5File& file, const ResultStream& stream);
    void append(const std::vector<OwnedColumn>& columns, ChunkCodec& codec);
    /// One column of all records of the stream in another file. Column by column, so that what lies where in the joined file
    /// doesn't depend on where the segments end.
    void append_from(Hdf5File& source, std::size_t column, ChunkCodec& codec);
    void finish(ChunkCodec& codec);
    void write_checksums();
    [[nodiscard]] std::size_t columns() const { return texts_.size(); }
    [[nodiscard]] std::uint64_t rows() const { return rows_; }

private:
    void append_texts_from(Hdf5File& source, std::size_t column, std::uint64_t rows);
    void flush_texts(std::size_t column);

    Hdf5File& file_;
    const ResultStream& stream_;
    std::vector<std::unique_ptr<ChunkedRows>> numbers_;   ///< null for text columns
    std::vector<std::vector<std::string>> texts_;         ///< not yet written, appended in blocks of a fixed size
    std::uint64_t rows_ = 0;
};

/// Times and fields of one set being written.
class RowTable {
public:
    RowTable(Hdf5File& file, const ResultSet& set);
    void append(Microseconds time_us, const std::vector<double>& values, ChunkCodec& codec);
    /// Column 0 is the time, then come the fields.
    void append_from(Hdf5File& source, std::size_t column, ChunkCodec& codec);
    [[nodiscard]] std::size_t columns() const { return fields_.size() + 1; }
    /// `cf_time`: seconds as the joined file has them; else exact microseconds.
    void finish(ChunkCodec& codec, bool cf_time);
    void write_checksums();
    [[nodiscard]] std::uint64_t rows() const { return times_us_.size(); }

private:
    Hdf5File& file_;
    const ResultSet& set_;
    std::vector<ChunkedRows> fields_;
    std::vector<Microseconds> times_us_;
};

class SegmentWriter {
public:
    SegmentWriter(const ResultsSetup& setup, std::string path);
    void add(const RowItem& item, ChunkCodec& codec);
    void add(const RecordItem& item, ChunkCodec& codec);
    /// Closes, fsyncs, renames.
    void commit(ChunkCodec& codec);

private:
    const ResultsSetup& setup_;
    std::string path_;
    Hdf5File file_;
    std::map<std::size_t, RowTable> sets_;        ///< only those that have rows
    std::map<std::size_t, RecordTable> streams_;
};

/// Committed rows of one segment, added to `rows` (one entry a set and stream of the setup, in order).
void count_rows(const ResultsSetup& setup, std::uint64_t segment, ResultsPosition& position);
/// A position with every set and stream at 0 rows.
ResultsPosition empty_position(const ResultsSetup& setup);
/// What is in FOLDER/results.h5.
ResultsPosition joined_position(const std::string& folder);
/// Joins segments 1 … count-1 into FOLDER/results.h5.
ResultsPosition join_segments(const ResultsSetup& setup, std::uint64_t count);

}  // namespace citytwin
