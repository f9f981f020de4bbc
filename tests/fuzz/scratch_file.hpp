#pragma once
// A file of this process for readers that want a path: a file in memory (memfd_create), rewritten for each input.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

namespace citytwin::fuzz {

class ScratchFile {
public:
    ScratchFile() : descriptor_(memfd_create("fuzz", 0)) {
        if (descriptor_ < 0) std::abort();
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() { close(descriptor_); }

    void write(std::string_view bytes) {
        if (ftruncate(descriptor_, 0) != 0) std::abort();
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t written = pwrite(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
            if (written <= 0) std::abort();
            at += static_cast<std::size_t>(written);
        }
    }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

/// Folds an input into a view.
inline std::string_view text_of(const unsigned char* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace citytwin::fuzz
