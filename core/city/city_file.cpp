#include "core/city/city_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/base/hash.hpp"
#include "core/base/hdf5.hpp"
#include "core/base/text.hpp"
#include "core/city/city_columns.hpp"

namespace citytwin {
namespace {

constexpr const char* format_name = "citytwin city";
constexpr std::size_t seal_size = 512;

using Json = nlohmann::json;

Json json_of(const std::vector<ImportIssue>& issues) {
    Json list = Json::array();
    for (const auto& issue : issues) {
        list.push_back({{"code", issue.code}, {"grade", issue.grade}, {"cause", issue.cause}, {"action", issue.action},
                        {"count", issue.count}, {"length_m", issue.length_m}, {"share", issue.share},
                        {"examples", issue.examples}, {"hint", issue.hint}});
    }
    return list;
}

std::vector<ImportIssue> issues_of(const Json& list) {
    std::vector<ImportIssue> issues;
    for (const auto& entry : list) {
        issues.push_back({entry.at("code"), entry.at("grade"), entry.at("cause"), entry.at("action"), entry.at("count"),
                          entry.at("length_m"), entry.at("share"), entry.at("examples"), entry.at("hint")});
    }
    return issues;
}

Json json_of(const std::vector<Diagnostic>& warnings) {
    Json list = Json::array();
    for (const auto& w : warnings) {
        list.push_back({{"note", w.severity == Severity::note}, {"code", w.code}, {"file", w.place.file}, {"line", w.place.line},
                        {"column", w.place.column}, {"message", w.message}, {"hint", w.hint}});
    }
    return list;
}

std::vector<Diagnostic> warnings_of(const Json& list) {
    std::vector<Diagnostic> warnings;
    for (const auto& entry : list) {
        warnings.push_back({entry.at("note") ? Severity::note : Severity::warning, entry.at("code"),
                            {entry.at("file"), entry.at("line"), entry.at("column")}, entry.at("message"), entry.at("hint")});
    }
    return warnings;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

void write_import(Hdf5File& file, const City& city) {
    std::vector<std::string> paths, sums;
    std::vector<std::uint64_t> sizes;
    for (const auto& source : city.sources) {
        paths.push_back(source.path);
        sums.push_back(source.sha256);
        sizes.push_back(source.size);
    }
    file.write_texts("import/source_path", paths);
    file.write_texts("import/source_sha256", sums);
    file.write("import/source_size", sizes);
    file.write_texts("import/issues", std::vector<std::string>{text_of(json_of(city.issues))});
    file.write_texts("import/warnings", std::vector<std::string>{text_of(json_of(city.warnings))});
    file.write_texts("import/info", std::vector<std::string>{city.info_json});
    file.write_texts("import/settings", std::vector<std::string>{city.import_settings});
    file.set_attribute("import", "settings_sha256", sha256_hex(city.import_settings));
}

void write_root(Hdf5File& file, const City& city) {
    file.set_attribute("/", "format_version", city_format_version);
    file.set_attribute("/", "citytwin_version", CITYTWIN_VERSION);
    file.set_attribute("/", "name", city.name);
    file.set_attribute("/", "crs", city.crs);
    file.set_attribute("/", "origin_x", city.origin_x);
    file.set_attribute("/", "origin_y", city.origin_y);
}

std::string single_text(Hdf5File& file, const std::string& dataset) {
    const auto texts = file.read_texts(dataset);
    return texts.empty() ? std::string{} : texts.front();
}

/// Text "citytwin city\nformat 1\nversion 0.1.0\ncontent HASH\n", filled up with line ends.
std::string seal_text(std::int64_t format, const std::string& content) {
    std::string text = fmt::format("{}\nformat {}\nversion {}\ncontent {}\n", format_name, format, CITYTWIN_VERSION, content);
    text.resize(seal_size, '\n');
    return text;
}

/// Hash of everything behind the seal.
std::string content_hash(std::ifstream& in) {
    StateHash hash;
    std::vector<char> block(1 << 20);
    in.clear();
    in.seekg(seal_size);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        hash.bytes(block.data(), static_cast<std::size_t>(in.gcount()));
    }
    return hash.hex();
}

void write_seal(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text = seal_text(city_format_version, content_hash(in));
    before_file_operation(FileOperation::write, path);
    std::fstream out(path, std::ios::binary | std::ios::in | std::ios::out);
    errno = 0;
    if (!out.write(text.data(), static_cast<std::streamsize>(text.size())).flush()) {
        fail_file_operation(FileOperation::write, path, errno != 0 ? errno : EIO);
    }
}

/// The line of the seal that starts with `key`.
std::string seal_line(const std::string& seal, const std::string& key) {
    for (const auto line : split(seal, '\n')) {
        if (line.starts_with(key + " ")) return std::string(line.substr(key.size() + 1));
    }
    return {};
}

Hdf5File opened(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("CT-FILE-001", {path}, "the file can't be read", "check the path and its permissions");
    std::string seal(seal_size, '\0');
    in.read(seal.data(), seal_size);
    if (!seal.starts_with(std::string(format_name) + "\n")) {
        fail("CT-CITY-001", {path}, "this file is not a cached city of citytwin", "make one with `citytwin city import`");
    }
    const std::string format = seal_line(seal, "format");
    if (format != std::to_string(city_format_version)) {
        fail("CT-CITY-002", {path}, fmt::format("the city has format {} (citytwin {}); this citytwin {} reads format {}", format,
                                                seal_line(seal, "version"), CITYTWIN_VERSION, city_format_version),
             "import it again from its sources");
    }
    if (seal_line(seal, "content") != content_hash(in)) {
        fail("CT-CITY-003", {path}, "the city is damaged or was changed after it was written", "import it again from its sources");
    }
    return Hdf5File::open(path);
}

CityHeader header_of(Hdf5File& file) {
    CityHeader header;
    header.format_version = city_format_version;
    header.citytwin_version = file.text_attribute("/", "citytwin_version").value_or("");
    header.name = file.text_attribute("/", "name").value_or("");
    header.crs = file.text_attribute("/", "crs").value_or("");
    header.settings = single_text(file, "import/settings");
    header.settings_sha256 = file.text_attribute("import", "settings_sha256").value_or("");
    const auto paths = file.read_texts("import/source_path"), sums = file.read_texts("import/source_sha256");
    const auto sizes = file.read<std::uint64_t>("import/source_size");
    for (std::size_t i = 0; i < paths.size() && i < sums.size() && i < sizes.size(); ++i) {
        header.sources.push_back({paths[i], sums[i], sizes[i]});
    }
    return header;
}

/// References must point into their set: a damaged row must not become an access out of bounds in a module.
void check_references(const City& city, const std::string& path) {
    const auto check = [&](const EntitySet& set, const Column& column, const std::vector<std::uint32_t>& rows) {
        const EntitySet* target = column.refers_to.empty() ? nullptr : city.find(column.refers_to);
        if (target == nullptr) return;
        for (const auto row : rows) {
            if (row != no_index && row >= target->size()) {
                fail("CT-CITY-004", {path}, fmt::format("column '{}.{}' points to row {} of '{}', which has {} rows", set.name(),
                                                        column.name, row, target->name(), target->size()));
            }
        }
    };
    for (const auto& set : city.sets()) {
        for (const auto& column : set.columns()) {
            if (const auto* rows = std::get_if<std::vector<std::uint32_t>>(&column.data)) check(set, column, *rows);
            if (const auto* rows = std::get_if<Ragged<std::uint32_t>>(&column.data)) check(set, column, rows->values);
        }
    }
}

/// Members of a group in the order they were written.
std::vector<std::string> ordered_members(Hdf5File& file, const std::string& group) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const auto& name : file.members(group)) {
        const std::string object = group == "/" ? name : group + "/" + name;
        if (const auto order = file.integer_attribute(object, "order")) found.emplace_back(*order, name);
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& [order, name] : found) names.push_back(std::move(name));
    return names;
}

