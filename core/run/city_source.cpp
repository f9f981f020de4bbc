#include "core/run/city_source.hpp"

#include <fmt/format.h>

#include <filesystem>

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

City read_roads(const CityDescription& description, const CityPart& roads, Arena& arena, DiagnosticList& diagnostics) {
    if (!std::filesystem::exists(roads.file)) fail("CT-CITY-031", roads.place, "the file '" + roads.file + "' isn't there", "check the path; it starts at the file that names it");
    const CityReader* reader = Registry::process().reader_for(roads.file);
    if (reader == nullptr) {
        fail("CT-CITY-030", roads.place, "no reader takes '" + roads.file + "' as roads", suggestion("", Registry::process().reader_extensions()));
    }
    return reader->read(roads.file, settings_of(description, roads), arena, diagnostics);
}

void read_part(City& city, const CityDescription& description, const CityPart& part, Arena& arena, DiagnosticList& diagnostics) {
    if (!std::filesystem::exists(part.file)) fail("CT-CITY-031", part.place, "the file '" + part.file + "' isn't there", "check the path; it starts at the file that names it");
    const CityPartReader* reader = Registry::process().part_reader_for(part.role, part.file);
    if (reader == nullptr) {
        fail("CT-CITY-030", part.place, fmt::format("no reader takes '{}' as {}", part.file, part.role), suggestion("", Registry::process().part_extensions(part.role)));
    }
    reader->read(city, part.role, part.file, settings_of(description, part), arena, diagnostics);
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
    if (description.generate) {
        city = generated(description, arena, diagnostics);
    } else if (const CityPart* roads = description.part("roads")) {
        city = read_roads(description, *roads, arena, diagnostics);
    } else {
        fail("CT-CITY-033", {description.path}, "the city has no roads and isn't generated", "add roads = { file = \"…\" } or generate = { population = … }");
    }
    for (const auto& part : description.parts) {
        if (part.role != "roads") read_part(city, description, part, arena, diagnostics);
    }
    for (const auto& link : description.links) read_part(city, description, link, arena, diagnostics);
    if (!description.name.empty()) city.name = description.name;
    if (city.sources.empty()) {
        for (const auto& file : files_of(description)) {
            city.sources.push_back({std::filesystem::path(file).filename().string(), sha256_of_file(file), std::filesystem::file_size(file)});
        }
    }
    return city;
}

}  // namespace citytwin
