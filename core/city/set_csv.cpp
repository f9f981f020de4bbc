#include "core/city/set_csv.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace citytwin {

namespace {

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

/// The value of one row; nothing for columns of many values a row.
template <class T>
std::string cell(const std::vector<T>& data, std::size_t row) {
    if constexpr (std::is_same_v<T, std::string>) return quoted(data[row]);
    else return fmt::format("{}", data[row]);
}
template <class T>
std::string cell(const Ragged<T>&, std::size_t) {
    return {};
}

}  // namespace

std::string csv_of(const EntitySet& set) {
    std::string text = "id";
    for (const Column& column : set.columns()) text += "," + quoted(column.name);
    text += "\n";
    for (std::size_t row = 0; row < set.size(); ++row) {
        text += quoted(set.id_of(static_cast<Index>(row)));
        for (const Column& column : set.columns()) text += "," + std::visit([&](const auto& data) { return cell(data, row); }, column.data);
        text += "\n";
    }
    return text;
}

}  // namespace citytwin
