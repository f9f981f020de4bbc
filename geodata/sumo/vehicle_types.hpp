#pragma once
// <vType> and <vTypeDistribution>: types by name, SUMO's defaults per vehicle class, weighted draws.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "geodata/sumo/raw_network.hpp"
#include "geodata/sumo/sumo.hpp"
#include "geodata/xml/xml_reader.hpp"

namespace citytwin::geodata {

/// One of several rows, by weight.
struct WeightedChoice {
    std::vector<std::string> names;
    std::vector<double> weights;
    SourcePlace place;
    void add(std::string name, double weight) {
        names.push_back(std::move(name));
        weights.push_back(weight);
    }
    [[nodiscard]] double total() const;
    /// `u` uniform in [0, 1). The total must be above 0.
    [[nodiscard]] const std::string& draw(double u) const;
};

/// Reads "probabilities" beside a list of names; without it the weight is -1: what the member itself says.
void read_choice_lists(const XmlElement& element, const char* names_attribute, WeightedChoice& choice);

class VehicleTypes {
public:
    VehicleTypes();
    /// A <vType>; inside a distribution its `probability` counts.
    void begin_type(const XmlElement& element);
    void begin_distribution(const XmlElement& element);
    void end_distribution() { open_distribution_ = nullptr; }
    /// Old files put the car-following numbers into <carFollowing-Krauss …> inside the vType.
    void car_following(const XmlElement& element);

    /// The row of a type, drawn by `u` where the name is a distribution; nothing if the name is unknown.
    [[nodiscard]] std::optional<std::uint32_t> row(std::string_view name, double u);
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::vector<SumoVehicleType>& types() { return types_; }
    /// At the end of the files: distributions over unknown types or without weight are errors; open weights are filled in.
    void check(DiagnosticList& diagnostics);

private:
    std::uint32_t add(SumoVehicleType type);

    std::vector<SumoVehicleType> types_;
    TextMap<std::uint32_t> row_of_;
    TextMap<bool> defined_;  ///< by a file, not by default
    std::map<std::string, WeightedChoice, std::less<>> distributions_;
    std::map<std::string, double, std::less<>> probability_of_;
    WeightedChoice* open_distribution_ = nullptr;
    std::uint32_t last_ = 0;
};

}  // namespace citytwin::geodata
