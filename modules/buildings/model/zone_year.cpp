#include "modules/buildings/model/zone_year.hpp"

#include <algorithm>

namespace citytwin::buildings {

namespace {

constexpr std::size_t block = 128;   // zones: 28 columns of 1 KiB stay in the first-level cache

struct Scratch {
    double there[block], gain[block], heat_at[block], cool_at[block];
};

void drive(const ZoneSchedule& schedule, const double* presence, std::size_t first, std::size_t count, Scratch& scratch) {
    const std::uint32_t* class_of = schedule.class_of.data() + first;
    const double *__restrict base = schedule.gain_base_W.data() + first, *__restrict present = schedule.gain_present_W.data() + first;
    const double *__restrict heat = schedule.heat_setpoint.data() + first, *__restrict cool = schedule.cool_setpoint.data() + first, *__restrict setback = schedule.setback.data() + first;
    double *__restrict there = scratch.there, *__restrict gain = scratch.gain, *__restrict heat_at = scratch.heat_at, *__restrict cool_at = scratch.cool_at;
    for (std::size_t i = 0; i < count; ++i) there[i] = presence[class_of[i]];   // apart: a gather keeps a loop from being vectorised
    for (std::size_t i = 0; i < count; ++i) gain[i] = base[i] + there[i] * present[i];
    for (std::size_t i = 0; i < count; ++i) {
        const double widened = there[i] > 0 ? 0.0 : setback[i];
        heat_at[i] = heat[i] - widened;
        cool_at[i] = cool[i] + widened;
    }
}

}  // namespace

void run_hours(ZoneColumns& zones, const ZoneSchedule& schedule, std::span<const ZoneWeather> weather, Arena& arena, ZoneYear& year) {
    year.heat_J.resize(zones.size(), 0.0);
    year.cool_J.resize(zones.size(), 0.0);
    const double seconds = zones.step_s();
    const std::size_t blocks = (zones.size() + block - 1) / block;
    arena.each(blocks, [&](std::size_t b) {
        const std::size_t first = b * block, last = std::min(zones.size(), first + block), count = last - first;
        Scratch scratch;
        double *heat_J = year.heat_J.data() + first, *cool_J = year.cool_J.data() + first;
        const double* heat_W = zones.heat_W.data() + first;
        for (std::size_t h = 0; h < weather.size(); ++h) {
            drive(schedule, schedule.presence.data() + h * schedule.classes, first, count, scratch);
            zones.advance(first, last, weather[h], {scratch.gain, scratch.heat_at, scratch.cool_at, first});
            for (std::size_t i = 0; i < count; ++i) {
                heat_J[i] += std::max(0.0, heat_W[i]) * seconds;
                cool_J[i] += std::max(0.0, -heat_W[i]) * seconds;
            }
        }
    }, 1);
}

}  // namespace citytwin::buildings
