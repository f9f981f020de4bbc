#include "core/scenario/city_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/base/text.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {
namespace {

bool has_ending(const std::string& path, std::string_view ending) {
    return path.size() >= ending.size() && std::equal(ending.rbegin(), ending.rend(), path.rbegin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
    });
}

std::span<const KeySpec> keys_of(std::string_view role) {
    if (role == "roads") return keys::roads;
    if (role == "zones") return keys::zones;
    if (role == "buildings") return keys::buildings;
    if (role == "terrain") return keys::terrain;
    return keys::places;
}

void check_is_there(const std::string& file, const SourcePlace& place, DiagnosticList& errors) {
    std::error_code ignored;
    if (file.empty() || std::filesystem::exists(file, ignored)) return;
    errors.error("CT-SCENARIO-060", place, fmt::format("the file '{}' isn't there", file), "relative paths start at the file that names them");
}

/// `roads = "poa.osm.pbf"` or `roads = { file = …, … }`.
CityPart read_part(const std::string& role, const Value& value, DiagnosticList& errors) {
    CityPart part;
    part.role = role;
    part.place = value.place;
    if (const auto* text = value.text()) {
        part.file = value.path_of(*text);
        check_is_there(part.file, part.place, errors);
        return part;
    }
    const auto specs = keys_of(role);
    TableReader reader(*value.table(), value.place, role, specs, errors);
    for (const auto& spec : specs) {
        const std::string key = spec.name;
        if (!reader.has(key)) continue;
        part.places[key] = reader.place_of(key);
        if (spec.kind != KeyKind::path) {
            part.options[key] = reader.text(key).value_or("");
            continue;
        }
        const std::string file = reader.path(key).value_or("");
        check_is_there(file, reader.place_of(key), errors);
        if (key == "file") part.file = file;
        else part.files[key] = file;
    }
    if (part.options.contains("keep") && part.options["keep"] != "all" && part.options["keep"] != "largest") {
        reader.error("CT-SCENARIO-065", "keep", fmt::format("roads.keep is \"{}\", expected \"all\" or \"largest\"", part.options["keep"]));
    }
    return part;
}

void read_parts(CityDescription& city, const Table& root, DiagnosticList& errors) {
    for (const char* role : {"roads", "zones", "buildings", "places", "terrain"}) {
        const Value* value = root.find(role);
        if (value == nullptr) continue;
        const bool is_list = value->is_list_of_tables();
        if (is_list && std::string_view(role) != "roads" && std::string_view(role) != "terrain") {
            for (const auto& element : *value->list()) city.parts.push_back(read_part(role, element, errors));
        } else if (value->table() != nullptr || value->text() != nullptr) {
            city.parts.push_back(read_part(role, *value, errors));
        } else {
            errors.error("CT-SCENARIO-012", value->place, fmt::format("'{}' is {}, expected a table or a path", role, value->kind()),
                         fmt::format("write {} = {{ file = \"…\" }}", role));
        }
    }
}

void read_generate(CityDescription& city, TableReader& top, DiagnosticList& errors) {
    const Table* table = top.table("generate");
    if (table == nullptr) return;
    TableReader reader(*table, top.place_of("generate"), "generate", keys::generate, errors);
    GenerateDescription generate;
    generate.place = reader.place();
    const auto population = reader.integer("population");
    if (population && (*population < 1 || *population > 100'000'000)) {
        reader.error("CT-SCENARIO-015", "population", fmt::format("the population is {}, expected 1 to 100,000,000", *population));
    }
    const auto seed = reader.integer("seed");
    if (seed && *seed < 0) reader.error("CT-SCENARIO-015", "seed", fmt::format("the seed is {}, expected 0 or more", *seed));
    generate.population = static_cast<std::uint64_t>(population.value_or(0));
    generate.seed = static_cast<std::uint64_t>(seed.value_or(1));
    city.generate = generate;
    if (city.part("roads") != nullptr) {
        top.error("CT-SCENARIO-066", "generate", "a city has roads of its own or is generated, not both", "take one of them out");
    }
}

void read_synthetic(CityDescription& city, TableReader& top, DiagnosticList& errors) {
    const Table* table = top.table("synthetic");
    if (table == nullptr) return;
    TableReader reader(*table, top.place_of("synthetic"), "synthetic", keys::synthetic, errors);
    city.synthetic.buildings = reader.boolean("buildings").value_or(true);
    const auto seed = reader.integer("seed");
    if (seed && *seed < 0) reader.error("CT-SCENARIO-015", "seed", fmt::format("the seed is {}, expected 0 or more", *seed));
    city.synthetic.seed = static_cast<std::uint64_t>(seed.value_or(1));
}

