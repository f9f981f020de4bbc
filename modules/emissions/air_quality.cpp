#include "modules/emissions/air_quality.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/portable_math.hpp"

namespace citytwin::emissions {

AirQuality::AirQuality(const City& city, const AirOptions& options) : options_(options) {
    const EntitySet& cells = city.at("grid_cell");
    cells_.x_m = cells.get<double>("x");
    cells_.y_m = cells.get<double>("y");
    cell_size_m_ = GridIndex(cells).size_m();
    lay_sources(city);
    place_people(city);
    for (auto& field : field_) field.assign(store_->receptors().size(), 0.0);
    for (auto& hour : hour_) hour.assign(store_->sources(), 0.0);
    for (auto& dose : cell_dose_) dose.assign(cells_.size(), 0.0);
}

void AirQuality::lay_sources(const City& city) {
    const EntitySet& links = city.at("road_link");
    const GridIndex grid(city.at("grid_cell"));
    streets_are_sources_ = static_cast<double>(links.size()) * static_cast<double>(cells_.size()) <= options_.most_pairs;
    LineSources lines;
    lines.initial_crosswind_m = options_.initial_width_m;
    lines.initial_vertical_m = options_.initial_height_m;
    PointSources squares;
    // A square's spread: its side over 2.15, as EPA takes for volume sources; buildings release at 12 m into their cell.
    const auto square = [&](std::size_t cell, double height) {
        squares.add(cells_.x_m[cell], cells_.y_m[cell], height, 0, cell_size_m_ / 2.15, std::max(options_.initial_height_m, height / 2.15), cell_size_m_ / 2);
    };
    source_of_link_.resize(links.size());
    const auto &from = links.get<std::uint32_t>("from"), &to = links.get<std::uint32_t>("to");
    const EntitySet& nodes = city.at("road_node");
    const auto &x = nodes.get<double>("x"), &y = nodes.get<double>("y");
    for (Index link = 0; link < links.size(); ++link) {
        const Index a = from[link], b = to[link];
        if (streets_are_sources_) {
            source_of_link_[link] = static_cast<Index>(lines.size());
            lines.add(x[a], y[a], x[b], y[b], options_.release_height_m, 0);
        } else {
            const Index cell = grid.cell_at((x[a] + x[b]) / 2, (y[a] + y[b]) / 2);
            source_of_link_[link] = cell;
            sources_outside_ += cell == no_index;
        }
    }
    if (!streets_are_sources_) {
        for (std::size_t cell = 0; cell < cells_.size(); ++cell) square(cell, options_.release_height_m);
    }
    if (const EntitySet* buildings = city.find("building"); buildings != nullptr && buildings->has("x")) {
        const auto first = static_cast<Index>(lines.size() + squares.size());
        const auto &bx = buildings->get<double>("x"), &by = buildings->get<double>("y");
        for (std::size_t cell = 0; cell < cells_.size(); ++cell) square(cell, 12);
        for (std::size_t b = 0; b < buildings->size(); ++b) {
            const Index cell = grid.cell_at(bx[b], by[b]);
            source_of_building_.push_back(cell == no_index ? no_index : first + cell);
            sources_outside_ += cell == no_index;
        }
    }
    Receptors all = cells_;
    if (const EntitySet* receptors = city.find("receptor"); receptors != nullptr) {
        const auto &rx = receptors->get<double>("x"), &ry = receptors->get<double>("y");
        all.x_m.insert(all.x_m.end(), rx.begin(), rx.end());
        all.y_m.insert(all.y_m.end(), ry.begin(), ry.end());
    }
    store_ = std::make_unique<MatrixStore>(std::move(lines), std::move(squares), std::move(all), options_.terrain, options_.cut);
}

void AirQuality::place_people(const City& city) {
    const EntitySet* homes = city.find("building");
    const char* column = "residents";
    if (homes == nullptr || !homes->has(column)) {
        homes = city.find("zone");
        column = "population";
    }
    if (homes == nullptr || !homes->has(column) || !homes->has("x")) return;
    const GridIndex grid(city.at("grid_cell"));
    const auto &x = homes->get<double>("x"), &y = homes->get<double>("y");
    const Column& residents = *homes->find(column);
    people_.resize(homes->size());
    std::visit([&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Value, std::vector<double>> || std::is_same_v<Value, std::vector<std::int32_t>> || std::is_same_v<Value, std::vector<std::int64_t>> ||
                      std::is_same_v<Value, std::vector<std::uint32_t>>) {
            for (std::size_t i = 0; i < values.size(); ++i) people_[i] = static_cast<double>(values[i]);
        }
    }, residents.data);
    for (std::size_t i = 0; i < homes->size(); ++i) {
        cell_of_home_.push_back(grid.cell_at(x[i], y[i]));
        (cell_of_home_.back() == no_index ? people_outside_ : people_inside_) += people_[i];
    }
}

