#include <cstring>

#include "core/base/text.hpp"
#include "geodata/xml/xml_reader.hpp"

namespace citytwin::geodata {

std::optional<std::string_view> XmlElement::find(std::string_view attribute) const {
    for (const char** a = attributes_; a != nullptr && a[0] != nullptr; a += 2)
        if (attribute == a[0]) return std::string_view(a[1]);
    return std::nullopt;
}

std::string_view XmlElement::required(std::string_view attribute) const {
    const auto value = find(attribute);
    if (!value || trimmed(*value).empty())
        fail("CT-XML-006", place(), label() + " has no '" + std::string(attribute) + "'", "add the attribute " + std::string(attribute));
    return *value;
}

namespace {

[[noreturn]] void fail_number(const XmlElement& element, std::string_view attribute, std::string_view value, const std::string& expected) {
    fail("CT-XML-007", element.place(),
         element.label() + ": " + std::string(attribute) + "=\"" + std::string(value.substr(0, 80)) + "\" is not " + expected,
         "write " + std::string(attribute) + " as " + expected);
}

}  // namespace

double XmlElement::number(std::string_view attribute, double otherwise) const {
    const auto value = find(attribute);
    if (!value) return otherwise;
    const auto number = parse_number(*value);
    if (!number) fail_number(*this, attribute, *value, "a finite number");
    return *number;
}

double XmlElement::required_number(std::string_view attribute) const {
    (void)required(attribute);
    return number(attribute, 0);
}

long long XmlElement::integer(std::string_view attribute, long long otherwise, long long least, long long most) const {
    const auto value = find(attribute);
    if (!value) return otherwise;
    const auto number = parse_integer(*value);
    if (!number || *number < least || *number > most)
        fail_number(*this, attribute, *value, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return *number;
}

long long XmlElement::required_integer(std::string_view attribute, long long least, long long most) const {
    (void)required(attribute);
    return integer(attribute, 0, least, most);
}

bool XmlElement::flag(std::string_view attribute, bool otherwise) const {
    const auto value = find(attribute);
    if (!value) return otherwise;
    const std::string_view word = trimmed(*value);
    for (std::string_view yes : {"1", "true", "True", "yes", "on", "x", "t"})
        if (word == yes) return true;
    for (std::string_view no : {"0", "false", "False", "no", "off", "-", "f"})
        if (word == no) return false;
    fail_number(*this, attribute, *value, "true or false");
}

std::string XmlElement::label() const {
    std::string text = "<" + std::string(name_);
    if (const auto id = find("id")) text += " id=\"" + std::string(id->substr(0, 120)) + "\"";
    else if (const auto from = find("from")) text += " from=\"" + std::string(from->substr(0, 120)) + "\"";
    return text + ">";
}

}  // namespace citytwin::geodata
