#pragma once
// What HDF5's shuffle and deflate filters do, done by us with libdeflate: on the writer thread, without HDF5's mutex, and faster.
// Any HDF5 reader undoes it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace citytwin {

class ChunkCodec {
public:
    ChunkCodec();
    ~ChunkCodec();
    ChunkCodec(ChunkCodec&&) noexcept;
    ChunkCodec& operator=(ChunkCodec&&) = delete;
    ChunkCodec(const ChunkCodec&) = delete;

    /// 8-byte values shuffled and deflated (level 1); equal values give equal bytes.
    [[nodiscard]] std::string packed(const void* values, std::size_t count);
    /// The values back (with a null pointer: only checked). False if `stored` is no packed chunk of `count` values.
    [[nodiscard]] bool unpack(std::string_view stored, void* values, std::size_t count);

    /// Checksum of a stored chunk: tells whether its bytes are still those that were written, without unpacking them.
    [[nodiscard]] static std::uint32_t checksum(std::string_view stored);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace citytwin
