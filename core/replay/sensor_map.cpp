#include "core/replay/sensor_map.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/base/csv.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"
#include "core/replay/observation_time.hpp"

namespace citytwin {
namespace {

constexpr double farthest_m = 200;

/// Vehicles are counted in "veh" by every traffic department; UDUNITS doesn't know them.
std::string in_udunits(std::string_view unit) {
    std::string text(trimmed(unit));
    if (text.empty()) return "1";
    for (const char* word : {"vehicles", "vehicle", "veh"}) {
        const std::string_view name = word;
        if (!text.starts_with(name)) continue;
        text = fmt::format("1{}", text.substr(name.size()));
        break;
    }
    return text;
}

class MapReader {
public:
    MapReader(const ObservationSettings& settings, DiagnosticList& errors)
        : settings_(settings), errors_(errors), csv_(settings.map), clock_(settings.zone) {}

    std::vector<SensorPlace> read() {
        const std::size_t sensor = csv_.column("sensor"), set = csv_.column("set"), field = csv_.column("field");
        const auto id = csv_.find("id");
        std::vector<SensorPlace> places;
        while (csv_.next()) {
            SensorPlace place;
            place.place = csv_.place(sensor);
            place.sensor = csv_.text(sensor);
            place.set = csv_.text(set);
            place.field = csv_.text(field);
            if (id) place.id = csv_.text(*id);
            place.period = settings_.period;
            try {
                read_rest(place);
                places.push_back(std::move(place));
            } catch (const InputError& error) {
                for (const auto& diagnostic : error.diagnostics()) errors_.add(diagnostic);
            }
        }
        return places;
    }

private:
    [[nodiscard]] std::optional<std::size_t> given(std::string_view column) const {
        const auto found = csv_.find(column);
        return found && !csv_.is_blank(*found) ? found : std::nullopt;
    }

    void read_rest(SensorPlace& place) {
        if (place.sensor.empty() || place.set.empty() || place.field.empty()) {
            fail("CT-REPLAY-020", place.place, fmt::format("the row of sensor '{}' lacks its {}", place.sensor, place.sensor.empty() ? "sensor" : place.set.empty() ? "set" : "field"), "fill it in, such as road_link and flow");
        }
        if (const auto x = given("x"), y = given("y"); x && y) {
            place.x = csv_.number(*x);
            place.y = csv_.number(*y);
        }
        if (place.id.empty() && !place.x) {
            fail("CT-REPLAY-020", place.place, fmt::format("nothing says where sensor '{}' stands", place.sensor), "give the id of its entity, or x and y in the city's coordinate system");
        }
        if (const auto unit = given("unit")) {
            place.unit = in_udunits(csv_.text(*unit));
            if (!is_unit(place.unit)) refuse(*unit, "unit", "a UDUNITS unit such as km/h, kW, veh/h");
        }
        if (const auto period = given("period")) {
            try {
                place.period = from_seconds(parse_quantity(csv_.text(*period), "s"));
            } catch (const InputError&) {
                refuse(*period, "period", "a time such as \"5 min\"");
            }
            if (place.period <= 0) refuse(*period, "period", "a time above 0");
        }
        if (const auto combine = given("combine")) {
            const std::string_view word = csv_.text(*combine);
            if (word != "sum" && word != "mean") refuse(*combine, "combine", "sum or mean");
            place.combination = word == "sum" ? SlotCombination::sum : SlotCombination::mean;
        }
        place.valid_from = time("valid_from");
        place.valid_until = time("valid_until");
    }

    std::optional<UtcMicroseconds> time(std::string_view name) {
        const auto column = given(name);
        if (!column) return std::nullopt;
        try {
            return clock_.read(csv_.text(*column), "");
        } catch (const InputError& error) {
            Diagnostic first = error.diagnostics().front();
            first.place = csv_.place(*column);
            throw InputError(first);
        }
    }

    [[noreturn]] void refuse(std::size_t column, const char* name, const char* expected) const {
        fail("CT-REPLAY-021", csv_.place(column), fmt::format("the {} '{}' can't be read", name, csv_.text(column)), fmt::format("write {}", expected));
    }

