#pragma once
// The one layer through which files are written, so that a crash, a full disk or a power cut never leaves a half-written
// file under its final name: write aside (NAME.part), flush, fsync, rename, fsync the folder.
// Tests make the n-th operation of the process fail (FileFault); every failure carries the path and what the system said.
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace citytwin {

/// A file written aside and put in place by `commit`. Without a commit nothing is left but the old file.
class DurableFile {
public:
    /// Opens PATH.part (emptied if it was there). Throws RunError with the path.
    explicit DurableFile(std::string path);
    ~DurableFile();
    DurableFile(DurableFile&& other) noexcept;
    DurableFile& operator=(DurableFile&&) = delete;
    DurableFile(const DurableFile&) = delete;

    void write(std::string_view bytes);
    /// Flush, fsync, close, rename onto the final name, fsync the folder.
    void commit();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_, buffer_;
    int descriptor_ = -1;
    bool pending_ = true;  ///< PATH.part is there and is ours to remove
};

/// A log that grows at its end. Nothing is promised until `sync` returned.
class AppendFile {
public:
    /// Opens for appending, made when missing.
    explicit AppendFile(std::string path);
    ~AppendFile();
    AppendFile(AppendFile&& other) noexcept;
    AppendFile& operator=(AppendFile&&) = delete;
    AppendFile(const AppendFile&) = delete;

    void write(std::string_view bytes);
    /// fdatasync: what was written so far survives a power cut. An error here is final (the page may be gone).
    void sync();
    /// Cuts the file to `size` bytes (a torn tail).
    void truncate(std::uint64_t size);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    void close();

private:
    std::string path_;
    std::uint64_t size_ = 0;
    int descriptor_ = -1;
};

/// DurableFile in one call.
void write_file(const std::string& path, std::string_view bytes);
/// The whole file. Throws InputError CT-FILE-001 if it can't be read or is larger than `limit` bytes.
std::string read_file(const std::string& path, std::uint64_t limit = 10ULL << 30);

/// For files that a library wrote itself: fsync PART, rename it to PATH, fsync the folder.
void put_in_place(const std::string& part, const std::string& path);
/// Renames a file or a folder and fsyncs the folder(s) above.
void rename_durably(const std::string& from, const std::string& to);
void sync_file(const std::string& path);
void sync_folder(const std::string& path);
/// Makes a folder and those above it; fine if it is there.
void make_folder(const std::string& path);
/// Removes a file or a folder with what is in it; fine if it isn't there.
void remove_durably(const std::string& path);

enum class FileOperation { open, write, sync, truncate, rename, sync_folder, make_folder, remove, close };
const char* name_of(FileOperation operation);

/// Every operation passes here first; libraries that write themselves (HDF5, GDAL) are announced here by their wrappers.
/// Throws what a real failure would throw when a test asked for it.
void before_file_operation(FileOperation operation, const std::string& path);
/// RunError for a failed operation: exit 6 when the disk, quota or memory is full, else exit 1.
[[noreturn]] void fail_file_operation(FileOperation operation, const std::string& path, int error_number);

/// Test hook: while it lives, the n-th operation of this process (counted from 1) fails, and all later ones if `lasting`.
class FileFault {
public:
    explicit FileFault(std::int64_t n, int error_number = ENOSPC, bool lasting = false);
    ~FileFault();
    FileFault(const FileFault&) = delete;
    FileFault& operator=(const FileFault&) = delete;
    /// Operations seen since this object was made: run once with n = 0 to learn how many there are.
    [[nodiscard]] std::int64_t operations() const;
};

}  // namespace citytwin
