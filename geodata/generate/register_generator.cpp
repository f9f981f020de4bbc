// The procedural city among the program's generators: `city generate`, `generate = { … }` of city.toml.
#include "core/base/text.hpp"
#include "core/module/registry.hpp"
#include "geodata/generate/city_generator.hpp"

namespace citytwin::geodata {

namespace {

std::uint64_t whole_setting(const std::map<std::string, std::string>& settings, const std::string& key, std::uint64_t otherwise) {
    const auto found = settings.find(key);
    if (found == settings.end()) return otherwise;
    const auto value = parse_integer(found->second);
    if (!value || *value < 0) fail("CT-GEN-006", {}, "city generator: " + key + " is '" + found->second + "', expected a whole number", "write e.g. 20000");
    return static_cast<std::uint64_t>(*value);
}

City generate(const std::map<std::string, std::string>& settings, Arena& arena, DiagnosticList& /*diagnostics*/) {
    CityGeneratorOptions options;
    options.population = whole_setting(settings, "population", options.population);
    options.seed = whole_setting(settings, "seed", options.seed);
    if (const auto name = settings.find("name"); name != settings.end()) options.name = name->second;
    if (const auto crs = settings.find("crs"); crs != settings.end() && !crs->second.empty() && crs->second != options.crs) {
        fail("CT-GEN-007", {}, "city generator: crs is '" + crs->second + "', but a generated city lies at one place, in " + options.crs, "leave crs out");
    }
    return generate_city(options, arena);
}

const Registration registration{CityGenerator{"procedural", generate}};

}  // namespace

}  // namespace citytwin::geodata
