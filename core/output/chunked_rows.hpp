#pragma once
// A dataset written row after row in chunks of a fixed shape, packed by us; and such datasets of several segments copied behind
// each other. Chunks that fit as they are are copied unopened.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/hdf5.hpp"
#include "core/output/chunk_codec.hpp"
#include "core/output/results_layout.hpp"

namespace citytwin {

/// Rows of 8-byte values. With `columns` = 0 the dataset has one axis: a stream's column.
class ChunkedRows {
public:
    ChunkedRows(Hdf5File& file, std::string dataset, Hdf5Type type, std::uint64_t columns, ChunkShape chunk);

    /// Whole rows, `count` values in all.
    template <class T>
    void append(std::span<const T> values, ChunkCodec& codec) {
        static_assert(sizeof(T) == 8);
        append_values(reinterpret_cast<const std::uint64_t*>(values.data()), values.size(), codec);
    }
    /// All `rows` rows of the same dataset in another file.
    void append_from(Hdf5File& source, std::uint64_t rows, ChunkCodec& codec);
    /// Writes the last, partly filled chunk. Nothing can be appended afterwards.
    void finish(ChunkCodec& codec);
    /// After `finish`: the chunks' checksums beside the dataset, for whoever joins this file to others.
    void write_checksums();
    [[nodiscard]] std::uint64_t rows() const { return written_rows_ + buffered_rows(); }

private:
    [[nodiscard]] std::uint64_t width() const { return columns_ == 0 ? 1 : columns_; }
    [[nodiscard]] std::uint64_t buffered_rows() const { return buffer_.size() / width(); }
    [[nodiscard]] std::vector<std::uint64_t> offset(std::uint64_t row, std::uint64_t column) const;
    void append_values(const std::uint64_t* values, std::size_t count, ChunkCodec& codec);
    void write_buffer(ChunkCodec& codec);
    void check(bool whole, std::uint64_t row, const Hdf5File& source) const;
    void extend(std::uint64_t rows);

    Hdf5File& file_;
    std::string dataset_;
    std::uint64_t columns_;
    ChunkShape chunk_;
    std::uint64_t written_rows_ = 0;
    std::vector<std::uint64_t> buffer_;  ///< rows of the chunk that isn't full yet, as bit patterns
    std::vector<std::int64_t> checksums_;  ///< of the chunks packed here, in the order they were written
};

}  // namespace citytwin
