#include "core/distributed/sweep_file.hpp"
#include "core/distributed/sweep_keys.hpp"
#include "core/scenario/key_schema.hpp"

namespace citytwin {

using Json = nlohmann::ordered_json;

std::string sweep_schema() {
    const Json bound = {{"type", {"number", "string"}}};
    Json drawn = object_schema(keys::drawn_values);
    for (const char* key : {"low", "high", "step"}) drawn["properties"][key].update(bound);
    drawn["oneOf"] = Json::array();
    for (const char* kind : {"range", "step", "latin_hypercube", "random"}) drawn["oneOf"].push_back({{"required", {kind}}});
    Json axis = object_schema(keys::axis);
    axis["properties"]["values"] = {{"description", axis["properties"]["values"]["description"]}, {"oneOf", {{{"type", "array"}, {"minItems", 1}}, drawn}}};
    const Json names = {{"oneOf", {{{"type", "string"}}, {{"type", "array"}, {"items", {{"type", "string"}}}}}}};
    axis["properties"]["change"] = {{"description", axis["properties"]["change"]["description"]}, {"type", "array"}, {"items", names}};
    axis["oneOf"] = {{{"required", {"set", "values"}}}, {{"required", {"change"}}}, {{"required", {"scenario"}}}};
    Json object = object_schema(keys::sweep);
    object["properties"]["replications"]["minimum"] = 1;
    object["properties"]["seed"]["minimum"] = 0;
    object["properties"]["axis"]["items"] = axis;
    object["properties"]["point"]["items"] = object_schema(keys::point);
    return headed_schema("urn:citytwin:schema:sweep", "citytwin sweep", std::move(object)).dump(2) + "\n";
}

}  // namespace citytwin