void AirQuality::end_interval(double seconds, const Weather& weather, Arena& arena) {
    if (seconds <= 0) return;
    if (weather.calm()) {
        calm_s_ += seconds;
    } else {
        const SourceReceptorMatrix& matrix = store_->of(weather, arena);
        for (std::size_t s = 0; s < air_substances; ++s) {
            std::vector<double> rate(hour_[s]);
            for (double& grams : rate) grams *= 1e-3 / seconds;   // kg/s
            std::fill(field_[s].begin(), field_[s].end(), 0.0);
            matrix.add(rate, weather.wind_mps, field_[s], arena);
            for (std::size_t cell = 0; cell < cells_.size(); ++cell) cell_dose_[s][cell] += field_[s][cell] * seconds;
        }
        counted_s_ += seconds;
    }
    for (auto& hour : hour_) std::fill(hour.begin(), hour.end(), 0.0);
}

double AirQuality::mean_exposure(AirSubstance substance, Arena& arena) const {
    return counted_s_ > 0 && !people_.empty() ? population_exposure(cell_of_home_, people_, cell_dose_[at(substance)], arena).mean / counted_s_ : 0.0;
}

void AirQuality::save(StateWriter& out) const {
    for (std::size_t s = 0; s < air_substances; ++s) {
        out.column("hour" + std::to_string(s), hour_[s]);
        out.column("field" + std::to_string(s), field_[s]);
        out.column("cell_dose" + std::to_string(s), cell_dose_[s]);
    }
    out.value("counted_s", counted_s_);
    out.value("calm_s", calm_s_);
}

void AirQuality::load(StateReader& in) {
    for (std::size_t s = 0; s < air_substances; ++s) {
        in.column("hour" + std::to_string(s), hour_[s]);
        in.column("field" + std::to_string(s), field_[s]);
        in.column("cell_dose" + std::to_string(s), cell_dose_[s]);
    }
    in.value("counted_s", counted_s_);
    in.value("calm_s", calm_s_);
}

Stability stability_of(double wind, double irradiance) {
    using S = Stability;
    const std::size_t row = wind < 2 ? 0 : wind < 3 ? 1 : wind < 5 ? 2 : wind < 6 ? 3 : 4;
    if (irradiance >= 10) {
        constexpr S by_day[5][4] = {{S::a, S::a, S::b, S::d}, {S::a, S::b, S::c, S::d}, {S::b, S::b, S::c, S::d}, {S::c, S::c, S::d, S::d}, {S::c, S::d, S::d, S::d}};
        return by_day[row][irradiance >= 925 ? 0 : irradiance >= 675 ? 1 : irradiance >= 175 ? 2 : 3];
    }
    return wind < 2 ? S::f : wind < 2.5 ? S::e : S::d;
}

double wind_at_release(double wind_10m_mps, Stability stability) {
    constexpr double exponent[] = {0.15, 0.15, 0.20, 0.25, 0.30, 0.30};
    return wind_10m_mps * portable::pow(0.5, exponent[static_cast<std::size_t>(stability)]);
}

}  // namespace citytwin::emissions
