#pragma once
// The importer's small TOML files (defaults, overrides), read strictly: unknown keys, wrong types and missing units are errors with a line.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"

namespace citytwin::geodata::osm {

class TomlTable {
public:
    struct Node;
    TomlTable(std::shared_ptr<const Node> node, std::string path) : node_(std::move(node)), path_(std::move(path)) {}

    [[nodiscard]] std::vector<std::string> keys() const;  ///< in the order of the file
    [[nodiscard]] bool has(const std::string& key) const;
    [[nodiscard]] SourcePlace place(const std::string& key) const;
    /// Error CT-OSM-022 for any other key, with a suggestion.
    void only(const std::vector<std::string>& known) const;

    [[nodiscard]] std::optional<TomlTable> table(const std::string& key) const;
    [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise) const;
    [[nodiscard]] bool boolean(const std::string& key, bool otherwise) const;
    [[nodiscard]] long long integer(const std::string& key, long long otherwise, long long low, long long high) const;
    /// A text with unit ("50 km/h"); a bare number is an error.
    [[nodiscard]] double quantity(const std::string& key, const std::string& unit, double otherwise, double low, double high) const;

private:
    std::shared_ptr<const Node> node_;
    std::string path_;
};

class TomlFile {
public:
    /// Throws InputError CT-OSM-020 if the file is missing or is no TOML.
    explicit TomlFile(const std::string& path);
    [[nodiscard]] const TomlTable& root() const { return root_; }

private:
    TomlTable root_;
};

}  // namespace citytwin::geodata::osm
