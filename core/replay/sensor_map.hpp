#pragma once
// Which sensor measures which field of which entity, in which unit, and how long that was so.
#include <optional>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/replay/observation.hpp"
#include "core/replay/observation_settings.hpp"

namespace citytwin {

/// A row of the map.
struct SensorPlace {
    std::string sensor, set, id, field;
    std::string unit = "1";                        ///< UDUNITS; "veh" counts as "1"
    std::optional<double> x, y;                    ///< in the city's coordinate system: the nearest entity, where there is no id
    Microseconds period = 0;
    std::optional<SlotCombination> combination;    ///< else: counts add up, everything else is averaged
    std::optional<UtcMicroseconds> valid_from, valid_until;
    SourcePlace place;

    [[nodiscard]] bool is_valid_at(UtcMicroseconds time) const { return (!valid_from || time >= *valid_from) && (!valid_until || time < *valid_until); }
    [[nodiscard]] std::string target() const { return set + "." + field + " of '" + id + "'"; }
};

/// CSV with sensor, set, field and id (or x and y), and if needed unit, period, combine, valid_from, valid_until.
/// Throws InputError with every error found: CT-REPLAY-020 (nothing names the entity), -021 (unit, period, combine or time that can't be
/// read), -022 (a sensor named twice for one time). Moved and renamed sensors are warned of (-023, -024).
std::vector<SensorPlace> read_sensor_map(const ObservationSettings& settings, std::vector<Diagnostic>& warnings);

/// The row of the place's entity: by id, else the nearest of the set. `away_m`: how far that one is.
/// Throws InputError CT-REPLAY-025 (no such set), -026 (no such id), -027 (the set has no coordinates, or none within 200 m).
Index row_of_sensor(const City& city, const SensorPlace& place, double& away_m);

}  // namespace citytwin
