#pragma once
// city.toml: what a city is made of, each part with the place where it is named. Reading the parts is the registry's work.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/scenario/document.hpp"

namespace citytwin {

/// One file of a city: "roads", "buildings", "zones", "places", "terrain".
struct CityPart {
    std::string role;
    std::string file;                            ///< absolute, or from the description's folder
    std::map<std::string, std::string> options;  ///< layer, population, jobs, height …: names of layers and columns, texts
    std::map<std::string, std::string> files;    ///< defaults, overrides: further files, resolved
    SourcePlace place;
    std::map<std::string, SourcePlace> places;   ///< of each option

    [[nodiscard]] std::string option(const std::string& name, const std::string& fallback = {}) const {
        const auto found = options.find(name);
        return found == options.end() ? fallback : found->second;
    }
};

/// `generate = { population = 20000, seed = 1 }`: the procedural city.
struct GenerateDescription {
    std::uint64_t population = 0;
    std::uint64_t seed = 1;
    SourcePlace place;
};

/// `synthetic = { buildings = true, seed = 1 }`: what is laid out where the city has none of its own.
struct SyntheticDescription {
    bool buildings = true;
    std::uint64_t seed = 1;
};

struct CityDescription {
    std::string path;                ///< the file that was named
    std::string name;
    std::string crs;                 ///< "EPSG:31982", "" = chosen from the inputs
    SourcePlace crs_place;
    std::string cached;              ///< the path itself where it is a cached city (.h5); then there are no parts
    std::optional<GenerateDescription> generate;
    SyntheticDescription synthetic;
    std::vector<CityPart> parts;     ///< in the order roads, zones, buildings, places, terrain
    std::vector<CityPart> links;     ///< explicit mappings: CSV files from,to[,weight]
    std::vector<std::string> files;  ///< city.toml and its bases

    [[nodiscard]] const CityPart* part(const std::string& role) const;
    /// city.toml, or a file that is a city by itself (.h5; .osm.pbf, .osm, .osm.gz, .net.xml as roads; .city.json).
    /// Throws InputError CT-SCENARIO-06x with file and line.
    static CityDescription load(const std::string& path);
    /// From files named on a command line (`city import FILE…`): the role follows from the file's kind.
    static CityDescription of_files(const std::vector<std::string>& files, const std::string& crs, const std::string& defaults);
};

}  // namespace citytwin
