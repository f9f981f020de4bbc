#pragma once
// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// A draw depends on (seed, purpose, entity, counter) and nothing else: no state, any order, any thread.
// Per-step processes use the interval's start time in microseconds as the counter, one-off draws a draw number.
#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/hash.hpp"

namespace citytwin {

using PhiloxBlock = std::array<std::uint32_t, 4>;

constexpr PhiloxBlock philox4x32_10(PhiloxBlock c, std::uint32_t k0, std::uint32_t k1) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0];
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2];
        c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
             static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    return c;
}

/// Random numbers of one purpose ("departure time", "mode choice"); cheap to copy, safe to share.
class Random {
public:
    constexpr Random(std::uint64_t seed, std::string_view purpose) : key_(mix64(seed + 0x9e3779b97f4a7c15ULL) ^ hash_text(purpose)) {}

    /// Four independent 32-bit words for (entity, counter).
    [[nodiscard]] constexpr PhiloxBlock block(std::uint64_t entity, std::uint64_t counter) const {
        return philox4x32_10({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
                              static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32)},
                             static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32));
    }
    /// 64 random bits.
    [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t entity, std::uint64_t counter) const {
        const PhiloxBlock b = block(entity, counter);
        return (std::uint64_t{b[0]} << 32) | b[1];
    }
    /// Uniform in [0, 1) with 53 bits.
    [[nodiscard]] constexpr double uniform(std::uint64_t entity, std::uint64_t counter) const {
        return static_cast<double>(bits(entity, counter) >> 11) * 0x1.0p-53;
    }

private:
    std::uint64_t key_;
};

}  // namespace citytwin
