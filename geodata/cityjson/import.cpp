#include "geodata/cityjson/import.hpp"

#include "geodata/cityjson/building_set.hpp"
#include "geodata/cityjson/city_model.hpp"
#include "geodata/cityjson/measures.hpp"
#include "geodata/cityjson/placement.hpp"
#include "geodata/import_report/import_report.hpp"
#include "geodata/vector/part_table.hpp"

namespace citytwin::geodata {
namespace {

using Options = std::map<std::string, std::string>;

std::string option(const Options& options, const std::string& name) {
    const auto found = options.find(name);
    return found == options.end() ? std::string() : found->second;
}

void add_buildings_of(City& city, cityjson::CityModel& model, const std::string& source_crs, const Options& options, Arena& arena) {
    const cityjson::Placement placement = cityjson::place_model(model, city, source_crs, arena);
    const cityjson::Measures measures = cityjson::measure(model, arena);
    cityjson::store_buildings(city, model, measures, placement, options, arena);
    refresh_import_info(city);
}

}  // namespace

City read_city_json(const std::string& path, const Options& settings, Arena& arena, DiagnosticList&) {
    cityjson::CityModel model = cityjson::read_city_model(path);
    std::string source = option(settings, "source_crs");
    if (source.empty() && model.crs.empty()) source = option(settings, "crs");
    City city;
    cityjson::settle_city(city, model, source, option(settings, "crs"));
    add_buildings_of(city, model, source, settings, arena);
    return city;
}

void add_city_json_buildings(City& city, const std::string& path, const Options& options, Arena& arena, DiagnosticList&) {
    require_new_set(city, "building", path);
    cityjson::CityModel model = cityjson::read_city_model(path);
    add_buildings_of(city, model, option(options, "crs"), options, arena);
}

}  // namespace citytwin::geodata
