// The half of the HDF5 wrapper that moves values.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/hdf5_detail.hpp"

namespace citytwin {

using namespace hdf5_detail;

namespace {

/// Property list of a dataset: no time stamps, chunks and shuffle + deflate where asked for or where it must grow.
Handle creation_list(Hdf5Type type, const std::vector<std::uint64_t>& shape, Hdf5Storage storage, bool grows) {
    Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(list, false);
    const bool chunked = grows || ((storage.gzip > 0 || storage.chunk_rows > 0) && !shape.empty() && shape[0] > 0);
    if (!chunked) return list;
    constexpr std::uint64_t chunk_bytes = 512 << 10;
    const std::uint64_t columns = shape.size() > 1 ? std::max<std::uint64_t>(1, shape[1]) : 1;
    const std::uint64_t chunk_columns = std::min<std::uint64_t>(columns, chunk_bytes / size_of(type));
    std::uint64_t rows = storage.chunk_rows;
    if (rows == 0) rows = std::clamp<std::uint64_t>(chunk_bytes / size_of(type) / chunk_columns, 1, shape.size() > 1 ? 256 : 8192);
    if (!grows) rows = std::min(rows, shape[0]);
    std::vector<hsize_t> chunk(shape.begin(), shape.end());
    chunk[0] = rows;
    if (shape.size() > 1) chunk[1] = chunk_columns;
    H5Pset_chunk(list, static_cast<int>(chunk.size()), chunk.data());
    if (storage.gzip > 0) {
        if (type != Hdf5Type::text) H5Pset_shuffle(list);
        H5Pset_deflate(list, static_cast<unsigned>(storage.gzip));
    }
    return list;
}

std::vector<const char*> pointers_to(std::span<const std::string> values) {
    std::vector<const char*> pointers(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) pointers[i] = values[i].c_str();
    return pointers;
}

/// The memory type: native, or a variable-length string. Always in a named handle: closing it wipes the library's error text.
Handle memory_type(Hdf5Type type) {
    return type == Hdf5Type::text ? text_type() : Handle(H5Tcopy(native(type)), H5Tclose);
}

struct RowSlab {
    Handle file_space, memory_space;
};

RowSlab row_slab(hid_t dataset, const std::vector<std::uint64_t>& shape, std::uint64_t first, std::uint64_t rows) {
    RowSlab slab{Handle(H5Dget_space(dataset), H5Sclose), Handle(-1, H5Sclose)};
    std::vector<hsize_t> start(shape.size(), 0), count(shape.begin(), shape.end());
    start[0] = first;
    count[0] = rows;
    H5Sselect_hyperslab(slab.file_space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    return {std::move(slab.file_space), Handle(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose)};
}

}  // namespace

std::uint64_t Hdf5Info::size() const {
    std::uint64_t product = 1;
    for (const auto extent : shape) product *= extent;
    return product;
}

Hdf5File::Id Hdf5File::dataset(const std::string& name) {
    if (const auto found = open_datasets_.find(name); found != open_datasets_.end()) return found->second;
    if (!has(name)) {
        if (writing_) throw std::logic_error("'" + path_ + "' has no dataset '" + name + "'");
        fail("CT-FILE-022", {path_}, fmt::format("there is no dataset '{}'", name), "the file was not made by citytwin, or by another version");
    }
    const Id id = H5Dopen2(id_, name.c_str(), H5P_DEFAULT);
    if (id < 0) failed("open dataset", name);
    open_datasets_.emplace(name, id);
    return id;
}

Hdf5File::Id Hdf5File::new_dataset(const std::string& name, Hdf5Type type, Id space, Id creation) {
    if (const auto slash = name.rfind('/'); slash != std::string::npos && slash != 0) make_group(name.substr(0, slash));
    const Handle datatype = memory_type(type);
    const Id id = H5Dcreate2(id_, name.c_str(), datatype, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (id < 0) failed("make dataset", name);
    open_datasets_.emplace(name, id);
    return id;
}

Hdf5Info Hdf5File::info(const std::string& name) {
    const Session session;
    const Id id = dataset(name);
    const Handle type(H5Dget_type(id), H5Tclose), space(H5Dget_space(id), H5Sclose);
    Hdf5Info result;
    result.type = type_of(type);
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) failed("read the shape of", name);
    std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space, extent.data(), nullptr);
    result.shape.assign(extent.begin(), extent.end());
    return result;
}

std::uint64_t Hdf5File::readable_size(const std::string& name, Hdf5Type type, std::optional<std::uint64_t> rows) {
    const Session session;
    Hdf5Info found = info(name);
    if (found.type != type) {
        fail("CT-FILE-023", {path_}, fmt::format("dataset '{}' holds {}, expected {}", name, name_of(found.type), name_of(type)));
    }
    // A damaged shape must not make us ask for terabytes: deflate can't do better than about 1,032 : 1.
    std::error_code error;
    const double file_bytes = static_cast<double>(std::filesystem::file_size(path_, error));
    double values = 1;
    for (const auto extent : found.shape) values *= static_cast<double>(extent);
    if (!writing_ && values * static_cast<double>(size_of(type)) > 1100.0 * file_bytes + 65536) {
        fail("CT-FILE-024", {path_}, fmt::format("dataset '{}' claims {:.0f} values, more than the file can hold", name, values));
    }
    if (rows && !found.shape.empty()) found.shape[0] = *rows;
    return found.size();
}

void Hdf5File::write_values(const std::string& name, Hdf5Type type, const void* values, std::size_t count,
                            const std::vector<std::uint64_t>& shape, Hdf5Storage storage) {
    const Session session;
    announce_write(name);
    if (Hdf5Info{type, shape}.size() != count) throw std::logic_error("'" + name + "': the shape doesn't fit the number of values");
    const std::vector<hsize_t> extent(shape.begin(), shape.end());
    const Handle space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
    const Id id = new_dataset(name, type, space, creation_list(type, shape, storage, false));
    const Handle memory = memory_type(type);
    if (count != 0 && H5Dwrite(id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) failed("write dataset", name);
}

void Hdf5File::write_texts(const std::string& name, std::span<const std::string> values, Hdf5Storage storage) {
    write_values(name, Hdf5Type::text, pointers_to(values).data(), values.size(), {values.size()}, storage);
}

void Hdf5File::create_rows(const std::string& name, Hdf5Type type, std::uint64_t columns, Hdf5Storage storage) {
    const Session session;
    announce_write(name);
    std::vector<std::uint64_t> shape{0};
    if (columns != 0) shape.push_back(columns);
    const std::vector<hsize_t> extent(shape.begin(), shape.end());
    std::vector<hsize_t> limit = extent;
    limit[0] = H5S_UNLIMITED;
    const Handle space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), limit.data()), H5Sclose);
    new_dataset(name, type, space, creation_list(type, shape, storage, true));
}

