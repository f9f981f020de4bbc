#pragma once
// Complete state as named members in one byte string: what checkpoints store and state hashes cover.
// Writing and reading are symmetrical; a name or type that differs is an error that names the member.
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/city/column.hpp"

namespace citytwin {

class StateWriter {
public:
    template <class T>
    void value(std::string_view name, const T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        member(name, 'v', &v, sizeof v);
    }
    void text(std::string_view name, std::string_view v) { member(name, 't', v.data(), v.size()); }
    template <class T>
    void column(std::string_view name, const std::vector<T>& values) {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
        member(name, 'c', values.data(), values.size() * sizeof(T));
    }
    template <class T>
    void column(std::string_view name, const Ragged<T>& rows) {
        column(std::string(name) + ".offsets", rows.offsets);
        column(std::string(name) + ".values", rows.values);
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
    void member(std::string_view name, char kind, const void* data, std::size_t size);
    std::string bytes_;
};

class StateReader {
public:
    StateReader(std::string_view bytes, std::string owner) : bytes_(bytes), owner_(std::move(owner)) {}

    template <class T>
    void value(std::string_view name, T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        const std::string_view data = member(name, 'v');
        if (data.size() != sizeof v) mismatch(name, "another size");
        std::memcpy(&v, data.data(), sizeof v);
    }
    void text(std::string_view name, std::string& v) { v = std::string(member(name, 't')); }
    template <class T>
    void column(std::string_view name, std::vector<T>& values) {
        static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
        const std::string_view data = member(name, 'c');
        if (data.size() % sizeof(T) != 0) mismatch(name, "another element size");
        values.resize(data.size() / sizeof(T));
        if (!data.empty()) std::memcpy(values.data(), data.data(), data.size());
    }
    template <class T>
    void column(std::string_view name, Ragged<T>& rows) {
        column(std::string(name) + ".offsets", rows.offsets);
        column(std::string(name) + ".values", rows.values);
    }
    /// Everything was read; throws if members are left.
    void done() const;

private:
    std::string_view member(std::string_view name, char kind);
    [[noreturn]] void mismatch(std::string_view name, std::string_view what) const;
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::string owner_;
};

}  // namespace citytwin
