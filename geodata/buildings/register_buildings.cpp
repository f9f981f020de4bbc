// Buildings for cities that have none, once all their files are read.
#include "core/module/registry.hpp"
#include "geodata/buildings/lay_buildings.hpp"

namespace citytwin::geodata {
namespace {

const Registration synthetic_buildings{CityCompleter{"synthetic buildings",
    [](City& city, const std::map<std::string, std::string>& settings, Arena& arena, DiagnosticList&) {
        if (settings.at("buildings") != "true" || !needs_buildings(city)) return;
        lay_buildings(city, std::stoull(settings.at("seed")), arena);
    }}};

}  // namespace
}  // namespace citytwin::geodata
