#pragma once
// What the program can do with which files and modules. Filled while libraries load (CITYTWIN_MODULE and the registrations of
// geodata), read-only afterwards: so no arrow points from the engine to a domain.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/module/module.hpp"
#include "core/module/setup.hpp"

namespace citytwin {

/// A module's first face: reads its own files into the city, or lays out what the city doesn't have.
struct CityBuilder {
    City& city;
    ParameterSource& parameters;
    Arena& arena;
    std::uint64_t seed;
    DiagnosticList& diagnostics;
};

struct ModuleFactory {
    std::string name, version;
    std::function<std::unique_ptr<Module>(Setup&)> create;
    std::function<void(CityBuilder&)> build;   ///< may be empty
    /// Modules whose sets and columns this one's build() uses: where they are loaded, they build first.
    std::vector<std::string> builds_after;
    /// Sets to which a change may `add` rows: the module takes all it knows of them from the columns.
    std::vector<std::string> grows;
};

/// The order in which modules build: those named in `builds_after` first, else as given. Positions in `factories`.
/// Throws InputError CT-RUN-012 when modules wait for each other.
std::vector<std::size_t> build_order(std::span<const ModuleFactory* const> factories);

/// Reads a file into a city: by extension, and by its first bytes where the extension says nothing.
struct CityReader {
    std::string name;                          ///< "OpenStreetMap"
    std::vector<std::string> extensions;       ///< ".osm.pbf"
    std::function<bool(std::string_view head)> sniff;
    /// `settings`: "crs", "defaults", "strict" … as the command line or city.toml gives them.
    std::function<City(const std::string& path, const std::map<std::string, std::string>& settings, Arena&, DiagnosticList&)> read;
};

/// Adds a part (zones, buildings, places …) to a city that has its roads: `zones = { file = …, population = "pop" }` of city.toml.
struct CityPartReader {
    std::string name;                          ///< "GeoPackage"
    std::vector<std::string> roles;            ///< "zones", "buildings", "places"
    std::vector<std::string> extensions;
    std::function<void(City& city, const std::string& role, const std::string& path, const std::map<std::string, std::string>& options, Arena&, DiagnosticList&)> read;
};

/// Makes or completes a city without a file of its own: `city generate`, city.toml.
struct CityGenerator {
    std::string name;
    std::function<City(const std::map<std::string, std::string>& settings, Arena&, DiagnosticList&)> generate;
};

/// Lays out what a city has none of, once all its files are read. It looks itself whether there is anything to do.
struct CityCompleter {
    std::string name;                          ///< "synthetic buildings"
    /// `settings`: "seed", "buildings" ("true", "false").
    std::function<void(City& city, const std::map<std::string, std::string>& settings, Arena&, DiagnosticList&)> complete;
};

/// Writes a city (or a part of it) in a format: `city export`.
struct CityExporter {
    std::string name;
    std::vector<std::string> extensions;
    std::function<void(const City&, const std::string& path, const std::map<std::string, std::string>& settings, DiagnosticList&)> write;
    bool of_run = false;                       ///< needs what a run recorded: `settings` hold its folder as "run"
};

/// Which entities of a set lie inside the polygons of a file: `within` of a change. An entity lies where its x and y say, else in the
/// middle of its shape, else where what it belongs to lies (a person at the home's building or zone). Rows ascending.
/// Throws InputError CT-SCENARIO-025 for a set without places or a file without polygons.
struct AreaSelector {
    std::string name;
    std::function<std::vector<Index>(const City& city, const EntitySet& set, const std::string& path, Arena&)> rows_within;
};

/// Rows that join a set: `add` of a change. Cells as written; geometry in the city's local frame.
struct SetRows {
    std::string file;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> cells;   ///< by column
    std::vector<std::size_t> lines;                ///< of the file by row; empty = not known
    std::vector<double> x, y;                      ///< a point that stands for each; empty = the file has no geometry
    Ragged<double> shape;                          ///< lines and outlines x0,y0,x1,y1,…
    std::size_t size = 0;
};
struct RowReader {
    std::string name;
    std::vector<std::string> extensions;
    std::function<SetRows(const City& city, const std::string& path, const std::string& layer, Arena&)> read;
};

/// `citytwin solve FILE`: one domain file alone, as its own program would run it.
struct Solver {
    std::string name;
    std::vector<std::string> extensions;
    std::vector<ParameterInfo> options;
    std::function<void(const std::string& path, const std::string& output_folder, const std::map<std::string, std::string>& options, Arena&, DiagnosticList&)> solve;
    std::function<bool(const std::string& path)> takes;   ///< for folders, which have no extension; may be empty
};

/// The long form of an error or warning code, for `citytwin explain`.
struct Explanation {
    const char* code;
    const char* title;  ///< one line
    const char* text;   ///< what it means, why it matters, what to do
};

class Registry {
public:
    /// The one of this process.
    static Registry& process();

