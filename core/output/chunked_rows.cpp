#include "core/output/chunked_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/diagnostic.hpp"

namespace citytwin {
namespace {

std::string checksums_of(const std::string& dataset) { return "checksums/" + dataset; }

}  // namespace

ChunkedRows::ChunkedRows(Hdf5File& file, std::string dataset, Hdf5Type type, std::uint64_t columns, ChunkShape chunk)
    : file_(file), dataset_(std::move(dataset)), columns_(columns), chunk_(chunk) {
    if (columns == 0) file_.create_chunked(dataset_, type, {}, {chunk.rows}, true);
    else file_.create_chunked(dataset_, type, {columns}, {chunk.rows, chunk.columns}, true);
}

std::vector<std::uint64_t> ChunkedRows::offset(std::uint64_t row, std::uint64_t column) const {
    return columns_ == 0 ? std::vector<std::uint64_t>{row} : std::vector<std::uint64_t>{row, column};
}

void ChunkedRows::extend(std::uint64_t rows) {
    written_rows_ += rows;
    file_.set_rows(dataset_, written_rows_);
}

void ChunkedRows::append_values(const std::uint64_t* values, std::size_t count, ChunkCodec& codec) {
    const std::size_t full = chunk_.rows * width();
    while (count > 0) {
        const std::size_t take = std::min(count, full - buffer_.size());
        buffer_.insert(buffer_.end(), values, values + take);
        values += take;
        count -= take;
        if (buffer_.size() == full) write_buffer(codec);
    }
}

/// One band of rows: as many chunks beside each other as a row needs, edges padded with zeros.
void ChunkedRows::write_buffer(ChunkCodec& codec) {
    const std::uint64_t rows = buffered_rows(), first_row = written_rows_;
    extend(rows);
    std::vector<std::uint64_t> chunk(chunk_.values());
    for (std::uint64_t column = 0; column < width(); column += chunk_.columns) {
        const std::uint64_t wide = std::min(chunk_.columns, width() - column);
        if (wide < chunk_.columns || rows < chunk_.rows) std::fill(chunk.begin(), chunk.end(), 0);
        for (std::uint64_t row = 0; row < rows; ++row) {
            std::copy_n(buffer_.data() + row * width() + column, wide, chunk.data() + row * chunk_.columns);
        }
        const std::string stored = codec.packed(chunk.data(), chunk.size());
        checksums_.push_back(ChunkCodec::checksum(stored));
        file_.write_chunk(dataset_, offset(first_row, column), stored);
    }
    buffer_.clear();
}

void ChunkedRows::check(bool whole, std::uint64_t row, const Hdf5File& source) const {
    if (whole) return;
    fail("CT-OUT-014", {source.path()}, fmt::format("a chunk of '{}' at row {} is damaged", dataset_, row), "resume from the last checkpoint");
}

void ChunkedRows::append_from(Hdf5File& source, std::uint64_t rows, ChunkCodec& codec) {
    const auto checksums = source.read<std::int64_t>(checksums_of(dataset_));
    std::size_t at = 0;
    std::vector<std::uint64_t> chunk(chunk_.values()), band;
    for (std::uint64_t row = 0; row < rows; row += chunk_.rows) {
        const std::uint64_t high = std::min(chunk_.rows, rows - row);
        const bool as_it_is = buffer_.empty() && high == chunk_.rows;
        const std::uint64_t target_row = written_rows_;
        if (as_it_is) extend(high);
        else band.assign(high * width(), 0);
        for (std::uint64_t column = 0; column < width(); column += chunk_.columns) {
            const std::string stored = source.read_chunk(dataset_, offset(row, column));
            check(at < checksums.size() && ChunkCodec::checksum(stored) == checksums[at], row, source);
            ++at;
            if (as_it_is) {
                file_.write_chunk(dataset_, offset(target_row, column), stored);
                continue;
            }
            check(codec.unpack(stored, chunk.data(), chunk.size()), row, source);
            const std::uint64_t wide = std::min(chunk_.columns, width() - column);
            for (std::uint64_t r = 0; r < high; ++r) std::copy_n(chunk.data() + r * chunk_.columns, wide, band.data() + r * width() + column);
        }
        if (!as_it_is) append_values(band.data(), band.size(), codec);
    }
}

void ChunkedRows::finish(ChunkCodec& codec) {
    if (!buffer_.empty()) write_buffer(codec);
}

void ChunkedRows::write_checksums() { file_.write(checksums_of(dataset_), checksums_); }

}  // namespace citytwin
