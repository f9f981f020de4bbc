#include "core/replay/json_observations.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "core/replay/observation_time.hpp"

namespace citytwin {
namespace {

using Json = nlohmann::json;

class JsonObservations {
public:
    JsonObservations(std::string name, const ObservationSettings& settings, ObservationRows& rows)
        : name_(std::move(name)), rows_(rows), clock_(settings.zone, settings.origin) {}

    void read(const Json& root) {
        const std::size_t before = rows_.rows.size();
        bool is_known = false;
        if (root.is_array() && !root.empty() && root.front().is_object() && root.front().contains("dataArray")) {
            for (const auto& group : root) data_array(group, stream_of(group, ""));
            is_known = true;
        } else if (root.is_array()) {
            is_known = true;
            for (const auto& entity : root) is_known = entity.is_object() && this->entity(entity) && is_known;
        } else if (root.contains("type") && root.contains("id")) {
            is_known = entity(root);
        } else {
            is_known = sensor_things(root, "");
        }
        if (is_known && (rows_.rows.size() > before || root.empty() || is_empty_answer(root))) return;
        fail("CT-REPLAY-019", {name_}, "the JSON holds neither SensorThings observations nor NGSI-LD entities with observedAt",
             "export Datastreams with $expand=Observations, or entities with their temporal properties");
    }

private:
    static bool is_empty_answer(const Json& root) { return root.is_object() && root.contains("value") && root["value"].is_array() && root["value"].empty(); }

    static std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

    static std::string stream_of(const Json& object, const std::string& otherwise) {
        const Json* stream = &object;
        if (object.contains("Datastream") && object["Datastream"].is_object()) stream = &object["Datastream"];
        if (stream->contains("name")) return text_of((*stream)["name"]);
        if (stream != &object || object.contains("Observations") || object.contains("dataArray")) {
            if (stream->contains("@iot.id")) return text_of((*stream)["@iot.id"]);
            if (stream->contains("id")) return text_of((*stream)["id"]);
        }
        return otherwise;
    }

    /// Things, Datastreams, Observations in their lists, wherever they stand.
    bool sensor_things(const Json& node, const std::string& stream) {
        bool found = false;
        if (node.is_array()) {
            for (const auto& element : node) found = sensor_things(element, stream) || found;
            return found;
        }
        if (!node.is_object()) return false;
        const bool is_row = node.contains("result") && (node.contains("phenomenonTime") || node.contains("resultTime"));
        if (is_row) {
            const std::string sensor = stream_of(node, stream);
            if (sensor.empty()) fail("CT-REPLAY-017", {name_}, fmt::format("the observation at '{}' names no Datastream", text_of(node.value("phenomenonTime", Json("?")))), "export with $expand=Datastream, or Datastreams with their Observations");
            row(sensor, node.contains("phenomenonTime") ? node["phenomenonTime"] : node["resultTime"], node.contains("resultTime") ? node["resultTime"] : Json(), node["result"]);
            return true;
        }
        if (node.contains("dataArray")) {
            data_array(node, stream_of(node, stream));
            return true;
        }
        const std::string below = node.contains("Observations") ? stream_of(node, stream) : stream;
        for (const char* key : {"value", "Things", "Datastreams", "Observations"}) {
            if (!node.contains(key)) continue;
            found = node[key].is_array() || found;
            sensor_things(node[key], below);
        }
        return found;
    }

    void data_array(const Json& group, const std::string& sensor) {
        std::ptrdiff_t time = -1, received = -1, result = -1;
        const Json components = group.value("components", Json::array());
        for (std::size_t i = 0; i < components.size(); ++i) {
            const std::string component = text_of(components[i]);
            if (component == "phenomenonTime") time = static_cast<std::ptrdiff_t>(i);
            if (component == "resultTime") received = static_cast<std::ptrdiff_t>(i);
            if (component == "result") result = static_cast<std::ptrdiff_t>(i);
        }
        if (time < 0) std::swap(time, received);
        if (time < 0 || result < 0) fail("CT-REPLAY-019", {name_}, "a dataArray without the components phenomenonTime and result", "export them both");
        for (const auto& line : group["dataArray"]) {
            const auto at = [&](std::ptrdiff_t i) { return line.at(static_cast<std::size_t>(i)); };
            row(sensor, at(time), received < 0 ? Json() : at(received), at(result));
        }
    }

    bool entity(const Json& entity) {
        if (!entity.contains("id")) return false;
        std::vector<std::pair<std::string, const Json*>> measured;
        for (const auto& [key, property] : entity.items()) {
            const Json* first = property.is_array() && !property.empty() ? &property.front() : &property;
            if (first->is_object() && first->contains("observedAt") && first->contains("value")) measured.emplace_back(key, &property);
        }
        for (const auto& [key, property] : measured) {
            const std::string id = text_of(entity["id"]);
            const std::string sensor = measured.size() == 1 ? id : id + "#" + key;
            const auto add = [&](const Json& one) { row(sensor, one.at("observedAt"), one.contains("modifiedAt") ? one["modifiedAt"] : Json(), one.at("value")); };
            if (property->is_array()) for (const auto& one : *property) add(one);
            else add(*property);
        }
        return true;
    }

    /// `time` may be an interval "begin/end": its begin counts.
    [[nodiscard]] UtcMicroseconds time(const Json& value, const std::string& sensor) {
        std::string text = text_of(value);
        text = text.substr(0, text.find('/'));
        try {
            return clock_.read(text, sensor);
        } catch (const InputError& error) {
            Diagnostic first = error.diagnostics().front();
            first.place = {name_};
            first.message += fmt::format(" (sensor '{}')", sensor);
            throw InputError(first);
        }
    }

    void row(const std::string& sensor, const Json& event, const Json& received, const Json& value) {
        Observation row;
        row.sensor = rows_.number_of(sensor);
        row.event = time(event, sensor);
        row.received = received.is_null() ? row.event : time(received, sensor);
        if (value.is_number()) {
            row.value = value.get<double>();
        } else if (value.is_boolean()) {
            row.value = value.get<bool>() ? 1 : 0;
        } else if (value.is_null() || (value.is_string() && is_no_value(trimmed(value.get<std::string>())))) {
            row.value = std::numeric_limits<double>::quiet_NaN();
        } else {
            const auto number = value.is_string() ? parse_number(value.get<std::string>()) : std::nullopt;
            if (!number) fail("CT-REPLAY-013", {name_}, fmt::format("the value {} of sensor '{}' at {} isn't a number", value.dump(), sensor, format_utc(row.event)), "write null where there is none");
            row.value = *number;
        }
        rows_.rows.push_back(row);
    }

    std::string name_;
    ObservationRows& rows_;
    ObservationClock clock_;
};

}  // namespace

void read_observation_json(const std::string& text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows) {
    Json root;
    try {
        root = Json::parse(text);
    } catch (const Json::parse_error& error) {
        const auto line = static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size())), '\n')) + 1;
        fail("CT-REPLAY-018", {name, line}, "the file is not JSON: " + std::string(error.what()), "export it again");
    }
    try {
        JsonObservations(name, settings, rows).read(root);
    } catch (const Json::exception& error) {
        fail("CT-REPLAY-019", {name}, "the JSON isn't shaped like SensorThings or NGSI-LD: " + std::string(error.what()), "export it again");
    }
}

}  // namespace citytwin
