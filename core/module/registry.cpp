#include "core/module/registry.hpp"

#include <algorithm>
#include <fstream>

namespace citytwin {
namespace {

/// Length of the longest of the endings that the path has, 0 if it has none.
std::size_t ending_of(const std::string& path, const std::vector<std::string>& extensions) {
    std::size_t longest = 0;
    for (const std::string& extension : extensions) {
        const bool fits = path.size() >= extension.size() && std::equal(extension.rbegin(), extension.rend(), path.rbegin(), [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
        if (fits) longest = std::max(longest, extension.size());
    }
    return longest;
}

template <class Entry>
std::vector<std::string> extensions_of(const std::vector<Entry>& entries) {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.insert(all.end(), entry.extensions.begin(), entry.extensions.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

template <class Entry>
const Entry* by_extension(const std::vector<Entry>& entries, const std::string& path) {
    const Entry* best = nullptr;
    std::size_t longest = 0;   // ".city.json" before ".json"
    for (const auto& entry : entries) {
        const std::size_t ending = ending_of(path, entry.extensions);
        if (ending > longest) {
            longest = ending;
            best = &entry;
        }
    }
    return best;
}

}  // namespace

std::vector<std::size_t> build_order(std::span<const ModuleFactory* const> factories) {
    std::vector<std::size_t> order;
    std::vector<std::uint8_t> built(factories.size(), 0);
    const auto waits = [&](std::size_t m) {
        for (std::size_t other = 0; other < factories.size(); ++other) {
            const auto& names = factories[m]->builds_after;
            if (built[other] == 0 && other != m && std::find(names.begin(), names.end(), factories[other]->name) != names.end()) return true;
        }
        return false;
    };
    while (order.size() < factories.size()) {
        std::size_t next = 0;
        while (next < factories.size() && (built[next] != 0 || waits(next))) ++next;
        if (next == factories.size()) {
            std::string names;
            for (std::size_t m = 0; m < factories.size(); ++m) {
                if (built[m] == 0) names += (names.empty() ? "" : ", ") + factories[m]->name;
            }
            fail("CT-RUN-012", {}, "the modules " + names + " wait for each other's build", "one of them must not name the others in builds_after");
        }
        built[next] = 1;
        order.push_back(next);
    }
    return order;
}

Registry& Registry::process() {
    static Registry registry;
    return registry;
}

void Registry::add(ModuleFactory factory) {
    std::erase_if(modules_, [&](const ModuleFactory& there) { return there.name == factory.name; });
    modules_.push_back(std::move(factory));
    std::sort(modules_.begin(), modules_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

const ModuleFactory* Registry::module(std::string_view name) const {
    for (const auto& factory : modules_) {
        if (factory.name == name) return &factory;
    }
    return nullptr;
}

std::vector<std::string> Registry::module_names() const {
    std::vector<std::string> names;
    for (const auto& factory : modules_) names.push_back(factory.name);
    return names;
}

const CityReader* Registry::reader_for(const std::string& path) const {
    if (const CityReader* reader = by_extension(readers_, path)) return reader;
    std::ifstream in(path, std::ios::binary);
    std::string head(512, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    for (const auto& reader : readers_) {
        if (reader.sniff && reader.sniff(head)) return &reader;
    }
    return nullptr;
}

const CityPartReader* Registry::part_reader_for(std::string_view role, const std::string& path) const {
    const CityPartReader* best = nullptr;
    std::size_t longest = 0;
    for (const auto& reader : part_readers_) {
        const bool takes_role = std::find(reader.roles.begin(), reader.roles.end(), role) != reader.roles.end();
        const std::size_t ending = takes_role ? ending_of(path, reader.extensions) : 0;
        if (ending > longest) {
            longest = ending;
            best = &reader;
        }
    }
    return best;
}

std::vector<std::string> Registry::part_extensions(std::string_view role) const {
    std::vector<std::string> all;
    for (const auto& reader : part_readers_) {
        if (std::find(reader.roles.begin(), reader.roles.end(), role) != reader.roles.end()) all.insert(all.end(), reader.extensions.begin(), reader.extensions.end());
    }
    return all;
}

const CityExporter* Registry::exporter_for(const std::string& path) const { return by_extension(exporters_, path); }
const RowReader* Registry::row_reader_for(const std::string& path) const { return by_extension(row_readers_, path); }
const Solver* Registry::solver_for(const std::string& path) const {
    if (const Solver* solver = by_extension(solvers_, path)) return solver;
    for (const auto& solver : solvers_) {
        if (solver.takes && solver.takes(path)) return &solver;
    }
    return nullptr;
}

const CityGenerator* Registry::generator(std::string_view name) const {
    for (const auto& generator : generators_) {
        if (generator.name == name) return &generator;
    }
    return nullptr;
}

std::vector<std::string> Registry::reader_extensions() const { return extensions_of(readers_); }
std::vector<std::string> Registry::exporter_extensions() const { return extensions_of(exporters_); }
std::vector<std::string> Registry::row_extensions() const { return extensions_of(row_readers_); }
std::vector<std::string> Registry::solver_extensions() const { return extensions_of(solvers_); }

}  // namespace citytwin
