#include "core/scenario/schema.hpp"

#include <nlohmann/json.hpp>

#include "core/scenario/key_schema.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {
namespace {

using Json = nlohmann::ordered_json;

Json typed(const char* type) { return {{"type", type}}; }

Json one_or_many() { return {{"oneOf", {typed("string"), {{"type", "array"}, {"items", typed("string")}}}}}; }

/// Editors read a TOML date as a text; quantities are texts with their unit.
Json of_kind(KeyKind kind) {
    switch (kind) {
        case KeyKind::boolean: return typed("boolean");
        case KeyKind::integer: return typed("integer");
        case KeyKind::number: return typed("number");
        case KeyKind::texts:
        case KeyKind::paths: return one_or_many();
        case KeyKind::quantity: return {{"type", "string"}, {"pattern", "^\\s*[-+]?[0-9.]"}};
        case KeyKind::time: return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$"}};
        case KeyKind::table: return typed("object");
        case KeyKind::tables: return {{"type", "array"}, {"items", typed("object")}};
        default: return typed("string");
    }
}

}  // namespace

Json object_schema(std::span<const KeySpec> keys) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& key : keys) {
        Json schema = of_kind(key.kind);
        schema["description"] = *key.unit != '\0' ? std::string(key.description) + "; a quantity in a unit like " + key.unit : key.description;
        properties[key.name] = std::move(schema);
        if (key.required) required.push_back(key.name);
    }
    Json object = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) object["required"] = std::move(required);
    return object;
}

namespace {

Json parameter_schema(const ParameterSchema& parameter) {
    Json schema;
    if (parameter.kind == "quantity" && !parameter.unit.empty() && parameter.unit != "1") schema = of_kind(KeyKind::quantity);
    else if (parameter.kind == "quantity" || parameter.kind == "number") schema = {{"type", {"number", "string"}}};
    else if (parameter.kind == "integer") schema = typed("integer");
    else if (parameter.kind == "boolean" || parameter.kind == "flag") schema = typed("boolean");
    else if (parameter.kind == "texts" || parameter.kind == "paths" || parameter.kind == "list") schema = one_or_many();
    else if (parameter.kind == "quantities") schema = {{"type", "array"}, {"items", typed("string")}};
    else schema = typed("string");
    schema["description"] = parameter.description;
    if (!parameter.fallback.empty()) schema["default"] = parameter.fallback;
    return schema;
}

/// "charging.power" is a key of the table `charging`.
void add_parameter(Json& object, const std::string& name, Json schema) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) {
        object["properties"][name] = std::move(schema);
        return;
    }
    Json& below = object["properties"][name.substr(0, dot)];
    if (below.is_null()) below = {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
    add_parameter(below, name.substr(dot + 1), std::move(schema));
}

Json modules_schema(const std::vector<ModuleSchema>& modules) {
    Json object = {{"type", "object"}, {"description", "One table a module: those named here run"}, {"properties", Json::object()},
                   {"additionalProperties", typed("object")}};
    for (const auto& module : modules) {
        Json schema = {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
        if (!module.description.empty()) schema["description"] = module.description;
        for (const auto& parameter : module.parameters) add_parameter(schema, parameter.name, parameter_schema(parameter));
        object["properties"][module.name] = std::move(schema);
    }
    return object;
}

}  // namespace

Json headed_schema(const char* id, const char* title, Json object) {
    Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}};
    schema.update(object);
    return schema;
}

namespace {

Json change_schema() {
    Json change = object_schema(keys::change);
    const Json setting = {{"type", {"number", "boolean", "string"}}};
    change["properties"]["set"] = {{"type", "object"}, {"description", change["properties"]["set"]["description"]}, {"additionalProperties", setting}};
    change["properties"]["where"]["additionalProperties"] = one_or_many();
    change["properties"]["add"] = object_schema(keys::addition);
    change["properties"]["sample"]["exclusiveMinimum"] = 0;
    change["properties"]["sample"]["maximum"] = 1;
    return change;
}

Json part_schema(std::span<const KeySpec> keys, bool may_be_list) {
    Json choices = Json::array({typed("string"), object_schema(keys)});
    if (may_be_list) choices.push_back({{"type", "array"}, {"items", object_schema(keys)}});
    return {{"oneOf", std::move(choices)}};
}

}  // namespace

std::string scenario_schema(const std::vector<ModuleSchema>& modules) {
    Json object = object_schema(keys::scenario);
    Json& properties = object["properties"];
    object["required"] = Json::array({"name"});  // the rest may come from the base
    properties["seed"]["minimum"] = 0;
    properties["modules"] = modules_schema(modules);
    properties["checkpoint"] = object_schema(keys::checkpoint);
    properties["checkpoint"]["properties"]["keep"]["minimum"] = 2;
    properties["record"] = object_schema(keys::record);
    properties["record"]["properties"]["digits"]["additionalProperties"] = {{"type", "number"}, {"exclusiveMinimum", 0}};
    properties["observations"]["items"] = object_schema(keys::observations);
    properties["observations"]["items"]["properties"]["columns"] = object_schema(keys::observation_columns);
    properties["observations"]["items"]["properties"]["quality"] = object_schema(keys::observation_quality);
    Json gate = object_schema(keys::gate);
    for (const char* bound : {"max", "min", "max_increase", "max_decrease", "min_increase", "min_decrease"}) gate["properties"][bound]["type"] = {"number", "string"};
    properties["phase"]["items"] = object_schema(keys::phase);
    properties["phase"]["items"]["properties"]["gate"]["items"] = gate;
    properties["phase"]["items"]["properties"]["guardrail"]["items"] = gate;
    properties["change"]["items"] = change_schema();
    return headed_schema("urn:citytwin:schema:scenario", "citytwin scenario", std::move(object)).dump(2) + "\n";
}

std::string city_schema() {
    Json object = object_schema(keys::city);
    Json& properties = object["properties"];
    properties["roads"] = part_schema(keys::roads, false);
    properties["zones"] = part_schema(keys::zones, true);
    properties["buildings"] = part_schema(keys::buildings, true);
    properties["places"] = part_schema(keys::places, true);
    properties["terrain"] = part_schema(keys::terrain, false);
    properties["generate"] = object_schema(keys::generate);
    properties["synthetic"] = object_schema(keys::synthetic);
    properties["generate"]["properties"]["population"]["minimum"] = 1;
    return headed_schema("urn:citytwin:schema:city", "citytwin city description", std::move(object)).dump(2) + "\n";
}

}  // namespace citytwin
