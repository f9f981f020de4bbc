#pragma once
// Streaming XML for untrusted files: expat with entities and external DTDs off, gzip transparent, depth and size capped.
// A file is never held in memory as a whole; every element knows its line and column.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/diagnostic.hpp"

namespace citytwin::geodata {

/// One start tag. Valid only during the callback.
class XmlElement {
public:
    XmlElement(std::string_view name, const char** attributes, const std::string& file, std::size_t line, std::size_t column)
        : name_(name), attributes_(attributes), file_(file), line_(line), column_(column) {}

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] std::size_t line() const { return line_; }
    [[nodiscard]] SourcePlace place() const { return {file_, line_, column_}; }

    /// The value of an attribute, or nothing.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view attribute) const;
    [[nodiscard]] std::string_view text(std::string_view attribute, std::string_view otherwise = {}) const {
        return find(attribute).value_or(otherwise);
    }
    /// The value; throws CT-XML-006 when it is missing or blank.
    [[nodiscard]] std::string_view required(std::string_view attribute) const;
    /// A finite number; throws CT-XML-007 when it is something else ("NaN", "12 m").
    [[nodiscard]] double number(std::string_view attribute, double otherwise) const;
    [[nodiscard]] double required_number(std::string_view attribute) const;
    /// An integer within [least, most]; throws CT-XML-007 when it is something else.
    [[nodiscard]] long long integer(std::string_view attribute, long long otherwise, long long least, long long most) const;
    [[nodiscard]] long long required_integer(std::string_view attribute, long long least, long long most) const;
    /// SUMO's words for yes and no: true/false, 1/0, yes/no, on/off.
    [[nodiscard]] bool flag(std::string_view attribute, bool otherwise) const;
    /// "<lane id="a_0">": how a message names this element.
    [[nodiscard]] std::string label() const;

private:
    std::string_view name_;
    const char** attributes_;  ///< name, value, name, value, …, nullptr
    const std::string& file_;
    std::size_t line_, column_;
};

class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void begin(const XmlElement& element) = 0;
    virtual void end(std::string_view /*name*/) {}
    virtual void characters(std::string_view /*text*/) {}
};

struct XmlLimits {
    std::size_t depth = 256;
    std::uint64_t bytes = std::uint64_t{16} << 30;      ///< after decompression
    std::uint64_t token_bytes = std::uint64_t{64} << 20;  ///< one tag with its attributes
};

/// Parses a file (plain or gzip). Throws InputError: CT-XML-001 can't be read, 002 not well-formed or truncated,
/// 003 too deep, 004 too large, 005 entity declared; what the handler throws passes through.
void parse_xml_file(const std::string& path, XmlHandler& handler, const XmlLimits& limits = {});
/// The same on text in memory; `name` is what messages call it.
void parse_xml_text(std::string_view text, const std::string& name, XmlHandler& handler, const XmlLimits& limits = {});

}  // namespace citytwin::geodata
