#include "core/output/chunk_codec.hpp"

#include <libdeflate.h>

#include <cstring>
#include <new>
#include <vector>

namespace citytwin {
namespace {

constexpr std::size_t value_size = 8;

// Blocks of 64 values stay in the first-level cache while their bytes are spread over the eight planes.
constexpr std::size_t block = 64;

void shuffle(const unsigned char* values, unsigned char* planes, std::size_t count) {
    std::size_t first = 0;
    for (; first + block <= count; first += block) {
        for (std::size_t b = 0; b < value_size; ++b) {
            for (std::size_t i = 0; i < block; ++i) planes[b * count + first + i] = values[(first + i) * value_size + b];
        }
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
    stored.resize(libdeflate_zlib_compress(state_->compressor.get(), state_->planes.data(), size, stored.data(), stored.size()));
    return stored;
}

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
