#include "core/output/results_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <set>

#include "core/base/diagnostic.hpp"
#include "core/base/durable_file.hpp"
#include "core/output/json_text.hpp"

namespace citytwin {
namespace {

namespace fs = std::filesystem;
constexpr int layout_format = 1;
constexpr const char* type_names[] = {"real", "integer", "text"};

Json set_json(const ResultSet& set) {
    Json fields = Json::array();
    for (const ResultField& field : set.fields) {
        fields.push_back({{"name", field.name}, {"unit", field.unit}, {"long_name", field.long_name}, {"cell_methods", field.cell_methods}});
    }
    return {{"name", set.name}, {"placed", !set.x.empty()}, {"fields", std::move(fields)}};
}

Json stream_json(const ResultStream& stream) {
    Json columns = Json::array();
    for (const ResultColumn& column : stream.columns) {
        columns.push_back({{"name", column.name}, {"unit", column.unit}, {"type", type_names[static_cast<int>(column.type)]},
                           {"long_name", column.long_name}, {"refers_to", column.refers_to}, {"labels", column.labels}});
    }
    return {{"name", stream.name}, {"columns", std::move(columns)}};
}

Json layout_json(const ResultsSetup& setup) {
    Json sets = Json::array(), streams = Json::array();
    for (const ResultSet& set : setup.sets) sets.push_back(set_json(set));
    for (const ResultStream& stream : setup.streams) streams.push_back(stream_json(stream));
    return {{"format", layout_format}, {"epoch", setup.epoch}, {"crs", setup.crs}, {"sets", std::move(sets)}, {"streams", std::move(streams)}};
}

ResultType type_named(const std::string& name) {
    return static_cast<ResultType>(std::find(std::begin(type_names), std::end(type_names), name) - std::begin(type_names));
}

ResultsSetup setup_of(const Json& layout) {
    ResultsSetup setup;
    setup.epoch = layout.at("epoch");
    setup.crs = layout.at("crs");
    for (const Json& row : layout.at("sets")) {
        ResultSet set;
        set.name = row.at("name");
        for (const Json& field : row.at("fields")) {
            set.fields.push_back({field.at("name"), field.at("unit"), field.at("long_name"), field.at("cell_methods"), std::nullopt});
        }
        setup.sets.push_back(std::move(set));
    }
    for (const Json& row : layout.at("streams")) {
        ResultStream stream{row.at("name"), {}};
        for (const Json& column : row.at("columns")) {
            stream.columns.push_back({column.at("name"), column.at("unit"), type_named(column.at("type")), column.at("long_name"),
                                      column.at("refers_to"), column.at("labels")});
        }
        setup.streams.push_back(std::move(stream));
    }
    return setup;
}

void check_name(std::set<std::string>& names, const std::string& name, const std::string& where) {
    const bool plain = !name.empty() && name.find('/') == std::string::npos && name != ".";
    if (!plain || !names.insert(name).second) throw std::logic_error("results: bad or repeated name '" + name + "' in " + where);
}

void write_places(Hdf5File& file, const ResultsSetup& setup, const ResultSet& set) {
    const std::string path = set_path(set);
    const auto write_axis = [&](const char* name, const std::vector<double>& values) {
        file.write(path + "/" + name, values, {}, {1, 0});
        file.set_attribute(path + "/" + name, "units", "m");
        file.set_attribute(path + "/" + name, "long_name", name[0] == 'x' ? "easting" : "northing");
        file.set_attribute(path + "/" + name, "standard_name", std::string("projection_") + name + "_coordinate");
    };
    if (!set.x.empty()) {
        write_axis("x", set.x);
        write_axis("y", set.y);
        if (!setup.crs.empty()) file.set_attribute(path, "crs", setup.crs);
    }
}

}  // namespace

std::string segment_path(const std::string& folder, std::uint64_t number) { return fmt::format("{}/results-{:04}.h5", folder, number); }

std::vector<std::uint64_t> segment_numbers(const std::string& folder) {
    std::vector<std::uint64_t> numbers;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("results-") || !name.ends_with(".h5")) continue;
        const std::string digits = name.substr(8, name.size() - 11);
        const bool number = !digits.empty() && digits.size() < 19 && std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); });
        if (number) numbers.push_back(std::stoull(digits));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void drop_unfinished_results(const std::string& folder) {
    std::vector<std::string> leftovers;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("results") && name.ends_with(".h5.part")) leftovers.push_back(entry.path().string());
    }
    for (const std::string& path : leftovers) remove_durably(path);
}

ChunkShape chunk_shape(std::uint64_t entities) {
    constexpr std::uint64_t values = 32768;
    entities = std::max<std::uint64_t>(entities, 1);
    return {std::clamp<std::uint64_t>(values / entities, 1, 1024), std::min<std::uint64_t>(entities, 2 * values)};
}