    void add(ModuleFactory factory);
    void add(CityReader reader) { readers_.push_back(std::move(reader)); }
    void add(CityPartReader reader) { part_readers_.push_back(std::move(reader)); }
    void add(CityGenerator generator) { generators_.push_back(std::move(generator)); }
    void add(CityCompleter completer) { completers_.push_back(std::move(completer)); }
    void add(CityExporter exporter) { exporters_.push_back(std::move(exporter)); }
    void add(AreaSelector selector) { area_selectors_.push_back(std::move(selector)); }
    void add(RowReader reader) { row_readers_.push_back(std::move(reader)); }
    void add(Solver solver) { solvers_.push_back(std::move(solver)); }
    /// Of a room outside core; the texts must live as long as the program.
    void add(std::span<const Explanation> explanations) { explanations_.insert(explanations_.end(), explanations.begin(), explanations.end()); }

    /// Null if there is none of this name; `module_names` for suggestions.
    [[nodiscard]] const ModuleFactory* module(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> module_names() const;
    /// The reader for a file, by its extension, else by its first bytes; null if none takes it.
    [[nodiscard]] const CityReader* reader_for(const std::string& path) const;
    [[nodiscard]] const CityPartReader* part_reader_for(std::string_view role, const std::string& path) const;
    [[nodiscard]] std::vector<std::string> part_extensions(std::string_view role) const;
    [[nodiscard]] const CityExporter* exporter_for(const std::string& path) const;
    [[nodiscard]] const AreaSelector* area_selector() const { return area_selectors_.empty() ? nullptr : &area_selectors_.front(); }
    [[nodiscard]] const RowReader* row_reader_for(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> row_extensions() const;
    [[nodiscard]] const Solver* solver_for(const std::string& path) const;
    [[nodiscard]] const CityGenerator* generator(std::string_view name) const;
    [[nodiscard]] std::span<const Explanation> explanations() const { return explanations_; }
    [[nodiscard]] const std::vector<CityCompleter>& completers() const { return completers_; }
    [[nodiscard]] std::vector<std::string> reader_extensions() const;
    [[nodiscard]] std::vector<std::string> exporter_extensions() const;
    [[nodiscard]] std::vector<std::string> solver_extensions() const;

private:
    std::vector<ModuleFactory> modules_;
    std::vector<CityReader> readers_;
    std::vector<CityPartReader> part_readers_;
    std::vector<CityGenerator> generators_;
    std::vector<CityCompleter> completers_;
    std::vector<CityExporter> exporters_;
    std::vector<AreaSelector> area_selectors_;
    std::vector<RowReader> row_readers_;
    std::vector<Solver> solvers_;
    std::vector<Explanation> explanations_;
};

/// Registers while the library that holds it is loaded: `static const Registration r{CityReader{…}};`
struct Registration {
    template <class Entry>
    explicit Registration(Entry entry) {
        Registry::process().add(std::move(entry));
    }
};

template <class M>
ModuleFactory module_factory(std::string name, std::string version) {
    ModuleFactory factory{std::move(name), std::move(version), [](Setup& setup) -> std::unique_ptr<Module> { return std::make_unique<M>(setup); }, {}};
    if constexpr (requires(CityBuilder& builder) { M::build(builder); }) factory.build = [](CityBuilder& builder) { M::build(builder); };
    if constexpr (requires { M::grows; }) factory.grows.assign(M::grows.begin(), M::grows.end());
    if constexpr (requires { M::builds_after; }) factory.builds_after.assign(M::builds_after.begin(), M::builds_after.end());
    return factory;
}

}  // namespace citytwin
