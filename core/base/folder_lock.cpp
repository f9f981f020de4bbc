#include "core/base/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/text.hpp"

namespace citytwin {
namespace {

std::string first_line(const char* path) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return line;
}

/// Field 22 of /proc/PID/stat, counted after the last ')': the name before may hold blanks and brackets.
std::uint64_t start_ticks_of(std::int64_t pid) {
    const std::string line = first_line(fmt::format("/proc/{}/stat", pid).c_str());
    const auto close = line.rfind(')');
    if (close == std::string::npos || close + 2 >= line.size()) return 0;
    const auto fields = split(std::string_view(line).substr(close + 2), ' ');
    constexpr std::size_t start_time = 22 - 3;  // the first field here is number 3, the state
    if (fields.size() <= start_time) return 0;
    return static_cast<std::uint64_t>(parse_integer(fields[start_time]).value_or(0));
}

std::string text_of(const LockHolder& holder) {
    return fmt::format("host {}\nboot {}\npid {}\nstart {}\n", holder.host, holder.boot_id, holder.pid, holder.start_ticks);
}

LockHolder parsed(const std::string& text) {
    LockHolder holder;
    for (const auto line : split(text, '\n')) {
        const auto blank = line.find(' ');
        if (blank == std::string_view::npos) continue;
        const auto key = line.substr(0, blank), value = line.substr(blank + 1);
        if (key == "host") holder.host = value;
        if (key == "boot") holder.boot_id = value;
        if (key == "pid") holder.pid = parse_integer(value).value_or(0);
        if (key == "start") holder.start_ticks = static_cast<std::uint64_t>(parse_integer(value).value_or(0));
    }
    return holder;
}

std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_alive(const LockHolder& holder, const LockHolder& self) {
    return holder.host == self.host && holder.boot_id == self.boot_id && holder.pid > 0 &&
           start_ticks_of(holder.pid) == holder.start_ticks;
}

[[noreturn]] void refuse(const std::string& path, std::string message, std::string hint) {
    throw FolderHeld(Diagnostic{Severity::error, "CT-FILE-010", {path}, std::move(message), std::move(hint)}.text());
}

/// True if `descriptor` still is what stands at `path`: the holder may have removed it while we waited.
bool is_current(int descriptor, const std::string& path) {
    struct stat ours{}, there{};
    return ::fstat(descriptor, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

void write_holder(int descriptor, const std::string& path, const LockHolder& self) {
    const std::string text = text_of(self);
    before_file_operation(FileOperation::write, path);
    if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, text.data(), text.size(), 0) != ssize_t(text.size()) ||
        ::fsync(descriptor) != 0) {
        fail_file_operation(FileOperation::write, path, errno);
    }
}

/// Judges what an earlier holder left: the notice of a take-over, or a refusal.
std::string judged(const std::string& path, const LockHolder& self, bool force) {
    const LockHolder holder = parsed(contents(path));
    if (holder.host.empty()) return "the lock was empty: its holder died while taking it; taken over";
    if (is_alive(holder, self)) {
        refuse(path, fmt::format("process {} on this machine is writing here", holder.pid),
               "wait for it, stop it, or choose another folder with -o");
    }
    if (holder.host == self.host) {
        return fmt::format("process {} that held the lock is gone; taken over", holder.pid);
    }
    if (force) return fmt::format("lock of process {} on '{}' taken over by force", holder.pid, holder.host);
    refuse(path, fmt::format("process {} on machine '{}' holds this folder; whether it lives can't be seen from '{}'",
                             holder.pid, holder.host, self.host),
           "if it is gone, remove the file 'lock' and start again");
}

}  // namespace

LockHolder this_process() {
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    LockHolder self{host, first_line("/proc/sys/kernel/random/boot_id"), ::getpid(), 0};
    self.start_ticks = start_ticks_of(self.pid);
    return self;
}

FolderLock::FolderLock(const std::string& folder, bool force) : path_(folder + "/lock") {
    const LockHolder self = this_process();
    for (;;) {
        before_file_operation(FileOperation::open, path_);
        constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
        int descriptor = ::open(path_.c_str(), flags | O_CREAT | O_EXCL, 0644);
        const bool made = descriptor >= 0;
        if (!made && errno == EEXIST) descriptor = ::open(path_.c_str(), flags);
        if (descriptor < 0 && errno == ENOENT && !made) {
            struct stat status{};
            if (::stat(folder.c_str(), &status) == 0) continue;  // removed between the two opens: try again
        }
        if (descriptor < 0) fail_file_operation(FileOperation::open, path_, errno);
        try {
            if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
                const LockHolder holder = parsed(contents(path_));
                refuse(path_, fmt::format("process {} is writing here", holder.pid),
                       "wait for it, stop it, or choose another folder with -o");
            }
            if (!is_current(descriptor, path_)) {
                ::close(descriptor);
                continue;
            }
            if (!made) notice_ = judged(path_, self, force);
            write_holder(descriptor, path_, self);
        } catch (...) {
            ::close(descriptor);
            throw;
        }
        descriptor_ = descriptor;
        return;
    }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : path_(std::move(other.path_)), notice_(std::move(other.notice_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
    if (descriptor_ < 0) return;
    ::unlink(path_.c_str());  // while still held, so that nobody else's lock is removed
    ::close(descriptor_);
}

// Without flock: a question must not make a starter that asks at the same moment believe that the folder is taken.
bool FolderLock::is_held(const std::string& folder) { return is_alive(parsed(contents(folder + "/lock")), this_process()); }

}  // namespace citytwin
