#pragma once
// The 5R1C zone of ISO 13790:2008, Annex C, for many buildings at once: one array a parameter, buildings as lanes.
// Five conductances and one heat capacity: outdoor air through ventilation (H_ve) to the air node, windows (H_w) to the surface node,
// opaque parts (H_op, split into H_em and H_ms) to the mass. Air temperature is linear in heating power, so one solution without
// heating and the slope give the power that holds a setpoint; it is clipped to what the plant can do.
// Everything that doesn't change with time is folded into coefficients once (`ZoneColumns::set_step`).
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace citytwin::buildings {

inline constexpr int zone_faces = 5;   ///< north, east, south, west, horizontal

/// One building in the standard's own terms.
struct ZoneDescription {
    double floor_area_m2 = 100, volume_m3 = 270;
    double mass_area_ratio = 2.5;                 ///< A_m / A_f (table 12: light and medium 2.5, heavy 3.0)
    double heat_capacity_J_per_m2K = 165e3;       ///< C_m / A_f (light 110e3, medium 165e3, heavy 260e3)
    double air_changes_per_h = 0.5;
    double interior_W_per_m2K = 3.45;             ///< h_is, air to surface
    double window_W_per_K = 0;                    ///< H_w = sum U A of windows
    double opaque_W_per_K = 0;                    ///< H_op = sum U A of walls, roof and ground
    std::array<double, zone_faces> solar_aperture_m2{};   ///< gain per irradiance on the face: windows and opaque parts
    double sky_radiation_W = 0;                   ///< lost to the sky, constant (11.4.6)

    /// Adds a window or an opaque part. Face -1 = to the ground: neither sun nor sky.
    void add_window(int face, double area_m2, double u_W_per_m2K, double g, double frame_share = 0.2);
    void add_opaque(int face, double area_m2, double u_W_per_m2K);
};

/// What all zones of one weather cell share in a step. Temperatures are kelvin or degrees Celsius, as all others of the call.
struct ZoneWeather {
    double outdoor = 0;
    std::array<double, zone_faces> irradiance_W_per_m2{};
};

/// What each zone wants in a step; entry 0 belongs to row `first_row`.
struct ZoneDrive {
    const double* internal_gain_W;
    const double* heat_setpoint;
    const double* cool_setpoint;
    std::size_t first_row = 0;
};

class ZoneColumns {
public:
    /// `heat_limit_W`, `cool_limit_W` >= 0; the mass begins at `temperature`.
    void add(const ZoneDescription& zone, double heat_limit_W, double cool_limit_W, double temperature);
    /// Seconds of a step; needed before the first one and whenever it changes.
    void set_step(double seconds);
    [[nodiscard]] double step_s() const { return step_s_; }
    [[nodiscard]] std::size_t size() const { return mass_temperature.size(); }

    /// One step of rows [first, last): mass_temperature, heat_W, air_temperature.
    void advance(std::size_t first, std::size_t last, const ZoneWeather& weather, const ZoneDrive& drive);

    /// Heat flow out of rows' zones at the temperatures of the last step and heat stored, for balances: see zone.cpp.
    struct Balance {
        double gain_W = 0, stored_W = 0, lost_W = 0;
    };
    [[nodiscard]] Balance balance(std::size_t row, const ZoneWeather& weather, double internal_gain_W, double mass_before) const;

    std::vector<double> mass_temperature;          ///< state
    std::vector<double> heat_W, air_temperature;   ///< of the last step: heating > 0, cooling < 0
    std::vector<double> heat_limit_W, cool_limit_W;
    std::vector<double> per_watt;                  ///< kelvin of air temperature per watt within the step

private:
    struct Conductances {
        double ve, is, w, ms, em, capacity, mass_share, surface_share;
    };
    [[nodiscard]] double solar_W(std::size_t row, const ZoneWeather& weather) const;
    void fold(std::size_t row);

    double step_s_ = 0;
    std::vector<Conductances> conductances_;
    std::array<std::vector<double>, zone_faces> aperture_;
    std::vector<double> sky_W_;
    // mass' = keep mass + take (by_gain g + by_air a + by_outdoor T_e);  air = from_mass mean + from_gain g + from_air a + from_outdoor T_e
    std::vector<double> keep_, take_, by_gain_, by_air_, by_outdoor_, from_mass_, from_gain_, from_air_, from_outdoor_, watt_per_, mass_per_watt_;
};

}  // namespace citytwin::buildings
