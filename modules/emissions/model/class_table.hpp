#pragma once
// The classes of vehicles with what is known of each: one of four models, named in every output that uses it.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/emissions/model/average_speed.hpp"
#include "modules/emissions/model/energy_model.hpp"
#include "modules/emissions/model/fuels.hpp"
#include "modules/emissions/model/polynomial_kernel.hpp"

namespace citytwin::emissions {

enum class ClassModel : std::uint8_t { average_speed, polynomial, energy };

struct EmissionClass {
    std::string name, model_name;            ///< "EMEP/EEA 2013 tier 3", "HBEFA4 polynomials of FILE", "Energy"
    ClassModel model = ClassModel::average_speed;
    int tier = 0;                            ///< of the guidebook; 0 = not of it
    std::array<SpeedCurve, pollutant_count> curve{};
    double co2_per_fuel = 0;                 ///< kg/kg; used where the class has no CO2 curve of its own
    PolynomialType polynomial;               ///< mg/s
    EnergyType energy;
    double payload_capacity_kg = 0;          ///< 0 = its load doesn't matter
    FuelKind fuel = FuelKind::unknown;       ///< what it burns
    std::array<std::uint8_t, pollutant_count> unverified{};   ///< 1 = the figure wasn't compared with its source's text
    /// Names of those pollutants, "" if there are none.
    [[nodiscard]] std::string unverified_names() const;
};

class ClassTable {
public:
    /// The class of this name, made if it wasn't there.
    EmissionClass& add(const std::string& name);
    [[nodiscard]] Index row_of(std::string_view name) const;   ///< no_index: not there
    [[nodiscard]] std::string nearest(std::string_view name) const;
    [[nodiscard]] const EmissionClass& operator[](Index row) const { return classes_[row]; }
    [[nodiscard]] std::size_t size() const { return classes_.size(); }
    [[nodiscard]] std::vector<EmissionClass>& rows() { return classes_; }

private:
    std::vector<EmissionClass> classes_;
    std::map<std::string, Index, std::less<>> rows_;
};

}  // namespace citytwin::emissions
