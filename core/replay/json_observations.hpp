#pragma once
// Sensor history as JSON: OGC SensorThings (18-088: Datastreams with Observations, a list of Observations, or a dataArray) and
// NGSI-LD (ETSI GS CIM 009: entities with properties that have observedAt, single or as a list).
#include <string>

#include "core/replay/observation_rows.hpp"

namespace citytwin {

/// A Datastream's sensor is its name, or its @iot.id; an NGSI-LD property's is "entity id#property", or the id alone where the entity has
/// only one measured property. Throws InputError CT-REPLAY-018 (not JSON), -019 (neither format), -013 (a value that is no number).
void read_observation_json(const std::string& text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows);

}  // namespace citytwin
