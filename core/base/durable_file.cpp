#include "core/base/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/base/diagnostic.hpp"

namespace citytwin {
namespace {

constexpr std::size_t buffer_size = 1 << 20;

// Set only by FileFault, that is by tests. Atomics, because writers run on several threads.
std::atomic<std::int64_t> fault_counter{0}, fault_at{0};
std::atomic<int> fault_error{0};
std::atomic<bool> fault_lasting{false};

bool is_out_of_resources(int error_number) {
    return error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG || error_number == ENOMEM;
}

std::string folder_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

void write_all(int descriptor, std::string_view bytes, const std::string& path) {
    before_file_operation(FileOperation::write, path);
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_file_operation(FileOperation::write, path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

int opened(const std::string& path, int flags) {
    before_file_operation(FileOperation::open, path);
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (descriptor < 0) fail_file_operation(FileOperation::open, path, errno);
    return descriptor;
}

void close_checked(int& descriptor, const std::string& path) {
    const int closing = descriptor;
    descriptor = -1;
    const int failed = ::close(closing) != 0 ? errno : 0;
    before_file_operation(FileOperation::close, path);
    if (failed != 0) fail_file_operation(FileOperation::close, path, failed);
}

void sync_path(const std::string& path, int flags, FileOperation operation) {
    before_file_operation(operation, path);
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) fail_file_operation(operation, path, errno);
    const int failed = ::fsync(descriptor) != 0 ? errno : 0;
    ::close(descriptor);
    if (failed != 0) fail_file_operation(operation, path, failed);
}

}  // namespace

const char* name_of(FileOperation operation) {
    switch (operation) {
        case FileOperation::open: return "open";
        case FileOperation::write: return "write";
        case FileOperation::sync: return "flush to disk";
        case FileOperation::truncate: return "truncate";
        case FileOperation::rename: return "rename";
        case FileOperation::sync_folder: return "flush the folder";
        case FileOperation::make_folder: return "make the folder";
        case FileOperation::remove: return "remove";
        case FileOperation::close: return "close";
    }
    return "use";
}

void before_file_operation(FileOperation operation, const std::string& path) {
    const std::int64_t number = fault_counter.fetch_add(1, std::memory_order_relaxed) + 1;
    const std::int64_t at = fault_at.load(std::memory_order_relaxed);
    if (at == 0 || number < at || (number > at && !fault_lasting.load(std::memory_order_relaxed))) return;
    fail_file_operation(operation, path, fault_error.load(std::memory_order_relaxed));
}

void fail_file_operation(FileOperation operation, const std::string& path, int error_number) {
    const bool full = is_out_of_resources(error_number);
    const Diagnostic diagnostic{Severity::error, full ? "CT-FILE-003" : "CT-FILE-002", {path},
                                fmt::format("can't {}: {}", name_of(operation), std::strerror(error_number)),
                                full ? "free space or choose another folder with -o; what was committed before is intact"
                                     : "check that the folder is there and may be written"};
    throw RunError(full ? ExitCode::out_of_resources : ExitCode::run_failed, diagnostic.text());
}

DurableFile::DurableFile(std::string path)
    : path_(std::move(path)), descriptor_(opened(path_ + ".part", O_WRONLY | O_CREAT | O_TRUNC)) {}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : path_(std::move(other.path_)), buffer_(std::move(other.buffer_)), descriptor_(std::exchange(other.descriptor_, -1)),
      pending_(std::exchange(other.pending_, false)) {}

DurableFile::~DurableFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (pending_) ::unlink((path_ + ".part").c_str());
}

void DurableFile::write(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() < buffer_size) return;
    write_all(descriptor_, buffer_, path_);
    buffer_.clear();
}

void DurableFile::commit() {
    if (!buffer_.empty()) write_all(descriptor_, buffer_, path_);
    buffer_.clear();
    before_file_operation(FileOperation::sync, path_);
    if (::fsync(descriptor_) != 0) fail_file_operation(FileOperation::sync, path_, errno);
    close_checked(descriptor_, path_);
    rename_durably(path_ + ".part", path_);
    pending_ = false;
}

