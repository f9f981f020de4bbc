#include "geodata/xml/xml_writer.hpp"

#include <zlib.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "core/base/diagnostic.hpp"
#include "core/base/text.hpp"

namespace citytwin::geodata {

namespace {

constexpr std::size_t flush_bytes = 1 << 20;

void append_integer(std::string& text, std::int64_t value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

}  // namespace

struct XmlWriter::File {
    gzFile gz = nullptr;
};

void append_number(std::string& text, double value) {
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

XmlWriter::XmlWriter(std::string path) : path_(std::move(path)), part_(path_ + ".part"), file_(std::make_unique<File>()) {
    file_->gz = gzopen(part_.c_str(), path_.ends_with(".gz") ? "wb6" : "wbT");
    if (file_->gz == nullptr) fail("CT-XML-010", {path_}, "the file can't be written", "check the folder and the permissions");
    buffer_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}

XmlWriter::~XmlWriter() {
    if (file_->gz == nullptr) return;
    gzclose(file_->gz);
    std::remove(part_.c_str());
}

void XmlWriter::end_tag_if_open() {
    if (in_tag_) buffer_ += ">\n";
    in_tag_ = false;
}

XmlWriter& XmlWriter::open(std::string_view element) {
    end_tag_if_open();
    buffer_.append(4 * depth_, ' ');
    buffer_ += '<';
    buffer_ += element;
    open_ += '/';
    open_ += element;
    in_tag_ = true;
    ++depth_;
    return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view text) {
    buffer_ += ' ';
    buffer_ += name;
    buffer_ += "=\"";
    buffer_ += text.find_first_of("&<>\"'") == std::string_view::npos ? std::string(text) : escaped_markup(text);
    buffer_ += '"';
    return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, double value) {
    std::string text;
    append_number(text, value);
    return attribute(name, std::string_view(text));
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::int64_t value) {
    std::string text;
    append_integer(text, value);
    return attribute(name, std::string_view(text));
}

XmlWriter& XmlWriter::shape(std::string_view name, std::span<const double> coordinates) {
    std::string text;
    std::array<char, 64> digits{};
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        if (i > 0) text += i % 2 ? ',' : ' ';
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), coordinates[i], std::chars_format::fixed, 2).ptr;
        text.append(digits.data(), end);
    }
    return attribute(name, std::string_view(text));
}

XmlWriter& XmlWriter::close() {
    --depth_;
    const auto slash = open_.rfind('/');
    if (in_tag_) {
        buffer_ += "/>\n";
        in_tag_ = false;
    } else {
        buffer_.append(4 * depth_, ' ');
        buffer_ += "</";
        buffer_ += std::string_view(open_).substr(slash + 1);
        buffer_ += ">\n";
    }
    open_.resize(slash);
    flush(false);
    return *this;
}

void XmlWriter::flush(bool all) {
    if (buffer_.size() < flush_bytes && !all) return;
    if (!buffer_.empty() && gzwrite(file_->gz, buffer_.data(), static_cast<unsigned>(buffer_.size())) != static_cast<int>(buffer_.size())) failed_ = true;
    buffer_.clear();
}

void XmlWriter::finish() {
    flush(true);
    const bool closed = gzclose(file_->gz) == Z_OK;
    file_->gz = nullptr;
    std::error_code error;
    if (closed && !failed_) std::filesystem::rename(part_, path_, error);
    if (closed && !failed_ && !error) return;
    std::remove(part_.c_str());
    fail("CT-XML-010", {path_}, "the file can't be written to its end", "is the disk full?");
}

}  // namespace citytwin::geodata
