#include "core/run/city_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/city/city_file.hpp"

namespace citytwin {
namespace {

std::map<std::string, std::string> settings_of(const CityDescription& description, const CityPart& part) {
    std::map<std::string, std::string> settings = part.options;
    settings.insert(part.files.begin(), part.files.end());
    // The roads decide the city's system; at any other part `crs` is the system of its own file.
    if (!description.crs.empty() && part.role == "roads") settings["crs"] = description.crs;
    return settings;
}

/// A GTFS feed under any name: the directory at the archive's end lists its tables.
bool is_feed(const std::string& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::streamoff>(in.tellg());
    std::string tail(static_cast<std::size_t>(std::clamp<std::streamoff>(size, 0, 65'536)), '\0');
    in.seekg(-static_cast<std::streamoff>(tail.size()), std::ios::end);
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    return tail.find("stops.txt") != std::string::npos && tail.find("routes.txt") != std::string::npos;
}

/// Kinds of sources that interfaces.md knows and this version doesn't read: said by name, before "no reader".
void refuse_unbuilt_kind(const CityPart& part) {
    struct Kind {
        const char *ending, *name, *way_out;
    };
    static constexpr Kind kinds[] = {
        {".gml", "CityGML", "convert it to CityJSON first (citygml-tools to-cityjson) and name the .city.json"},
        {".citygml", "CityGML", "convert it to CityJSON first (citygml-tools to-cityjson) and name the .city.json"},
        {".gtfs.zip", "GTFS (public transport)", "take it out; nothing of a city is ever ignored"},
        {".dss", "OpenDSS", "a MATPOWER .m or a SimBench folder is read by the energy module"},
        {".city.jsonl", "CityJSONSeq", "join it into one CityJSON file first (cjseq collect)"},
        {".parquet", "GeoParquet", "convert it to GeoPackage or FlatGeobuf first (ogr2ogr)"},
    };
    std::string path = part.file;
    for (char& c : path) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool feed = path.ends_with(".zip") && !path.ends_with(".json.zip") && is_feed(part.file);
    for (const Kind& kind : kinds) {
        if (path.ends_with(kind.ending) || (feed && std::string_view(kind.ending) == ".gtfs.zip")) fail("CT-CITY-034", part.place, fmt::format("{} isn't read in this version: '{}' as {}", kind.name, part.file, part.role), kind.way_out);
    }
}

City read_roads(const CityDescription& description, const CityPart& roads, Arena& arena, DiagnosticList& diagnostics) {
    if (!std::filesystem::exists(roads.file)) fail("CT-CITY-031", roads.place, "the file '" + roads.file + "' isn't there", "check the path; it starts at the file that names it");
    refuse_unbuilt_kind(roads);
    const CityReader* reader = Registry::process().reader_for(roads.file);
    if (reader == nullptr) {
        fail("CT-CITY-030", roads.place, "no reader takes '" + roads.file + "' as roads", suggestion("", Registry::process().reader_extensions()));
    }
    return reader->read(roads.file, settings_of(description, roads), arena, diagnostics);
}

void read_part(City& city, const CityDescription& description, const CityPart& part, Arena& arena, DiagnosticList& diagnostics) {
    if (!std::filesystem::exists(part.file)) fail("CT-CITY-031", part.place, "the file '" + part.file + "' isn't there", "check the path; it starts at the file that names it");
    refuse_unbuilt_kind(part);
    const CityPartReader* reader = Registry::process().part_reader_for(part.role, part.file);
    if (reader == nullptr) {
        fail("CT-CITY-030", part.place, fmt::format("no reader takes '{}' as {}", part.file, part.role), suggestion("", Registry::process().part_extensions(part.role)));
    }
    reader->read(city, part.role, part.file, settings_of(description, part), arena, diagnostics);
}

/// A file of buildings that is a city by itself (CityJSON), where the description names no roads.
bool is_city_alone(const CityPart* part) {
    return part != nullptr && std::filesystem::exists(part->file) && part->file.find(".city.json") != std::string::npos && Registry::process().reader_for(part->file) != nullptr;
}

City read_alone(const CityDescription& description, const CityPart& part, Arena& arena, DiagnosticList& diagnostics) {
    std::map<std::string, std::string> settings = part.options;
    settings.erase("crs");
    if (!description.crs.empty()) settings["crs"] = description.crs;
    if (const std::string own = part.option("crs"); !own.empty()) settings["source_crs"] = own;
    return Registry::process().reader_for(part.file)->read(part.file, settings, arena, diagnostics);
}

/// What the city has none of and may be laid out.
void complete(City& city, const CityDescription& description, Arena& arena, DiagnosticList& diagnostics) {
    const std::map<std::string, std::string> settings{{"buildings", description.synthetic.buildings ? "true" : "false"}, {"seed", std::to_string(description.synthetic.seed)}};
    for (const CityCompleter& completer : Registry::process().completers()) completer.complete(city, settings, arena, diagnostics);
}

City generated(const CityDescription& description, Arena& arena, DiagnosticList& diagnostics) {
    const CityGenerator* generator = Registry::process().generator("procedural");
    if (generator == nullptr) fail("CT-CITY-032", description.generate->place, "this program has no city generator", "use a build with geodata");
    std::map<std::string, std::string> settings{{"population", std::to_string(description.generate->population)}, {"seed", std::to_string(description.generate->seed)}};
    if (!description.name.empty()) settings["name"] = description.name;
    if (!description.crs.empty()) settings["crs"] = description.crs;
    return generator->generate(settings, arena, diagnostics);
}

}  // namespace

std::vector<std::string> files_of(const CityDescription& description) {
    std::vector<std::string> files = description.files;
    if (!description.cached.empty()) files.push_back(description.cached);
    for (const auto& part : description.parts) {
        files.push_back(part.file);
        for (const auto& [key, file] : part.files) files.push_back(file);
    }
    for (const auto& link : description.links) files.push_back(link.file);
    return files;
}

City read_described_city(const CityDescription& description, Arena& arena, DiagnosticList& diagnostics) {
    if (!description.cached.empty()) return read_city(description.cached);
    City city;
    const CityPart* alone = nullptr;   // a part that was read as the city itself
    if (description.generate) {
        city = generated(description, arena, diagnostics);
    } else if (const CityPart* roads = description.part("roads")) {
        city = read_roads(description, *roads, arena, diagnostics);
    } else if (is_city_alone(description.part("buildings"))) {
        alone = description.part("buildings");
        city = read_alone(description, *alone, arena, diagnostics);
    } else {
        fail("CT-CITY-033", {description.path}, "the city has no roads and isn't generated", "add roads = { file = \"…\" } or generate = { population = … }");
    }
    for (const auto& part : description.parts) {
        if (part.role == "terrain") continue;   // after everything that gets heights from it
        if (part.role != "roads" && &part != alone) read_part(city, description, part, arena, diagnostics);
    }
    for (const auto& link : description.links) read_part(city, description, link, arena, diagnostics);
    complete(city, description, arena, diagnostics);
    if (const CityPart* terrain = description.part("terrain")) read_part(city, description, *terrain, arena, diagnostics);
    if (!description.name.empty()) city.name = description.name;
    if (city.sources.empty()) {
        for (const auto& file : files_of(description)) {
            city.sources.push_back({std::filesystem::path(file).filename().string(), sha256_of_file(file), std::filesystem::file_size(file)});
        }
    }
    return city;
}

}  // namespace citytwin
