#pragma once
// How results lie in HDF5, for segments and for the joined file alike (interfaces.md section 4). Segment 0 holds what doesn't
// change: ids, places and this layout as JSON; so a folder of segments can be joined by anybody.
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/hdf5.hpp"
#include "core/output/results_writer.hpp"

namespace citytwin {

/// "FOLDER/results-0007.h5".
std::string segment_path(const std::string& folder, std::uint64_t number);
/// Numbers of the segments that are there, ascending.
std::vector<std::uint64_t> segment_numbers(const std::string& folder);
/// Removes half-written segments and half-joined results.
void drop_unfinished_results(const std::string& folder);

/// Shape of the chunks of a set's fields: whole rows, about 256 KiB; one row or a part of one for large sets.
struct ChunkShape {
    std::uint64_t rows = 1, columns = 1;
    [[nodiscard]] std::uint64_t values() const { return rows * columns; }
};
ChunkShape chunk_shape(std::uint64_t entities);
inline constexpr std::uint64_t record_chunk = 16384;  ///< records in a chunk of a stream's column

/// Throws std::logic_error if names repeat or lengths don't fit.
void check_setup(const ResultsSetup& setup);
/// Segment 0.
void write_layout_segment(const ResultsSetup& setup, const std::string& path);
/// The setup back, with ids and places. Throws InputError naming the file.
ResultsSetup read_layout_segment(const std::string& folder);

/// Groups, ids, places with their attributes, for the joined file.
void write_static_part(Hdf5File& file, const ResultsSetup& setup);
/// Attributes and dimension scales of a set whose rows are all there.
void write_set_attributes(Hdf5File& file, const ResultsSetup& setup, const ResultSet& set);
void write_stream_attributes(Hdf5File& file, const ResultsSetup& setup, const ResultStream& stream);

inline std::string set_path(const ResultSet& set) { return set.name; }
inline std::string stream_path(const ResultStream& stream) { return "streams/" + stream.name; }

}  // namespace citytwin
