#include "core/exchange/state_io.hpp"

namespace citytwin {

// A member is: u32 length of the name, the name, a kind letter, u64 length of the data, the data.
void StateWriter::member(std::string_view name, char kind, const void* data, std::size_t size) {
    const auto name_length = static_cast<std::uint32_t>(name.size());
    const auto length = static_cast<std::uint64_t>(size);
    bytes_.append(reinterpret_cast<const char*>(&name_length), sizeof name_length);
    bytes_.append(name);
    bytes_ += kind;
    bytes_.append(reinterpret_cast<const char*>(&length), sizeof length);
    if (size != 0) bytes_.append(static_cast<const char*>(data), size);
}

std::string_view StateReader::member(std::string_view name, char kind) {
    std::uint32_t name_length = 0;
    if (bytes_.size() - at_ < sizeof name_length) mismatch(name, "the state ends before it");
    std::memcpy(&name_length, bytes_.data() + at_, sizeof name_length);
    std::size_t at = at_ + sizeof name_length;
    if (bytes_.size() - at < name_length + 1 + sizeof(std::uint64_t)) mismatch(name, "the state ends before it");
    const std::string_view found = bytes_.substr(at, name_length);
    if (found != name) mismatch(name, "found '" + std::string(found) + "' in its place");
    at += name_length;
    if (bytes_[at] != kind) mismatch(name, "it has another kind");
    ++at;
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data() + at, sizeof length);
    at += sizeof length;
    if (bytes_.size() - at < length) mismatch(name, "its data are cut off");
    at_ = at + length;
    return bytes_.substr(at, length);
}

void StateReader::mismatch(std::string_view name, std::string_view what) const {
    throw std::runtime_error("state of '" + owner_ + "', member '" + std::string(name) + "': " + std::string(what));
}

void StateReader::done() const {
    if (at_ != bytes_.size()) throw std::runtime_error("state of '" + owner_ + "' has members that load() didn't read");
}

}  // namespace citytwin
