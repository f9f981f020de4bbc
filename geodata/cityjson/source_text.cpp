// PKWARE's APPNOTE 6.3: the end record, the central directory, then the one member we take (stored or deflated).
#include "geodata/cityjson/source_text.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin::geodata::cityjson {
namespace {

std::string whole_file(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
    if (error || !std::filesystem::is_regular_file(path)) fail("CT-CITYJSON-001", {path}, "the file can't be read: it isn't there or is no file", "check the path");
    if (size > largest_text) fail("CT-CITYJSON-001", {path}, fmt::format("the file has {} bytes, expected at most {}", size, largest_text), "split it by tiles (cjio subset)");
    std::string text(size, '\0');
    std::ifstream in(path, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(in.gcount()) != size) fail("CT-CITYJSON-001", {path}, "the file can't be read to its end", "check its permissions and the disk");
    return text;
}

/// Little-endian numbers of an archive, every read checked.
class ArchiveBytes {
public:
    ArchiveBytes(const std::string& bytes, const std::string& path) : bytes_(bytes), path_(path) {}

    [[nodiscard]] std::uint32_t number(std::size_t at, int width) const {
        if (at + static_cast<std::size_t>(width) > bytes_.size()) damaged("it ends too early");
        std::uint32_t value = 0;
        for (int i = width - 1; i >= 0; --i) value = (value << 8) | static_cast<unsigned char>(bytes_[at + static_cast<std::size_t>(i)]);
        return value;
    }
    [[nodiscard]] std::string_view piece(std::size_t at, std::size_t size) const {
        if (at > bytes_.size() || size > bytes_.size() - at) damaged("it ends too early");
        return std::string_view(bytes_).substr(at, size);
    }
    [[noreturn]] void damaged(const std::string& what) const { fail("CT-CITYJSON-002", {path_}, "the archive can't be read: " + what, "unzip -t FILE checks it"); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    const std::string& bytes_;
    const std::string& path_;
};

struct Member {
    std::string name;
    std::uint32_t method = 0, packed = 0, unpacked = 0, checksum = 0, at = 0;
    bool encrypted = false;
};

std::size_t end_record(const ArchiveBytes& archive) {
    if (archive.size() < 22) archive.damaged("it is no zip archive");
    const std::size_t first = archive.size() > 65'557 ? archive.size() - 65'557 : 0;
    for (std::size_t at = archive.size() - 22;; --at) {
        if (archive.number(at, 4) == 0x06054b50) return at;
        if (at == first) archive.damaged("it is no zip archive or is cut off");
    }
}

std::vector<Member> members(const ArchiveBytes& archive) {
    const std::size_t end = end_record(archive);
    const std::uint32_t count = archive.number(end + 10, 2);
    std::size_t at = archive.number(end + 16, 4);
    if (count == 0xffff || at == 0xffffffff) archive.damaged("zip64 archives aren't read");
    std::vector<Member> found;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (archive.number(at, 4) != 0x02014b50) archive.damaged("its directory is broken");
        Member& member = found.emplace_back();
        member.encrypted = (archive.number(at + 8, 2) & 1) != 0;
        member.method = archive.number(at + 10, 2);
        member.checksum = archive.number(at + 16, 4);
        member.packed = archive.number(at + 20, 4);
        member.unpacked = archive.number(at + 24, 4);
        member.at = archive.number(at + 42, 4);
        const std::uint32_t name = archive.number(at + 28, 2);
        member.name = archive.piece(at + 46, name);
        at += 46 + name + archive.number(at + 30, 2) + archive.number(at + 32, 2);
    }
    return found;
}

void inflate_into(const ArchiveBytes& archive, std::string_view packed, std::string& out) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) archive.damaged("zlib can't start");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream, Z_FINISH);
    const std::size_t written = stream.total_out;
    inflateEnd(&stream);
    if (result != Z_STREAM_END || written != out.size()) archive.damaged("its content isn't what its directory promises");
}

std::string member_text(const ArchiveBytes& archive, const Member& member, const std::string& path) {
    if (member.encrypted) archive.damaged("'" + member.name + "' is encrypted");
    if (member.unpacked > largest_text) fail("CT-CITYJSON-001", {path}, fmt::format("'{}' unpacks to {} bytes, expected at most {}", member.name, member.unpacked, largest_text));
    if (archive.number(member.at, 4) != 0x04034b50) archive.damaged("'" + member.name + "' isn't where the directory says");
    const std::size_t data = member.at + std::size_t{30} + archive.number(member.at + std::size_t{26}, 2) + archive.number(member.at + std::size_t{28}, 2);
    const std::string_view packed = archive.piece(data, member.packed);
    // Deflate can't do better than 1032:1 (zlib's technical notes): a directory that promises more lies.
    if (member.unpacked / 1032 > member.packed) archive.damaged("'" + member.name + "' promises more than it can hold");
    std::string text(member.unpacked, '\0');
    if (member.method == 0 && packed.size() == text.size()) text = packed;
    else if (member.method == 8) inflate_into(archive, packed, text);
    else archive.damaged(fmt::format("'{}' is packed by method {}, expected stored or deflated", member.name, member.method));
    if (crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())) != member.checksum) archive.damaged("the checksum of '" + member.name + "' is wrong");
    return text;
}

std::string text_in_archive(const std::string& bytes, const std::string& path) {
    const ArchiveBytes archive(bytes, path);
    std::vector<Member> found = members(archive);
    std::erase_if(found, [](const Member& member) { return !member.name.ends_with(".json") || member.name.starts_with("__MACOSX"); });
    if (found.size() != 1) {
        fail("CT-CITYJSON-002", {path}, fmt::format("the archive holds {} .json files, expected one", found.size()), "unpack it and name the file");
    }
    return member_text(archive, found.front(), path);
}

}  // namespace

SourceText read_source_text(const std::string& path) {
    std::string text = whole_file(path);
    if (path.ends_with(".zip") || path.ends_with(".ZIP")) text = text_in_archive(text, path);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    SourceText source{std::move(text), 0};
    source.size = source.padded.size();
    source.padded.append(text_padding, '\0');
    return source;
}

}  // namespace citytwin::geodata::cityjson
