#pragma once
// Routes as one byte a link: the number of the next movement among those that leave the link. Blocks of 16, 32, 64, …
// bytes with a free list each, so that a day of trips needs no more memory than the trips that are there at once.
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace citytwin::traffic {

class RoutePool {
public:
    static constexpr int classes = 20;  ///< blocks of 16 B << class

    static std::uint32_t class_of(std::size_t bytes) {
        const std::size_t units = bytes <= 16 ? 1 : (bytes + 15) / 16;
        return static_cast<std::uint32_t>(std::bit_width(units - 1));
    }
    /// Offset of a block that holds `bytes`.
    std::uint32_t allocate(std::size_t bytes) {
        auto& list = free_[class_of(bytes)];
        if (!list.empty()) {
            const std::uint32_t offset = list.back();
            list.pop_back();
            return offset;
        }
        const auto offset = static_cast<std::uint32_t>(bytes_.size());
        bytes_.resize(bytes_.size() + (std::size_t{16} << class_of(bytes)));
        return offset;
    }
    void release(std::uint32_t offset, std::size_t bytes) { free_[class_of(bytes)].push_back(offset); }

    [[nodiscard]] std::uint8_t operator[](std::size_t i) const { return bytes_[i]; }
    [[nodiscard]] std::uint8_t* at(std::uint32_t offset) { return bytes_.data() + offset; }

    template <class Visitor>
    void for_each_column(Visitor&& visit) {
        visit("route_bytes", bytes_);
        for (int c = 0; c < classes; ++c) visit("route_free_" + std::to_string(c), free_[c]);
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::array<std::vector<std::uint32_t>, classes> free_;
};

}  // namespace citytwin::traffic
