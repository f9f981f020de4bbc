#pragma once
// One [[observations]] table at work: its files read, its sensors placed in the city, its cells laid out, flagged, repaired, filled.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/replay/observation_rows.hpp"
#include "core/replay/observation_settings.hpp"
#include "core/replay/observation_table.hpp"
#include "core/replay/sensor_map.hpp"

namespace citytwin {

/// Where a field's values come from in this run, as far as a sensor cares.
struct ObservedField {
    enum class Kind {
        written,     ///< a module writes it
        attribute,   ///< modules read it as an attribute of the city
        defaulted    ///< modules read it, nobody writes it
    };
    Kind kind = Kind::written;
    std::string unit;
    bool can_be_nudged = false;   ///< its module corrects its state by measurements
};
using FindField = std::function<std::optional<ObservedField>(const std::string& set, const std::string& field)>;

/// A sensor in its place.
struct Channel {
    SensorPlace place;
    Index row = no_index;
    double factor = 1, offset = 0;     ///< field value = factor * sensor value + offset
    bool is_flow = false;              ///< of vehicles or anything else that comes in pieces: the field is in 1/s
    bool withheld = false;             ///< scored, though its table is assimilated
    ObservedField field;

    [[nodiscard]] double to_field(double value) const { return factor * value + offset; }
    [[nodiscard]] double to_sensor(double value) const { return (value - offset) / factor; }
};

class ObservationSource {
public:
    /// Reads map and files. Throws InputError with every error of the map, or the first of a file.
    ObservationSource(ObservationSettings settings, const Calendar& calendar, Microseconds end);

    /// Finds entities and units, lays the cells out, applies rules and gap policy.
    /// Throws InputError with every error: CT-REPLAY-02x, -040 (field unknown), -041 (unit), -043 (a gap that the policy doesn't bridge), -045 (nobody can be corrected).
    void bind(const City& city, const FindField& find, const std::vector<std::string>& known_fields);

    [[nodiscard]] const ObservationSettings& settings() const { return settings_; }
    [[nodiscard]] const std::vector<Channel>& channels() const { return channels_; }
    [[nodiscard]] const ObservationTable& table() const { return table_; }
    [[nodiscard]] const std::vector<std::string>& unknown_sensors() const { return unknown_; }
    [[nodiscard]] const std::vector<Diagnostic>& warnings() const { return warnings_; }
    /// The value in the field's unit that drives the channel's entity in a slot; NaN = the model's own. By row of the channel's series.
    [[nodiscard]] const std::vector<double>& driving(std::size_t channel) const { return driving_[channel]; }
    /// Observed and fit to be compared: there, not doubtful.
    [[nodiscard]] bool is_comparable(std::size_t channel, std::size_t row) const;

private:
    void name_channels();
    void bind_channel(Channel& channel, const City& city, const FindField& find, const std::vector<std::string>& known_fields);
    void lay_out();
    void judge();
    void judge_period(Microseconds period, const std::vector<std::uint32_t>& members, const ObservationRows& history);
    void drive(DiagnosticList& errors);
    [[nodiscard]] std::vector<double> usual_day(const SensorSeries& series) const;
    void warn(const char* code, std::string message, std::string hint = {});

    ObservationSettings settings_;
    Calendar calendar_;
    Microseconds end_;
    ObservationRows rows_;                 ///< with sensor = row of channels_ once named
    std::vector<Channel> channels_;
    ObservationTable table_;
    std::vector<std::vector<double>> driving_;
    std::vector<std::string> unknown_;
    std::vector<Diagnostic> warnings_;
};

}  // namespace citytwin