AppendFile::AppendFile(std::string path)
    : path_(std::move(path)), descriptor_(opened(path_, O_WRONLY | O_CREAT | O_APPEND)) {
    struct stat status{};
    if (::fstat(descriptor_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)), size_(other.size_), descriptor_(std::exchange(other.descriptor_, -1)) {}

AppendFile::~AppendFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void AppendFile::write(std::string_view bytes) {
    write_all(descriptor_, bytes, path_);
    size_ += bytes.size();
}

void AppendFile::sync() {
    before_file_operation(FileOperation::sync, path_);
    if (::fdatasync(descriptor_) != 0) fail_file_operation(FileOperation::sync, path_, errno);
}

void AppendFile::truncate(std::uint64_t size) {
    before_file_operation(FileOperation::truncate, path_);
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
        fail_file_operation(FileOperation::truncate, path_, errno);
    }
    size_ = size;
}

void AppendFile::close() {
    if (descriptor_ >= 0) close_checked(descriptor_, path_);
}

void write_file(const std::string& path, std::string_view bytes) {
    DurableFile file(path);
    file.write(bytes);
    file.commit();
}

std::string read_file(const std::string& path, std::uint64_t limit) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
        const int failed = descriptor >= 0 && S_ISDIR(status.st_mode) ? EISDIR : errno;
        if (descriptor >= 0) ::close(descriptor);
        fail("CT-FILE-001", {path}, fmt::format("the file can't be read: {}", std::strerror(failed)),
             "check the path and its permissions");
    }
    std::string bytes;
    bool ok = static_cast<std::uint64_t>(status.st_size) <= limit;
    if (ok) bytes.reserve(static_cast<std::size_t>(status.st_size));
    char block[1 << 16];
    ssize_t got = 0;
    while (ok && (got = ::read(descriptor, block, sizeof block)) > 0) {
        bytes.append(block, static_cast<std::size_t>(got));
        ok = bytes.size() <= limit;
    }
    ::close(descriptor);
    if (!ok) fail("CT-FILE-004", {path}, fmt::format("the file is larger than the {} bytes a reader accepts", limit));
    if (got < 0) fail("CT-FILE-001", {path}, fmt::format("the file can't be read: {}", std::strerror(errno)));
    return bytes;
}

void put_in_place(const std::string& part, const std::string& path) {
    sync_file(part);
    rename_durably(part, path);
}

void rename_durably(const std::string& from, const std::string& to) {
    before_file_operation(FileOperation::rename, to);
    if (::rename(from.c_str(), to.c_str()) != 0) fail_file_operation(FileOperation::rename, to, errno);
    sync_folder(folder_of(to));
    if (folder_of(from) != folder_of(to)) sync_folder(folder_of(from));
}

void sync_file(const std::string& path) { sync_path(path, O_RDONLY, FileOperation::sync); }

void sync_folder(const std::string& path) { sync_path(path, O_RDONLY | O_DIRECTORY, FileOperation::sync_folder); }

void make_folder(const std::string& path) {
    before_file_operation(FileOperation::make_folder, path);
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) fail_file_operation(FileOperation::make_folder, path, error.value());
}

void remove_durably(const std::string& path) {
    before_file_operation(FileOperation::remove, path);
    std::error_code error;
    const auto removed = std::filesystem::remove_all(path, error);
    if (error) fail_file_operation(FileOperation::remove, path, error.value());
    if (removed != 0) sync_folder(folder_of(path));
}

FileFault::FileFault(std::int64_t n, int error_number, bool lasting) {
    fault_error = error_number;
    fault_lasting = lasting;
    fault_counter = 0;
    fault_at = n;
}

FileFault::~FileFault() { fault_at = 0; }

std::int64_t FileFault::operations() const { return fault_counter; }

}  // namespace citytwin
