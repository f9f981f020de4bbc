#pragma once
// What vehicles burn: its energy and the carbon dioxide that all its carbon makes, by mass. Which one a class burns is in its name.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace citytwin::emissions {

enum class FuelKind : std::uint8_t { unknown, petrol, diesel, natural_gas, biodiesel, electricity };

struct Fuel {
    const char* name;
    double MJ_per_kg, co2_kg_per_kg;
    bool is_biogenic;
};

/// Petrol and diesel: guidebook 2013, tables 3-28 and 3-12. Compressed natural gas: 48 MJ/kg (guidebook 2019: the buses' 555 g/km are 26.64 MJ/km),
/// carbon of methane, 44.010/16.043. Biodiesel: 37 MJ/kg (Directive (EU) 2018/2001, annex III), carbon of methyl oleate, 19 x 44.010/296.49.
inline constexpr std::array<Fuel, 6> fuels{{{"fuel of the user's tables", 0, 0, false}, {"petrol", 43.774, 3.180, false}, {"diesel", 42.695, 3.140, false}, {"natural gas", 48.0, 2.743, false},
                                            {"biodiesel", 37.0, 2.820, true}, {"electricity", 0, 0, false}}};
inline constexpr std::size_t fuel_kinds = fuels.size();
constexpr const Fuel& fuel(FuelKind kind) { return fuels[static_cast<std::size_t>(kind)]; }

/// Of "bus_urban_diesel_euro6", "CNG/Ubus Std 15 - 18 t/EEV/-", "Diesel Hybrid ~ Electricity/…"; the guidebook's short words D, BD, DHD and DHE too.
FuelKind fuel_of_class(std::string_view class_name);

}  // namespace citytwin::emissions
