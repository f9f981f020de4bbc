#include "geodata/xml/utf8_filter.hpp"

#include <algorithm>

namespace citytwin::geodata {

namespace {

/// Length of the UTF-8 sequence at `p` (RFC 3629), 0 if it is none, -1 if it is cut by the end.
int sequence_length(const unsigned char* p, std::size_t left) {
    const unsigned char lead = p[0];
    if (lead < 0x80) return 1;
    const int length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    if (length == 0) return 0;
    for (int i = 1; i < length; ++i) {
        if (static_cast<std::size_t>(i) >= left) return -1;
        if ((p[i] & 0xC0) != 0x80) return 0;
        if (i == 1 && ((lead == 0xE0 && p[1] < 0xA0) || (lead == 0xED && p[1] > 0x9F) || (lead == 0xF0 && p[1] < 0x90) ||
                       (lead == 0xF4 && p[1] > 0x8F)))
            return 0;
    }
    return length;
}

}  // namespace

std::string_view Utf8Filter::pass(std::string_view chunk, bool last) {
    const bool ascii = std::all_of(chunk.begin(), chunk.end(), [](char c) { return (c & 0x80) == 0; });
    if (ascii && pending_.empty()) return chunk;
    const std::string input = pending_ + std::string(chunk);
    pending_.clear();
    out_.clear();
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    for (std::size_t i = 0; i < input.size();) {
        const int length = sequence_length(bytes + i, input.size() - i);
        if (length > 0) {
            out_.append(input, i, static_cast<std::size_t>(length));
            i += static_cast<std::size_t>(length);
        } else if (length < 0 && !last) {
            pending_ = input.substr(i);
            break;
        } else {
            out_ += static_cast<char>(0xC0 | (bytes[i] >> 6));
            out_ += static_cast<char>(0x80 | (bytes[i] & 0x3F));
            ++recoded_;
            ++i;
        }
    }
    return out_;
}

}  // namespace citytwin::geodata