void Hdf5File::append_values(const std::string& name, Hdf5Type type, const void* values, std::size_t count) {
    const Session session;
    announce_write(name);
    const Id id = dataset(name);
    Hdf5Info there = info(name);
    std::uint64_t row = 1;
    for (std::size_t axis = 1; axis < there.shape.size(); ++axis) row *= there.shape[axis];
    if (there.type != type || row == 0 || count % row != 0) throw std::logic_error("'" + name + "': not a whole number of rows of its type");
    const std::uint64_t first = there.rows(), rows = count / row;
    if (rows == 0) return;
    there.shape[0] += rows;
    const std::vector<hsize_t> extent(there.shape.begin(), there.shape.end());
    if (H5Dset_extent(id, extent.data()) < 0) failed("extend dataset", name);
    const RowSlab slab = row_slab(id, there.shape, first, rows);
    const Handle memory = memory_type(type);
    if (H5Dwrite(id, memory, slab.memory_space, slab.file_space, H5P_DEFAULT, values) < 0) failed("write dataset", name);
}

void Hdf5File::append_texts(const std::string& name, std::span<const std::string> values) {
    append_values(name, Hdf5Type::text, pointers_to(values).data(), values.size());
}

void Hdf5File::read_values(const std::string& name, Hdf5Type type, void* values, std::uint64_t first, std::uint64_t rows) {
    const Session session;
    const Id id = dataset(name);
    const Hdf5Info there = info(name);
    if (first + rows > there.rows()) throw std::logic_error("'" + name + "': rows beyond the end were asked for");
    if (rows == 0 || there.size() == 0) return;
    const Handle memory = memory_type(type);
    const bool whole = there.shape.empty() || rows == there.rows();
    if (whole) {
        if (H5Dread(id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) failed("read dataset", name);
        return;
    }
    const RowSlab slab = row_slab(id, there.shape, first, rows);
    if (H5Dread(id, memory, slab.memory_space, slab.file_space, H5P_DEFAULT, values) < 0) failed("read dataset", name);
}

std::vector<std::string> Hdf5File::read_texts(const std::string& name) { return read_texts(name, 0, info(name).rows()); }

std::vector<std::string> Hdf5File::read_texts(const std::string& name, std::uint64_t first, std::uint64_t rows) {
    const Session session;
    std::vector<char*> pointers(readable_size(name, Hdf5Type::text, rows), nullptr);
    const Handle stored(H5Dget_type(dataset(name)), H5Tclose);
    if (H5Tis_variable_str(stored) <= 0) fail("CT-FILE-023", {path_}, fmt::format("dataset '{}' holds text of fixed length, expected variable", name));
    read_values(name, Hdf5Type::text, pointers.data(), first, rows);
    std::vector<std::string> texts(pointers.size());
    for (std::size_t i = 0; i < pointers.size(); ++i) {
        if (pointers[i]) texts[i] = pointers[i];
        H5free_memory(pointers[i]);
    }
    return texts;
}

}  // namespace citytwin
