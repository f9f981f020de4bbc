#pragma once
// HDF5 files without hdf5.h: groups, datasets, attributes, dimension scales, rows appended along the first axis.
// Debian's library is not thread-safe, so every call takes one mutex of the process. Object time stamps are off: equal
// content gives equal bytes. Failures name the file and the object: InputError for files that are read, RunError (exit 6
// when the disk is full) for files that are written.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace citytwin {

enum class Hdf5Type { f64, f32, i64, i32, u32, u8, u64, text, other };
template <class T>
constexpr Hdf5Type hdf5_type_of() {
    if constexpr (std::is_same_v<T, double>) return Hdf5Type::f64;
    else if constexpr (std::is_same_v<T, float>) return Hdf5Type::f32;
    else if constexpr (std::is_same_v<T, std::int64_t>) return Hdf5Type::i64;
    else if constexpr (std::is_same_v<T, std::int32_t>) return Hdf5Type::i32;
    else if constexpr (std::is_same_v<T, std::uint32_t>) return Hdf5Type::u32;
    else if constexpr (std::is_same_v<T, std::uint64_t>) return Hdf5Type::u64;
    else if constexpr (std::is_same_v<T, std::uint8_t>) return Hdf5Type::u8;
    else static_assert(sizeof(T) == 0, "no HDF5 type for this");
}

struct Hdf5Info {
    Hdf5Type type = Hdf5Type::other;
    std::vector<std::uint64_t> shape;
    [[nodiscard]] std::uint64_t rows() const { return shape.empty() ? 1 : shape[0]; }
    [[nodiscard]] std::uint64_t size() const;  ///< all values
};

/// How a dataset lies in the file. Default: one contiguous block, not compressed.
struct Hdf5Storage {
    int gzip = 0;                  ///< 1..9, with shuffle; 0 = not compressed
    std::uint64_t chunk_rows = 0;  ///< 0 = chosen (about 512 KiB a chunk)
};

