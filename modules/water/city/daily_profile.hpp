#pragma once
// How much water people draw when. Stated assumptions of citytwin: 130 l a resident and 30 l a job and day (city.md, section 10); the
// day's shape has the two peaks that drinking-water guides show (morning and evening, a quiet night), largest hour 1.9 times the mean.
#include <array>
#include <cstddef>

namespace citytwin::water {

/// By hour of the local day, mean 1.
inline constexpr std::array<double, 24> day_profile{0.30, 0.22, 0.20, 0.20, 0.28, 0.70, 1.50, 1.90, 1.70, 1.25, 1.10, 1.05, 1.10, 1.05, 0.95, 0.95, 1.10, 1.40, 1.70, 1.75, 1.45, 1.05, 0.70, 0.40};

/// Share of residents at home by hour of a workday: assumption, near what the population module gives a town.
inline constexpr std::array<double, 24> home_presence{1.00, 1.00, 1.00, 1.00, 1.00, 0.99, 0.93, 0.75, 0.58, 0.50, 0.48, 0.52, 0.57, 0.57, 0.58, 0.62, 0.70, 0.80, 0.85, 0.88, 0.92, 0.96, 0.99, 1.00};
inline constexpr double work_presence = 0.85, work_hours = 9;             ///< share of jobs present 8 to 17 h on workdays
inline bool is_working_hour(std::size_t hour) { return hour >= 8 && hour < 17; }

inline constexpr double litre_m3 = 1e-3, day_s = 86'400;

/// Of somebody who is at home in this hour [m3/s]: with the standard presence a resident draws `litres_per_day` x day_profile.
inline double home_draw_m3ps(std::size_t hour, double litres_per_day) { return litres_per_day * litre_m3 / day_s * day_profile[hour] / home_presence[hour]; }
/// Of somebody who is elsewhere than at home [m3/s]: a job's litres over its working hours.
inline double work_draw_m3ps(double litres_per_job_day) { return litres_per_job_day * litre_m3 / (work_hours * 3600 * work_presence); }

}  // namespace citytwin::water