EntitySet read_set(Hdf5File& file, const std::string& name) {
    const auto size = file.integer_attribute(name, "size");
    if (!size || *size < 0 || *size >= no_index) fail("CT-CITY-003", {file.path()}, "set '" + name + "' has no valid size");
    EntitySet set(name, static_cast<std::size_t>(*size));
    if (file.has(name + "/id")) set.ids = std::get<std::vector<std::string>>(read_column(file, name, "id", set.size()).data);
    for (const auto& column : ordered_members(file, name)) set.add_column(read_column(file, name, column, set.size()));
    return set;
}

}  // namespace

void write_city(const City& city, const std::string& path) {
    const std::string part = path + ".part";
    try {
        Hdf5File file = Hdf5File::create(part, seal_size);
        write_root(file, city);
        write_import(file, city);
        std::int64_t order = 0;
        for (const auto& set : city.sets()) {
            if (set.name() == "import" || set.name().find('/') != std::string::npos) {
                throw std::logic_error("a set can't be named '" + set.name() + "'");
            }
            file.make_group(set.name());
            file.set_attribute(set.name(), "order", order++);
            file.set_attribute(set.name(), "size", static_cast<std::int64_t>(set.size()));
            if (!set.ids.empty()) write_ids(file, set);
            std::int64_t place = 0;
            for (const auto& column : set.columns()) write_column(file, set.name(), column, place++);
        }
        file.close();
        write_seal(part);
        put_in_place(part, path);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        throw;
    }
}

