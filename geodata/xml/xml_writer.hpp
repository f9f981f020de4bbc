#pragma once
// Writes XML line by line, gzip by the file's name; the file appears under its name only when it is whole.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace citytwin::geodata {

/// The shortest text that reads back as the same number (at most 17 digits).
void append_number(std::string& text, double value);

class XmlWriter {
public:
    /// Throws InputError CT-XML-010 if the file can't be made.
    explicit XmlWriter(std::string path);
    ~XmlWriter();
    XmlWriter(const XmlWriter&) = delete;
    XmlWriter& operator=(const XmlWriter&) = delete;

    XmlWriter& open(std::string_view element);
    XmlWriter& attribute(std::string_view name, std::string_view text);
    XmlWriter& attribute(std::string_view name, const char* text) { return attribute(name, std::string_view(text)); }
    XmlWriter& attribute(std::string_view name, double value);
    XmlWriter& attribute(std::string_view name, std::int64_t value);
    XmlWriter& attribute(std::string_view name, std::int32_t value) { return attribute(name, std::int64_t{value}); }
    XmlWriter& attribute(std::string_view name, std::uint64_t value) { return attribute(name, static_cast<std::int64_t>(value)); }
    XmlWriter& attribute(std::string_view name, std::uint32_t value) { return attribute(name, std::int64_t{value}); }
    /// "x0,y0 x1,y1 …" in centimetres' precision: a picture.
    XmlWriter& shape(std::string_view name, std::span<const double> coordinates);
    /// Ends the element that was opened last.
    XmlWriter& close();
    /// Flushes and renames. Throws InputError CT-XML-010 if something couldn't be written.
    void finish();

private:
    struct File;
    void end_tag_if_open();
    void flush(bool all);

    std::string path_, part_, buffer_;
    std::unique_ptr<File> file_;
    std::string open_;  ///< names of open elements, each with a leading '/'
    bool in_tag_ = false, failed_ = false;
    std::size_t depth_ = 0;
};

}  // namespace citytwin::geodata
