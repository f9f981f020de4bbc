// The part of the HDF5 wrapper that moves whole chunks as they are stored.
#include <fmt/format.h>

#include "core/base/diagnostic.hpp"
#include "core/base/hdf5_detail.hpp"

namespace citytwin {

using namespace hdf5_detail;

void Hdf5File::create_chunked(const std::string& name, Hdf5Type type, const std::vector<std::uint64_t>& row_shape,
                              const std::vector<std::uint64_t>& chunk, bool deflated) {
    const Session session;
    announce_write(name);
    if (chunk.size() != row_shape.size() + 1) throw std::logic_error("'" + name + "': chunk and shape have different ranks");
    std::vector<hsize_t> extent{0}, limit{H5S_UNLIMITED};
    extent.insert(extent.end(), row_shape.begin(), row_shape.end());
    limit.insert(limit.end(), row_shape.begin(), row_shape.end());
    const std::vector<hsize_t> chunk_extent(chunk.begin(), chunk.end());
    const Handle space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), limit.data()), H5Sclose);
    const Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(list, false);
    H5Pset_chunk(list, static_cast<int>(chunk_extent.size()), chunk_extent.data());
    if (deflated) {
        H5Pset_shuffle(list);
        H5Pset_deflate(list, 1);
    }
    new_dataset(name, type, space, list);
}

void Hdf5File::set_rows(const std::string& name, std::uint64_t rows) {
    const Session session;
    announce_write(name);
    const Hdf5Info there = info(name);
    std::vector<hsize_t> extent(there.shape.begin(), there.shape.end());
    extent.at(0) = rows;
    if (H5Dset_extent(dataset(name), extent.data()) < 0) failed("extend dataset", name);
}

void Hdf5File::write_chunk(const std::string& name, const std::vector<std::uint64_t>& offset, std::string_view stored) {
    const Session session;
    announce_write(name);
    const std::vector<hsize_t> at(offset.begin(), offset.end());
    if (H5Dwrite_chunk(dataset(name), H5P_DEFAULT, 0, at.data(), stored.size(), stored.data()) < 0) failed("write a chunk of", name);
}

std::string Hdf5File::read_chunk(const std::string& name, const std::vector<std::uint64_t>& offset) {
    const Session session;
    const std::vector<hsize_t> at(offset.begin(), offset.end());
    hsize_t size = 0;
    std::uint32_t filters = 0;
    const Id id = dataset(name);
    if (H5Dget_chunk_storage_size(id, at.data(), &size) < 0 || size == 0) failed("find a chunk of", name);
    std::string stored(size, '\0');
    if (H5Dread_chunk(id, H5P_DEFAULT, at.data(), &filters, stored.data()) < 0 || filters != 0) failed("read a chunk of", name);
    return stored;
}

}  // namespace citytwin