City read_city(const std::string& path) {
    Hdf5File file = opened(path);
    CityHeader header = header_of(file);
    City city;
    city.name = header.name;
    city.crs = header.crs;
    city.sources = std::move(header.sources);
    city.import_settings = std::move(header.settings);
    const auto origin_x = file.number_attribute("/", "origin_x"), origin_y = file.number_attribute("/", "origin_y");
    if (!origin_x || !origin_y) fail("CT-CITY-003", {path}, "the city has no origin");
    city.origin_x = *origin_x;
    city.origin_y = *origin_y;
    city.info_json = single_text(file, "import/info");
    try {
        city.issues = issues_of(Json::parse(single_text(file, "import/issues")));
        city.warnings = warnings_of(Json::parse(single_text(file, "import/warnings")));
    } catch (const Json::exception& error) {
        fail("CT-CITY-003", {path}, fmt::format("the import report in the city can't be read: {}", error.what()));
    }
    for (const auto& name : ordered_members(file, "/")) city.sets().push_back(read_set(file, name));
    check_references(city, path);
    return city;
}

CityHeader read_city_header(const std::string& path) {
    Hdf5File file = opened(path);
    return header_of(file);
}

std::vector<std::string> differences(const CityHeader& cached, const std::vector<CitySource>& sources, const std::string& settings) {
    std::vector<std::string> reasons;
    if (cached.citytwin_version != CITYTWIN_VERSION) {
        reasons.push_back(fmt::format("it was made by citytwin {}, this is {}", cached.citytwin_version, CITYTWIN_VERSION));
    }
    if (cached.settings_sha256 != sha256_hex(settings)) reasons.push_back("the import settings changed");
    if (cached.sources.size() != sources.size()) {
        reasons.push_back(fmt::format("it was made of {} files, now there are {}", cached.sources.size(), sources.size()));
        return reasons;
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (cached.sources[i].size != sources[i].size || cached.sources[i].sha256 != sources[i].sha256) {
            reasons.push_back(fmt::format("'{}' changed", sources[i].path));
        }
    }
    return reasons;
}

bool is_city_file(const std::string& path) {
    std::string begin(std::string_view(format_name).size(), '\0');
    std::ifstream in(path, std::ios::binary);
    return in.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == format_name;
}

}  // namespace citytwin
