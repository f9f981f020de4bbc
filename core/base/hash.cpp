#include "core/base/hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>

#include "core/base/diagnostic.hpp"

namespace citytwin {
namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Digest new_sha256() {
    Digest digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
    return digest;
}

std::string finish(Digest& digest) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned length = 0;
    EVP_DigestFinal_ex(digest.get(), sum.data(), &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", sum[i]);
    return hex;
}

}  // namespace

void StateHash::bytes(const void* data, std::size_t size) {
    const auto* p = static_cast<const unsigned char*>(data);
    length_ += size;
    while (size > 0) {
        std::uint64_t word = 0;
        const std::size_t take = size < 8 ? size : 8;
        std::memcpy(&word, p, take);
        a_ = mix64(a_ ^ word);
        b_ = (b_ + word) * 0x9fb21c651e98df25ULL;
        b_ ^= b_ >> 32;
        p += take;
        size -= take;
    }
}

void StateHash::text(std::string_view value_text) {
    value<std::uint64_t>(value_text.size());
    bytes(value_text.data(), value_text.size());
}

std::string StateHash::hex() const {
    return fmt::format("{:016x}{:016x}", mix64(a_ ^ length_), mix64(b_ ^ (length_ << 1)));
}

std::string sha256_hex(std::string_view bytes) {
    Digest digest = new_sha256();
    EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
    return finish(digest);
}

std::string sha256_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("CT-FILE-001", {path}, "the file can't be read", "check the path and its permissions");
    Digest digest = new_sha256();
    std::array<char, 1 << 16> buffer{};
    while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
        EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    return finish(digest);
}

}  // namespace citytwin
