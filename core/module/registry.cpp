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
const Solver* Registry::solver_for(const std::string& path) const { return by_extension(solvers_, path); }

const CityGenerator* Registry::generator(std::string_view name) const {
    for (const auto& generator : generators_) {
        if (generator.name == name) return &generator;
    }
    return nullptr;
}

std::vector<std::string> Registry::reader_extensions() const { return extensions_of(readers_); }
std::vector<std::string> Registry::exporter_extensions() const { return extensions_of(exporters_); }
std::vector<std::string> Registry::solver_extensions() const { return extensions_of(solvers_); }

}  // namespace citytwin