void check_setup(const ResultsSetup& setup) {
    std::set<std::string> groups{"streams"};
    for (const ResultSet& set : setup.sets) {
        check_name(groups, set.name, "the results");
        if (set.x.size() != set.y.size() || (!set.x.empty() && set.x.size() != set.ids.size())) {
            throw std::logic_error("results: '" + set.name + "' has ids and places of different number");
        }
        std::set<std::string> names{"id", "x", "y", "time"};
        for (const ResultField& field : set.fields) check_name(names, field.name, set.name);
    }
    std::set<std::string> streams;
    for (const ResultStream& stream : setup.streams) {
        check_name(streams, stream.name, "the streams");
        std::set<std::string> names;
        for (const ResultColumn& column : stream.columns) check_name(names, column.name, stream.name);
        if (stream.columns.empty()) throw std::logic_error("results: stream '" + stream.name + "' has no columns");
    }
}

void write_static_part(Hdf5File& file, const ResultsSetup& setup) {
    file.set_attribute("/", "Conventions", "CF-1.8");
    for (const ResultSet& set : setup.sets) {
        file.make_group(set_path(set));
        file.write_texts(set_path(set) + "/id", set.ids);
        file.set_attribute(set_path(set) + "/id", "long_name", "source id of the " + set.name);
        write_places(file, setup, set);
    }
}

void write_layout_segment(const ResultsSetup& setup, const std::string& path) {
    {
        Hdf5File file = Hdf5File::create(path + ".part");
        file.set_attribute("/", "citytwin_layout", json_line(layout_json(setup)));
        write_static_part(file, setup);
        file.close();
    }
    put_in_place(path + ".part", path);
}

ResultsSetup read_layout_segment(const std::string& folder) {
    const std::string path = segment_path(folder, 0);
    Hdf5File file = Hdf5File::open(path);
    const Json layout = Json::parse(file.text_attribute("/", "citytwin_layout").value_or(""), nullptr, false);
    if (!layout.is_object() || layout.value("format", 0) != layout_format) {
        fail("CT-OUT-013", {path}, fmt::format("the segment has no results layout of format {}", layout_format), "it was written by another version");
    }
    ResultsSetup setup = setup_of(layout);
    setup.folder = folder;
    for (std::size_t s = 0; s < setup.sets.size(); ++s) {
        ResultSet& set = setup.sets[s];
        set.ids = file.read_texts(set_path(set) + "/id");
        if (!layout.at("sets")[s].at("placed").get<bool>()) continue;
        set.x = file.read<double>(set_path(set) + "/x");
        set.y = file.read<double>(set_path(set) + "/y");
    }
    return setup;
}

void write_set_attributes(Hdf5File& file, const ResultsSetup& setup, const ResultSet& set) {
    const std::string path = set_path(set), time = path + "/time", id = path + "/id";
    file.set_attribute(time, "units", "seconds since " + setup.epoch);
    file.set_attribute(time, "calendar", "proleptic_gregorian");
    file.set_attribute(time, "standard_name", "time");
    file.set_attribute(time, "long_name", "end of the interval that the row covers");
    file.make_scale(time, "time");
    file.make_scale(id, "id");
    if (!set.x.empty()) {
        file.attach_scale(path + "/x", 0, id);
        file.attach_scale(path + "/y", 0, id);
    }
    if (set.ids.empty()) return;
    for (const ResultField& field : set.fields) {
        const std::string name = path + "/" + field.name;
        file.set_attribute(name, "units", field.unit);
        file.set_attribute(name, "long_name", field.long_name.empty() ? field.name : field.long_name);
        if (!field.cell_methods.empty()) file.set_attribute(name, "cell_methods", field.cell_methods);
        file.set_attribute(name, "_FillValue", std::numeric_limits<double>::quiet_NaN());
        if (!set.x.empty()) file.set_attribute(name, "coordinates", "x y");
        file.attach_scale(name, 0, time);
        file.attach_scale(name, 1, id);
    }
}

void write_stream_attributes(Hdf5File& file, const ResultsSetup& setup, const ResultStream& stream) {
    file.set_attribute(stream_path(stream), "epoch", setup.epoch);
    for (const ResultColumn& column : stream.columns) {
        const std::string name = stream_path(stream) + "/" + column.name;
        if (!column.unit.empty()) file.set_attribute(name, "units", column.unit);
        file.set_attribute(name, "long_name", column.long_name.empty() ? column.name : column.long_name);
        if (!column.refers_to.empty()) file.set_attribute(name, "refers_to", column.refers_to);
        if (column.labels.empty()) continue;
        std::string meanings;  // CF: words separated by blanks, in the order of the values
        for (const std::string& label : column.labels) {
            if (!meanings.empty()) meanings += ' ';
            for (const char c : label) meanings += c == ' ' ? '_' : c;
        }
        file.set_attribute(name, "flag_meanings", meanings);
    }
}

}  // namespace citytwin
