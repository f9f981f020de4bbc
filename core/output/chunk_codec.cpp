#include "core/output/chunk_codec.hpp"

#include <libdeflate.h>

#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

namespace citytwin {
namespace {

constexpr std::size_t value_size = 8;

/// The 8 x 8 bytes of eight values transposed: value b of the result holds byte b of each (three rounds of swapping halves;
/// Warren, Hacker's Delight, 2nd ed., section 7-3, on bytes instead of bits).
void transpose(std::array<std::uint64_t, 8>& v) {
    const auto swap_halves = [&](std::size_t distance, unsigned shift, std::uint64_t mask) {
        for (std::size_t i = 0; i < 8; ++i) {
            if (i & distance) continue;
            const std::uint64_t moved = ((v[i] >> shift) ^ v[i + distance]) & mask;
            v[i + distance] ^= moved;
            v[i] ^= moved << shift;
        }
    };
    swap_halves(4, 32, 0x00000000ffffffffULL);
    swap_halves(2, 16, 0x0000ffff0000ffffULL);
    swap_halves(1, 8, 0x00ff00ff00ff00ffULL);
}

void shuffle(const unsigned char* values, unsigned char* planes, std::size_t count) {
    static_assert(std::endian::native == std::endian::little);
    std::size_t first = 0;
    for (std::array<std::uint64_t, 8> v; first + 8 <= count; first += 8) {
        std::memcpy(v.data(), values + first * value_size, sizeof v);
        transpose(v);
        for (std::size_t b = 0; b < value_size; ++b) std::memcpy(planes + b * count + first, &v[b], value_size);
    }
    for (std::size_t b = 0; b < value_size; ++b) {
        for (std::size_t i = first; i < count; ++i) planes[b * count + i] = values[i * value_size + b];
    }
}

void unshuffle(const unsigned char* planes, unsigned char* values, std::size_t count) {
    for (std::size_t b = 0; b < value_size; ++b) {
        for (std::size_t i = 0; i < count; ++i) values[i * value_size + b] = planes[b * count + i];
    }
}

}  // namespace

struct ChunkCodec::State {
    std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor{libdeflate_alloc_compressor(1), libdeflate_free_compressor};
    std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor{libdeflate_alloc_decompressor(), libdeflate_free_decompressor};
    std::vector<unsigned char> planes;
};

ChunkCodec::ChunkCodec() : state_(std::make_unique<State>()) {
    if (!state_->compressor || !state_->decompressor) throw std::bad_alloc();
}
ChunkCodec::~ChunkCodec() = default;
ChunkCodec::ChunkCodec(ChunkCodec&&) noexcept = default;

std::string ChunkCodec::packed(const void* values, std::size_t count) {
    const std::size_t size = count * value_size;
    state_->planes.resize(size);
    shuffle(static_cast<const unsigned char*>(values), state_->planes.data(), count);
    std::string stored(libdeflate_zlib_compress_bound(state_->compressor.get(), size), '\0');
    const std::size_t packed_size = libdeflate_zlib_compress(state_->compressor.get(), state_->planes.data(), size, stored.data(), stored.size());
    if (packed_size == 0) throw std::logic_error("a chunk of results couldn't be packed");
    stored.resize(packed_size);
    return stored;
}

std::uint32_t ChunkCodec::checksum(std::string_view stored) { return libdeflate_crc32(0, stored.data(), stored.size()); }

bool ChunkCodec::unpack(std::string_view stored, void* values, std::size_t count) {
    const std::size_t size = count * value_size;
    state_->planes.resize(size);
    std::size_t got = 0;
    const auto result = libdeflate_zlib_decompress(state_->decompressor.get(), stored.data(), stored.size(), state_->planes.data(), size, &got);
    if (result != LIBDEFLATE_SUCCESS || got != size) return false;
    if (values != nullptr) unshuffle(state_->planes.data(), static_cast<unsigned char*>(values), count);
    return true;
}

}  // namespace citytwin
