#pragma once
// The rows of sensor files with their sensors numbered, whatever the format; what was odd about the file is kept as warnings.
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/replay/observation.hpp"
#include "core/replay/observation_settings.hpp"

namespace citytwin {

class ObservationRows {
public:
    std::vector<std::string> sensors;     ///< by number, in the order in which they were first seen
    std::vector<Observation> rows;        ///< in file order
    std::vector<Diagnostic> warnings;

    /// The number of a sensor; new names get the next one.
    std::uint32_t number_of(std::string_view sensor);
    void warn(const char* code, SourcePlace place, std::string message, std::string hint);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

/// "", "null", "NaN", "-" …: what files write where there is no value.
bool is_no_value(std::string_view text);

/// Appends a file's rows: long or wide CSV, SensorThings JSON, NGSI-LD JSON, each plain or gzip; told apart by their content.
/// Throws InputError CT-REPLAY-0xx, CT-CSV-00x, CT-FILE-001 with file and line.
void read_observations(const std::string& path, const ObservationSettings& settings, ObservationRows& rows);
/// The same from memory; `name` stands in messages.
void read_observations_text(std::string text, const std::string& name, const ObservationSettings& settings, ObservationRows& rows);

}  // namespace citytwin
