#include "modules/buildings/model/zone.hpp"

#include <algorithm>

namespace citytwin::buildings {

namespace {

// ISO 13790: surface to mass 9.1 W/m2K (12.2.2), A_t = 4.5 A_f (7.2.2.2), opaque absorption 0.6 and outer resistance 0.04 m2K/W
// (11.3.4), radiation to the sky 5 * 0.9 W/m2K over 11 K (11.4.6) with view factor 1 for roofs and 0.5 for walls, g of windows
// times 0.9 for oblique sun.
constexpr double mass_surface_W_per_m2K = 9.1, total_area_ratio = 4.5, absorption = 0.6, outer_resistance = 0.04;
constexpr double sky_W_per_m2 = 5 * 0.9 * 11, oblique = 0.9, air_J_per_m3K = 1200;

double sky_loss(int face, double area_m2, double u) { return face < 0 ? 0 : u * area_m2 * outer_resistance * sky_W_per_m2 * (face == 4 ? 1.0 : 0.5); }

}  // namespace

void ZoneDescription::add_window(int face, double area_m2, double u, double g, double frame_share) {
    window_W_per_K += u * area_m2;
    sky_radiation_W += sky_loss(face, area_m2, u);
    if (face >= 0) solar_aperture_m2[static_cast<std::size_t>(face)] += area_m2 * g * oblique * (1 - frame_share);
}

void ZoneDescription::add_opaque(int face, double area_m2, double u) {
    opaque_W_per_K += u * area_m2;
    sky_radiation_W += sky_loss(face, area_m2, u);
    if (face >= 0) solar_aperture_m2[static_cast<std::size_t>(face)] += area_m2 * u * absorption * outer_resistance;
}

void ZoneColumns::add(const ZoneDescription& zone, double heat_limit, double cool_limit, double temperature) {
    const double total_m2 = total_area_ratio * zone.floor_area_m2, mass_m2 = zone.mass_area_ratio * zone.floor_area_m2;
    const double ms = mass_surface_W_per_m2K * mass_m2;
    Conductances c{};
    c.ve = air_J_per_m3K * zone.air_changes_per_h * zone.volume_m3 / 3600;
    c.is = zone.interior_W_per_m2K * total_m2;
    c.w = zone.window_W_per_K;
    c.ms = ms;
    c.em = 1 / (1 / zone.opaque_W_per_K - 1 / ms);
    c.capacity = zone.heat_capacity_J_per_m2K * zone.floor_area_m2;
    c.mass_share = mass_m2 / total_m2;
    c.surface_share = 1 - c.mass_share - c.w / (mass_surface_W_per_m2K * total_m2);   // may be negative: the standard doesn't clamp it
    conductances_.push_back(c);
    for (std::size_t f = 0; f < zone_faces; ++f) aperture_[f].push_back(zone.solar_aperture_m2[f]);
    sky_W_.push_back(zone.sky_radiation_W);
    heat_limit_W.push_back(heat_limit);
    cool_limit_W.push_back(cool_limit);
    mass_temperature.push_back(temperature);
    air_temperature.push_back(temperature);
    heat_W.push_back(0);
    for (auto* column : {&keep_, &take_, &by_gain_, &by_air_, &by_outdoor_, &from_mass_, &from_gain_, &from_air_, &from_outdoor_, &watt_per_, &mass_per_watt_, &per_watt}) column->push_back(0);
    if (step_s_ > 0) fold(size() - 1);
}

void ZoneColumns::set_step(double seconds) {
    if (seconds == step_s_) return;
    step_s_ = seconds;
    for (std::size_t row = 0; row < size(); ++row) fold(row);
}

// Equations C.4 to C.11 with the supply air at outdoor temperature, solved for what multiplies g (= half the internal and all solar
// gain), a (= half the internal gain, into the air) and T_e.
void ZoneColumns::fold(std::size_t row) {
    const Conductances& c = conductances_[row];
    const double h1 = 1 / (1 / c.ve + 1 / c.is), h2 = h1 + c.w, h3 = 1 / (1 / h2 + 1 / c.ms);
    const double per_step = c.capacity / step_s_, half = 0.5 * (h3 + c.em), surface = c.ms + c.w + h1, air = c.is + c.ve;
    keep_[row] = (per_step - half) / (per_step + half);
    take_[row] = 1 / (per_step + half);
    by_gain_[row] = c.mass_share + h3 / h2 * c.surface_share;
    by_air_[row] = h3 / h2 * h1 / c.ve;
    by_outdoor_[row] = c.em + h3 / h2 * (c.w + h1);
    const double of_surface = c.is / air;
    from_mass_[row] = of_surface * c.ms / surface;
    from_gain_[row] = of_surface * c.surface_share / surface;
    from_air_[row] = of_surface * h1 / (c.ve * surface) + 1 / air;
    from_outdoor_[row] = of_surface * (c.w + h1) / surface + c.ve / air;
    mass_per_watt_[row] = take_[row] * by_air_[row];
    per_watt[row] = 0.5 * from_mass_[row] * mass_per_watt_[row] + from_air_[row];
    watt_per_[row] = 1 / per_watt[row];
}

void ZoneColumns::advance(std::size_t first, std::size_t last, const ZoneWeather& weather, const ZoneDrive& drive) {
    const double outdoor = weather.outdoor;
    const auto [i0, i1, i2, i3, i4] = weather.irradiance_W_per_m2;
    const double *__restrict a0 = aperture_[0].data(), *__restrict a1 = aperture_[1].data(), *__restrict a2 = aperture_[2].data(), *__restrict a3 = aperture_[3].data(),
                 *__restrict a4 = aperture_[4].data(), *__restrict sky = sky_W_.data();
    const double *__restrict keep = keep_.data(), *__restrict take = take_.data(), *__restrict by_gain = by_gain_.data(), *__restrict by_air = by_air_.data(),
                 *__restrict by_outdoor = by_outdoor_.data();
    const double *__restrict from_mass = from_mass_.data(), *__restrict from_gain = from_gain_.data(), *__restrict from_air = from_air_.data(), *__restrict from_outdoor = from_outdoor_.data();
    const double *__restrict watts = watt_per_.data(), *__restrict kelvins = per_watt.data(), *__restrict mass_kelvins = mass_per_watt_.data();
    const double *__restrict heat_most = heat_limit_W.data(), *__restrict cool_most = cool_limit_W.data();
    const double *__restrict internal = drive.internal_gain_W, *__restrict heat_at = drive.heat_setpoint, *__restrict cool_at = drive.cool_setpoint;
    double *__restrict mass = mass_temperature.data(), *__restrict heat = heat_W.data(), *__restrict air = air_temperature.data();
    const std::size_t from = drive.first_row;
    for (std::size_t b = first; b < last; ++b) {
        const double solar = a0[b] * i0 + a1[b] * i1 + a2[b] * i2 + a3[b] * i3 + a4[b] * i4 - sky[b];
        const double to_air = 0.5 * internal[b - from], gain = to_air + solar;
        const double free_mass = keep[b] * mass[b] + take[b] * (by_gain[b] * gain + by_air[b] * to_air + by_outdoor[b] * outdoor);
        const double free_air = from_mass[b] * (0.5 * (mass[b] + free_mass)) + from_gain[b] * gain + from_air[b] * to_air + from_outdoor[b] * outdoor;
        const double warm = free_air < heat_at[b - from] ? heat_at[b - from] : free_air, target = warm > cool_at[b - from] ? cool_at[b - from] : warm;
        double power = (target - free_air) * watts[b];
        power = power > heat_most[b] ? heat_most[b] : power;
        power = power < -cool_most[b] ? -cool_most[b] : power;
        heat[b] = power;
        mass[b] = free_mass + mass_kelvins[b] * power;
        air[b] = free_air + kelvins[b] * power;
    }
}

double ZoneColumns::solar_W(std::size_t row, const ZoneWeather& weather) const {
    double sum = -sky_W_[row];
    for (std::size_t f = 0; f < zone_faces; ++f) sum += aperture_[f][row] * weather.irradiance_W_per_m2[f];
    return sum;
}

ZoneColumns::Balance ZoneColumns::balance(std::size_t row, const ZoneWeather& weather, double internal_gain_W, double mass_before) const {
    const Conductances& c = conductances_[row];
    const double to_air = 0.5 * internal_gain_W, gain = to_air + solar_W(row, weather), mean = 0.5 * (mass_before + mass_temperature[row]);
    const double to_mass = c.mass_share * gain, to_surface = c.surface_share * gain;
    // The surface node's temperature from the air node's own balance (C.11); the standard lets some of g pass through the windows unused.
    const double surface = (air_temperature[row] * (c.is + c.ve) - c.ve * weather.outdoor - to_air - heat_W[row]) / c.is;
    Balance result;
    result.gain_W = to_mass + to_surface + to_air + heat_W[row];
    result.stored_W = c.capacity * (mass_temperature[row] - mass_before) / step_s_;
    result.lost_W = c.ve * (air_temperature[row] - weather.outdoor) + c.w * (surface - weather.outdoor) + c.em * (mean - weather.outdoor);
    return result;
}

}  // namespace citytwin::buildings
