// citytwin city import|generate|info|export
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "core/base/text.hpp"
#include "core/city/city_file.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"
#include "core/module/parameters.hpp"
#include "core/module/registry.hpp"
#include "core/run/city_at.hpp"
#include "core/run/city_source.hpp"

namespace citytwin::cli {
namespace {

struct CityWords {
    std::vector<std::string> files;
    std::string output, crs, defaults, name;
    std::uint64_t population = 0, seed = 1;
    int threads = 0;
};

void show_sets(const Console& console, const City& city) {
    std::vector<std::vector<std::string>> rows{{"entities", "count"}};
    for (const auto& set : city.sets()) {
        if (set.size() != 0) rows.push_back({set.name(), std::to_string(set.size())});
    }
    console.print(table(rows));
}

void show_issues(const Console& console, const City& city) {
    std::vector<std::vector<std::string>> rows{{"import", "what", "count", "share", "first"}};
    for (const auto& issue : city.issues) {
        rows.push_back({issue.action, issue.cause, std::to_string(issue.count), issue.share > 0 ? fmt::format("{:.1f} %", issue.share * 100) : "",
                        issue.examples.empty() ? "" : issue.examples.front()});
    }
    if (rows.size() > 1) console.print(table(rows));
}

Json import_json(const City& city) {
    Json import = {{"defaulted", Json::object()}, {"repaired", Json::object()}, {"dropped", Json::object()}};
    for (const auto& issue : city.issues) import[issue.action][issue.cause] = issue.count;
    return import;
}

Json info_of(const City& city) {
    Json info = Json::parse(city.info_json, nullptr, false);
    if (!info.is_object()) info = Json::object();
    for (const char* key : {"network", "buildings", "transit", "population"}) {
        if (!info.contains(key)) info[key] = Json::object();
    }
    if (!info.contains("import")) info["import"] = import_json(city);
    info["name"] = city.name;
    info["crs"] = city.crs;
    Json entities = Json::object();
    for (const auto& set : city.sets()) entities[set.name()] = set.size();
    info["entities"] = entities;
    return info;
}

ExitCode finish_city(const Console& console, City& city, const CityWords& words, const DiagnosticList& diagnostics, double read_s) {
    diagnostics.throw_if_errors();
    const auto begin = std::chrono::steady_clock::now();
    write_city(city, words.output);
    const double write_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    console.show_warnings(diagnostics.all());
    show_sets(console, city);
    show_issues(console, city);
    console.print(fmt::format("{}: {} ({:.2f} s reading, {:.2f} s writing)", words.output, memory_text(static_cast<double>(std::filesystem::file_size(words.output))), read_s, write_s));
    Json info = info_of(city);
    info["file"] = words.output;
    info["read_s"] = read_s;
    info["write_s"] = write_s;
    console.print_json(info);
    bool degraded = !diagnostics.all().empty();
    for (const auto& issue : city.issues) degraded = degraded || issue.grade != "note";
    return console.options.strict && degraded ? ExitCode::degraded : ExitCode::done;
}

double seconds_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }

ExitCode import_city(const Console& console, const CityWords& words) {
    for (const auto& file : words.files) {
        if (!std::filesystem::exists(file)) citytwin::fail("CT-CLI-002", {file}, "no such file", "check the path");
    }
    const auto begin = std::chrono::steady_clock::now();
    const CityDescription description = CityDescription::of_files(words.files, words.crs, words.defaults);
    Arena arena(words.threads, 1024);
    DiagnosticList diagnostics;
    City city = read_described_city(description, arena, diagnostics);
    return finish_city(console, city, words, diagnostics, seconds_since(begin));
}

/// What the modules lay out where a city has nothing: people, networks. With their defaults; a scenario makes them anew with its own.
void add_parts_of_modules(City& city, std::uint64_t seed, Arena& arena, DiagnosticList& diagnostics) {
    std::vector<const ModuleFactory*> factories;
    for (const std::string& name : Registry::process().module_names()) factories.push_back(Registry::process().module(name));
    for (const std::size_t m : build_order(factories)) {
        const ModuleFactory* factory = factories[m];
        if (!factory->build) continue;
        MapParameters parameters;
        CityBuilder builder{city, parameters, arena, seed, diagnostics};
        factory->build(builder);
    }
}

ExitCode generate_city(const Console& console, const CityWords& words) {
    const auto begin = std::chrono::steady_clock::now();
    CityDescription description;
    description.generate = GenerateDescription{words.population, words.seed, {}};
    description.crs = words.crs;
    description.name = words.name;
    Arena arena(words.threads, 1024);
    DiagnosticList diagnostics;
    City city = read_described_city(description, arena, diagnostics);
    add_parts_of_modules(city, words.seed, arena, diagnostics);
    return finish_city(console, city, words, diagnostics, seconds_since(begin));
}

/// A cached city, a city description, a source file, or the city of a run.
City city_of(const std::string& path, Arena& arena) {
    if (!std::filesystem::exists(path)) citytwin::fail("CT-CLI-002", {path}, "no such file", "check the path");
    if (std::filesystem::is_directory(path)) {
        if (!std::filesystem::exists(path + "/city.h5")) citytwin::fail("CT-CLI-001", {path}, "the folder holds no run", "name a run folder or a city's file");
        return read_city(path + "/city.h5");
    }
    if (is_city_file(path)) return read_city(path);
    DiagnosticList diagnostics;
    City city = read_described_city(CityDescription::load(path), arena, diagnostics);
    diagnostics.throw_if_errors();
    return city;
}

ExitCode show_info(const Console& console, const CityWords& words) {
    Arena arena(words.threads, 1024);
    const City city = city_of(words.files.front(), arena);
    const Json info = info_of(city);
    console.print(fmt::format("{}{}", city.name.empty() ? words.files.front() : city.name, city.crs.empty() ? "" : ", " + city.crs));
    show_sets(console, city);
    for (const char* section : {"network", "buildings", "population"}) {
        if (info[section].empty()) continue;
        std::vector<std::vector<std::string>> rows{{section, ""}};
        for (const auto& [key, value] : info[section].items()) {
            if (value.is_number_float()) rows.push_back({key, number_text(value.get<double>())});
            else if (value.is_primitive()) rows.push_back({key, value.is_string() ? value.get<std::string>() : value.dump()});
        }
        console.print(table(rows));
    }
    for (const auto& set : city.sets()) {
        if (!console.options.verbose) break;
        std::string columns;
        for (const auto& column : set.columns()) columns += fmt::format("{}{} [{}]", columns.empty() ? "" : ", ", column.name, column.unit.empty() ? "text" : column.unit);
        console.print(fmt::format("{}: {}", set.name(), columns));
    }
    show_issues(console, city);
    console.print_json(info);
    return ExitCode::done;
}

ExitCode export_city(const Console& console, const CityWords& words, const std::string& at) {
    const std::string& source = words.files.front();
    if (!at.empty() && !std::filesystem::is_directory(source)) citytwin::fail("CT-CLI-005", {source}, "--at is a time of a run, and this isn't a run's folder", "name a run folder, or export the city without --at");
    const CityExporter* exporter = Registry::process().exporter_for(words.output);
    if (exporter == nullptr) {
        std::string known;
        for (const auto& extension : Registry::process().exporter_extensions()) known += (known.empty() ? "" : ", ") + extension;
        citytwin::fail("CT-CLI-003", {words.output}, "nothing writes a file of this kind", known.empty() ? "this program has no exporters" : "files that can be written: " + known);
    }
    Arena arena(words.threads, 1024);
    City city = city_of(source, arena);
    if (!at.empty()) add_results_at(city, source, at);
    DiagnosticList diagnostics;
    std::map<std::string, std::string> settings;
    if (!at.empty()) settings["at"] = at;
    if (exporter->of_run) {
        if (!std::filesystem::is_directory(source)) citytwin::fail("CT-CLI-005", {source}, "a " + exporter->name + " is written from a run, and this isn't a run's folder", "name a run folder");
        settings["run"] = source;
    }
    exporter->write(city, words.output, settings, diagnostics);
    diagnostics.throw_if_errors();
    console.show_warnings(diagnostics.all());
    console.print(fmt::format("{}: {}", exporter->name, words.output));
    console.print_json({{"file", words.output}, {"format", exporter->name}, {"warnings", to_json(diagnostics.all())}});
    return console.options.strict && !diagnostics.all().empty() ? ExitCode::degraded : ExitCode::done;
}

void add_threads(CLI::App& command, CityWords& words) {
    command.add_option("--threads", words.threads, "Threads; else all cores")->envname("CITYTWIN_THREADS")->check(CLI::Range(1, 1024));
}

void add_import(Program& program, CLI::App& city) {
    auto words = std::make_shared<CityWords>();
    CLI::App& command = program.command("import", "Files of a city into one cached city file", &city);
    command.add_option("FILES", words->files, "city.toml, .osm.pbf, .osm, .osm.gz, .net.xml")->required();
    command.add_option("-o,--output", words->output, "Cached city (.h5)")->required();
    command.add_option("--crs", words->crs, "Projected metric coordinate system, e.g. EPSG:31982; else the UTM zone of the centre");
    command.add_option("--defaults", words->defaults, "Defaults by road class (TOML)")->check(CLI::ExistingFile);
    add_threads(command, *words);
    program.on(command, [&program, words] { return import_city(program.console(), *words); });
}

void add_generate(Program& program, CLI::App& city) {
    auto words = std::make_shared<CityWords>();
    CLI::App& command = program.command("generate", "A whole procedural city", &city);
    command.add_option("--population", words->population, "Residents")->required()->check(CLI::Range(1, 100'000'000));
    command.add_option("--seed", words->seed, "Seed of the city");
    command.add_option("--name", words->name, "What it is called");
    command.add_option("--crs", words->crs, "Coordinate system written into the city");
    command.add_option("-o,--output", words->output, "Cached city (.h5)")->required();
    add_threads(command, *words);
    program.on(command, [&program, words] { return generate_city(program.console(), *words); });
}

void add_info(Program& program, CLI::App& city) {
    auto words = std::make_shared<CityWords>();
    CLI::App& command = program.command("info", "What is in a city, and what its import did", &city);
    command.add_option("CITY", words->files, "Cached city, city.toml, a source file or a run folder")->required()->expected(1);
    add_threads(command, *words);
    program.on(command, [&program, words] { return show_info(program.console(), *words); });
}

void add_export(Program& program, CLI::App& city) {
    auto words = std::make_shared<CityWords>();
    auto at = std::make_shared<std::string>();
    CLI::App& command = program.command("export", "A city (or a run's city) in another format", &city);
    command.add_option("CITY", words->files, "Cached city, city.toml, a source file or a run folder")->required()->expected(1);
    command.add_option("-o,--output", words->output, "File; its kind follows from its name: .gpkg, .net.xml …")->required();
    command.add_option("--at", *at, "Time of a run");
    add_threads(command, *words);
    program.on(command, [&program, words, at] { return export_city(program.console(), *words, *at); });
}

}  // namespace

void add_city(Program& program) {
    CLI::App& city = program.command("city", "Cities: import, generate, info, export");
    city.require_subcommand(1);
    add_import(program, city);
    add_generate(program, city);
    add_info(program, city);
    add_export(program, city);
}

}  // namespace citytwin::cli