class Hdf5File {
public:
    /// Makes a new file (give it a name to write aside, e.g. X.part, and `put_in_place` afterwards). `user_block` bytes
    /// (0, 512, 1024, …) at its begin are left to the caller; HDF5 readers skip them.
    static Hdf5File create(const std::string& path, std::uint64_t user_block = 0);
    static Hdf5File open(const std::string& path);             ///< to read
    static Hdf5File open_for_writing(const std::string& path);  ///< to add to
    ~Hdf5File();
    Hdf5File(Hdf5File&& other) noexcept;
    Hdf5File& operator=(Hdf5File&&) = delete;
    Hdf5File(const Hdf5File&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    void flush();
    /// Throws if the library reports an error; the destructor can't.
    void close();

    // --- what is there; names are paths ("road_link/flow"), the root is "/"
    [[nodiscard]] bool has(const std::string& object);
    [[nodiscard]] bool is_group(const std::string& object);
    [[nodiscard]] std::vector<std::string> members(const std::string& group = "/");  ///< sorted by name
    [[nodiscard]] Hdf5Info info(const std::string& dataset);

    // --- writing; missing groups on the way are made
    void make_group(const std::string& group);
    template <class T>
    void write(const std::string& dataset, std::span<const T> values, std::vector<std::uint64_t> shape = {}, Hdf5Storage storage = {}) {
        if (shape.empty()) shape = {values.size()};
        write_values(dataset, hdf5_type_of<T>(), values.data(), values.size(), shape, storage);
    }
    template <class T>
    void write(const std::string& dataset, const std::vector<T>& values, std::vector<std::uint64_t> shape = {}, Hdf5Storage storage = {}) {
        write(dataset, std::span<const T>(values), std::move(shape), storage);
    }
    void write_texts(const std::string& dataset, std::span<const std::string> values, Hdf5Storage storage = {});

    /// An empty dataset that grows: shape (0, columns), or (0) with columns = 0.
    void create_rows(const std::string& dataset, Hdf5Type type, std::uint64_t columns, Hdf5Storage storage = {1, 0});
    /// Appends whole rows.
    template <class T>
    void append_rows(const std::string& dataset, std::span<const T> values) {
        append_values(dataset, hdf5_type_of<T>(), values.data(), values.size());
    }
    void append_texts(const std::string& dataset, std::span<const std::string> values);

    // --- raw chunks: compressed elsewhere (off the step's path, without the mutex), copied from file to file as they are
    /// An empty dataset of chunks of a fixed shape that grows along its first axis; shuffle + deflate (level 1) if `deflated`.
    void create_chunked(const std::string& dataset, Hdf5Type type, const std::vector<std::uint64_t>& row_shape,
                        const std::vector<std::uint64_t>& chunk, bool deflated);
    void set_rows(const std::string& dataset, std::uint64_t rows);
    /// A whole chunk as it is stored; `offset` is that of its first value.
    void write_chunk(const std::string& dataset, const std::vector<std::uint64_t>& offset, std::string_view stored);
    [[nodiscard]] std::string read_chunk(const std::string& dataset, const std::vector<std::uint64_t>& offset);

    // --- reading: the type must be the stored one, so that nothing is converted unseen
    template <class T>
    [[nodiscard]] std::vector<T> read(const std::string& dataset) {
        std::vector<T> values(readable_size(dataset, hdf5_type_of<T>()));
        read_values(dataset, hdf5_type_of<T>(), values.data(), 0, info(dataset).rows());
        return values;
    }
    /// Rows [first, first + rows) of a dataset.
    template <class T>
    [[nodiscard]] std::vector<T> read_rows(const std::string& dataset, std::uint64_t first, std::uint64_t rows) {
        std::vector<T> values(readable_size(dataset, hdf5_type_of<T>(), rows));
        read_values(dataset, hdf5_type_of<T>(), values.data(), first, rows);
        return values;
    }
    [[nodiscard]] std::vector<std::string> read_texts(const std::string& dataset);
    [[nodiscard]] std::vector<std::string> read_texts(const std::string& dataset, std::uint64_t first, std::uint64_t rows);

    // --- attributes of a group or dataset; setting one again replaces it
    void set_attribute(const std::string& object, const std::string& name, std::string_view text);
    template <class T>
        requires std::is_arithmetic_v<T>
    void set_attribute(const std::string& object, const std::string& name, T value) {
        set_number(object, name, hdf5_type_of<T>(), &value);
    }
    [[nodiscard]] std::optional<std::string> text_attribute(const std::string& object, const std::string& name);
    [[nodiscard]] std::optional<double> number_attribute(const std::string& object, const std::string& name);
    [[nodiscard]] std::optional<std::int64_t> integer_attribute(const std::string& object, const std::string& name);
    [[nodiscard]] std::vector<std::string> attributes(const std::string& object);  ///< names, sorted

    // --- dimension scales: what xarray and netCDF readers take as coordinates
    void make_scale(const std::string& dataset, const std::string& name);
    void attach_scale(const std::string& dataset, unsigned axis, const std::string& scale);

    using Id = std::int64_t;  ///< hid_t

private:
    Hdf5File(std::string path, Id id, bool writing) : path_(std::move(path)), id_(id), writing_(writing) {}
    Id dataset(const std::string& name);  ///< opened once and kept: closing would throw its chunk cache away
    Id new_dataset(const std::string& name, Hdf5Type type, Id space, Id creation);
    std::uint64_t readable_size(const std::string& name, Hdf5Type type, std::optional<std::uint64_t> rows = {});
    void write_values(const std::string& name, Hdf5Type type, const void* values, std::size_t count,
                      const std::vector<std::uint64_t>& shape, Hdf5Storage storage);
    void append_values(const std::string& name, Hdf5Type type, const void* values, std::size_t count);
    void read_values(const std::string& name, Hdf5Type type, void* values, std::uint64_t first, std::uint64_t rows);
    void set_number(const std::string& object, const std::string& name, Hdf5Type type, const void* value);
    void announce_write(const std::string& object) const;
    [[noreturn]] void failed(const std::string& what, const std::string& object) const;
    void release() noexcept;

    std::string path_;
    Id id_ = -1;
    bool writing_ = false;
    std::map<std::string, Id> open_datasets_;
};

}  // namespace citytwin
