#include "geodata/raster/geotiff.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/durable_file.hpp"

namespace citytwin::geodata {
namespace {

static_assert(std::endian::native == std::endian::little);   // the file is written in the machine's order and says so ("II")

constexpr std::size_t tile_side = 256;

enum class TagType : std::uint16_t { ascii = 2, u16 = 3, u32 = 4, f64 = 12 };

template <class T>
void put(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
    std::string bytes;
    for (const T& value : values) put(bytes, value);
    return bytes;
}

/// The directory of one image: entries of 12 bytes, values that don't fit behind them.
class Directory {
public:
    void add(std::uint16_t tag, TagType type, std::size_t count, std::string value) { entries_.push_back({tag, type, static_cast<std::uint32_t>(count), std::move(value)}); }
    void add(std::uint16_t tag, std::uint16_t value) { add(tag, TagType::u16, 1, bytes_of(std::vector<std::uint16_t>{value})); }
    void add(std::uint16_t tag, const std::string& text) { add(tag, TagType::ascii, text.size() + 1, text + '\0'); }

    [[nodiscard]] std::size_t size() const {
        std::size_t bytes = 2 + 12 * entries_.size() + 4;
        for (const Entry& entry : entries_) bytes += entry.value.size() > 4 ? even(entry.value.size()) : 0;
        return bytes;
    }
    [[nodiscard]] std::string at(std::size_t position) const {
        std::string head, behind;
        put(head, static_cast<std::uint16_t>(entries_.size()));
        std::size_t next = position + 2 + 12 * entries_.size() + 4;
        for (const Entry& entry : entries_) {
            put(head, entry.tag);
            put(head, entry.type);
            put(head, entry.count);
            std::string value = entry.value;
            if (value.size() <= 4) {
                value.resize(4, '\0');
                head += value;
                continue;
            }
            value.resize(even(value.size()), '\0');
            put(head, static_cast<std::uint32_t>(next));
            next += value.size();
            behind += value;
        }
        put(head, std::uint32_t{0});   // no further image
        return head + behind;
    }

private:
    struct Entry {
        std::uint16_t tag;
        TagType type;
        std::uint32_t count;
        std::string value;
    };
    static std::size_t even(std::size_t bytes) { return bytes + bytes % 2; }
    std::vector<Entry> entries_;
};

// The keys of OGC GeoTIFF: projected system (1024 = 1), a cell is an area (1025 = 1), the system's EPSG code (3072).
std::vector<std::uint16_t> keys_of(int epsg) {
    if (epsg <= 0 || epsg > 65'535) return {1, 1, 0, 1, 1025, 0, 1, 1};
    return {1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, static_cast<std::uint16_t>(epsg)};
}

Directory directory_of(const FloatGrid& raster, const std::vector<std::uint32_t>& offsets, const std::vector<std::uint32_t>& lengths) {
    Directory d;
    d.add(256, TagType::u32, 1, bytes_of(std::vector{static_cast<std::uint32_t>(raster.columns)}));
    d.add(257, TagType::u32, 1, bytes_of(std::vector{static_cast<std::uint32_t>(raster.rows)}));
    d.add(258, 32);    // bits a sample
    d.add(259, 1);     // not compressed
    d.add(262, 1);     // black is the least
    d.add(270, raster.description);
    d.add(277, 1);     // samples a pixel
    d.add(284, 1);
    d.add(322, tile_side);
    d.add(323, tile_side);
    d.add(324, TagType::u32, offsets.size(), bytes_of(offsets));
    d.add(325, TagType::u32, lengths.size(), bytes_of(lengths));
    d.add(339, 3);     // floating point
    d.add(33550, TagType::f64, 3, bytes_of(std::vector{raster.cell, raster.cell, 0.0}));
    d.add(33922, TagType::f64, 6, bytes_of(std::vector{0.0, 0.0, 0.0, raster.left, raster.top, 0.0}));
    const auto keys = keys_of(raster.epsg);
    d.add(34735, TagType::u16, keys.size(), bytes_of(keys));
    d.add(42113, std::string("nan"));
    return d;
}

std::string tile_of(const FloatGrid& raster, std::size_t row0, std::size_t column0) {
    std::vector<float> values(tile_side * tile_side, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t r = 0; r < tile_side && row0 + r < raster.rows; ++r)
        for (std::size_t c = 0; c < tile_side && column0 + c < raster.columns; ++c) values[r * tile_side + c] = raster.values[(row0 + r) * raster.columns + column0 + c];
    return bytes_of(values);
}

}  // namespace

void write_geotiff(const std::string& path, const FloatGrid& raster) {
    constexpr std::size_t header = 8, tile_bytes = tile_side * tile_side * sizeof(float);
    const std::size_t across = (raster.columns + tile_side - 1) / tile_side, down = (raster.rows + tile_side - 1) / tile_side;
    std::vector<std::uint32_t> offsets(across * down, 0), lengths(across * down, tile_bytes);
    const std::size_t first = header + directory_of(raster, offsets, lengths).size();
    for (std::size_t t = 0; t < offsets.size(); ++t) offsets[t] = static_cast<std::uint32_t>(first + t * tile_bytes);
    std::string bytes = "II";
    put(bytes, std::uint16_t{42});
    put(bytes, static_cast<std::uint32_t>(header));
    bytes += directory_of(raster, offsets, lengths).at(header);
    for (std::size_t r = 0; r < down; ++r)
        for (std::size_t c = 0; c < across; ++c) bytes += tile_of(raster, r * tile_side, c * tile_side);
    DurableFile out(path);
    out.write(bytes);
    out.commit();
}

}  // namespace citytwin::geodata
