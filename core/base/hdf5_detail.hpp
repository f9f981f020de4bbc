#pragma once
// Shared by the two halves of the HDF5 wrapper only: handles, types, the mutex, the library's error text.
#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "core/base/hdf5.hpp"

namespace citytwin::hdf5_detail {

static_assert(std::is_same_v<hid_t, Hdf5File::Id>);

/// Held for the length of every public call: Debian's library is not thread-safe. Recursive, because calls use calls.
class Session {
public:
    Session();

private:
    std::lock_guard<std::recursive_mutex> lock_;
};

/// An identifier closed by its own function.
class Handle {
public:
    using Closer = herr_t (*)(hid_t);
    Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
    ~Handle() {
        if (id_ >= 0) closer_(id_);
    }
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
    Handle(const Handle&) = delete;
    Handle& operator=(Handle&&) = delete;
    operator hid_t() const { return id_; }  // NOLINT: a handle is meant to be passed to the C library
    [[nodiscard]] hid_t release() { return std::exchange(id_, -1); }

private:
    hid_t id_;
    Closer closer_;
};

hid_t native(Hdf5Type type);
std::size_t size_of(Hdf5Type type);
const char* name_of(Hdf5Type type);
/// A variable-length UTF-8 string.
Handle text_type();
Hdf5Type type_of(hid_t datatype);
/// What the library says, and the errno in it (0 if none).
struct Cause {
    std::string text;
    int error_number = 0;
};
Cause last_cause();

}  // namespace citytwin::hdf5_detail