    const ObservationSettings& settings_;
    DiagnosticList& errors_;
    CsvReader csv_;
    ObservationClock clock_;
};

bool overlap(const SensorPlace& a, const SensorPlace& b) {
    const auto begin = [](const SensorPlace& one) { return one.valid_from.value_or(std::numeric_limits<UtcMicroseconds>::min()); };
    const auto end = [](const SensorPlace& one) { return one.valid_until.value_or(std::numeric_limits<UtcMicroseconds>::max()); };
    return begin(a) < end(b) && begin(b) < end(a);
}

void check_names(const std::vector<SensorPlace>& places, DiagnosticList& errors, std::vector<Diagnostic>& warnings) {
    std::multimap<std::string, const SensorPlace*> by_sensor, by_target;
    for (const auto& place : places) {
        for (auto [one, end] = by_sensor.equal_range(place.sensor); one != end; ++one) {
            const std::string both = fmt::format("sensor '{}' stands at {} and at {}", place.sensor, one->second->target(), place.target());
            if (overlap(*one->second, place)) errors.error("CT-REPLAY-022", place.place, both + " at the same time", "give valid_from and valid_until to each, or other names");
            else warnings.push_back({Severity::warning, "CT-REPLAY-023", place.place, both + ": it was moved", {}});
        }
        by_sensor.emplace(place.sensor, &place);
        if (place.id.empty()) continue;
        for (auto [one, end] = by_target.equal_range(place.target()); one != end; ++one) {
            if (one->second->sensor != place.sensor) {
                warnings.push_back({Severity::warning, "CT-REPLAY-024", place.place, fmt::format("sensors '{}' and '{}' both measure {}", one->second->sensor, place.sensor, place.target()), "renamed? then give valid_until to the old one"});
            }
        }
        by_target.emplace(place.target(), &place);
    }
}

}  // namespace

std::vector<SensorPlace> read_sensor_map(const ObservationSettings& settings, std::vector<Diagnostic>& warnings) {
    DiagnosticList errors;
    auto places = MapReader(settings, errors).read();
    check_names(places, errors, warnings);
    errors.throw_if_errors();
    return places;
}

Index row_of_sensor(const City& city, const SensorPlace& place, double& away_m) {
    away_m = 0;
    const EntitySet* set = city.find(place.set);
    if (set == nullptr) {
        std::vector<std::string> known;
        for (const auto& candidate : city.sets()) known.push_back(candidate.name());
        fail("CT-REPLAY-025", place.place, fmt::format("sensor '{}' stands in the set '{}', which this city doesn't have", place.sensor, place.set), suggestion(place.set, known));
    }
    if (!place.id.empty()) {
        Index row = set->row_of(place.id);
        if (row == no_index && set->ids.empty()) {
            const auto number = parse_integer(place.id);
            if (number && *number >= 0 && static_cast<std::size_t>(*number) < set->size()) row = static_cast<Index>(*number);
        }
        if (row == no_index) {
            std::vector<std::string> some(set->ids.begin(), set->ids.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(set->ids.size(), 20'000)));
            const auto near = nearest(place.id, some);
            fail("CT-REPLAY-026", place.place, fmt::format("sensor '{}': '{}' is no entity of '{}'", place.sensor, place.id, place.set), near ? fmt::format("nearest: '{}'", *near) : fmt::format("its ids look like '{}'", set->size() != 0 ? set->id_of(0) : ""));
        }
        return row;
    }
    const Column *x = set->find("x"), *y = set->find("y");
    if (x == nullptr || y == nullptr || !std::holds_alternative<std::vector<double>>(x->data) || !std::holds_alternative<std::vector<double>>(y->data)) {
        fail("CT-REPLAY-027", place.place, fmt::format("sensor '{}' has coordinates, but entities of '{}' have none", place.sensor, place.set), "give the id of its entity");
    }
    const auto &xs = std::get<std::vector<double>>(x->data), &ys = std::get<std::vector<double>>(y->data);
    Index best = no_index;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t row = 0; row < xs.size(); ++row) {
        const double away = std::hypot(xs[row] + city.origin_x - *place.x, ys[row] + city.origin_y - *place.y);
        if (away >= least) continue;
        least = away;
        best = static_cast<Index>(row);
    }
    if (best == no_index || least > farthest_m) {
        fail("CT-REPLAY-027", place.place, fmt::format("no entity of '{}' within {} m of sensor '{}' (nearest: {:.0f} m)", place.set, farthest_m, place.sensor, least), "are its coordinates in the city's system?");
    }
    away_m = least;
    return best;
}

}  // namespace citytwin
