#pragma once
// One writer a folder: `FOLDER/lock`, made with O_EXCL and held with flock, naming host, boot, process and its start.
// A living holder is refused; a dead one on this host is taken over with a notice; one on another host can't be judged
// from here and is refused with how to override.
#include <cstdint>
#include <string>

#include "core/base/diagnostic.hpp"

namespace citytwin {

/// Someone else holds the folder, or may hold it from another host.
class FolderHeld : public RunError {
public:
    explicit FolderHeld(const std::string& message) : RunError(ExitCode::run_failed, message) {}
};

struct LockHolder {
    std::string host, boot_id;
    std::int64_t pid = 0;
    std::uint64_t start_ticks = 0;  ///< of the process since boot: a re-used pid is another process
};
/// This process.
LockHolder this_process();

class FolderLock {
public:
    /// Throws FolderHeld (exit 1) when someone else holds it. `force` takes over from another host.
    explicit FolderLock(const std::string& folder, bool force = false);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    FolderLock(const FolderLock&) = delete;

    /// Not empty when the lock was taken over from a dead holder or by force: a sentence for the user.
    [[nodiscard]] const std::string& notice() const { return notice_; }
    /// True if a living process of this host holds the folder's lock (asked without taking it).
    [[nodiscard]] static bool is_held(const std::string& folder);

private:
    std::string path_, notice_;
    int descriptor_ = -1;
};

}  // namespace citytwin