CityDescription from_toml(const std::string& path) {
    Document document = load_document(path);
    Table& root = *document.root.table();
    CityDescription city;
    city.path = path;
    city.files = document.files;
    DiagnosticList errors;
    for (const auto& refused : keys::not_built_in_city) {
        for (const auto& entry : root.entries()) {
            if (entry.key == refused.key) errors.error(refused.code, entry.key_place, refused.what, "take it out; nothing of a city is ever ignored");
        }
        root.erase(refused.key);
    }
    TableReader top(root, document.root.place, "the city description", keys::city, errors);
    city.name = top.text("name").value_or("");
    city.crs = top.text("crs").value_or("");
    city.crs_place = top.place_of("crs");
    read_parts(city, root, errors);
    read_generate(city, top, errors);
    read_synthetic(city, top, errors);
    for (const auto& file : top.paths("links")) {
        check_is_there(file, top.place_of("links"), errors);
        CityPart link;
        link.role = "links";
        link.file = file;
        link.place = top.place_of("links");
        city.links.push_back(std::move(link));
    }
    if (city.parts.empty() && !city.generate && !errors.has_errors()) {
        errors.error("CT-SCENARIO-067", {path, 1, 1}, "the city description names nothing to read", "add roads = { file = \"…\" } or generate = { population = … }");
    }
    errors.throw_if_errors();
    return city;
}

bool is_roads_file(const std::string& path) {
    static constexpr std::string_view endings[] = {".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".net.xml", ".net.xml.gz"};
    return std::any_of(std::begin(endings), std::end(endings), [&](std::string_view ending) { return has_ending(path, ending); });
}

/// Parts beside the roads whose kind of file says what they are.
const char* role_of_file(const std::string& path) {
    if (has_ending(path, ".city.json") || has_ending(path, ".city.json.zip")) return "buildings";
    if (has_ending(path, ".tif") || has_ending(path, ".tiff")) return "terrain";
    return nullptr;
}

CityPart roads_part(const std::string& path, const std::string& defaults) {
    CityPart part;
    part.role = "roads";
    part.file = path;
    part.place = {path};
    if (!defaults.empty()) part.files["defaults"] = defaults;
    return part;
}

}  // namespace

const CityPart* CityDescription::part(const std::string& role) const {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const CityPart& part) { return part.role == role; });
    return found == parts.end() ? nullptr : &*found;
}

CityDescription CityDescription::load(const std::string& path) {
    if (has_ending(path, ".toml")) return from_toml(path);
    CityDescription city;
    city.path = path;
    if (has_ending(path, ".h5")) {
        city.cached = path;
    } else {
        city.parts.push_back(roads_part(path, ""));  // the registry sniffs what kind of roads it is
    }
    return city;
}

CityDescription CityDescription::of_files(const std::vector<std::string>& files, const std::string& crs, const std::string& defaults) {
    if (files.size() == 1 && has_ending(files.front(), ".toml")) {
        CityDescription city = from_toml(files.front());
        if (!crs.empty()) city.crs = crs;
        if (!defaults.empty()) {
            for (auto& part : city.parts) {
                if (part.role == "roads") part.files["defaults"] = defaults;
            }
        }
        return city;
    }
    CityDescription city;
    city.crs = crs;
    for (const auto& file : files) {
        if (is_roads_file(file) || files.size() == 1) {
            if (city.part("roads") != nullptr) {
                fail("CT-SCENARIO-068", {file}, fmt::format("a second road network beside '{}'", city.part("roads")->file), "a city has one road network");
            }
            city.parts.insert(city.parts.begin(), roads_part(file, defaults));
            city.path = file;
        } else if (const char* role = role_of_file(file)) {
            if (city.part(role) != nullptr) fail("CT-SCENARIO-068", {file}, fmt::format("a second file for {} beside '{}'", role, city.part(role)->file), "name one of them");
            city.parts.push_back({role, file, {}, {}, {file}, {}});
        } else {
            fail("CT-SCENARIO-069", {file}, "the file's part in the city isn't clear from its kind",
                 "write a city.toml that says what it is: zones = { file = … }, buildings = { file = … }");
        }
    }
    return city;
}

}  // namespace citytwin
