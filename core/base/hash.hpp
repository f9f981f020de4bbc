#pragma once
// Two kinds of hash: a fast 64-bit one for state and sampling, SHA-256 for files.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace citytwin {

/// Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that mixes all bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// FNV-1a folded through mix64: names to numbers, usable at compile time.
constexpr std::uint64_t hash_text(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return mix64(h);
}

/// Order-dependent 128-bit hash of a byte sequence; equal bytes give equal digests on any machine of this endianness.
class StateHash {
public:
    void bytes(const void* data, std::size_t size);
    void text(std::string_view value);  ///< length first, so that "ab","c" differs from "a","bc"
    template <class T>
    void value(const T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes(&v, sizeof v);
    }
    template <class T>
    void column(std::span<const T> values) {
        value<std::uint64_t>(values.size());
        bytes(values.data(), values.size_bytes());
    }
    [[nodiscard]] std::string hex() const;  ///< 32 characters

private:
    std::uint64_t a_ = 0x9e3779b97f4a7c15ULL, b_ = 0xc2b2ae3d27d4eb4fULL, length_ = 0;
};

std::string sha256_hex(std::string_view bytes);
/// Throws InputError if the file can't be read.
std::string sha256_of_file(const std::string& path);

}  // namespace citytwin
